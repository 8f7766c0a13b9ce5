"""Pictures of an index, one for each of the Handbook's ten steps; they hold data, and `charts` draws them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from headway.core.errors import InputError
from headway.findings.finding import Picture
from headway.standing.audit import audit, statistics
from headway.standing.build import Index
from headway.standing.ensemble import prepare, run
from headway.standing.mistakes import nearest, some
from headway.standing.moments import Array, correlations, skewness
from headway.standing.ranks import summary
from headway.standing.sensitivity import mean_rank_shift, sensitivity
from headway.standing.weightspace import effective_weights

Rows = list[dict[str, object]]


def framework(index: Index, unit: str | None) -> Picture:
    """Picture of step 1: what is measured, and the weight of each indicator in the whole."""
    weights = effective_weights(index)
    rows: Rows = [
        {
            "label": index.spec.label(leaf),
            "value": 100 * weights[leaf],
            "group": index.spec.label(index.spec.tree.parent[leaf]),
        }
        for leaf in index.spec.tree.leaves
    ]
    return _bars(index, "What is measured", rows, "weight in the index (%)", "Weights multiplied down the tree")


def availability(index: Index, unit: str | None) -> Picture:
    """Picture of step 2: share of units for which each indicator has data."""
    rows: Rows = [{"label": index.spec.label(s.indicator), "value": 100 * s.available} for s in statistics(index)]
    return _bars(index, "Which data there are", rows, "units with a value (%)", "Share of units with a value")


def imputation(index: Index, unit: str | None) -> Picture:
    """Picture of step 3: share of each unit's data that was not observed."""
    last = index.blocks()[-1]
    share = index.share_imputed()[last]
    order = [int(i) for i in np.argsort(-share, kind="stable")[:20] if share[i] > 0]
    rows: Rows = [{"label": index.table.name(index.units[last[i]]), "value": 100 * float(share[i])} for i in order]
    return _bars(index, "What was not observed", rows, "cells imputed or missing (%)", "The units with most gaps")


def structure(index: Index, unit: str | None) -> Picture:
    """Picture of step 4: correlation of each child with its parent."""
    rows: Rows = [
        {
            "label": index.spec.label(i.child),
            "value": i.correlation,
            "group": index.spec.label(i.node),
        }
        for i in audit(index).influence
        if i.correlation == i.correlation
    ]
    return _bars(index, "Do the parts belong together?", rows, "correlation with the parent", "Pearson’s correlation")


def treatment(index: Index, unit: str | None) -> Picture:
    """Picture of step 5, first half: skewness of each indicator before any step and as it was scored."""
    last = index.blocks()[-1]
    before = skewness(index.stages["data"].values[np.isin(index.stages["data"].rows, index.rows[last])])
    after = skewness(index.final.values[last])
    rows: Rows = [
        {
            "label": index.spec.label(leaf),
            "value": float(after[j]),
            "low": float(min(before[j], after[j])),
            "high": float(max(before[j], after[j])),
            "written": f"{_one_decimal(before[j])} → {_one_decimal(after[j])}",
        }
        for j, leaf in enumerate(index.spec.tree.leaves)
        if not np.isnan(before[j] + after[j])
    ]
    about = "Dot: as scored; the bar reaches to the skewness of the data as they came"
    return _intervals(index, "What treatment and scaling did to the shape of the data", rows, "skewness", about)


def _one_decimal(value: float) -> str:
    return f"{value:.1f}".replace("-0.0", "0.0").replace("-", "−")


def normalisation(index: Index, unit: str | None) -> Picture:
    """Picture of step 5, second half: normalised scores of one unit, with the range of all units."""
    row, name = _row(index, unit)
    last = index.blocks()[-1]
    rows: Rows = [
        {
            "label": index.spec.label(leaf),
            "value": float(index.scores[leaf][row]),
            "low": float(np.nanmin(index.scores[leaf][last])),
            "high": float(np.nanmax(index.scores[leaf][last])),
            "written": f"{index.scores[leaf][row]:.3g}",
        }
        for leaf in index.spec.tree.leaves
        if not np.isnan(index.scores[leaf][row])
    ]
    return _intervals(index, f"{name} on a common scale", rows, "normalised score", "Bar: lowest to highest unit")


