"""Pages 1 to 5 of an audit report: framework, data, imputation, structure, normalisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from headway.standing.audit import ALPHA, data_remarks, listed, structure_remarks
from headway.standing.audit_parts import (
    MOST_ROWS,
    Audited,
    AuditPage,
    ReportTable,
    cut,
    drawn,
    figure,
    percent,
    share,
    two_digits,
    yes,
)
from headway.standing.moments import Array, cronbach_alpha, kmo, shape
from headway.standing.settings import Denominate, Impute, Normalise, Screen, Treat
from headway.standing.sheet import Mark, columns_by_setting
from headway.standing.spec import Spec
from headway.standing.treat import fails
from headway.standing.weights import components
from headway.standing.weightspace import effective_weights


def step_sentences(spec: Spec, *kinds: type[Any]) -> tuple[str, ...]:
    """Sentences on the steps of some kinds, in the specification's order, with the indicators that each is for."""
    out: list[str] = []
    for step in spec.steps:
        if not isinstance(step, kinds):
            continue
        if isinstance(step, Screen):
            out.append(_screen(step))
            continue
        groups = list(columns_by_setting(step, spec.tree.leaves))
        for own, columns in groups:
            names = [spec.label(spec.tree.leaves[j]) for j in columns]
            if isinstance(own, Denominate) and own.by is None:
                continue
            everyone = len(columns) == len(spec.tree.leaves)
            whom = "" if everyone else f" ({listed(names)})"
            out.append(f"{_WORDS[type(own)](own)}{whom}.")
    return tuple(out)


def _screen(step: Screen) -> str:
    words = []
    if step.minimum_data is not None:
        words.append(f"a unit needs {step.minimum_data:.0%} of the indicators")
    if step.minimum_nonzero is not None:
        words.append(f"{step.minimum_nonzero:.0%} of its values must not be zero")
    words += [f"always in: {', '.join(step.include)}"] if step.include else []
    words += [f"always out: {', '.join(step.exclude)}"] if step.exclude else []
    return f"Screening: {'; '.join(words) or 'nothing asked'}."


def _denominate(step: Denominate) -> str:
    how = {"ratio": "divided by", "product": "times", "difference": "minus", "log_ratio": "logarithm of the ratio to"}
    return f"Denomination: {how[step.function]} {str(step.by).replace('_', ' ')}"


def _impute(step: Impute) -> str:
    near = f"the mean of the {step.neighbours} most similar units"
    if step.like:
        near += f" (by the other indicators and {' and '.join(name.replace('_', ' ') for name in step.like)})"
    words = {
        "mean": "the mean of the units that have a value",
        "median": "the median of the units that have a value",
        "group_mean": f"the mean of the unit's group ({step.group})",
        "group_median": f"the median of the unit's group ({step.group})",
        "row_mean": "the mean of the unit's other indicators, on a common scale",
        "row_median": "the median of the unit's other indicators, on a common scale",
        "neighbours": near,
        "floor": "the worst value that any unit has",
        "chained": "multiple imputation by chained equations",
        "latest": "the unit's own latest value",
        "constant": "the unit's own nearest value in time",
        "linear": "the unit's own values, joined by a line over time",
    }
    return f"A gap takes {words[step.method]}"


def _treat(step: Treat) -> str:
    words = [] if step.bottom is None else [f"values below {step.bottom:g} are set to it"]
    transform = {
        "log": "logarithms",
        "log_mirrored": "mirrored logarithms",
        "boxcox": f"Box–Cox of power {step.power:g}",
    }
    if step.winmax != 0:
        most = "any number of" if step.winmax is None else f"at most {step.winmax}"
        words.append(f"{most} extreme values are brought to the next one (winsorised)")
    if step.transform != "none":
        when = (
            "for all" if step.force else f"where |skewness| ≥ {step.skewness:g} and kurtosis ≥ {step.kurtosis:g} stay"
        )
        words.append(f"{transform[step.transform]} {when}")
    return f"Outliers: {'; '.join(words) or 'left as they are'}"


