"""Sensitivity of ranks to assumptions: variance-based and global, exact where it can be, else by Sobol' samples.

Source: Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola (2010), Variance based sensitivity analysis of model
output, Computer Physics Communications 181 (first order); Jansen (1999), ibid. 117 (total order); Saisana, Saltelli
and Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools for the quality assessment of composite
indicators, JRSS-A 168(2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.standing.ensemble import Study, evaluate, varied
from headway.standing.moments import Array, descending_ranks

DRAWS = 1024
"""Draws of a continuous assumption among which one uniform number chooses."""

MOST_COMBINATIONS = 20_000

Output = Callable[[Array], Array]


@dataclass(frozen=True)
class Sensitivity:
    """Sensitivity indices by assumption.

    Attributes:
        assumptions: names. first, total: first- and total-order indices, shape (assumptions,); NaN when the output
            does not vary.
        first_error, total_error: standard errors by bootstrap; zero when exact.
        variance: of the output.
        exact: whether every combination was evaluated.
        remark: what a reader should know.
    """

    assumptions: tuple[str, ...]
    first: Array
    total: Array
    first_error: Array
    total_error: Array
    variance: float
    exact: bool
    remark: str = ""


def mean_rank_shift(study: Study) -> Output:
    """Output function: mean over units of the distance between a unit's rank and its nominal rank."""
    nominal = _ranks(study, study.nominal_scores(study.node))

    def output(scores: Array) -> Array:
        shift = np.abs(_ranks(study, scores) - nominal)
        present = ~np.isnan(shift)
        result: Array = np.nansum(shift, axis=1) / np.where(present.any(axis=1), present.sum(axis=1), np.nan)
        return result

    return output


def rank_of(study: Study, unit: str) -> Output:
    """Output function: rank of one unit."""
    at = _at(study, unit)
    return lambda scores: np.asarray(_ranks(study, scores)[:, at])


def lead_of(study: Study, unit: str, rival: str) -> Output:
    """Output function: number of ranks that `unit` stands above `rival` (negative: below)."""
    a, b = _at(study, unit), _at(study, rival)

    def output(scores: Array) -> Array:
        ranks = _ranks(study, scores)
        return np.asarray(ranks[:, b] - ranks[:, a])

    return output


def _ranks(study: Study, scores: Array) -> Array:
    """Ranks of the study's node, shape (members, units)."""
    return descending_ranks(study.spec.rounded(study.node, scores))


def sensitivity(study: Study, output: Output, points: int = 512, seed: int = 0) -> Sensitivity:
    """Sensitivity of `output` to every assumption of the study.

    Exact by enumeration when every assumption is discrete and there are at most `MOST_COMBINATIONS` combinations.

    Args:
        points: base sample of the Sobol' design, a power of two; it takes points · (assumptions + 2) evaluations.

    Raises:
        InputError: nothing is varied, or `points` is no power of two.
    """
    names = tuple(varied(study))
    if not names:
        raise InputError(f"{study.spec.name}: the study varies nothing, so there is no sensitivity to measure")
    if points < 2 or points & (points - 1):
        raise InputError(f"{points} points: a Sobol' sample needs a power of two, such as 512")
    if not study.errors and np.prod([float(n) for n in study.choices.values()]) <= MOST_COMBINATIONS:
        return _enumerated(study, output, names)
    return _sampled(study, output, names, points, seed)


def _enumerated(study: Study, output: Output, names: tuple[str, ...]) -> Sensitivity:
    """Sensitivity from every legal combination once, all equally likely."""
    legal = np.array(list(study.number), dtype=np.int64).reshape(len(study.number), -1)
    if study.settings.leave_out:
        n = study.choices["leave_out"]
        legal = np.column_stack([np.repeat(legal, n, axis=0), np.tile(np.arange(n), len(legal))])
    y = output(evaluate(study, {name: legal[:, j] for j, name in enumerate(names)})[study.node])
    fine = ~np.isnan(y)
    first, total = enumerated_indices(legal[fine], y[fine])
    zero = np.zeros(len(names))
    full = int(np.prod(list(study.choices.values())))
    lost = full - int(fine.sum())
    remark = f"{lost} of {full} combinations are not legal: assumptions are not independent" if lost else ""
    return Sensitivity(names, first, total, zero, zero, float(np.var(y[fine])), True, remark)


def enumerated_indices(design: npt.NDArray[np.int64], y: Array) -> tuple[Array, Array]:
    """First- and total-order indices from all combinations: Var(E[y|x_i])/Var(y) and 1 - Var(E[y|x_~i])/Var(y).

    Args:
        design: shape (combinations, assumptions). y: shape (combinations,).
    """
    variance = float(np.var(y))
    first, total = np.full(design.shape[1], np.nan), np.full(design.shape[1], np.nan)
    for j in range(design.shape[1]) if variance > 0 else ():
        first[j] = _explained(design[:, [j]], y) / variance
        total[j] = 1 - _explained(np.delete(design, j, axis=1), y) / variance
    return first, total


