"""A finding: one statement with its number, its interval and everything it was made from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from headway.core.errors import InputError


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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One statement. Every surface prints findings and computes nothing of its own.

    Attributes:
        value, low, high: in `unit`; None where the finding has no number (a goal, a part that data cannot answer).
        level: probability content of [low, high], e.g. 0.9; None when there is no interval.
        period: what the number speaks of (`2025`, `2025Q4`, `2025-12-31`, `2022Q4–2025Q4`).
        observations: ids of the evidence rows it was made from, resolvable by `Evidence.fact`.
        parameters: registry symbols, where the model took part.
        sentence: one sentence in plain words with its number and unit, ending in a full stop.
        picture: chart data, where the finding is better looked at.
        weight: prominence within its section, 1 (headline) to 3 (detail).
    """

    id: str
    section: Section
    quantity: str
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    unit: str = ""
    period: str = ""
    as_of: dt.date
    tier: FindingTier
    observations: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    scenario: str | None = None
    sentence: str
    caveat: str = ""
    weight: int = 2
    picture: Picture | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        FindingId.parse(self.id)
        if not self.sentence.rstrip().endswith((".", "?", "!", "”", ")")):
            raise ValueError(f"finding {self.id}: the sentence must end: {self.sentence!r}")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"finding {self.id}: low {self.low} is above high {self.high}")
        if (self.low is None) != (self.high is None) or (self.low is not None and self.level is None):
            raise ValueError(f"finding {self.id}: an interval needs low, high and level")
