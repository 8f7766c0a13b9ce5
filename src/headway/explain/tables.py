"""Attributions as plain rows and as a picture, for surfaces that print and draw them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from headway.core.numbers import Floats
from headway.explain.attribution import Attribution, Split, interval
from headway.explain.readings import ReadingVerdict
from headway.findings.finding import Picture

_PLACES = 4  # decimals; beyond them stands what single precision leaves
REST, GAP = "Not accounted for", "Gap"

Row = dict[str, Any]


def causes(found: Attribution) -> list[Row]:
    """Causes in order of their part in months, then the rest, then the whole; on every scale with 90 % intervals."""
    rows = []
    for index, cause in enumerate(found.causes.causes):
        row = _on_all({metric: split.parts[index, -1] for metric, split in found.splits.items()})
        alone = float(found.splits["months"].alone[index, -1].mean())
        rows.append({"cause": cause.title, **row, "months_alone": alone})
    rows.sort(key=lambda row: -abs(row["months"]))
    rest = _on_all({metric: split.rest[-1] for metric, split in found.splits.items()})
    gap = _on_all({metric: split.gap[-1] for metric, split in found.splits.items()})
    return [*rows, {"cause": REST, **rest, "months_alone": None}, {"cause": GAP, **gap, "months_alone": None}]


def changes(found: Attribution) -> list[Row]:
    """How far each cause moved the gap between the first and the last date, on every scale."""

    def moved(values: Floats) -> Floats:
        return values[-1] - values[0]

    rows = [
        {
            "cause": cause.title,
            **_on_all({metric: moved(split.parts[index]) for metric, split in found.splits.items()}),
        }
        for index, cause in enumerate(found.causes.causes)
    ]
    rows.sort(key=lambda row: -abs(row["eci"]))
    rest = _on_all({metric: moved(split.rest) for metric, split in found.splits.items()})
    gap = _on_all({metric: moved(split.gap) for metric, split in found.splits.items()})
    return [*rows, {"cause": REST, **rest}, {"cause": GAP, **gap}]


def _on_all(draws: dict[str, Floats]) -> Row:
    row: Row = {}
    for metric, values in draws.items():
        row[metric], row[f"{metric}_low"], row[f"{metric}_high"] = (round(x, _PLACES) for x in interval(values))
    return row


def facing(verdict: ReadingVerdict, lead: bool) -> ReadingVerdict:
    """A verdict with the signs of `Attribution.facing`."""
    if not lead or verdict.splits is None:
        return verdict
    return replace(
        verdict,
        splits={metric: Split(-s.gap, -s.rest, -s.parts, -s.alone) for metric, s in verdict.splits.items()},
    )


def readings(asked: Sequence[ReadingVerdict], found: Attribution) -> list[Row]:
    """Each reading with its weight, the gap that it leads to, and the part of every cause; months."""
    rows = []
    for verdict in asked:
        split = None if verdict.splits is None else verdict.splits["months"]
        row: Row = {
            "reading": verdict.reading.title,
            "says": verdict.reading.says,
            "weight": verdict.weight,
            "before_data": verdict.prior,
            "draws": int(verdict.draws.sum()),
            "gap": None if split is None else float(split.gap[-1].mean()),
        }
        for index, cause in enumerate(found.causes.causes):
            row[cause.cause] = None if split is None else float(split.parts[index, -1].mean())
        rows.append(row)
    return rows


def picture(found: Attribution, lead: bool, name: Callable[[str], str], the: Callable[[str], str]) -> Picture:
    """The waterfall from nothing to the gap, in months; causes that play no part are left out."""
    rows = [
        {"label": row["cause"], "value": row["months"], "low": row["months_low"], "high": row["months_high"]}
        for row in causes(found)
    ]
    shown = [row for row in rows[:-1] if row["value"] or row["low"] or row["high"]]
    whole = {**rows[-1], "label": "Lead" if lead else "Gap", "total": True}
    spoken = ", ".join(f"{row['label']} {row['value']:.1f}" for row in [*shown, whole])
    return Picture(
        kind="waterfall",
        title=f"Why {name(found.subject)} stands {'ahead of' if lead else 'behind'} {the(found.rival)}",
        rows=(*shown, whole),
        x=f"Months {'ahead of' if lead else 'behind'} {the(found.rival)}, {found.dates[-1]}",
        y="",
        alternative=f"Parts in months: {spoken}.",
        source="Headway, counterfactual runs of its model on the evidence",
    )
