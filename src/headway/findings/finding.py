"""A finding: one statement with its number, its interval and everything it was made from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Any, Literal, Self

import pydantic
from pydantic import ConfigDict, Field, model_validator

from headway.core import wording
from headway.core.errors import InputError
from headway.findings.details import FindingDetails


class FindingTier(StrEnum):
    """How a number came to be known; printed beside it everywhere."""

    OBSERVED = "observed"  # a publisher's figure as it stands
    CODED = "coded"  # words that a stated rule reads as a number
    DERIVED = "derived"  # arithmetic on publishers' figures
    MODELLED = "modelled"  # drawn from the fitted posterior
    SCENARIO = "scenario"  # depends on a choice of the user


Section = Literal["ambition", "standing", "gap", "why", "strengths", "change", "outlook", "unknowns", "sources"]

_ID = re.compile(
    r"(?P<country>[A-Z0-9]{2,12}):(?P<recipe>[a-z0-9_]+\.[a-z0-9_]+)(?P<arguments>(?::[A-Za-z0-9_.-]+)*)"
    r"@(?P<as_of>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:~(?P<scenario>[a-z0-9-]+))?(?:\+(?P<user>[0-9a-f]{8}))?"
)


@dataclass(frozen=True, slots=True)
class FindingId:
    """`RUS:gap.training_compute:USA@2026-11-22`: country, recipe, arguments, date; a trace recomputes from it alone.

    `~name` names a scenario other than the baseline; `+hash` says that the user's own evidence took part.
    """

    country: str
    recipe: str
    arguments: tuple[str, ...]
    as_of: dt.date
    scenario: str | None = None
    user: str | None = None

    def __str__(self) -> str:
        words = ":".join((self.country, self.recipe, *self.arguments))
        scenario = f"~{self.scenario}" if self.scenario else ""
        user = f"+{self.user}" if self.user else ""
        return f"{words}@{self.as_of.isoformat()}{scenario}{user}"

    @classmethod
    def parse(cls, text: str) -> FindingId:
        """Read an id as printed.

        Raises:
            InputError: the text is not of the form COUNTRY:section.quantity[:ARGUMENT…]@YYYY-MM-DD.
        """
        match = _ID.fullmatch(text.strip())
        if match is None:
            raise InputError(
                f"'{text}' is not a finding id; one looks like RUS:gap.training_compute:USA@2026-11-22 "
                "(headway brief COUNTRY --json lists them)"
            )
        try:
            as_of = dt.date.fromisoformat(match["as_of"])
        except ValueError as error:
            raise InputError(f"'{text}': {match['as_of']} is not a date ({error})") from error
        arguments = tuple(part for part in match["arguments"].split(":") if part)
        return cls(match["country"], match["recipe"], arguments, as_of, match["scenario"], match["user"])


_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class Picture:
    """Data of a chart, ready to draw: what kind, the rows, and what a reader who cannot see it should be told.

    `kind` is one of the kinds that `headway.charts` draws: `intervals` (rows: label, value, low, high, [group]),
    `lines` (label, date, value, [low, high]), `fan` (label, date, q05, q50, q95, [q25, q75]), `bars` (label, value,
    [low, high]), `waterfall` (label, value, [low, high]), `scatter` (label, x, y: two ranks). A row with a
    bar may say in `written` what stands beside it; low to high is then no interval of uncertainty. `x` and `y` are axis
    titles with units.
    """

    kind: Literal["intervals", "lines", "fan", "bars", "waterfall", "scatter"]
    title: str
    rows: tuple[Mapping[str, Any], ...]
    x: str
    y: str
    alternative: str
    source: str
    log: bool = False


# Fields that lay among the details in the first version of the JSON, by their names there.
_ONCE_DETAILS = {
    "title": "title",
    "terminal": "short",
    "coverage": "coverage",
    "posterior": "posterior",
    "table": "table",
}


@pydantic.dataclasses.dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Finding:
    """One statement. Every surface prints findings and computes nothing of its own. Its JSON has the same fields.

    Raises:
        InputError: the id is none.
        ValidationError: a field is missing, unknown or of another type, the sentence does not end, or an interval is
            reversed or not whole.
    """

    id: str = Field(description="COUNTRY:section.quantity[:ARGUMENT…]@YYYY-MM-DD[~scenario][+user evidence]")
    section: Section = Field(description="part of the brief")
    quantity: str = Field(description="what the number measures, in words")
    title: str = Field(default="", description="heading; the quantity where there is none")
    value: float | str | None = Field(default=None, description="number in `unit`, or a name; none if nothing is told")
    low: float | None = Field(default=None, description="lower end of the interval, in `unit`")
    high: float | None = Field(default=None, description="upper end of the interval, in `unit`")
    level: float | None = Field(default=None, description="probability content of [low, high], e.g. 0.9")
    unit: str = Field(default="", description="unit of value, low and high")
    period: str = Field(default="", description="time that the number speaks of: 2025, 2025Q4, 2022Q4–2025Q4, a day")
    as_of: dt.date = Field(description="day of the evidence")
    tier: FindingTier = Field(description="how the number came to be known")
    observations: tuple[str, ...] = Field(default=(), description="ids of the facts it was made from")
    parameters: tuple[str, ...] = Field(default=(), description="symbols of the assumptions it rests on")
    scenario: str | None = Field(default=None, description="scenario under which it was computed")
    posterior: str = Field(default="", description="hash of the posterior it was drawn from, or `prior`")
    sentence: str = Field(description="one sentence in plain words with its number and unit, ending in a full stop")
    short: str = Field(default="", description="the same in fewer words, for a terminal")
    caveat: str = Field(default="", description="what limits it, in sentences")
    coverage: str = Field(default="", description="how often such intervals held in the past, in words")
    weight: int = Field(default=2, description="prominence within its section, 1 (headline) to 3 (detail)")
    picture: Picture | None = Field(default=None, description="chart data, where it is better looked at")
    table: tuple[Mapping[str, Any], ...] = Field(default=(), description="rows of equal columns")
    details: FindingDetails = Field(
        default_factory=FindingDetails, description="figures that only some recipes give, by name"
    )

    @model_validator(mode="before")
    @classmethod
    def _of_the_first_version(cls, given: Any) -> Any:
        if not isinstance(given, dict) or not isinstance(given.get("details"), dict):
            return given
        moved = {_ONCE_DETAILS[name]: one for name, one in given["details"].items() if name in _ONCE_DETAILS}
        rest = {name: one for name, one in given["details"].items() if name not in _ONCE_DETAILS}
        return {**moved, **given, "details": rest}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        FindingId.parse(self.id)
        if not self.sentence.rstrip().endswith((".", "?", "!", "”", ")")):
            raise ValueError(f"finding {self.id}: the sentence must end: {self.sentence!r}")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"finding {self.id}: low {self.low} is above high {self.high}")
        if (self.low is None) != (self.high is None) or (self.low is not None and self.level is None):
            raise ValueError(f"finding {self.id}: an interval needs low, high and level")
        return self

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return bundle(self)


Draw = Callable[["Finding"], tuple[str, dict[str, Any]]]
"""SVG of a finding's picture, and its representations by media type."""

_draws: list[Draw] = []


def draw_with(draw: Draw) -> None:
    """Draw pictures of findings in notebooks by `draw`, which a room below gives, since this one cannot draw."""
    _draws[:] = [draw]


def bundle(finding: Finding) -> dict[str, Any]:
    """Representations of a finding by media type: plain text, HTML with the picture, and the picture by itself."""
    picture, more = _draws[0](finding) if _draws and finding.picture is not None else ("", {})
    basis = [str(finding.tier), f"as known on {wording.day(finding.as_of)}"]
    if finding.level is not None:
        basis.insert(1, f"interval of {finding.level:.0%}")
    html = (
        f"<div><h4>{escape(finding.title or finding.quantity)}</h4><p>{escape(finding.sentence)}</p>{picture}"
        f"<p><small>{escape(' · '.join(basis))}<br>{escape(finding.caveat)}</small></p>"
        f"<p><code>{escape(finding.id)}</code></p></div>"
    )
    return {"text/plain": f"{finding.sentence} [{finding.id}]", "text/html": html, **more}
