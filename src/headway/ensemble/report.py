"""A run in one record: what was asked, how members ended, quantiles and frequencies by year."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.core.numbers import Floats
from headway.ensemble.engine import Ensemble
from headway.ensemble.iamc import LEVELS
from headway.ensemble.series import LABELS
from headway.ensemble.sketch import EVENTS, EXACT, Summary
from headway.model.status import Status


def record(ensemble: Ensemble, summary: Summary) -> dict[str, Any]:
    """The run as JSON: recipe, members, and for each country the series at the ends of years."""
    return {
        "recipe": {"key": ensemble.key, **ensemble.recipe},
        "scenario": {
            "name": ensemble.scenario,
            "title": ensemble.scenarios[-1].title,
            "description": ensemble.scenarios[-1].description.strip(),
            "held_parameters": ensemble.held,
        },
        "members": {
            "asked": summary.members,
            "used": summary.good,
            "failed": [
                {"status": Status(code).name.lower(), "count": count, "reason": Status(code).reason}
                for code, count in sorted(summary.status.items())
                if code != Status.OK
            ],
            "quantiles": "exact" if summary.members <= EXACT else "histogram, off by at most 0.15 % of the range",
        },
        "quarters": [ensemble.world.grid.names[k] for k in year_ends(ensemble)],
        "series": {name: {"unit": LABELS[name].unit, "meaning": LABELS[name].meaning} for name in ensemble.series},
        "countries": {code: _country(ensemble, summary, i) for i, code in enumerate(ensemble.countries)},
    }


def year_ends(ensemble: Ensemble) -> list[int]:
    """Positions of the fourth quarters."""
    return [k for k, name in enumerate(ensemble.world.grid.names) if name.endswith("Q4")]


def _country(ensemble: Ensemble, summary: Summary, position: int) -> dict[str, Any]:
    ends = year_ends(ensemble)

    def column(table: Floats) -> list[float | None]:
        values = table[ends, position] if table.ndim else np.full(len(ends), np.nan)
        return [float(f"{value:.6g}") if np.isfinite(value) else None for value in values]

    quantiles = {
        name: {f"q{round(100 * level):02d}": column(summary.quantiles[name].quantile(level)) for level in LEVELS}
        for name in ensemble.series
    }
    probabilities = {event: column(summary.frequency(event)) for event in EVENTS if event in summary.events}
    return {"quantiles": quantiles, "probabilities": probabilities}


def headline(
    ensemble: Ensemble, summary: Summary, position: int, series: tuple[str, ...], years: tuple[int, ...]
) -> list[list[str]]:
    """Rows for one screen: a series with its unit, then median and 90 % interval at the ends of the years."""
    names = ensemble.world.grid.names
    ends = [names.index(f"{year}Q4") for year in years]
    rows = []
    for name in series:
        middle, low, high = (summary.quantiles[name].quantile(level)[ends, position] for level in (0.5, 0.05, 0.95))
        unit = LABELS[name].unit
        cells = [f"{_short(m)} [{_short(a)}, {_short(b)}]" for m, a, b in zip(middle, low, high, strict=True)]
        rows.append([name.replace("_", " ") + ("" if unit == "1" else f", {unit}"), *cells])
    return rows


def _short(value: float) -> str:
    """Three digits, with k, M or G where there are more."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):.3g}{letter}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}" if abs(value) < 0.1 else f"{value:.3g}"
