"""Exposure of a strategy: how much worse it does when an event happens than when things go on as they stand."""

from __future__ import annotations

from dataclasses import dataclass

from headway.strategy.results import Overall, Results

LEAST = 1.0  # months of lag below which nobody need be told


@dataclass(frozen=True)
class Exposure:
    """Event by name, and its cost in months of lag over all objectives together, mean over draws."""

    happening: str
    phrase: str
    months: float


def exposures(results: Results, whole: Overall) -> list[list[Exposure]]:
    """Exposures of each strategy, the worst first. The other events are compared with the first."""
    made = []
    for row in whole.by_happening:
        found = [
            Exposure(one.what.name, one.what.phrase, float(after - row[0]))
            for one, after in zip(results.experiment.happenings[1:], row[1:], strict=True)
        ]
        made.append(sorted((one for one in found if one.months > LEAST), key=lambda one: -one.months))
    return made
