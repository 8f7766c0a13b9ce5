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

_LEVELS = 4  # of a factor in Morris's design
_EDGE = 0.005  # the outermost half per cent of a prior is left out: Morris visits the corners of the cube


@dataclass(frozen=True)
class PriorDesign:
    """A method of sensitivity analysis: at which points it asks, and what it makes of the answers.

    Attributes:
        points: problem, samples and seed → points of the unit cube, (points, factors).
        indices: problem, points, answers (points,) and seed → columns of the table, one row per factor or group.
    """

    points: Callable[[dict[str, Any], int, int], Floats]
    indices: Callable[[dict[str, Any], Floats, Floats, int], dict[str, Floats]]


def _sobol_points(asked: dict[str, Any], samples: int, seed: int) -> Floats:
    from SALib.sample import sobol as sampling

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SALib asks for powers of two
        return np.asarray(sampling.sample(asked, samples, calc_second_order=False, seed=seed))


def _sobol_indices(asked: dict[str, Any], points: Floats, answers: Floats, seed: int) -> dict[str, Floats]:
    from SALib.analyze import sobol as analysis

    # SALib takes a seed of 0 for none, and its intervals would differ from run to run.
    found = analysis.analyze(asked, answers, calc_second_order=False, seed=seed + 1)
    columns = {"first": "S1", "first_error": "S1_conf", "total": "ST", "total_error": "ST_conf"}
    return {name: found[key] for name, key in columns.items()}


def _morris_points(asked: dict[str, Any], samples: int, seed: int) -> Floats:
    from SALib.sample import morris as sampling

    return np.asarray(sampling.sample(asked, samples, num_levels=_LEVELS, seed=seed))


def _morris_effects(asked: dict[str, Any], points: Floats, answers: Floats, seed: int) -> dict[str, Floats]:
    from SALib.analyze import morris as analysis

    found = analysis.analyze(asked, points, answers, num_levels=_LEVELS, seed=seed)
    columns = {"effect": "mu_star", "effect_error": "mu_star_conf"}
    single = asked.get("groups") in (None, asked["names"])  # SALib fills in what is not asked
    columns |= {"mean": "mu", "spread": "sigma"} if single else {}
    return {name: found[key] for name, key in columns.items()}


DESIGNS: Mapping[str, PriorDesign] = {
    "sobol": PriorDesign(_sobol_points, _sobol_indices),
    "morris": PriorDesign(_morris_points, _morris_effects),
}
"""`sobol`: first-order and total indices, each with the half-width of a 95 % interval; (factors + 2) runs for each base
sample, best a power of two. `morris`: mean absolute elementary effect over the range of the prior, in the unit of the
scale, and for single factors mean and spread (a spread above the effect says that a factor acts through others or
bends); (factors + 1) runs for each trajectory."""


def analysed(
    design: PriorDesign,
    stage: PairSimulator,
    samples: int,
    *,
    by_tier: bool,
    seed: int,
    recipe: Mapping[str, Any],
    gather: Gather,
) -> pd.DataFrame:
    """Table of a design: every factor, or every tier as a group, for all scales of the gap at once.

    Args:
        samples: base samples or trajectories. recipe: of the ensemble. gather: finds the answers at all points.

    Returns:
        Columns factor, symbol, tier, meaning, output, and those of the design; scales that never move are left out.
    """
    chosen = factors(stage.plan.registry)
    known = {factor.name: factor for factor in chosen}
    names = list(dict.fromkeys(factor.tier for factor in chosen)) if by_tier else list(known)
    asked = problem(chosen, by_tier)
    unit = design.points(asked, samples, seed)
    rows = []
    for output, answers in _outputs(gather(PointsTask(stage, unit, recipe))).items():
        if np.ptp(answers) < 1e-4 * max(1.0, float(np.abs(answers).max())):
            continue  # nothing to explain: two countries with scores have the gap that the scores show
        columns = design.indices(asked, unit, answers, seed)
        for row, name in enumerate(names):
            found = {column: float(values[row]) for column, values in columns.items()}
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