def _normalise(step: Normalise) -> str:
    low, high = step.range
    logs = " of logarithms" if step.log else ""
    words = {
        "minmax": f"min–max to {low:g}–{high:g}",
        "zscore": f"z-scores with mean {step.mean:g} and standard deviation {step.sd:g}",
        "goalposts": f"goalposts{logs} {_ends(step)}, to {low:g}–{high:g}",
        "scaled": f"a line that takes {_ends(step)} to {low:g} and {high:g}",
        "distance_to_target": f"distance to the target {step.target}",
        "distance_to_reference": f"distance to {step.reference}",
        "none": "none",
    }
    years = ", parameters of all years together" if step.scope == "all" else ""
    return f"Scale: {words.get(step.method, step.method.replace('_', ' '))}{years}"


def _ends(step: Normalise) -> str:
    return f"{step.low:g} and {step.high:g}" if step.low is not None and step.high is not None else "of the indicator"


_WORDS: dict[type[Any], Callable[[Any], str]] = {
    Denominate: _denominate,
    Impute: _impute,
    Treat: _treat,
    Normalise: _normalise,
}


MOST_COLUMNS = 24
"""Most indicators whose correlations are printed as a matrix."""


def framework_page(of: Audited) -> AuditPage:
    index, label = of.index, of.index.spec.label
    tree, spec = index.spec.tree, index.spec
    whole = effective_weights(index)
    rows = []

    def walk(node: str, depth: int, weight: float) -> None:
        indent = "  " * depth
        if node in tree.children:
            how = spec.aggregation(node).method.replace("_", " ")
            rows.append((f"{indent}{label(node)}", share(weight), f"{how} of {len(tree.children[node])}", ""))
            for child, w in zip(tree.children[node], index.weights[node][-1], strict=True):
                walk(child, depth + 1, float(w))
        else:
            entry = spec.indicators[node]
            sense = "more is better" if entry.direction > 0 else "less is better"
            rows.append((f"{indent}{label(node)}", share(weight), entry.unit or "indicator", sense))

    walk(tree.root, 0, 1.0)
    most, least = max(whole, key=lambda leaf: whole[leaf]), min(whole, key=lambda leaf: whole[leaf])
    alone = [label(node) for node in tree.nodes if len(tree.children[node]) == 1]
    largest, smallest = share(whole[most]), share(whole[least])
    found = [
        f"All indicators have the same weight in the whole, {largest}."
        if largest == smallest
        else f"{label(most)} has the largest weight in the whole, {largest}; {label(least)} the smallest, {smallest}."
    ]
    if alone:
        found.append(f"One indicator or node alone makes {listed(alone)}.")
    about = spec.description.strip() or "The specification describes no aim; an audit cannot say whether it is met."
    levels = tree.level(tree.root)
    chosen = (about, f"Indicators: {len(tree.leaves)}; nodes above them: {len(tree.nodes)}; levels: {levels}.")
    table = ReportTable("The tree", ("node or indicator", "weight in parent", "how, or unit", "sense"), tuple(rows))
    return AuditPage(
        1,
        "Theoretical framework",
        "What is measured, and what is it made of?",
        chosen,
        tuple(found),
        pictures=drawn(index, "framework"),
        tables=(cut(table, 30),),
    )


def data_page(of: Audited) -> AuditPage:
    index, label = of.index, of.index.spec.label
    chosen = step_sentences(index.spec, Screen) or ("No unit is screened out for want of data.",)
    found = []
    for name, decided in index.screened.items():
        stages = list(index.stages)
        before = index.stages[stages[stages.index(name) - 1]]
        gone = [index.table.name(index.table.units[before.rows[i]]) for i in np.flatnonzero(~decided.keep)]
        if gone:
            found.append(f"Step '{name}' leaves out {len(gone)} of {len(decided.keep)} rows: {listed(gone)}.")
    still = [label(s.indicator) for s in of.audit.statistics if s.n and s.distinct == 1]
    many = [f"{label(s.indicator)} ({s.zeros:.0%})" for s in of.audit.statistics if s.zeros > 0.5]
    if still:
        found.append(f"The same value for all units: {listed(still)}.")
    if many:
        found.append(f"More than half of the values are zero: {listed(many)}.")
    final = index.final.ages[of.last]
    if final.any():
        found.append(f"A value is {np.median(final):.1f} years old in the median, at most {final.max():.1f}.")
    columns = ("indicator", "n", "data", "zeros", "least", "median", "mean", "most", "sd", "skewness", "kurtosis")
    rows = tuple(
        (
            label(s.indicator),
            str(s.n),
            f"{s.available:.0%}",
            percent(s.zeros),
            *(figure(v) for v in (s.minimum, s.median, s.mean, s.maximum, s.sd, s.skewness, s.kurtosis)),
        )
        for s in of.audit.statistics
    )
    table = ReportTable("Indicators before any step", columns, rows)
    coverage, _, _ = data_remarks(index, of.audit)
    return AuditPage(
        2,
        "Data selection",
        "Which data are there, and are they good enough?",
        tuple(chosen),
        tuple(found),
        graded=(coverage,),
        pictures=drawn(index, "availability"),
        tables=(cut(table),),
    )


