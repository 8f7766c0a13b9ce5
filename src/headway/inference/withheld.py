"""Leave one country out: its scores are withheld, its level is inferred as if nobody had scored it, then compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.core import periods
from headway.inference import baselines, storage
from headway.inference.arrays import CapabilityData
from headway.inference.paths import lags
from headway.inference.storage import Posterior
from headway.inference.structure import structures

AHEAD = 2  # quarters
SEED = 12


def withheld(truth: CapabilityData) -> list[dict[str, Any]]:
    """Scores of every shipped fit that withheld a country, at its last quarter of data and half a year later."""
    rows = []
    for path in sorted(storage.SHIPPED.glob("withheld-*.npz")):
        rows += compared(storage.read(path), truth)
    return rows


def compared(posterior: Posterior, truth: CapabilityData) -> list[dict[str, Any]]:
    """Levels that each structure inferred of the withheld country, beside the scored ones."""
    code, data = str(posterior.record["without"]), posterior.data
    index, actual = data.countries.index(code), baselines.series(truth)
    rows = []
    for name, structure in structures().items():
        if not all(part in posterior.draws for part in structure.parts):
            continue
        paths = structure.forecast(posterior, data.last + AHEAD, np.random.default_rng(SEED))
        behind = lags(paths, index)
        for quarter in (data.last, data.last + AHEAD):
            known = float(actual.values[truth.countries.index(code), min(quarter, truth.last) - truth.first])
            low, median, high = (
                float(q) for q in np.quantile(paths.sovereign[:, index, paths.at(quarter)], [0.05, 0.5, 0.95])
            )
            lag = np.nanquantile(behind[:, paths.at(quarter)], [0.05, 0.5, 0.95])
            rows.append(
                {
                    "country": code,
                    "origin": data.as_of.isoformat(),
                    "structure": name,
                    "quarter": periods.quarter_name(quarter),
                    "actual": known,
                    "median": round(median, 2),
                    "low": round(low, 2),
                    "high": round(high, 2),
                    "in90": bool(low <= known <= high),
                    "lag_months": [round(float(months), 1) for months in lag],
                }
            )
    return rows
