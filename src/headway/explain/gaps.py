"""The gap between two countries on four scales, from their paths; pure, run inside `jax.jit`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from headway.model import Parameters, Paths
from headway.model.derive import sovereign
from headway.model.simulate import QUARTER

METRICS: Mapping[str, str] = {
    "eci": "ECI points",
    "months": "months",
    "oom": "OOM",
    "compute_share": "% of world compute",
}
"""Scales of a gap with their units; positive where the rival is ahead."""

RECORDED = ("compute", "training_run", "level", "capability")
_STEPS_OF_RATE = 8  # quarters over which the rival's pace is taken where its path is continued
_SLOWEST = 0.25  # ECI per quarter: a pace below it would stretch months without end


class When(NamedTuple):
    """Rows: `anchor`, the last date with scores, from which the discrepancy fades; `first_scored`; `dates`."""

    anchor: int
    first_scored: int
    dates: tuple[int, ...]


class Gaps(NamedTuple):
    """Each (dates, members), in the units of `METRICS`; `beyond` where months rest on a continued path."""

    eci: Array
    months: Array
    oom: Array
    compute_share: Array
    beyond: Array


def gaps(series: Mapping[str, Array], parameters: Parameters, paths: Paths, rest: Array, when: When) -> Gaps:
    """Gaps between the first two countries of a run.

    Args:
        series: `RECORDED`, each (quarters, 2, members). parameters, paths: of the two countries.
        rest: compute of all other countries, H100e, (quarters, members).
    """
    rows = jnp.asarray(when.dates)
    stood = sovereign(series, parameters, paths, paths.year[when.anchor])
    effective = jax.lax.cummax(series["training_run"] + series["level"], axis=0)
    compute = series["compute"]
    share = 100 * (compute[:, 1] - compute[:, 0]) / (compute[:, 0] + compute[:, 1] + rest)
    subject, rival = stood[rows, 0], stood[:, 1]
    reached, beyond = _reached(rival, subject, when.first_scored)
    months = 12 * QUARTER * (rows[:, None] - reached)
    return Gaps(rival[rows] - subject, months, (effective[:, 1] - effective[:, 0])[rows], share[rows], beyond)


def _reached(path: Array, level: Array, first_scored: int) -> tuple[Array, Array]:
    """When a non-decreasing `path` (quarters, members) reaches `level` (dates, members), in steps from its first date.

    Continued at the pace of its first and last two years where it starts above or ends below. And whether the date lies
    outside what scores cover or the run reaches.
    """
    steps = min(_STEPS_OF_RATE, len(path) - 1)
    early = jnp.maximum((path[steps] - path[0]) / steps, _SLOWEST)
    late = jnp.maximum((path[-1] - path[-1 - steps]) / steps, _SLOWEST)
    after = jnp.clip(jnp.sum(path[:, None] < level, axis=0), 1, len(path) - 1)
    low, high = jnp.take_along_axis(path, after - 1, axis=0), jnp.take_along_axis(path, after, axis=0)
    rise = high - low
    inside = after - 1 + jnp.clip(jnp.where(rise > 0, (level - low) / jnp.where(rise > 0, rise, 1), 0), 0, 1)
    before, past = level < path[0], level > path[-1]
    outside = jnp.where(before, (level - path[0]) / early, len(path) - 1 + (level - path[-1]) / late)
    return jnp.where(before | past, outside, inside), (level < path[first_scored]) | past
