"""Audit of a built index: statistics, reliability, influence of each child, ranks without each indicator, and remarks.

Source: OECD/JRC Handbook (2008), steps 4 to 8; Saisana and Saltelli (2011), Rankings and ratings: instructions for use,
Hague Journal on the Rule of Law 3(2); the JRC's statistical audits use the same tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from headway.standing.build import Index
from headway.standing.ensemble import evaluate, prepare
from headway.standing.moments import Array, correlations, cronbach_alpha, descending_ranks, deviation, kmo, mean, shape
from headway.standing.settings import Robustness
from headway.standing.treat import fails
from headway.standing.weights import components, correlation_importance, correlation_ratio
from headway.standing.weightspace import effective_weights


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """Statistics of one indicator before any step, over the values present.

    Attributes:
        n: units with a value. available, zeros: shares of units with a value, and of those values that are zero.
        distinct: number of different values.
        outliers: whether skewness and kurtosis are beyond the bounds of `treat.fails`.
    """

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
    """Internal consistency of a node's children: Cronbach's alpha, sampling adequacy, principal components.

    Attributes:
        explained: share of variance of each principal component, largest first.
    """

    node: str
    alpha: float
    kmo: float
    explained: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ChildInfluence:
    """Influence of a child on its parent: its weight, and what it explains.

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
    """Effect of leaving out one indicator: distances of ranks, the unit that moves most, rank correlation.

    All are NaN where a node above the indicator gives no score without it.
    """

    indicator: str
    mean_shift: float
    largest_shift: float
    unit: str
    spearman: float


@dataclass(frozen=True)
class Audit:
    """Results of an audit; `verdict` puts them into words.

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
    """Audit of an index, or of its latest year."""
    last = index.blocks()[-1]
    leaves = index.spec.tree.leaves
    x = np.column_stack([index.scores[leaf][last] for leaf in leaves])
    r, p = correlations(x)
    with_nodes = {node: correlations(x, index.scores[node][last][:, None])[0][:, 0] for node in index.spec.tree.nodes}
    stats, reliability = statistics(index), _reliability(index)
    influence, left_out = _influence(index), _left_out(index)
    return Audit(stats, reliability, influence, left_out, effective_weights(index), r, p, with_nodes)


def statistics(index: Index) -> tuple[ColumnStatistics, ...]:
    """Statistics of every indicator before any step, in the latest year."""
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
    study = prepare(index.spec, index.table, Robustness(leave_out=True), functions=index.functions)
    scores = evaluate(study, {"leave_out": np.arange(len(leaves) + 1)})[study.node]
    ranks = descending_ranks(index.spec.rounded(study.node, scores))
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


Grade = Literal["good", "look", "poor"]

COVERAGE, ALPHA, DUPLICATE = 0.65, 0.6, 0.92
"""Customary bounds: share of units with data, Cronbach's alpha, correlation of two indicators that count double."""
GAPS, AGREEMENT = 0.05, 0.98
"""Bounds on the share of cells that were not observed, and on the rank correlation without one indicator."""


@dataclass(frozen=True, slots=True)
class AuditRemark:
    """One remark, and how serious it is."""

    grade: Grade
    text: str


def verdict(index: Index, found: Audit) -> tuple[AuditRemark, ...]:
    """Remarks on data, structure, weights and dependence on single indicators, in this order."""
    return (
        *data_remarks(index, found),
        *structure_remarks(index, found),
        weight_remark(index, found),
        *dependence_remarks(index, found),
    )


def data_remarks(index: Index, found: Audit) -> tuple[AuditRemark, AuditRemark, AuditRemark]:
    """Remarks on coverage, on what was not observed, and on outliers after treatment."""
    label, leaves = index.spec.label, index.spec.tree.leaves
    thin = [label(s.indicator) for s in found.statistics if s.available < COVERAGE]
    last = index.blocks()[-1]
    imputed = float(index.share_imputed()[last].mean())
    outlying = [label(leaves[j]) for j in np.flatnonzero(fails(index.final.values[last]))]
    coverage = AuditRemark("good", f"Every indicator covers at least {COVERAGE:.0%} of units.")
    if thin:
        grade: Grade = "poor" if len(thin) > len(leaves) / 4 else "look"
        coverage = AuditRemark(grade, f"Data for fewer than {COVERAGE:.0%} of units: {listed(thin)}.")
    no_outliers = AuditRemark("good", "No indicator has outliers left (|skewness| ≥ 2 with excess kurtosis ≥ 3.5).")
    observed: Grade = "good" if imputed < GAPS else "look" if imputed < 4 * GAPS else "poor"
    return (
        coverage,
        AuditRemark(observed, f"{imputed:.0%} of cells were not observed (bound: {GAPS:.0%})."),
        AuditRemark("look", f"Outliers remain after treatment in {listed(outlying)}.") if outlying else no_outliers,
    )


