"""A scenario file: who, what, when. Dated changes of drivers, on top of another scenario."""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    ValidationError,
    field_validator,
    model_validator,
)

from headway.core import periods, yaml_files
from headway.core.errors import InputError
from headway.scenarios.drivers import RANGES, UNITS
from headway.scenarios.quantities import quantities

FOLDER = Path(__file__).with_name("scenarios")


GREATEST: Mapping[str, float] = {
    name: quantity.greatest for name, quantity in quantities().items() if quantity.high is None
}
"""Greatest value that a file may give a driver with no end to its range: far beyond the world's, yet calculable."""
GREATEST_EFFORT = 1000
GREATEST_FACTOR = 1000


def _date(value: Any) -> Any:
    """`2027`, `2027Q3` and `2027-07-01` are all dates: the first day."""
    if isinstance(value, int) and not isinstance(value, bool):
        if not dt.MINYEAR <= value <= dt.MAXYEAR:
            raise ValueError(f"a year is between {dt.MINYEAR} and {dt.MAXYEAR}")
        return dt.date(value, 1, 1)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}", value):
        return dt.date(int(value), 1, 1)  # as text it would be read as seconds since 1970
    if not isinstance(value, (str, dt.date)):
        raise ValueError("a date is written 2027, 2027Q3 or 2027-07-01")
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return dt.date(*map(int, value.split("-")))
    if isinstance(value, str) and "Q" in value:
        try:
            quarter = periods.quarter_number(value)
        except InputError as error:
            raise ValueError(str(error)) from error
        return periods.quarter_start(quarter)
    return value


def _value(value: Any) -> Any:
    """`null` ends a change: from there on the driver is what it would have been."""
    return math.nan if value is None else value


Path_ = dict[Annotated[dt.date, BeforeValidator(_date)], Annotated[float, BeforeValidator(_value)]]
Countries = Literal["focal", "others", "all"] | list[str]


class DriverChange(BaseModel):
    """One dated change of one driver, for some countries.

    Attributes:
        countries: `focal` (the country that the question is about), `others` (all but it), `all`, or a list of codes.
        set, multiply, add: dated values; exactly one of the three. `null` ends the change.
        shape: `step` holds each value from its date on; `linear` draws lines between the dates.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    countries: Countries = Field("focal", alias="for")
    set: Path_ | None = None
    multiply: Path_ | None = None
    add: Path_ | None = None
    shape: Literal["step", "linear"] = "step"

    @property
    def how(self) -> Literal["set", "multiply", "add"]:
        """Kind of the change, one of the three."""
        return "set" if self.set is not None else "multiply" if self.multiply is not None else "add"

    @property
    def dated(self) -> Mapping[dt.date, float]:
        """The dated values."""
        return self.set or self.multiply or self.add or {}

    @field_validator("countries", mode="before")
    @classmethod
    def _some_country(cls, value: Any) -> Any:
        if value == []:
            raise ValueError("no country is given; write codes, focal, others or all")
        return value

    @model_validator(mode="after")
    def _one_way(self) -> DriverChange:
        given = [way for way in (self.set, self.multiply, self.add) if way is not None]
        if len(given) != 1:
            raise ValueError(f"a change needs exactly one of set, multiply and add, not {len(given)}")
        if not self.dated:
            raise ValueError("a change needs at least one dated value, such as {2027-01-01: 0.5}")
        if self.shape == "linear" and any(math.isnan(value) for value in self.dated.values()):
            raise ValueError("a linear path cannot end with null: give the value to return to")
        return self


class Collaboration(DriverChange):
    """Depth of collaboration. `partners` are codes, or `closest`: those with most joint articles in the evidence."""

    partners: list[str] | Literal["closest"] = "closest"


class ProviderAccess(DriverChange):
    """Access to the models of one provider, a country: its code, or `largest`, the one that now serves the best model
    to the customer.
    """

    provider: str = "largest"


class NicheEffort(DriverChange):
    """Effort in one niche of the registry."""

    niche: str


class Scenario(BaseModel):
    """Content of a scenario file. The changes of `extends` come first; changes apply in the order given.

    Attributes:
        scenario: short name, lower case with dashes; it marks every result.
        title: one line. description: what is supposed, and why one would ask.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    rationale: str = ""
    extends: str | None = None
    controls: list[DriverChange] = []
    grey: list[DriverChange] = []
    partner: list[DriverChange] = []
    domestic: list[DriverChange] = []
    exodus: list[DriverChange] = []
    push: list[DriverChange] = []
    graduates: list[DriverChange] = []
    investment: list[DriverChange] = []
    openness: list[DriverChange] = []
    collaboration: list[Collaboration] = []
    open_weights: list[DriverChange] = []
    rented: list[DriverChange] = []
    rented_use: list[DriverChange] = []
    one_provider: list[ProviderAccess] = []
    gdp: list[DriverChange] = []
    rents: list[DriverChange] = []
    niches: list[NicheEffort] = []
    mechanisms: list[str] = Field(default=[], description="rules of plug-ins by which drivers follow from drivers")
    parameters: dict[str, FiniteFloat] = Field(default={}, description="parameters of the registry held at a value")

    def changes(self, driver: str) -> list[DriverChange]:
        """Changes of one driver, in order."""
        return list(getattr(self, driver))


