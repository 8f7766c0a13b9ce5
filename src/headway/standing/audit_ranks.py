"""Pages 6 to 10 of an audit report: weights, robustness, the data behind results, links, presentation."""

from __future__ import annotations

import numpy as np

from headway.core import wording
from headway.core.errors import InputError
from headway.core.numbers import LEVEL
from headway.findings.finding import Picture
from headway.standing.audit import AuditRemark, Grade, dependence_remarks, listed, weight_remark
from headway.standing.audit_parts import (
    Audited,
    AuditPage,
    ReportTable,
    capped,
    cut,
    drawn,
    figure,
    percent,
    ranked_rows,
    two_digits,
)
from headway.standing.build import Index
from headway.standing.compare import LEAST_UNITS, interval
from headway.standing.moments import Array, correlations
from headway.standing.pictures import score_words
from headway.standing.ranks import tiers
from headway.standing.sensitivity import Sensitivity
from headway.standing.weightspace import linear, share_leading

MEANS = frozenset({"arithmetic", "geometric", "harmonic", "power"})
WIDTH = 0.1
"""Bound on the median width of the rank intervals, as a share of the units."""


def weighting_page(of: Audited) -> AuditPage:
    index, label, spec = of.index, of.index.spec.label, of.index.spec
    methods: dict[str, list[str]] = {}
    for node in reversed(spec.tree.nodes):
        how = spec.aggregation(node).method
        mean = f"{how.replace('_', ' ')}{' mean' if how in MEANS else ''}"
        weights = spec.nodes[node].weighting.method.replace("_", " ")
        methods.setdefault(f"{mean}, weights {weights}", []).append(label(node))
    rows = tuple(
        (
            label(i.node),
            label(i.child),
            percent(i.weight),
            percent(i.share),
            two_digits(i.correlation),
            two_digits(i.ratio),
        )
        for node in reversed(spec.tree.nodes)
        for i in of.audit.influence
        if i.node == node and len(spec.tree.children[node]) > 1
    )
    columns = ("node", "child", "weight", "importance", "correlation", "correlation ratio")
    found = [
        "Importance is a child's squared correlation with its node, as a share of all children's; the correlation "
        "ratio also sees what is not a straight line."
    ]
    try:
        shares = share_leading(linear(index))[0]
        first = sorted(((share, unit) for unit, share in shares.items() if share >= 0.005), reverse=True)
        told = ", ".join(f"{index.table.name(unit)} {share:.0%}" for share, unit in first[:4])
        found.append(f"Over all possible weights of the top level, the leader is: {told}.")
    except InputError:
        pass
    table = ReportTable("Weights and importances", columns, rows)
    return AuditPage(
        6,
        "Weighting and aggregation",
        "Does each part count for what its weight says?",
        tuple(f"{listed(nodes, 8)}: {words}." for words, nodes in methods.items()),
        tuple(found),
        graded=(weight_remark(index, of.audit),),
        pictures=drawn(index, "weights"),
        tables=(cut(table, 26),),
    )


def robustness_page(of: Audited) -> AuditPage:
    index, study = of.index, of.study
    title, question = (
        "Uncertainty and sensitivity",
        "How much do ranks depend on what could have been chosen otherwise?",
    )
    if of.ensemble is None or of.ranks is None:
        return AuditPage(7, title, question, (of.unvaried,), (), graded=(AuditRemark("poor", of.unvaried),))
    chosen = [
        f"{assumption(name).capitalize()}: {', '.join(map(assumption, options))}."
        for name, options in study.settings.choices.items()
    ]
    words = {
        "weights": "weights drawn at random",
        "measurement": "errors of measurement",
        "age": "age of the values",
        "imputation": "errors of imputation",
    }
    beside = [words[name] for name in study.errors]
    if study.settings.leave_out:
        beside.append("one indicator left out")
    if beside:
        chosen.append(f"Drawn beside these: {', '.join(beside)}.")
    chosen.append(f"{len(of.ensemble.scores)} alternatives, all assumptions together; intervals hold {LEVEL:.0%}.")
    stats, ranked = of.ranks, ~np.isnan(of.ranks.nominal)
    width, shift = stats.high - stats.low, np.abs(stats.median - stats.nominal)
    widest = int(np.nanargmax(np.where(ranked, width, np.nan)))
    inside = ((stats.low <= stats.nominal) & (stats.nominal <= stats.high))[ranked].mean()
    groups = tiers(of.ensemble)
    unit = index.table.name(of.ensemble.units[widest])
    found = [
        f"The widest interval is that of {unit} ({stats.low[widest]:.0f} to {stats.high[widest]:.0f}).",
        f"{inside:.0%} of the ranks as specified lie within their interval; the typical (median) rank differs from the "
        f"specified one by {np.nanmean(shift[ranked]):.1f} places on average.",
        f"{len(groups)} tiers of units that cannot be told apart from their first; the first tier: "
        f"{listed([index.table.name(u) for u in groups[0]])}.",
        of.unvaried if of.sensitivity is None else _sensitivity_words(of.sensitivity),
    ]
    if of.ensemble.failed:
        found.append(f"Alternatives without scores: {of.ensemble.failed}.")
    return AuditPage(
        7,
        title,
        question,
        tuple(chosen),
        tuple(found),
        graded=(_width_remark(float(np.nanmedian(width[ranked])), int(ranked.sum())),),
        pictures=(*drawn(index, "ranks"), *_sensitivity_picture(of)),
        tables=() if of.sensitivity is None else (_sensitivity_table(of.sensitivity),),
        narrow=True,
    )


