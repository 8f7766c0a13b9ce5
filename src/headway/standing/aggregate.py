"""Scores of parents from scores of their children: power means, the Mazziotta–Pareto index, and the way up the tree.

Missing children are left out and the remaining weights rescaled. Scores have the shape (…, units, children), weights
(…, children); leading axes broadcast, and a plain matrix of scores with many weight vectors becomes one matrix product.
Aggregations that compare units are in `outranking` and `benefit_of_doubt`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from headway.core.errors import InputError
from headway.standing import normalise as norm
from headway.standing.benefit_of_doubt import benefit_of_the_doubt
from headway.standing.custom import Functions, custom_node
from headway.standing.moments import Array, extent
from headway.standing.outranking import copeland, kemeny
from headway.standing.settings import Aggregation, ScaleSetting
from headway.standing.spec import Spec


def weighted_mean(x: Array, w: Array) -> Array:
    """Weighted arithmetic mean over the last axis, shape (…, units); NaN for a unit without any child."""
    present = ~np.isnan(x)
    if present.all():
        total = w.sum(axis=-1)[..., None]
        return _dot(x, w) / np.where(total > 0, total, np.nan)
    total = _dot(present.astype(float), w)
    return _dot(np.where(present, x, 0.0), w) / np.where(total > 0, total, np.nan)


def geometric(x: Array, w: Array) -> Array:
    """Weighted geometric mean, shape (…, units); the caller has checked that scores are positive."""
    return np.exp(weighted_mean(np.log(x), w))


def harmonic(x: Array, w: Array) -> Array:
    """Weighted harmonic mean, shape (…, units); the caller has checked that scores are positive."""
    return 1 / weighted_mean(1 / x, w)


def power(x: Array, w: Array, exponent: float) -> Array:
    """Weighted power mean, shape (…, units): exponent 1 arithmetic, 0 geometric, -1 harmonic."""
    if exponent == 0:
        return geometric(x, w)
    return np.asarray(weighted_mean(x**exponent, w) ** (1 / exponent))


def _dot(x: Array, w: Array) -> Array:
    if x.ndim == 2:
        return np.asarray(w @ x.T)
    return np.asarray((x @ w[..., None])[..., 0])


def mazziotta_pareto(x: Array, w: Array, penalty: int = -1) -> Array:
    """Mazziotta–Pareto scores M ± S · cv: M a unit's mean score, S the standard deviation (over n), cv = S / M.

    Children on mean 100 and standard deviation 10 give the Mazziotta–Pareto index (MPI), on the 70–130 band the
    adjusted one (AMPI), whose values compare over time.

    Args:
        x: positive scores, shape (…, units, children). w: shape (…, children).
        penalty: -1 where more is better, +1 where the index measures a burden.

    Source: De Muro, Mazziotta and Pareto (2011), Composite Indices of Development and Poverty, Social Indicators
    Research 104; Mazziotta and Pareto (2016), Social Indicators Research 127.
    """
    centre = weighted_mean(x, w)
    variance = weighted_mean((x - centre[..., None]) ** 2, w)
    return np.asarray(centre + penalty * variance / centre)


OUTRANKING_UNITS = 3000
"""Most units for pairwise comparison when scores are missing."""


def aggregate_children(x: Array, w: Array, how: Aggregation, minimum_data: float = 0.0) -> tuple[Array, list[str]]:
    """Scores of a parent from its children's scores, and remarks for the reader.

    Args:
        x: shape (…, units, children), checked by `refuse` for what the aggregation cannot take. w: shape (…, children).
        minimum_data: share of children that must be present.

    Returns:
        Scores, shape (…, units), NaN where too few children are present.
    """
    remarks: list[str] = []
    match how.method:
        case "arithmetic":
            y = weighted_mean(x, w)
        case "geometric":
            y = geometric(x, w)
        case "harmonic":
            y = harmonic(x, w)
        case "power":
            y = power(x, w, how.exponent)
        case "mazziotta_pareto":
            y = mazziotta_pareto(x, w, 1 if how.penalty == "up" else -1)
        case "copeland":
            y, missing = copeland(x, w, how.majority)
            if missing.any():
                remarks.append(f"{int(missing.sum()) // 2} pairs of units share no child and count as even")
        case _:
            y, remarks = _one_by_one(x, w, how)
    if minimum_data > 0:
        available = (~np.isnan(x)).sum(axis=-1) / x.shape[-1]
        y = np.where(available < minimum_data, np.nan, y)
    return y, remarks


def _one_by_one(x: Array, w: Array, how: Aggregation) -> tuple[Array, list[str]]:
    """Scores and remarks by methods that solve a programme for each index."""
    batch = np.broadcast_shapes(x.shape[:-2], w.shape[:-1])
    xs = np.broadcast_to(x, (*batch, *x.shape[-2:])).reshape(-1, *x.shape[-2:])
    ws = np.broadcast_to(w, (*batch, w.shape[-1])).reshape(-1, w.shape[-1])
    out, exact = np.empty((len(xs), x.shape[-2])), True
    for i, (scores, weights) in enumerate(zip(xs, ws, strict=True)):
        if how.method == "kemeny":
            solved = kemeny(scores, weights)
            out[i], exact = solved.scores, exact and solved.exact
        else:
            out[i] = benefit_of_the_doubt(scores, how.lower, how.upper).scores
    remarks = [] if exact else ["more than 30 units compare in circles: their Kemeny order is a heuristic, not proven"]
    return out.reshape(*batch, x.shape[-2]), remarks


def positive_scores(x: Array, how: Aggregation) -> Array:
    """Scores raised to the aggregation's `floor`, or without those of zero or less, as its settings say."""
    if how.floor is not None:
        return np.maximum(x, how.floor)  # keeps missing scores missing
    return np.where(x <= 0, np.nan, x) if how.nonpositive == "missing" else x


