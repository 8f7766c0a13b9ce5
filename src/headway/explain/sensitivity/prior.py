"""Sensitivity on the prior, where parameters are independent: Sobol indices and Morris screening.

Sobol, I. M. (2001), "Global sensitivity indices for nonlinear mathematical models", Mathematics and Computers in
Simulation 55:271–280, with the estimators of Saltelli et al. (2010, Computer Physics Communications 181:259–270).
Morris, M. D. (1991), "Factorial sampling plans for preliminary computational experiments", Technometrics 33:161–174.
Both by SALib (Herman and Usher 2017, doi:10.21105/joss.00097).

Both suppose independent inputs: correlations of the registry are left out here. On a posterior use `given`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jax import Array
from scipy.special import ndtri

from headway.core.cache import Arrays, fingerprint, source_hash
from headway.core.numbers import Floats
from headway.ensemble.compiled import compiled
from headway.ensemble.inputs import Members, WorldArrays, assemble
from headway.ensemble.pieces import Gather
from headway.ensemble.shared import slices
from headway.ensemble.simulation import BLOCK, BlockPlan
from headway.explain.sensitivity.factors import described, factors, problem
from headway.explain.setting import METRICS, RECORDED, Gaps, PairSimulator, QuarterIndex, gaps
from headway.model import simulate
from headway.scenarios.distributions import transform
from headway.scenarios.registry import Scope

_EDGE = 0.005  # the outermost half per cent of a prior is left out: Morris visits the corners of the cube


def sobol(
    stage: PairSimulator,
    samples: int,
    *,
    by_tier: bool = False,
    seed: int = 0,
    recipe: Mapping[str, Any],
    gather: Gather,
) -> pd.DataFrame:
    """First-order and total indices of every factor, or of every tier as a group, for all scales of the gap at once.

    Args:
        samples: base samples, best a power of two; (factors + 2) runs for each.
        recipe: of the ensemble. gather: finds the answers at all points.

    Returns:
        Columns factor, symbol, tier, meaning, output, first, first_error, total, total_error; errors are half-widths
        of 95 % intervals.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    chosen = factors(stage.plan.registry)
    asked = problem(chosen, by_tier)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SALib asks for powers of two
        unit = sampling.sample(asked, samples, calc_second_order=False, seed=seed)

    def indices(y: Floats) -> list[dict[str, Any]]:
        # SALib takes a seed of 0 for none, and its intervals would differ from run to run.
        found = analysis.analyze(asked, y, calc_second_order=False, seed=seed + 1)
        columns = {"first": "S1", "first_error": "S1_conf", "total": "ST", "total_error": "ST_conf"}
        return [{name: float(found[key][i]) for name, key in columns.items()} for i in range(len(found["ST"]))]

    return _table(stage, by_tier, indices, gather(PointsTask(stage, unit, recipe)))