def _width_remark(width: float, units: int) -> AuditRemark:
    """Remark on how wide the rank intervals are, for the number of units ranked."""
    share = width / units
    grade: Grade = "good" if share <= WIDTH else "look" if share <= 2.5 * WIDTH else "poor"
    words = f"The interval of a rank is {width:.0f} places wide in the median, {share:.0%} of the {units} units"
    return AuditRemark(grade, f"{words} (bound: {WIDTH:.0%}).")


def _sensitivity_table(found: Sensitivity) -> ReportTable:
    rows = tuple(
        (assumption(name), *(two_digits(values[j]) for values in (found.first, found.total, found.total_error)))
        for j, name in enumerate(found.assumptions)
    )
    columns = ("assumption", "first order", "total order", "standard error of the total")
    return ReportTable("Share of the variance of the mean rank shift", columns, rows)


def _sensitivity_picture(of: Audited) -> tuple[Picture, ...]:
    found = of.sensitivity
    if found is None or np.isnan(found.total).any():
        return ()
    rows = tuple(
        {"label": assumption(name), "value": float(found.total[j])} for j, name in enumerate(found.assumptions)
    )
    said = "; ".join(f"{row['label']} {row['value']:.2g}" for row in rows)
    source = of.index.spec.source or of.index.spec.name
    title = "What moves the ranks?"
    return (
        Picture(
            "bars",
            title,
            rows,
            "total-order sensitivity (share of variance)",
            "",
            f"Interactions included. {said}.",
            source,
        ),
    )


def _sensitivity_words(found: Sensitivity) -> str:
    if np.isnan(found.total).all():
        return "No assumption moves the ranks."
    first = int(np.nanargmax(found.total))
    how = "exact over all combinations" if found.exact else "by Sobol' samples"
    return (
        f"Ranks move most with {assumption(found.assumptions[first])}: {found.total[first]:.0%} of the variance "
        f"of the mean rank shift, interactions included ({how})."
    )


def details_page(of: Audited) -> AuditPage:
    index, label = of.index, of.index.spec.label
    root = index.spec.tree.root
    parts = index.spec.tree.children[root]
    best = ranked_rows(index, of.last)[:8]
    most = float(np.nanmax(index.scores[root][of.last]))
    rows = tuple(
        (of.name(i), *score_words([index.scores[name][i] for name in (root, *parts)], most), *_strengths(of, i))
        for i in best
    )
    columns = ("unit", *(label(name) for name in (root, *parts)), "strongest", "weakest")
    left = sorted(
        (entry for entry in of.audit.left_out if entry.mean_shift == entry.mean_shift),
        key=lambda entry: -entry.mean_shift,
    )
    without = tuple(
        (
            label(entry.indicator),
            figure(entry.mean_shift),
            f"{entry.largest_shift:.0f}",
            index.table.name(entry.unit),
            f"{entry.spearman:.3f}",
        )
        for entry in left
    )
    tables = [ReportTable("The leaders, by part", columns, rows)]
    if without:
        heads = ("without", "mean shift of ranks", "largest", "of", "Spearman with the whole")
        tables.append(cut(ReportTable("Ranks without one indicator", heads, without), 14))
    shown = drawn(index, "profile") or drawn(index, "normalisation")
    chosen = ("No choice: the score is taken apart again, so that a reader sees what makes it.",)
    found = (
        f"{of.name(best[0])} leads; strongest and weakest are the indicators in which a unit stands above most and "
        "fewest others.",
    )
    return AuditPage(
        8,
        "Back to the data",
        "What drives good and bad results?",
        chosen,
        found,
        graded=tuple(dependence_remarks(index, of.audit)),
        pictures=shown,
        tables=tuple(tables),
    )


