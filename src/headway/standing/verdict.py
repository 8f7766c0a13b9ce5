"""The audit on one page: what a referee would say of an index, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from headway.standing.audit import Audit
from headway.standing.build import Index
from headway.standing.treat import fails

Grade = Literal["good", "look", "poor"]

COVERAGE, ALPHA, TWINS = 0.65, 0.6, 0.92
"""Customary bounds: share of units with data, Cronbach's alpha, correlation of two indicators that count double."""


@dataclass(frozen=True, slots=True)
class Line:
    """One remark and how serious it is."""

    grade: Grade
    text: str


def verdict(index: Index, found: Audit) -> tuple[Line, ...]:
    """Remarks on data, structure, weights and dependence on single indicators."""
    return (*_data(index, found), *_structure(index, found), _weights(index, found), *_dependence(index, found))


def _data(index: Index, found: Audit) -> list[Line]:
    label, leaves = index.spec.label, index.spec.tree.leaves
    thin = [label(s.indicator) for s in found.statistics if s.available < COVERAGE]
    imputed = float(index.share_imputed().mean())
    last = index.blocks()[-1]
    outlying = [label(leaves[j]) for j in np.flatnonzero(fails(index.final.values[last]))]
    coverage = Line("good", f"Every indicator covers at least {COVERAGE:.0%} of units.")
    if thin:
        grade: Grade = "poor" if len(thin) > len(leaves) / 4 else "look"
        coverage = Line(grade, f"Data for fewer than {COVERAGE:.0%} of units: {_list(thin)}.")
    calm = Line("good", "No indicator has outliers left (|skewness| ≥ 2 with excess kurtosis ≥ 3.5).")
    observed: Grade = "good" if imputed < 0.05 else "look" if imputed < 0.2 else "poor"
    return [
        coverage,
        Line(observed, f"{imputed:.0%} of cells were not observed."),
        Line("look", f"Outliers remain after treatment in {_list(outlying)}.") if outlying else calm,
    ]


def _structure(index: Index, found: Audit) -> list[Line]:
    label = index.spec.label
    weak = [f"{label(r.node)} ({r.alpha:.2f})" for r in found.reliability if r.alpha < ALPHA]
    against = [f"{label(i.child)} ({i.correlation:.2f})" for i in found.influence if i.correlation < 0]
    twins, strangers = _twins(index, found), _strangers(index, found)
    lines = [Line("good", f"Children of every node hang together (alpha {ALPHA} or more).")]
    if weak:
        lines = [Line("look", f"Children hang together loosely (alpha below {ALPHA}): {_list(weak)}.")]
    if against:
        lines.append(Line("poor", f"Runs against its own parent, so that gains are punished: {_list(against)}."))
    if twins:
        lines.append(Line("look", f"Nearly the same thing twice (correlation above {TWINS}): {_list(twins)}."))
    if strangers:
        lines.append(Line("look", f"Closer to another pillar than to its own: {_list(strangers)}."))
    if not (against or twins or strangers):
        lines.append(Line("good", "Indicators agree with their own pillar most, and none stands twice."))
    return lines


def _twins(index: Index, found: Audit) -> list[str]:
    tree, label = index.spec.tree, index.spec.label
    return [
        f"{label(a)} and {label(b)} ({found.correlation[i, j]:.2f})"
        for i, a in enumerate(tree.leaves)
        for j, b in enumerate(tree.leaves)
        if i < j and tree.parent[a] == tree.parent[b] and found.correlation[i, j] > TWINS
    ]


def _strangers(index: Index, found: Audit) -> list[str]:
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


def _weights(index: Index, found: Audit) -> Line:
    off = [
        f"{index.spec.label(i.child)} (weight {i.weight:.0%}, importance {i.share:.0%})"
        for i in found.influence
        if i.share == i.share and i.weight > 0 and not 0.5 <= i.share / i.weight <= 2
    ]
    if off:
        return Line("look", f"Importance is not what the weight says: {_list(off)}.")
    return Line("good", "Importances follow the weights: none is less than half or more than twice its weight.")


def _dependence(index: Index, found: Audit) -> list[Line]:
    known = [left for left in found.left_out if left.mean_shift == left.mean_shift]
    if not known:
        return []
    worst = max(known, key=lambda left: left.mean_shift)
    far = max(known, key=lambda left: left.largest_shift)
    grade: Grade = "good" if worst.spearman > 0.98 else "look" if worst.spearman > 0.9 else "poor"
    name = index.spec.label
    return [
        Line(
            grade,
            f"Without {name(worst.indicator)}, its most influential indicator, ranks move by {worst.mean_shift:.1f} on "
            f"average; the largest single move is {far.largest_shift:.0f} ({index.table.name(far.unit)}, without "
            f"{name(far.indicator)}).",
        )
    ]


def _list(names: Sequence[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
