"""Known capability: lines through the scored frontiers, record runs, open weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from headway.core.errors import EvidenceError
from headway.core.numbers import Floats
from headway.core.periods import Grid, quarter_number
from headway.scenarios.world.series import filled, latest, panel, quarterly

if TYPE_CHECKING:
    from headway.evidence import Evidence

_RECENT = 6  # quarters without a new record after which a frontier is no longer taken for what a country can do
_LEAST_QUARTERS = 4  # of a frontier from which a typical slope is read
_TRUSTED = 8  # quarters of a follower's frontier; its first scored models were not the best it had
_LEAST_RUN = 22.5  # log10 FLOP; below the scale of language models, a record says what nobody tried


@dataclass(frozen=True)
class Frontiers:
    """Attributes:
    first, last: quarters between which any frontier is scored. leader: position of the country ahead at the last one.
    reference: position of the country ahead at the first one: where levels are measured from.
    path: best score so far of each country, ECI, (known, countries), for followers over the last two years; before that
        it falls back at the typical slope. NaN for countries without a current frontier.
    run: record training run, log10 FLOP, NaN where none of language-model scale is known.
    open_gap: ECI by which the best open weights stay below the best model; published: whether any are current.
    """

    first: int
    last: int
    leader: int
    reference: int
    path: Floats
    run: Floats
    open_gap: Floats
    published: Floats


def last_scored(evidence: Evidence) -> int:
    """Last quarter with a scored frontier.

    Raises:
        EvidenceError: the evidence of that date has none.
    """
    table = panel(evidence, "capability_level")
    if table.empty:
        raise EvidenceError(
            f"no capability score was known on {evidence.as_of}: the model cannot be anchored; ask for a later "
            "--as-of, or make a snapshot of an earlier version anew by `headway evidence build`"
        )
    return quarter_number(str(table.index[-1]))


def frontiers(evidence: Evidence, countries: Sequence[str], grid: Grid, known: int) -> Frontiers:
    """Read the frontiers of all countries up to the date `known − 1` of the grid."""
    past = Grid(grid.first, grid.first + known - 1)
    best = quarterly(evidence, "capability_level", countries, past)
    scored = np.flatnonzero(np.isfinite(best).any(axis=1))
    path, slopes = np.full_like(best, np.nan), []
    for i in range(len(countries)):
        seen = np.flatnonzero(np.isfinite(best[:, i]))
        moved = seen[np.flatnonzero(np.diff(best[seen, i], prepend=-np.inf) > 0)] if seen.size else seen
        if moved.size and known - 1 - moved[-1] <= _RECENT:
            path[:, i] = pd.Series(best[:, i]).ffill()  # a record stands until a better one
            if seen.size >= _LEAST_QUARTERS:
                slopes.append((best[seen[-1], i] - best[seen[0], i]) / (seen[-1] - seen[0]))
    current = np.isfinite(path[-1])
    first, last = int(scored[0]), int(scored[-1])
    reference = int(np.nanargmax(np.where(current, best[first], np.nan)))
    for i in map(int, np.flatnonzero(current)):
        start = int(np.flatnonzero(np.isfinite(path[:, i]))[0])
        start = start if i == reference else max(start, known - _TRUSTED)
        path[:start, i] = path[start, i] - np.median(slopes) * np.arange(start, 0, -1)
    open_best = quarterly(evidence, "eci_frontier_open", countries, past)
    gap = best[-1] - open_best[-1]
    run = latest(evidence, "largest_training_run", countries)
    return Frontiers(
        first=first,
        last=last,
        leader=int(np.nanargmax(best[last])),
        reference=reference,
        path=path,
        run=np.where(run >= _LEAST_RUN, run, np.nan),
        open_gap=filled(np.where(current, gap, np.nan), float(np.nanmedian(gap))).clip(min=0),
        published=np.isfinite(open_best[-1]) & current,
    )