def structure_remarks(index: Index, found: Audit) -> list[AuditRemark]:
    """Remarks on how children hang together, and on indicators in the wrong place."""
    label = index.spec.label
    known = [r for r in found.reliability if r.alpha == r.alpha]
    weak = [f"{label(r.node)} ({r.alpha:.2f})" for r in known if r.alpha < ALPHA]
    against = [f"{label(i.child)} ({i.correlation:.2f})" for i in found.influence if i.correlation < 0]
    duplicates, misplaced = _near_duplicates(index, found), _misplaced(index, found)
    lines = []
    if weak:
        lines.append(AuditRemark("look", f"Children hang together loosely (alpha below {ALPHA}): {listed(weak)}."))
    elif known:
        lines.append(AuditRemark("good", f"Children of every node hang together (alpha {ALPHA} or more)."))
    if against:
        lines.append(
            AuditRemark("poor", f"Runs against its own parent, so that gains are punished: {listed(against)}.")
        )
    if duplicates:
        lines.append(
            AuditRemark("look", f"Nearly the same thing twice (correlation above {DUPLICATE}): {listed(duplicates)}.")
        )
    if misplaced:
        lines.append(AuditRemark("look", f"Closer to another pillar than to its own: {listed(misplaced)}."))
    if not (against or duplicates or misplaced):
        lines.append(AuditRemark("good", "Indicators agree with their own pillar most, and none stands twice."))
    return lines


def _near_duplicates(index: Index, found: Audit) -> list[str]:
    tree, label = index.spec.tree, index.spec.label
    return [
        f"{label(a)} and {label(b)} ({found.correlation[i, j]:.2f})"
        for i, a in enumerate(tree.leaves)
        for j, b in enumerate(tree.leaves)
        if i < j and tree.parent[a] == tree.parent[b] and found.correlation[i, j] > DUPLICATE
    ]


def _misplaced(index: Index, found: Audit) -> list[str]:
    """Indicators whose correlation with another pillar exceeds that with their own by more than 0.1."""
    tree, label = index.spec.tree, index.spec.label
    pillars = [node for node in tree.children[tree.root] if node in tree.children]
    out = []
    for i, leaf in enumerate(tree.leaves):
        own = next((node for node in pillars if leaf in tree.under(node)), None)
        if own is None or len(pillars) < 2:
            continue
        best = max(pillars, key=lambda node: np.nan_to_num(found.with_nodes[node][i], nan=-1.0))
        if best != own and found.with_nodes[best][i] > found.with_nodes[own][i] + 0.1:
            out.append(f"{label(leaf)} (with {label(best)})")
    return out


def weight_remark(index: Index, found: Audit) -> AuditRemark:
    """Remark on whether importances follow the weights."""
    off = [
        f"{index.spec.label(i.child)} (weight {i.weight:.0%}, importance {i.share:.0%})"
        for i in found.influence
        if i.share == i.share and i.weight > 0 and not 0.5 <= i.share / i.weight <= 2
    ]
    if off:
        return AuditRemark("look", f"Importance is not what the weight says: {listed(off)}.")
    return AuditRemark("good", "Importances follow the weights: none is less than half or more than twice its weight.")


def dependence_remarks(index: Index, found: Audit) -> list[AuditRemark]:
    """Remark on how much ranks depend on one indicator; none where no indicator can be left out."""
    known = [left for left in found.left_out if left.mean_shift == left.mean_shift]
    if not known:
        return []
    worst = max(known, key=lambda left: left.mean_shift)
    far = max(known, key=lambda left: left.largest_shift)
    grade: Grade = "good" if worst.spearman > AGREEMENT else "look" if worst.spearman > 0.9 else "poor"
    name = index.spec.label
    needed = [name(left.indicator) for left in found.left_out if left.mean_shift != left.mean_shift]
    most = "the most influential of those that can be left out" if needed else "its most influential indicator"
    more = f" Without {listed(needed)} there is no score." if needed else ""
    return [
        AuditRemark(
            grade,
            f"Without {name(worst.indicator)}, {most}, ranks move by {worst.mean_shift:.1f} on average (rank "
            f"correlation {worst.spearman:.3f}; bound: {AGREEMENT}); the largest single move is "
            f"{far.largest_shift:.0f} ({index.table.name(far.unit)}, without {name(far.indicator)}).{more}",
        )
    ]


def listed(names: Sequence[str], most: int = 6) -> str:
    """Names joined by commas, with a count of those beyond `most`."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
