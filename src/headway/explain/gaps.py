"""The gap between two countries on four scales, from their paths; pure, run inside `jax.jit`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from headway.model.simulate import QUARTER

METRICS: Mapping[str, str] = {
    "eci": "ECI points",
    "months": "months",
    "oom": "OOM",
    "compute_share": "% of world compute",
}
"""Scales of a gap with their units; positive where the rival is ahead."""

RECORDED = ("compute", "training_run", "level", "sovereign")
_PACE = 8  # quarters over which a pace is taken where a path is continued back behind its start
_SLOWEST = 0.25  # ECI per quarter: a pace below it would stretch months without end


class QuarterIndex(NamedTuple):
    """Rows of dates: `anchor`, the last with scores; `first_scored`; `dates`, those to report."""

    anchor: int
    first_scored: int
    dates: tuple[int, ...]


class Gaps(NamedTuple):
    """Each (dates, members), in the units of `METRICS`; `beyond` where months reach back behind the first scores."""

    eci: Array
    months: Array
    oom: Array
    compute_share: Array
    beyond: Array


def gaps(series: Mapping[str, Array], rest: Array, when: QuarterIndex) -> Gaps:
    """Gaps between the first two countries of a run.

    Args:
        series: `RECORDED`, each (quarters, 2, members).
        rest: compute of all other countries, H100e, (quarters, members).
    """
    rows = jnp.asarray(when.dates)
    stood = series["sovereign"]
    effective = jax.lax.cummax(series["training_run"] + series["level"], axis=0)
    compute = series["compute"]
    share = 100 * (compute[:, 1] - compute[:, 0]) / (compute[:, 0] + compute[:, 1] + rest)
    months, beyond = _months(stood[:, 0], stood[:, 1], rows, when.first_scored)
    eci = (stood[:, 1] - stood[:, 0])[rows]
    return Gaps(eci, months, (effective[:, 1] - effective[:, 0])[rows], share[rows], beyond)


def _months(subject: Array, rival: Array, rows: Array, first_scored: int) -> tuple[Array, Array]:
    """Months since the one ahead stood where the other one stands, negative where the subject is ahead; as
    `headway.model.lag` has it, but of two countries and without an end: see `_reached`.
    """
    ahead = subject[rows] > rival[rows]
    since_rival, before_rival = _reached(rival, subject[rows], first_scored)
    since_subject, before_subject = _reached(subject, rival[rows], first_scored)
    steps = jnp.where(ahead, since_subject - rows[:, None], rows[:, None] - since_rival)
    return 12 * QUARTER * steps, jnp.where(ahead, before_subject, before_rival)


def _reached(path: Array, level: Array, first_scored: int) -> tuple[Array, Array]:
    """When a non-decreasing `path` (quarters, members) first stood at `level` (dates, members), steps from its start.

    Continued back behind its start at the pace of its first two years. And whether that is before the first scores.
    """
    steps = min(_PACE, len(path) - 1)
    pace = jnp.maximum((path[steps] - path[0]) / steps, _SLOWEST)
    after = jnp.clip(jnp.sum(path[:, None] < level, axis=0), 1, len(path) - 1)
    low, high = jnp.take_along_axis(path, after - 1, axis=0), jnp.take_along_axis(path, after, axis=0)
    rise = high - low
    inside = after - 1 + jnp.clip(jnp.where(rise > 0, (level - low) / jnp.where(rise > 0, rise, 1), 0), 0, 1)
    return jnp.where(level < path[0], (level - path[0]) / pace, inside), level < path[first_scored]