def _strengths(of: Audited, row: int) -> tuple[str, str]:
    """Indicators in which the unit's share of units below, ties counted half, is highest and lowest."""
    places: dict[str, float] = {}
    for leaf in of.index.spec.tree.leaves:
        scores, mine = of.index.scores[leaf][of.last], of.index.scores[leaf][row]
        known = scores[~np.isnan(scores)]
        if mine == mine:
            places[leaf] = float((known < mine).mean() + 0.5 * (known == mine).mean())
    label = of.index.spec.label
    return label(max(places, key=places.__getitem__)), label(min(places, key=places.__getitem__))


def comparable(index: Index, values: Array) -> bool:
    """Whether a variable has enough units in common with the index, and more than one value among them.

    Args:
        values: of the latest year's units.
    """
    both = ~np.isnan(values) & ~np.isnan(index.scores[index.spec.tree.root][index.blocks()[-1]])
    return int(both.sum()) >= LEAST_UNITS and bool(np.ptp(values[both]) > 0)


def links_page(of: Audited) -> AuditPage:
    index, label, root = of.index, of.index.spec.label, of.index.spec.tree.root
    scores = index.scores[root][of.last]
    rows = []
    for name, values in of.others.items():
        both = ~np.isnan(values) & ~np.isnan(scores)
        if not comparable(index, values):
            raise InputError(
                f"'{name}' has {int(both.sum())} units in common with the index, or one value for all; at least "
                f"{LEAST_UNITS} units and two values are needed"
            )
        r = float(correlations(np.column_stack([values, scores]), kind="spearman")[0][0, 1])
        low, high = interval(r, int(both.sum()), "spearman")
        rows.append((name, str(int(both.sum())), two_digits(r), f"{two_digits(low)} to {two_digits(high)}"))
    chosen = (
        "Variables outside the index: " + listed(list(of.others)) + "."
        if rows
        else "No variable outside the index was given (option --links FILE), so that the index is held against its own "
        "indicators alone, as they came.",
    )
    found = [
        f"The index goes with {name} with a rank correlation of {r} ({ends}, {n} units)." for name, n, r, ends in rows
    ]
    found.append("A link says that two things go together, not that one makes the other.")
    columns = ("variable", "units", "Spearman", f"{LEVEL:.0%} interval")
    tables = (cut(ReportTable(f"{label(root)} and other variables", columns, tuple(rows))),) if rows else ()
    return AuditPage(
        9,
        "Links to other indicators",
        "What does the index go with?",
        chosen,
        tuple(found),
        pictures=drawn(index, "links"),
        tables=tables,
    )


def presentation_page(of: Audited) -> AuditPage:
    index, root = of.index, of.index.spec.tree.root
    order = ranked_rows(index, of.last)
    printed = score_words([index.scores[root][i] for i in order], float(np.nanmax(index.scores[root][of.last])))
    tier: dict[str, str] = {}
    if of.ensemble is not None:
        tier = {unit: str(i) for i, group in enumerate(tiers(of.ensemble), start=1) for unit in group}
    rows = []
    for i, score in zip(order, printed, strict=True):
        unit, ends = index.units[i], ""
        if of.ensemble is not None and of.ranks is not None:
            at = of.ensemble.at(unit)
            low, high = f"{of.ranks.low[at]:.0f}", f"{of.ranks.high[at]:.0f}"
            ends = low if low == high else f"{low}–{high}"
        rows.append((f"{index.ranks[root][i]:.0f}", index.table.name(unit), score, ends, tier.get(unit, "")))
    unscored = [of.name(i) for i in of.last if np.isnan(index.scores[root][i])]
    found = [f"{wording.sentence(remark).rstrip('.')}." for remark in index.remarks]
    if unscored:
        found.append(f"No score: {listed(unscored)}.")
    chosen = (
        "Ranks with their intervals and tiers; the command headway index export writes the same as a page, a workbook "
        "or CSV files, with the recipe that makes the index again.",
    )
    columns = ("rank", "unit", "score", f"{LEVEL:.0%} interval", "tier")
    return AuditPage(
        10,
        "Presentation and dissemination",
        "What may be published, and with what beside it?",
        chosen,
        tuple(capped(found)),
        pictures=drawn(index, "scores"),
        tables=(cut(ReportTable("Results", columns, tuple(rows))),),
        narrow=True,
    )


def assumption(name: str) -> str:
    """Assumption of a robustness study as readers call it."""
    return "one indicator left out" if name == "leave_out" else name.replace("_", " ")
