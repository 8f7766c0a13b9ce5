"""The picture of a search: what the strategies that no other beats trade against one another."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.strategy.judgement import loss
from headway.strategy.search import COST, Pareto

_FILLS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")  # Okabe and Ito
_INKS = ("#005a8c", "#a34700", "#00704f", "#8f4a72")
_WIDTH, _HEIGHT = 600, 360
_APART = 0.06  # of an axis: labels nearer than that would lie on one another


def rows(found: Pareto) -> list[dict[str, Any]]:
    """One row per strategy: what it gains on the status quo, what it costs, and the shares of its money."""
    experiment = found.results.experiment
    titles = {lever.lever: lever.title for lever in experiment.levers.levers}
    made = []
    for k in range(len(found.shares)):
        spent = dict(zip(experiment.levers.names, experiment.portfolio.money[k].sum(axis=0), strict=True))
        most = max(spent, key=lambda name: spent[name]) if any(spent.values()) else ""
        made.append(
            {
                "strategy": found.results.names[k],
                "sovereign_gain": round(float(_gain(found, "sovereign_lag")[k]), 3),
                "accessible_gain": round(float(_gain(found, "accessible_lag")[k]), 3),
                "niches_gain": round(float(_gain(found, "niches")[k]), 4),
                "cost": round(float(found.means[COST][k]), 4),
                "mostly": titles.get(most, "Status quo"),
                **{f"share_{name}": round(float(share), 3) for name, share in _shares(spent).items()},
            }
        )
    return made


def picture(found: Pareto, title: str, note: str) -> dict[str, Any]:
    """A Vega-Lite specification: months gained across, niches up, size by cost, colour and label by the main lever."""
    data = rows(found)
    kinds = list(dict.fromkeys(row["mostly"] for row in data))
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": _WIDTH,
        "height": _HEIGHT,
        "padding": 20,
        "background": "#ffffff",
        "title": {"text": title, "subtitle": note, "anchor": "start", "fontSize": 15, "subtitleFontSize": 11},
        "data": {"values": data},
        "layer": [
            {
                "mark": {"type": "circle", "opacity": 0.8},
                "encoding": {
                    **_axes(data),
                    "size": {"field": "cost", "type": "quantitative", "scale": {"range": [30, 200]}, "legend": None},
                    "color": {
                        "field": "mostly",
                        "type": "nominal",
                        "scale": {"domain": kinds, "range": [_FILLS[k % len(_FILLS)] for k in range(len(kinds))]},
                        "legend": None,
                    },
                },
            },
            *(_label(row, k) for k, row in enumerate(_labelled(data))),
        ],
        "config": {"font": "Noto Sans", "view": {"stroke": None}, "axis": {"labelFontSize": 11, "titleFontSize": 12}},
    }


def alternative(found: Pareto) -> str:
    """Text alternative of the picture."""
    data = rows(found)
    best = max(data, key=lambda row: row["sovereign_gain"])
    niche = max(data, key=lambda row: row["niches_gain"])
    return (
        f"{len(data)} strategies of {found.tried} tried that no other beats. The largest gain of sovereign lag is "
        f"{best['sovereign_gain']:.0f} months ({best['mostly'].lower()}); the largest gain of niches is "
        f"{niche['niches_gain']:.2f} of all ({niche['mostly'].lower()})."
    )


def _gain(found: Pareto, name: str) -> np.ndarray:
    values = loss(name, found.means[name])
    return np.asarray(loss(name, found.status_quo[name]) - values)


def _shares(spent: dict[str, float]) -> dict[str, float]:
    total = sum(spent.values())
    return {name: part / total if total else 0.0 for name, part in spent.items()}


def _axes(data: list[dict[str, Any]]) -> dict[str, Any]:
    def axis(field: str, title: str, spare: float) -> dict[str, Any]:
        values = [row[field] for row in data]
        low, high = min(0.0, *values), max(*values, 1e-3)
        domain = [low, high + spare * (high - low)]
        return {"field": field, "type": "quantitative", "title": title, "scale": {"domain": domain, "nice": False}}

    return {
        "x": axis("sovereign_gain", "months of sovereign lag gained on the status quo, mean over futures", 0.25),
        "y": axis("niches_gain", "share of niches brought above break-even, mean over futures", 0.08),
    }


def _labelled(data: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One strategy per main lever, the furthest out, unless its label would lie on another."""
    spans = [max(max(row[field] for row in data), 1e-9) for field in ("sovereign_gain", "niches_gain")]

    def place(row: dict[str, Any]) -> np.ndarray:
        return np.asarray([row["sovereign_gain"] / spans[0], row["niches_gain"] / spans[1]])

    chosen: list[dict[str, Any]] = []
    for row in sorted(data, key=lambda row: -float(place(row).sum())):
        new = row["mostly"] not in {other["mostly"] for other in chosen}
        if new and all(abs(place(row)[1] - place(other)[1]) > _APART for other in chosen):
            chosen.append(row)
    return chosen


def _label(row: dict[str, Any], k: int) -> dict[str, Any]:
    return {
        "data": {"values": [row]},
        "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 11, "color": _INKS[k % len(_INKS)]},
        "encoding": {
            "x": {"field": "sovereign_gain", "type": "quantitative"},
            "y": {"field": "niches_gain", "type": "quantitative"},
            "text": {"field": "mostly"},
        },
    }
