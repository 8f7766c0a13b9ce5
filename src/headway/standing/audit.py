"""An audit of a built index: is it coherent, does every part do its part, and would it stand without any one of them?

Source: OECD/JRC Handbook (2008), steps 4 to 8; Saisana and Saltelli (2011), Rankings and ratings: instructions for use,
Hague Journal on the Rule of Law 3(2); the JRC's statistical audits use the same tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from headway.standing.build import Index
from headway.standing.correlate import correlations, cronbach_alpha, kmo
from headway.standing.ensemble import evaluate, prepare
from headway.standing.moments import Array, descending_ranks, deviation, mean, shape
from headway.standing.study import Robustness
from headway.standing.treat import fails
from headway.standing.weights import components, correlation_importance, correlation_ratio
from headway.standing.weightspace import effective_weights


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """One indicator as it came: moments of the values present, and whether outliers mark it."""

    indicator: str
    n: int
    available: float
    minimum: float
    maximum: float
    mean: float
    median: float
    sd: float
    skewness: float
    kurtosis: float
    zeros: float
    distinct: int
    outliers: bool


@dataclass(frozen=True, slots=True)
class NodeReliability:
    """How far a node's children hang together.

    Attributes:
        explained: share of variance of each principal component, largest first.
    """

    node: str
    alpha: float
    kmo: float
    explained: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ChildInfluence:
    """What a child counts for.

    Attributes:
        weight: nominal, within its parent. importance: squared Pearson correlation with the parent. ratio: correlation
            ratio with the parent. share: the importance over the sum of all children's.
    """

    node: str
    child: str
    weight: float
    correlation: float
    importance: float
    ratio: float
    share: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The index without one indicator: mean and largest distance of ranks, and who moves most."""

    indicator: str
    mean_shift: float
    largest_shift: float
    unit: str
    spearman: float


@dataclass(frozen=True)
class Audit:
    """Everything an audit found; `verdict.verdict` puts it into words.

    Attributes:
        effective: indicators' weights multiplied down the tree.
        correlation, p_value: Pearson's, between normalised indicators; shape (indicators, indicators).
        with_nodes: node → each indicator's correlation with it, shape (indicators,).
    """

    statistics: tuple[ColumnStatistics, ...]
    reliability: tuple[NodeReliability, ...]
    influence: tuple[ChildInfluence, ...]
    left_out: tuple[LeftOut, ...]
    effective: Mapping[str, float]
    correlation: Array
    p_value: Array
    with_nodes: Mapping[str, Array]


def audit(index: Index) -> Audit:
    """Audit an index, or its latest year."""
    last = index.blocks()[-1]
    leaves = index.spec.tree.leaves
    x = np.column_stack([index.scores[leaf][last] for leaf in leaves])
    r, p = correlations(x)
    with_nodes = {node: correlations(x, index.scores[node][last][:, None])[0][:, 0] for node in index.spec.tree.nodes}
    stats, reliability = statistics(index), _reliability(index)
    influence, left_out = _influence(index), _left_out(index)
    return Audit(stats, reliability, influence, left_out, effective_weights(index), r, p, with_nodes)


def statistics(index: Index) -> tuple[ColumnStatistics, ...]:
    """Statistics of every indicator as it came, before any step, in the latest year."""
    table = index.table if index.table.years is None else index.table.of_year(index.table.distinct_years[-1])
    x = table.values
    skew, kurt = shape(x)
    outlying, centre, spread = fails(x), mean(x), deviation(x)
    out = []
    for j, leaf in enumerate(table.indicators):
        column = x[~np.isnan(x[:, j]), j]
        n = len(column)
        out.append(
            ColumnStatistics(
                indicator=leaf,
                n=n,
                available=n / max(1, len(x)),
                minimum=float(column.min()) if n else float("nan"),
                maximum=float(column.max()) if n else float("nan"),
                mean=float(centre[j]),
                median=float(np.median(column)) if n else float("nan"),
                sd=float(spread[j]),
                skewness=float(skew[j]),
                kurtosis=float(kurt[j]),
                zeros=float((column == 0).mean()) if n else float("nan"),
                distinct=len(np.unique(column)),
                outliers=bool(outlying[j]),
            )
        )
    return tuple(out)


def _children(index: Index, node: str) -> Array:
    last = index.blocks()[-1]
    return np.column_stack([index.scores[child][last] for child in index.spec.tree.children[node]])


def _reliability(index: Index) -> tuple[NodeReliability, ...]:
    out = []
    for node in index.spec.tree.nodes:
        x = _children(index, node)
        complete = x[~np.isnan(x).any(axis=1)]
        if x.shape[1] < 2:
            continue
        explained: tuple[float, ...] = ()
        if len(complete) > 2 and (np.ptp(complete, axis=0) > 0).all():
            values = components(complete)[0]
            explained = tuple(float(v) for v in values / values.sum())
        out.append(NodeReliability(node, cronbach_alpha(x), kmo(x)[0], explained))
    return tuple(out)


def _influence(index: Index) -> tuple[ChildInfluence, ...]:
    last = index.blocks()[-1]
    out = []
    for node in index.spec.tree.nodes:
        x, parent = _children(index, node), index.scores[node][last]
        r = correlations(x, parent[:, None])[0][:, 0]
        importance, ratio = correlation_importance(x, parent), correlation_ratio(x, parent)
        total = np.nansum(importance)
        for j, child in enumerate(index.spec.tree.children[node]):
            share = float(importance[j] / total) if total > 0 else float("nan")
            weight = float(index.weights[node][-1][j])
            found = (float(r[j]), float(importance[j]), float(ratio[j]), share)
            out.append(ChildInfluence(node, child, weight, *found))
    return tuple(out)


def _left_out(index: Index) -> tuple[LeftOut, ...]:
    leaves = index.spec.tree.leaves
    if len(leaves) < 2:
        return ()
    study = prepare(index.spec, index.table, Robustness(leave_out=True))
    ranks = descending_ranks(evaluate(study, {"leave_out": np.arange(len(leaves) + 1)})[study.node])
    out = []
    for j, leaf in enumerate(leaves, start=1):
        shift = np.abs(ranks[j] - ranks[0])
        if np.isnan(shift).all():
            out.append(LeftOut(leaf, float("nan"), float("nan"), "", float("nan")))
            continue
        most = int(np.nanargmax(shift))
        spearman = correlations(ranks[[0, j]].T, kind="spearman")[0][0, 1]
        out.append(LeftOut(leaf, float(np.nanmean(shift)), float(shift[most]), study.units[most], float(spearman)))
    return tuple(out)