def _impossible(scenario: Scenario) -> tuple[tuple[int | str, ...], str] | None:
    """Location and words of the first value that its driver cannot take."""
    for driver, unit in (*UNITS.items(), ("niches", "units of effort")):
        low, high = RANGES.get(driver, (0.0, GREATEST.get(driver, GREATEST_EFFORT)))
        for position, change in enumerate(scenario.changes(driver)):
            least, most = {"set": (low, high), "multiply": (0.0, GREATEST_FACTOR), "add": (-high, high)}[change.how]
            for day, value in change.dated.items():
                if not (math.isnan(value) or least <= value <= most):
                    words = (
                        f"{value:g} is outside [{least:g}, {most:g}] ({unit if change.how != 'multiply' else 'factor'})"
                    )
                    return (driver, position, change.how, str(day)), words
    return None


_CHANGE_FIELDS = "for, set, multiply, add, shape, and partners, provider or niche where they apply"


def _problem(error: ValidationError) -> tuple[tuple[int | str, ...], str]:
    """Location and words of the deepest of pydantic's errors, which is the one the writer of the file can act on."""
    first = max(error.errors(), key=lambda found: len(found["loc"]))
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(Scenario.model_fields)) if len(first["loc"]) == 1 else _CHANGE_FIELDS
        message = f"unknown field; known are {known}"
    return first["loc"], message


def parse(text: str, path: Path) -> Scenario:
    """The scenario that `text` describes; `path` is named in errors.

    Raises:
        InputError: names file, line and field, what was wrong and what would be right.
    """
    document = yaml_files.document(text, path, allow_nan=True)
    if not isinstance(document.value, dict):
        raise InputError(f"{path}, line 1: a scenario is a mapping with the fields scenario, title and description")
    try:
        scenario = Scenario.model_validate(document.value)
    except ValidationError as error:
        raise document.refusal(*_problem(error), "scenario") from error
    impossible = _impossible(scenario)
    if impossible:
        raise document.refusal(*impossible)
    return scenario


def shipped() -> tuple[str, ...]:
    """Names of the scenarios that come with the package, the baseline first."""
    names = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    return ("baseline", *(name for name in names if name != "baseline"))


def find(name: str, beside: Path | None = None) -> Path:
    """File of a shipped scenario, or of one given by its path (relative to `beside`, the file that refers to it).

    Raises:
        InputError: no such scenario; lists the shipped ones.
    """
    given = Path(os.path.expanduser(name))  # as it is where there is no such home folder
    candidates = [FOLDER / f"{name}.yaml", *([beside.parent / given] if beside else []), given]
    for candidate in candidates:
        if candidate.suffix in {".yaml", ".yml"} and candidate.is_file():
            return candidate
    raise InputError(f"no scenario '{name}': give a YAML file or one of {', '.join(shipped())}")


Given = str | Mapping[str, Any]
"""A scenario as a user gives it: name of a shipped one, path of a file, or the fields of a file as data."""


def load(given: Given) -> tuple[Scenario, ...]:
    """A scenario and all that it extends, the most basic first.

    Raises:
        InputError: unknown, malformed, or extending itself.
    """
    if isinstance(given, str):
        return tuple(scenario for _, scenario in _chain(given))
    own = parse(yaml_files.dump(dict(given)), Path("the scenario given"))
    return (*(load(own.extends) if own.extends else ()), own)


def content(name: str) -> tuple[str, ...]:
    """Texts of a scenario's file and of all that it extends, the most basic first: what a kept result depends on.

    Raises:
        InputError: unknown, malformed, or extending itself.
    """
    return tuple(text for text, _ in _chain(name))


def _chain(name: str) -> tuple[tuple[str, Scenario], ...]:
    chain: list[tuple[str, Scenario]] = []
    visited: list[Path] = []
    path: Path | None = find(name)
    while path is not None:
        if path.resolve() in visited:
            raise InputError(f"{path}: scenarios extend one another in a circle")
        visited.append(path.resolve())
        text = yaml_files.read_text(path)
        scenario = parse(text, path)
        chain.append((text, scenario))
        path = find(scenario.extends, path) if scenario.extends else None
    return tuple(reversed(chain))