def weights(index: Index, unit: str | None) -> Picture:
    """Picture of step 6: importance of each part of the index against its weight."""
    root = index.spec.tree.root
    parts = [i for i in audit(index).influence if i.node == root]
    rows: Rows = [
        {
            "label": index.spec.label(i.child),
            "value": 100 * i.share,
            "low": 100 * min(i.share, i.weight),
            "high": 100 * max(i.share, i.weight),
            "written": f"{100 * i.share:.0f} (weight {100 * i.weight:.0f})",
        }
        for i in parts
        if i.share == i.share
    ]
    about = "Dot: importance (squared correlation with the index); the bar reaches to the nominal weight"
    return _intervals(index, "Weights are not importance", rows, "share (%)", about)


def ranks(index: Index, unit: str | None) -> Picture:
    """Picture of step 7: ranks with their intervals over alternatives and errors."""
    ensemble = run(prepare(index.spec, index.table, functions=index.functions))
    stats = summary(ensemble)
    order = [int(i) for i in np.lexsort((stats.mean, stats.median)) if not np.isnan(stats.mean[i])][:25]
    rows: Rows = [
        {
            "label": index.table.name(ensemble.units[i]),
            "value": float(stats.median[i]),
            "low": float(stats.low[i]),
            "high": float(stats.high[i]),
            "highlight": ensemble.units[i] == unit,
        }
        for i in order
    ]
    about = f"Median and 90% interval over {len(ensemble.scores)} alternatives"
    return _intervals(index, "How sure are the ranks?", rows, "rank (1 is best)", about)


def sensitivities(index: Index, unit: str | None) -> Picture:
    """Picture of step 7, second half: sensitivity of the ranks to each assumption."""
    study = prepare(index.spec, index.table, functions=index.functions)
    found = sensitivity(study, mean_rank_shift(study))
    rows: Rows = [
        {
            "label": name.replace("_", " "),
            "value": float(found.total[j]),
            "low": float(found.total[j] - 2 * found.total_error[j]),
            "high": float(found.total[j] + 2 * found.total_error[j]),
        }
        for j, name in enumerate(found.assumptions)
    ]
    how = "Exact, over all combinations" if found.exact else "Two standard errors either way"
    return _bars(index, "What moves the ranks?", rows, "total-order sensitivity (share of variance)", how)


def profile(index: Index, unit: str | None) -> Picture:
    """Picture of step 8, back to the details: how a unit's score builds up from its parts."""
    row, name = _row(index, unit)
    root = index.spec.tree.root
    if index.spec.aggregation(root).method != "arithmetic":
        raise InputError(f"node '{root}' is not an arithmetic mean, so its score is no sum of parts")
    children = index.spec.tree.children[root]
    parts = np.array([index.scores[child][row] for child in children])
    w = np.where(np.isnan(parts), 0.0, index.weights[root][-1])
    shares = np.nan_to_num(parts) * w / w.sum()
    rows: Rows = [
        {"label": index.spec.label(child), "value": float(share)} for child, share in zip(children, shares, strict=True)
    ]
    rows.append({"label": index.spec.label(root), "value": float(shares.sum()), "total": True})
    return Picture(
        kind="waterfall",
        title=f"What {name}’s score is made of",
        rows=tuple(rows),
        x="points of the index",
        y="",
        alternative=f"{name} scores {shares.sum():.3g}.",
        source=index.spec.source or index.spec.name,
    )


