"""Exogenous events outside a country's control, as `exogenous.yaml` lists them; they act after the strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.core.periods import Grid, laid_out
from headway.core.yaml_files import read
from headway.scenarios import scenario
from headway.scenarios.apply import apply
from headway.scenarios.drivers import UNITS, Drivers
from headway.scenarios.registry import Registry
from headway.scenarios.scenario import Scenario

SHIPPED = Path(__file__).with_name("exogenous.yaml")
_CHANGEABLE = ("investment", "grey", "partner", "domestic", "graduates", "push", "exodus", "openness", "collaboration")


class Exogenous(BaseModel):
    """One thing that may happen.

    Attributes:
        title: names it in tables. phrase: completes "if …" in a sentence.
        scenario: name of a shipped scenario, or file, relative to the file that lists it.
        rents_to_gdp: dollars of GDP gained or lost with each dollar of resource rents.
        unless: `leader`: it cannot befall the country that leads at the anchor date.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    title: str = Field(min_length=1, max_length=40)
    phrase: str = Field(min_length=1)
    scenario: str
    rents_to_gdp: float = Field(default=0.0, ge=0, le=2)
    unless: Literal["leader"] | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    exogenous: tuple[Exogenous, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _apart(self) -> _File:
        names = [one.name for one in self.exogenous]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"each needs a name of its own; twice: {', '.join(twice)}")
        return self


class ExogenousScenario(NamedTuple):
    """An exogenous scenario with the changes that its files describe, the most basic first."""

    what: Exogenous
    scenarios: tuple[Scenario, ...]


def read_exogenous(path: Path) -> tuple[ExogenousScenario, ...]:
    """Read a list of exogenous scenarios; the first one is what the others are compared with.

    Raises:
        InputError: the list or a scenario is missing or malformed; names file, line and field.
    """
    found = read(_File, path).exogenous
    return tuple(ExogenousScenario(one, scenario.load(str(scenario.find(one.scenario, path)))) for one in found)


@lru_cache(maxsize=1)
def exogenous() -> tuple[ExogenousScenario, ...]:
    """The list that ships with the package, the baseline first."""
    return read_exogenous(SHIPPED)


class ExogenousEffects(NamedTuple):
    """Changes of the country's drivers after its strategy: driver → (quarters,), new = multiply · old + add."""

    multiply: dict[str, Floats]
    add: dict[str, Floats]
    rents_to_gdp: float


def apply_exogenous(happening: ExogenousScenario, grid: Grid, focal: str) -> ExogenousEffects:
    """The changes of the country's drivers as one multiplication and one addition per quarter.

    Raises:
        InputError: the scenario changes niches or partners, which are the country's own choice.
    """
    multiply = {driver: np.ones(len(grid)) for driver in UNITS}
    add = {driver: np.zeros(len(grid)) for driver in UNITS}
    for one in happening.scenarios:
        if one.niches or any(change.partners != "closest" for change in one.collaboration):
            raise InputError(f"scenario {one.scenario}: niches and partners belong in a strategy; take them out")
        for driver in UNITS:
            for change in one.changes(driver):
                if _concerns(change.countries, focal):
                    weeks = laid_out(grid, list(change.dated), list(change.dated.values()), change.shape == "linear")
                    m, a = _affine(change.how, weeks)
                    multiply[driver], add[driver] = m * multiply[driver], m * add[driver] + a
    return ExogenousEffects(multiply, add, happening.what.rents_to_gdp)


def _concerns(countries: Any, focal: str) -> bool:
    return countries in ("focal", "all") or (countries != "others" and focal in countries)


def _affine(how: str, weeks: Floats) -> tuple[Floats, Floats]:
    """Mean over the weeks of each quarter of what a change multiplies by and adds; outside its dates, nothing."""
    outside, values = np.isnan(weeks), np.nan_to_num(weeks)
    m = {"set": np.zeros_like(values), "multiply": values, "add": np.ones_like(values)}[how]
    a = {"set": values, "multiply": np.zeros_like(values), "add": values}[how]
    return np.where(outside, 1, m).mean(axis=1), np.where(outside, 0, a).mean(axis=1)


def drivers_under(happening: ExogenousScenario, drivers: Drivers, focal: Sequence[str], registry: Registry) -> Drivers:
    """The drivers of the whole world under the scenario, the status quo of every country included."""
    changed = apply(happening.scenarios, drivers, focal, registry)
    if happening.what.rents_to_gdp:
        gain = happening.what.rents_to_gdp * (changed.paths["rents"] - drivers.paths["rents"])
        changed = changed.with_path("gdp", changed.paths["gdp"] * (1 + gain))
    return changed


def concerning(
    happenings: Sequence[ExogenousScenario], drivers: Drivers, focal: str, leads: bool, registry: Registry
) -> tuple[ExogenousScenario, ...]:
    """Exogenous scenarios that would change anything for the country, with the first one always among them."""
    return tuple(
        one
        for place, one in enumerate(happenings)
        if not (leads and one.what.unless == "leader")
        and (place == 0 or held(one) or not _inert(one, drivers, focal, registry))
    )


def _inert(happening: ExogenousScenario, drivers: Drivers, focal: str, registry: Registry) -> bool:
    """Whether neither the world nor what a strategy can change would be any different."""
    after = drivers_under(happening, drivers, (focal,), registry)
    if any(not np.array_equal(after.paths[name], drivers.paths[name]) for name in UNITS):
        return False
    own = apply_exogenous(happening, drivers.grid, focal)
    return not any(np.any(own.multiply[name] != 1) or np.any(own.add[name] != 0) for name in _CHANGEABLE)


def held(happenings: ExogenousScenario) -> Mapping[str, float]:
    """Parameters of the registry that the scenario holds at a value: a structural variant."""
    return {key: value for one in happenings.scenarios for key, value in one.parameters.items()}