def morris(
    stage: PairSimulator,
    samples: int,
    *,
    by_tier: bool = False,
    seed: int = 0,
    recipe: Mapping[str, Any],
    gather: Gather,
) -> pd.DataFrame:
    """Elementary effects of every factor (or tier), in the unit of each scale, over the range of its prior.

    Args:
        samples: trajectories; (factors + 1) runs for each.
        recipe: of the ensemble. gather: finds the answers at all points.

    Returns:
        Columns factor, symbol, tier, meaning, output, effect (mean absolute), effect_error, and for single factors
        mean and spread: a spread above the effect says that it acts through others or bends.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    chosen = factors(stage.plan.registry)
    asked = problem(chosen, by_tier)
    unit = sampling.sample(asked, samples, num_levels=4, seed=seed)

    def effects(y: Floats) -> list[dict[str, Any]]:
        found = analysis.analyze(asked, unit, y, num_levels=4, seed=seed)
        columns = {"effect": "mu_star", "effect_error": "mu_star_conf"}
        columns |= {} if by_tier else {"mean": "mu", "spread": "sigma"}
        return [{name: float(found[key][i]) for name, key in columns.items()} for i in range(len(found["mu_star"]))]

    return _table(stage, by_tier, effects, gather(PointsTask(stage, unit, recipe)))


def _table(
    stage: PairSimulator,
    by_tier: bool,
    analysed: Callable[[Floats], list[dict[str, Any]]],
    pieces: Iterable[Arrays],
) -> pd.DataFrame:
    chosen = factors(stage.plan.registry)
    known = {factor.name: factor for factor in chosen}
    names = list(dict.fromkeys(factor.tier for factor in chosen)) if by_tier else list(known)
    outputs = _outputs(pieces)
    rows = []
    for output, values in outputs.items():
        if np.ptp(values) < 1e-4 * max(1.0, float(np.abs(values).max())):
            continue  # nothing to explain: two countries with scores have the gap that the scores show
        for name, found in zip(names, analysed(values), strict=True):
            rows.append({**described(name, known), "output": output, **found})
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class PointsTask:
    """The gap on every scale at the last date, for points of the unit cube.

    Attributes:
        unit: (points, factors). The noise of the level, and all other countries' own parameters, stay at their medians.
        origin: recipe of the ensemble.
    """

    stage: PairSimulator
    unit: Floats
    origin: Mapping[str, Any]

    @cached_property
    def recipe(self) -> dict[str, Any]:
        """All that the answers depend on."""
        pair = {"pair": list(self.stage.positions), "dates": list(self.stage.dates)}
        about = {"code_of_causes": source_hash("explain"), "points": fingerprint(self.unit)[:16]}
        return {**self.origin, **pair, **about}

    @cached_property
    def key(self) -> str:
        """Sixteen hex digits of the recipe."""
        return fingerprint(self.recipe)[:16]

    @cached_property
    def _slices(self) -> dict[str, range]:
        return slices("points", len(self.unit))

    @property
    def pieces(self) -> tuple[str, ...]:
        """Names of the slices of points, in order."""
        return tuple(self._slices)

    def run(self, piece: str) -> Arrays:
        """Gaps of a slice of points, by scale, (points,)."""
        points = self._slices[piece]
        scores = ndtri(_EDGE + (1 - 2 * _EDGE) * np.asarray(self.unit[points.start : points.stop], np.float64)).T
        padded = np.pad(scores, ((0, 0), (0, -len(points) % BLOCK)))
        stage = self.stage
        blocks = [
            _play(stage.plan, stage.given, jnp.asarray(padded[:, start : start + BLOCK], jnp.float32), stage.positions,
                  stage.when, stage.last)
            for start in range(0, padded.shape[1], BLOCK)
        ]  # fmt: skip
        return {
            metric: np.concatenate([np.asarray(getattr(block, metric)[-1], np.float64) for block in blocks])[
                : len(points)
            ]
            for metric in METRICS
        }


def _outputs(pieces: Iterable[Arrays]) -> Mapping[str, Floats]:
    """The gap on every scale at all points, (points,).

    Raises:
        ValueError: a point gave no finite number.
    """
    parts = list(pieces)
    found = {metric: np.concatenate([part[metric] for part in parts]) for metric in METRICS}
    for metric, values in found.items():
        if not np.isfinite(values).all():
            raise ValueError(f"{int((~np.isfinite(values)).sum())} points gave no {metric}")
    return found


@compiled("plan", "positions", "when", "last")
def _play(
    plan: BlockPlan, given: WorldArrays, scores: Array, positions: tuple[int, int], when: QuarterIndex, last: int
) -> Gaps:
    inputs = assemble(given, plan.marks, _members(plan, scores, positions))
    steps = slice(last + 1)
    inputs = inputs._replace(
        paths=jax.tree.map(lambda leaf: leaf[steps], inputs.paths),
        shocks=jax.tree.map(lambda leaf: leaf[steps], inputs.shocks),
    )
    series = simulate(inputs, RECORDED).series
    at = jnp.asarray(positions)
    pair = {name: values[:, at] for name, values in series.items()}
    rest = series["compute"].sum(axis=1) - pair["compute"].sum(axis=1)
    return gaps(pair, rest, when)


def _members(plan: BlockPlan, scores: Array, positions: tuple[int, int]) -> Members:
    """Members whose factors lie at the given normal scores, (factors, members)."""
    count = scores.shape[1]
    column = {factor.name: row for row, factor in enumerate(factors(plan.registry))}
    blank = jnp.zeros((len(plan.countries), count), scores.dtype)
    values = {}
    for key, parameter in plan.registry.parameters.items():
        if parameter.scope is Scope.WORLD:
            rows = scores[column[key]][None] if key in column else jnp.zeros((1, count), scores.dtype)
        elif parameter.scope is Scope.COUNTRY:
            rows = blank.at[positions[0]].set(scores[column[f"{key}/subject"]])
            rows = rows.at[positions[1]].set(scores[column[f"{key}/rival"]])
        else:
            rows = jnp.zeros((len(plan.registry.niche_names), count), scores.dtype)
        drawn = transform([parameter.distribution] * len(rows), rows)
        values[key] = drawn[0] if parameter.scope is Scope.WORLD else drawn
    noise = jnp.zeros((plan.marks.years, len(plan.countries), count), scores.dtype)
    return Members(values, noise, None)
