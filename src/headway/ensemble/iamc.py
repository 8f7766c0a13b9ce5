"""Quantiles in the layouts that modellers exchange: IAMC long and wide, as scenario databases read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import headway
from headway.ensemble.engine import Ensemble
from headway.ensemble.series import LABELS
from headway.ensemble.sketch import Summary

if TYPE_CHECKING:
    import pandas as pd

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)

_VARIABLES = {
    "spending_share": "AI|Capital Spending|Share of GDP",
    "spending": "AI|Capital Spending",
    "demand": "AI|Compute|Demand",
    "deliveries": "AI|Compute|Deliveries",
    "compute": "AI|Compute|Installed",
    "compute_share": "AI|Compute|Installed|Share of World",
    "training_run": "AI|Compute|Largest Training Run",
    "talent": "AI|Researchers",
    "talent_share": "AI|Researchers|Share of World",
    "effective_talent": "AI|Researchers|Effective",
    "emigrants": "AI|Researchers|Emigrants",
    "arrivals": "AI|Researchers|Arrivals",
    "level": "AI|Algorithmic Level",
    "capability": "AI|Capability|Equation",
    "sovereign": "AI|Capability|Sovereign",
    "accessible": "AI|Capability|Accessible",
    "frontier": "AI|Capability|Frontier",
    "gap": "AI|Capability|Gap",
    "gap_oom": "AI|Capability|Gap|Effective Compute",
    "lag": "AI|Capability|Lag",
    "accessible_lag": "AI|Capability|Lag|Accessible",
    "rank": "AI|Capability|Rank",
}


def long(ensemble: Ensemble, summary: Summary) -> pd.DataFrame:
    """Columns model, scenario, region, variable, unit, year, subannual (Q1 to Q4), value; one row per quantile.

    Series that are marks rather than quantities (what binds, whether a lag is censored) are left out.
    """
    import pandas as pd

    names = ensemble.world.grid.names
    frames = []
    for series in ensemble.series:
        if series not in _VARIABLES:
            continue
        for level in LEVELS:
            table = summary.quantiles[series].quantile(level)
            for column, country in enumerate(ensemble.countries):
                frames.append(
                    pd.DataFrame(
                        {
                            "model": f"Headway {headway.__version__}",
                            "scenario": ensemble.scenario,
                            "region": country,
                            "variable": f"{_VARIABLES[series]}|{100 * level:.1f}th Percentile",
                            "unit": LABELS[series].unit,
                            "year": [int(name[:4]) for name in names],
                            "subannual": [name[4:] for name in names],
                            "value": table[:, column],
                        }
                    )
                )
    return pd.concat(frames, ignore_index=True)


def wide(ensemble: Ensemble, summary: Summary) -> pd.DataFrame:
    """Columns model, scenario, region, variable, unit, and one per year, with the value at the end of the year."""
    rows = long(ensemble, summary)
    ends = rows[rows["subannual"] == "Q4"]
    index = ["model", "scenario", "region", "variable", "unit"]
    table = ends.pivot_table(index=index, columns="year", values="value", sort=False)
    table.columns = [str(year) for year in table.columns]
    return table.reset_index()