def imputation_page(of: Audited) -> AuditPage:
    index, label = of.index, of.index.spec.label
    chosen = step_sentences(index.spec, Impute)
    if not chosen:
        least = index.spec.minimum_data
        needed = f"{least:.0%} of its children" if least else "one child"
        chosen = (
            "Nothing is imputed: a missing child is left out and the other weights of its node are rescaled; a node "
            f"needs {needed} unless it says otherwise.",
        )
    marks = index.final.marks[of.last]
    at = np.searchsorted(index.stages["data"].rows, index.rows[of.last])
    gaps = np.isnan(index.stages["data"].values[at]).sum(axis=0)
    filled = ((marks & np.uint8(Mark.IMPUTED)) > 0).sum(axis=0)
    open_ = ((marks & np.uint8(Mark.MISSING)) > 0).sum(axis=0)
    rows = tuple(
        (label(leaf), str(int(gaps[j])), f"{gaps[j] / len(of.last):.0%}", str(int(filled[j])), str(int(open_[j])))
        for j, leaf in enumerate(index.spec.tree.leaves)
        if gaps[j]
    )
    unseen = index.share_imputed()[of.last]
    most = int(np.argmax(unseen))
    found = [f"{int(gaps.sum())} of {marks.size} cells have no observed value; {int(filled.sum())} of them are filled."]
    if unseen[most] > 0:
        found.append(f"{of.name(of.last[most])} has the most gaps: {unseen[most]:.0%} of its cells were not observed.")
    _, observed, _ = data_remarks(index, of.audit)
    columns = ("indicator", "gaps", "share of units", "filled", "still missing")
    tables = (cut(ReportTable("Gaps by indicator", columns, rows)),) if rows else ()
    shown = drawn(index, "imputation") if unseen[most] > 0 else ()
    return AuditPage(
        3,
        "Imputation of missing data",
        "What was not observed, and what stands in its place?",
        tuple(chosen),
        tuple(found),
        graded=(observed,),
        pictures=shown,
        tables=tables,
    )


def multivariate_page(of: Audited) -> AuditPage:
    index, label = of.index, of.index.spec.label
    leaves = index.spec.tree.leaves
    x = np.column_stack([index.scores[leaf][of.last] for leaf in leaves])
    whole = ("All indicators", x)
    nodes = [
        (label(node), np.column_stack([index.scores[child][of.last] for child in index.spec.tree.children[node]]))
        for node in index.spec.tree.nodes
        if len(index.spec.tree.children[node]) > 1
    ]
    rows = tuple(_reliability_row(name, scores) for name, scores in (*nodes, whole))
    columns = ("children of", "alpha", "KMO", "above 1", "explained")
    tables = [ReportTable("Do the parts hang together?", columns, rows), _correlation_table(of)]
    chosen = (
        "No choice: this step looks at the structure that the data have, to compare it with the tree of step 1.",
        f"Scores after normalisation; alpha is Cronbach's ({ALPHA} is the bound here), KMO the sampling adequacy, "
        "above 1 the number of principal components with an eigenvalue above 1, explained the first one's share.",
    )
    pairs = [of.audit.correlation[i, j] for i in range(len(leaves)) for j in range(i)]
    known = np.array([r for r in pairs if r == r])
    found = (
        (
            f"Correlations between indicators lie between {two_digits(known.min())} and {two_digits(known.max())}, "
            f"{two_digits(np.median(known))} in the median; {int((known < 0).sum())} of {len(known)} are negative.",
        )
        if len(known)
        else ()
    )
    return AuditPage(
        4,
        "Multivariate analysis",
        "Do the data have the structure that the tree says?",
        chosen,
        found,
        graded=tuple(structure_remarks(index, of.audit)),
        pictures=drawn(index, "structure"),
        tables=tuple(table for table in tables if table.rows),
        narrow=True,
    )