def check_scores(node: str, children: tuple[str, ...], x: Array, how: Aggregation, units: Sequence[str]) -> None:
    """Refusal of scores that the aggregation of a node cannot take.

    Args:
        units: what the rows are called in the message: the unit, and the year for data with years.

    Raises:
        InputError: naming the node, the first child and unit at fault, and how many more there are.
    """
    bad = (x <= 0) if how.needs_positive else (x < 0) if how.needs_nonnegative else np.zeros(x.shape, bool)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        need = "positive scores" if how.needs_positive else "scores of zero or more"
        others = int(bad.sum()) - 1
        more = f" (and {others} more {'scores' if others > 1 else 'score'} like it)" if others else ""
        floor = "give the node a `floor`, " if how.uses(how.method, "floor") else ""
        raise InputError(
            f"node '{node}': {how.method} needs {need}, but '{children[column]}' of {units[row]} is "
            f"{x[row, column]:.6g}{more}; {floor}use minmax with `lower` above zero, or aggregate by "
            "the arithmetic mean"
        )
    if how.method in {"copeland", "kemeny"} and len(units) > OUTRANKING_UNITS and (np.isnan(x).any() or how.majority):
        raise InputError(
            f"node '{node}': {how.method} compares all pairs and takes at most {OUTRANKING_UNITS} units with gaps, "
            f"not {len(units)}; impute first"
        )


def rescale_node(node: str, y: Array, scale: ScaleSetting, reference: Array | None = None) -> Array:
    """Scores of a node (…, units) after its own normalisation; parameters come from `reference` (rows,) where given.

    Raises:
        InputError: scores without spread.
    """
    x, ref = y[..., None], None if reference is None else reference[:, None]
    low, high = extent(x if ref is None else ref)
    if np.ndim(low) == 1 and low[0] == high[0] and scale.method != "goalposts":
        raise InputError(f"node '{node}': its scores are all {low[0]:g}, so {scale.method} cannot rescale them")
    lower, upper = scale.range
    match scale.method:
        case "minmax":
            out = norm.minmax(x, lower, upper, ref)
        case "zscore":
            out = norm.zscore(x, scale.mean, scale.sd, scale.ddof, ref)
        case "rank":
            out = norm.rank(x, ref)
        case "percentile_rank":
            out = norm.percentile_rank(x, ref)
        case "goalposts":
            ends = np.asarray(scale.low, float), np.asarray(scale.high, float)
            out = norm.goalposts(x, *ends, lower=lower, upper=upper, cap=scale.cap is not False)[0]
        case _:
            raise InputError(f"node '{node}': rescale takes minmax, zscore, rank, percentile_rank or goalposts")
    return np.asarray(out[..., 0])


def aggregate_scores(
    spec: Spec,
    leaves: Array,
    weights: Mapping[str, Array],
    references: Mapping[str, Array] | None = None,
    functions: Functions | None = None,
) -> dict[str, Array]:
    """Scores of every node of an ensemble, by node.

    Members whose scores a node cannot take come out missing. For one index with all checks and remarks, see `build`.

    Args:
        leaves: normalised indicators, shape (…, units, indicators). weights: node → shape (…, children).
        references: node → scores of all years, for `rescale` with `scope: all`.
        functions: node → a function of one's own in place of its aggregation.

    Returns:
        Node → scores, shape (…, units).
    """
    tree, scores = spec.tree, {leaf: leaves[..., j] for j, leaf in enumerate(spec.tree.leaves)}
    for node in tree.nodes:
        settings, how = spec.nodes[node], spec.aggregation(node)
        minimum = spec.minimum_data if settings.minimum_data is None else settings.minimum_data
        x = _stack([scores[child] for child in tree.children[node]])
        own = (functions or {}).get(node)
        if own is not None:
            y = custom_node(node, own, x, weights[node], tree.children[node])
        else:
            y = aggregate_children(_possible(x, how), weights[node], how, minimum)[0]
        if settings.rescale is not None:
            whole = settings.rescale.scope == "all"
            y = rescale_node(node, y, settings.rescale, (references or {}).get(node) if whole else None)
        scores[node] = y
    return {node: scores[node] for node in tree.nodes}


def _possible(x: Array, how: Aggregation) -> Array:
    """Scores as the aggregation takes them; members with a score that it cannot take are missing altogether."""
    x = positive_scores(x, how)
    impossible = (x <= 0) if how.needs_positive else (x < 0) if how.needs_nonnegative else None
    if impossible is None or not impossible.any():
        return x
    return np.where(impossible.any(axis=(-2, -1), keepdims=True), np.nan, x)


def _stack(columns: list[Array]) -> Array:
    """Children side by side, shape (…, units, children); columns that do not vary are repeated where others do."""
    shape = np.broadcast_shapes(*(column.shape for column in columns))
    return np.stack([np.broadcast_to(column, shape) for column in columns], axis=-1)