def links(index: Index, unit: str | None) -> Picture:
    """Picture of step 9: rank correlation of each indicator before any step with the scores."""
    last = index.blocks()[-1]
    root = index.scores[index.spec.tree.root][last][:, None]
    at = np.searchsorted(index.stages["data"].rows, index.rows[last])
    raw = index.stages["data"].values[at]
    r = correlations(raw, root, kind="spearman")[0][:, 0]
    rows: Rows = [
        {"label": index.spec.label(leaf), "value": float(r[j])}
        for j, leaf in enumerate(index.spec.tree.leaves)
        if not np.isnan(r[j])
    ]
    return _bars(
        index, "What the index goes with", rows, "Spearman’s correlation with the index", "Indicators as they came"
    )


def scores(index: Index, unit: str | None) -> Picture:
    """Picture of step 10: the scores."""
    last = index.blocks()[-1]
    root = index.spec.tree.root
    values = index.scores[root][last]
    order = [int(i) for i in np.argsort(-values, kind="stable") if not np.isnan(values[i])][:25]
    written = score_words(values[order], float(np.nanmax(values)))
    rows: Rows = [
        {
            "label": index.table.name(index.units[last[i]]),
            "value": float(values[i]),
            "written": words,
            "highlight": index.units[last[i]] == unit,
        }
        for i, words in zip(order, written, strict=True)
    ]
    return _bars(index, index.spec.title or index.spec.name, rows, "score", "Scores")


def score_words(values: Sequence[float] | Array, most: float) -> list[str]:
    """Scores with the decimals that three digits of the largest, `most`, take; empty where there is none."""
    decimals = max(1, 3 - len(f"{abs(most):.0f}")) if abs(most) >= 1 else 3
    return ["" if value != value else f"{value:.{decimals}f}".replace("-", "−") for value in values]


PICTURES: Mapping[str, Callable[[Index, str | None], Picture]] = {
    "framework": framework,
    "availability": availability,
    "imputation": imputation,
    "structure": structure,
    "treatment": treatment,
    "normalisation": normalisation,
    "weights": weights,
    "ranks": ranks,
    "sensitivity": sensitivities,
    "profile": profile,
    "links": links,
    "scores": scores,
}


def picture(kind: str, index: Index, unit: str | None = None) -> Picture:
    """Picture of a kind named in `PICTURES`.

    Args:
        unit: whom it is about or whom it marks; the first unit where one is needed and none is given.

    Raises:
        InputError: no such kind, no such unit, or nothing to show.
    """
    if kind not in PICTURES:
        raise InputError(f"'{kind}' is no picture; there are {', '.join(PICTURES)}{nearest(kind, PICTURES)}")
    if unit is not None:
        _row(index, unit)
    made = PICTURES[kind](index, unit)
    if not made.rows:
        raise InputError(f"there is nothing to show in a picture of {kind}")
    return made


def _row(index: Index, unit: str | None) -> tuple[int, str]:
    """Row and name of the unit in the latest year; the leader's by default."""
    last = index.blocks()[-1]
    if unit is None:
        best = last[int(np.nanargmin(index.ranks[index.spec.tree.root][last]))]
        return int(best), index.table.name(index.units[best])
    for row in last:
        if index.units[row] == unit:
            return int(row), index.table.name(unit)
    units = [index.units[i] for i in last]
    raise InputError(f"'{unit}' is not in the index; its units are {some(units)}{nearest(unit, units)}")


def _bars(index: Index, title: str, rows: Rows, x: str, about: str) -> Picture:
    return Picture("bars", title, tuple(rows), x, "", _alternative(rows, about), index.spec.source or index.spec.name)


def _intervals(index: Index, title: str, rows: Rows, x: str, about: str) -> Picture:
    source = index.spec.source or index.spec.name
    return Picture("intervals", title, tuple(rows), x, "", _alternative(rows, about), source)


def _alternative(rows: Rows, about: str) -> str:
    said = "; ".join(f"{row['label']} {float(str(row['value'])):.3g}" for row in rows[:5])
    return f"{about}. {said}{' …' if len(rows) > 5 else ''}."