def _explained(by: npt.NDArray[np.int64], y: Array) -> float:
    """Variance of the means of y over groups of equal rows of `by`."""
    if by.shape[1] == 0:
        return 0.0
    _, group, counts = np.unique(by, axis=0, return_inverse=True, return_counts=True)
    means = np.bincount(group.ravel(), weights=y) / counts
    return float((counts * (means - y.mean()) ** 2).sum() / len(y))


def _sampled(study: Study, output: Output, names: tuple[str, ...], points: int, seed: int) -> Sensitivity:
    from scipy.stats import qmc  # a second to import

    axes, remark = _axes(study, names)
    d = len(axes)
    uniform = qmc.Sobol(2 * d, seed=seed).random(points)
    a, b = uniform[:, :d], uniform[:, d:]
    mixed = [np.column_stack([*a.T[:j], b[:, j], *a.T[j + 1 :]]) for j in range(d)]
    design: dict[str, npt.NDArray[np.int64]] = {}
    for j, axis in enumerate(axes.values()):
        column = np.concatenate([block[:, j] for block in (a, b, *mixed)])
        taken = axis.options[np.minimum((column * len(axis.options)).astype(np.int64), len(axis.options) - 1)]
        design |= {name: taken[:, k] for k, name in enumerate(axis.names)}
    y = output(evaluate(study, design)[study.node]).reshape(d + 2, points)
    lost = np.isnan(y).any(axis=0)
    if lost.any():
        y = y[:, ~lost]
        said = f"{int(lost.sum())} of {points} sample points gave scores that an aggregation cannot take"
        remark = "; ".join(filter(None, (remark, said)))
    if y.shape[1] < 2:
        raise InputError("almost no combination of these assumptions gives scores; drop the options that clash")
    first, total = saltelli_jansen(y[0], y[1], y[2:])
    errors = _bootstrap(y[0], y[1], y[2:], seed)
    variance = float(np.var(np.concatenate([y[0], y[1]]), ddof=1))
    return Sensitivity(tuple(axes), first, total, *errors, variance, False, remark)


@dataclass(frozen=True, slots=True)
class _Axis:
    """Assumptions that move together, and their joint options, shape (options, assumptions)."""

    names: tuple[str, ...]
    options: npt.NDArray[np.int64]


def _axes(study: Study, names: tuple[str, ...]) -> tuple[dict[str, _Axis], str]:
    """Axes of the sample, and a remark; choices whose options clash share an axis of their legal combinations."""
    choices = tuple(study.settings.choices)
    full = int(np.prod([len(options) for options in study.settings.choices.values()]))
    axes: dict[str, _Axis] = {}
    remark = ""
    if choices and len(study.number) < full:
        joint = " × ".join(choices)
        axes[joint] = _Axis(choices, np.array(list(study.number), dtype=np.int64))
        remark = f"some options clash, so {joint} count as one assumption with {len(study.number)} legal options"
    for name in names:
        if not (axes and name in choices and remark):
            axes[name] = _Axis((name,), np.arange(study.choices.get(name, DRAWS))[:, None])
    return axes, remark


def saltelli_jansen(y_a: Array, y_b: Array, y_ab: Array) -> tuple[Array, Array]:
    """First-order indices by Saltelli et al. (2010) and total-order indices by Jansen (1999).

    Args:
        y_a, y_b: outputs of the two base samples, shape (points,). y_ab: outputs of A with one column from B, shape
            (assumptions, points).

    Returns:
        First- and total-order indices, shape (assumptions,); the variance is that of both base samples, over n - 1.
    """
    variance = np.var(np.concatenate([y_a, y_b]), ddof=1)
    variance = variance if variance > 0 else np.nan
    first = (y_b * (y_ab - y_a)).mean(axis=1) / variance
    total = ((y_a - y_ab) ** 2).mean(axis=1) / (2 * variance)
    return np.asarray(first), np.asarray(total)


def _bootstrap(y_a: Array, y_b: Array, y_ab: Array, seed: int, rounds: int = 200) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    firsts, totals = [], []
    for _ in range(rounds):
        rows = rng.integers(0, len(y_a), len(y_a))
        first, total = saltelli_jansen(y_a[rows], y_b[rows], y_ab[:, rows])
        firsts.append(first)
        totals.append(total)
    return np.std(firsts, axis=0, ddof=1), np.std(totals, axis=0, ddof=1)


def _at(study: Study, unit: str) -> int:
    if unit not in study.units:
        raise InputError(f"'{unit}' is not among the units: {', '.join(study.units[:12])} …")
    return study.units.index(unit)
