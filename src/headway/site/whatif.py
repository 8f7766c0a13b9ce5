"""Page of what would change things: answers that an edition holds already, strategy by strategy, and the scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.brief.compose import Brief
from headway.core import wording
from headway.core.numbers import LEVEL
from headway.findings import FindingId
from headway.scenarios.scenario import load, shipped

_RECIPE = "change.strategy"


@dataclass(frozen=True, slots=True)
class StrategyAnswers:
    """Answers on one country.

    Attributes:
        gains: months by title of the strategy, as `8 (0–34)`, and the middle by which they are sorted.
        period: quarter of the answers.
        caveat: of all of them.
    """

    code: str
    name: str
    gains: Mapping[str, tuple[str, float]]
    period: str
    caveat: str


def answers(brief: Brief) -> StrategyAnswers | None:
    """Answers that a brief holds; None where it holds none, because the model does not run the country."""
    found = [one for one in brief.findings if FindingId.parse(one.id).recipe == _RECIPE]
    gains = {}
    for one in found:
        if isinstance(one.value, float) and one.low is not None and one.high is not None:
            gains[one.title] = (wording.lag_figure(one.value, one.low, one.high, LEVEL, 0.0), one.value)
    if not gains:
        return None
    return StrategyAnswers(brief.country, brief.name, gains, wording.period(found[0].period), found[0].caveat)


def strategies(rows: Sequence[StrategyAnswers]) -> list[str]:
    """Titles of all strategies in `rows`, in the order of the briefs."""
    return list(dict.fromkeys(title for row in rows for title in row.gains))


def scenarios() -> list[tuple[str, str]]:
    """Names and titles of the shipped scenarios."""
    return [(name, load(name)[-1].title) for name in shipped()]