def _reliability_row(name: str, x: Array) -> tuple[str, ...]:
    complete = x[~np.isnan(x).any(axis=1)]
    alpha, adequate = cronbach_alpha(x), kmo(x)[0]
    head = (name, two_digits(alpha), two_digits(adequate))
    if len(complete) < 3 or not (np.ptp(complete, axis=0) > 0).all():
        return (*head, "", "")
    values = components(complete)[0]

    return (*head, str(int((values > 1).sum())), f"{values[0] / values.sum():.0%}")


def _correlation_table(of: Audited) -> ReportTable:
    """Correlations of normalised indicators as a matrix, or the strongest pairs where there are too many."""
    leaves, label, r = of.index.spec.tree.leaves, of.index.spec.label, of.audit.correlation
    if len(leaves) <= MOST_COLUMNS:
        columns = ("Pearson's correlations", *(str(j) for j in range(1, len(leaves) + 1)))
        cells = tuple(
            (f"{i} {label(leaf)}", *("" if j >= i else two_digits(r[i - 1, j - 1]) for j in range(1, len(leaves) + 1)))
            for i, leaf in enumerate(leaves, start=1)
        )
        tints = tuple(
            (None, *(None if j >= i or r[i, j] != r[i, j] else float(r[i, j]) for j in range(len(leaves))))
            for i in range(len(leaves))
        )
        return ReportTable("Correlations of indicators", columns, cells, tints)
    pairs = [(i, j) for i in range(len(leaves)) for j in range(i) if r[i, j] == r[i, j]]
    pairs.sort(key=lambda pair: -abs(r[pair]))
    rows = tuple((label(leaves[j]), label(leaves[i]), two_digits(r[i, j])) for i, j in pairs[:MOST_ROWS])
    return ReportTable(f"The {len(rows)} strongest correlations of {len(pairs)}", ("one", "other", "r"), rows)


def normalisation_page(of: Audited) -> AuditPage:
    index, label, leaves = of.index, of.index.spec.label, of.index.spec.tree.leaves
    chosen = step_sentences(index.spec, Denominate, Treat, Normalise)
    at = np.searchsorted(index.stages["data"].rows, index.rows[of.last])
    raw, final, marks = index.stages["data"].values[at], index.final.values[of.last], index.final.marks[of.last]
    before, after = shape(raw), shape(final)
    was, is_ = fails(raw), fails(final)
    rows = tuple(
        (
            label(leaf),
            *(two_digits(v[j]) for v in (*before, *after)),
            yes(was[j]),
            yes(is_[j]),
            *(
                str(int(((marks[:, j] & np.uint8(mark)) > 0).sum()))
                for mark in (Mark.WINSORISED_HIGH | Mark.WINSORISED_LOW, Mark.TRANSFORMED, Mark.CAPPED)
            ),
        )
        for j, leaf in enumerate(leaves)
    )
    found = [
        f"{int(was.sum())} of {len(leaves)} indicators have outliers before any step (|skewness| of 2 or more with "
        f"excess kurtosis of 3.5 or more), {int(is_.sum())} as scored."
    ]
    columns = (
        "indicator",
        "skewness",
        "kurtosis",
        "… scored",
        "… scored",
        "outliers",
        "… scored",
        "winsorised",
        "transformed",
        "cut",
    )
    _, _, outlying = data_remarks(index, of.audit)
    return AuditPage(
        5,
        "Normalisation",
        "What was done with outliers, and how do different units become one?",
        tuple(chosen or ["Values are taken as they are."]),
        tuple(found),
        graded=(outlying,),
        pictures=drawn(index, "treatment", "normalisation"),
        tables=(cut(ReportTable("Shape before and after, and cells touched", columns, rows)),),
        narrow=True,
    )
