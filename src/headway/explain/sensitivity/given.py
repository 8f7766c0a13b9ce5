"""Sensitivity from draws as they are, correlated or not: PAWN and Borgonovo's delta.

Both compare the distribution of an output with the one it has where a factor is known, so neither supposes
independence. A factor that only goes with another one scores too: an index says what knowing it would tell, not what
changing it would do.

Pianosi, F. and Wagener, T. (2018), "Distribution-based sensitivity analysis from a generic input-output sample",
Environmental Modelling & Software 108:197–207 (PAWN). Borgonovo, E. (2007), "A new uncertainty importance measure",
Reliability Engineering & System Safety 92:771–784; estimator of Plischke, Borgonovo and Smith (2013, European Journal
of Operational Research 226:536–550). PAWN by SALib (Herman and Usher 2017, doi:10.21105/joss.00097).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.explain.attribution import Attribution
from headway.explain.sensitivity.factors import described, factors
from headway.scenarios.registry import Registry

LEAST_DRAWS = 200
_SLICES = 10  # of each factor
_GRID = 100  # points that densities are compared at
_DUMMIES = 20  # factors that cannot matter: what they score is noise


def outputs(found: Attribution) -> dict[str, Floats]:
    """Everything that an attribution says at its last date: the gap on all scales, each cause's part in months.

    Each is the average of both directions, (draws,).
    """
    made = {metric: _averaged(split.gap[-1]) for metric, split in found.splits.items()}
    parts = zip(found.causes.causes, found.splits["months"].parts, strict=True)
    return {**made, **{f"part: {cause.cause}": _averaged(part[-1]) for cause, part in parts}}


def inputs(found: Attribution) -> dict[str, Floats]:
    """Uncertain numbers behind the outputs, each draw once, (draws,)."""
    return {key: values[: found.draws] for key, values in found.values.items()}


def _averaged(both: Floats) -> Floats:
    """Mean of both directions; an attribution holds the draws of the rival's after those of the subject's."""
    return np.asarray(both.reshape(2, -1).mean(axis=0))


def pawn(
    values: Mapping[str, Floats], answers: Mapping[str, Floats], registry: Registry, seed: int = 0
) -> pd.DataFrame:
    """Median PAWN index (Kolmogorov–Smirnov distance, 0 to 1) of every factor for every output.

    Returns:
        Columns factor, symbol, tier, meaning, output, index, noise (what 19 of 20 factors that cannot matter stay
        below; for a factor of few values, what its own values in random order score), tells (whether the index
        exceeds it).

    Raises:
        InputError: fewer than 200 draws.
    """
    from SALib.analyze import pawn as analysis

    def analysed(x: Floats, y: Floats) -> Floats:
        names = [str(column) for column in range(x.shape[1])]
        bounds = [[float(column.min()), float(column.max())] for column in x.T]
        asked = {"num_vars": len(names), "names": names, "bounds": bounds}
        return np.asarray(analysis.analyze(asked, x, y, S=_SLICES, seed=seed)["median"], np.float64)

    return _table(values, answers, registry, analysed, seed)


def delta(
    values: Mapping[str, Floats], answers: Mapping[str, Floats], registry: Registry, seed: int = 0
) -> pd.DataFrame:
    """Borgonovo's delta (0 to 1) of every factor for every output; columns as `pawn`.

    Raises:
        InputError: fewer than 200 draws.
    """
    return _table(values, answers, registry, borgonovo, seed)


def borgonovo(x: Floats, y: Floats) -> Floats:
    """Delta of each column of x, (draws, factors): half the mean area between two densities of y, that within slices of
    the factor and that of all draws.

    The estimator of Plischke, Borgonovo and Smith with one bandwidth (Silverman's, for a slice), so that all densities
    of an output are one product of matrices; SALib's takes minutes for as many factors as this model has. Its bias is
    judged by factors that cannot matter, instead of a bootstrap.
    """
    draws = len(x)
    width = 1.06 * y.std() * (draws / _SLICES) ** -0.2
    grid = np.linspace(y.min() - 3 * width, y.max() + 3 * width, _GRID)
    kernel = np.exp(-0.5 * ((grid[:, None] - y) / width) ** 2) / (width * np.sqrt(2 * np.pi))
    slice_of = np.argsort(np.argsort(x, axis=0, kind="stable"), axis=0) * _SLICES // draws
    inside = (slice_of[:, :, None] == np.arange(_SLICES)).astype(float)
    sizes = inside.sum(axis=0)
    densities = np.tensordot(kernel, inside, axes=1) / sizes
    areas = np.abs(densities - kernel.mean(axis=1)[:, None, None]).sum(axis=0) * (grid[1] - grid[0])
    return np.asarray(0.5 * (areas * sizes / draws).sum(axis=1))


def _table(
    values: Mapping[str, Floats],
    answers: Mapping[str, Floats],
    registry: Registry,
    analysed: Callable[[Floats, Floats], Floats],
    seed: int,
) -> pd.DataFrame:
    draws = len(next(iter(values.values())))
    if draws < LEAST_DRAWS:
        raise InputError(f"{draws} draws are too few to see what an answer hangs on; give {LEAST_DRAWS} or more")
    known = {factor.name: factor for factor in factors(registry)}
    moving = [name for name in known if name in values and np.ptp(values[name]) > 0]
    random = np.random.default_rng(seed)
    # A factor of few values has slices of other sizes, and so other noise: its own values in random order measure it.
    few = [name for name in moving if len(np.unique(values[name])) <= _SLICES]
    shuffled = [random.permutation(values[name]) for name in few for _ in range(_DUMMIES)]
    x = np.column_stack([*(values[name] for name in moving), random.uniform(size=(draws, _DUMMIES)), *shuffled])
    rows = []
    for output, y in answers.items():
        if np.ptp(y) < 1e-4 * max(1.0, float(np.abs(y).max())):
            continue  # nothing to explain: two countries with scores have the gap that the scores show
        index = analysed(x, y)
        usual, *own = np.quantile(index[len(moving) :].reshape(-1, _DUMMIES), 0.95, axis=1)
        noises = dict(zip(few, own, strict=True))
        for name, value in zip(moving, index[: len(moving)], strict=True):
            noise = float(noises.get(name, usual))
            row = {**described(name, known), "output": output, "index": float(value), "noise": noise}
            rows.append({**row, "tells": bool(value > noise)})
    return pd.DataFrame(rows)
