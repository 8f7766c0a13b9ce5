"""Checks of the fit beside the hindcast: what controls did to the flow of chips, and countries withheld from a fit.

Does equation 2 return what the controls did? The share that the model would deliver on the open market, (1 − S) · D
over the world's, is set beside the counted share of the yearly Nvidia flow. The dates and strength of controls were
read off the same counts, so this is a check of consistency and not a forecast: demand is reconstructed from what other
countries spent.

Leave one country out: its scores are withheld, its level is inferred as if nobody had scored it, then compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from headway.core import periods
from headway.ensemble.question import ask
from headway.ensemble.simulation import survivors
from headway.ensemble.summary import dataset
from headway.inference import baselines, storage
from headway.inference.arrays import CapabilityData
from headway.inference.paths import lags
from headway.inference.storage import Posterior
from headway.inference.structure import structures

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws
    from headway.evidence import Evidence

MEMBERS = 512
INDICATOR = "nvidia_flow_share"
AHEAD = 2  # quarters
SEED = 12


def flow_shares(evidence: Evidence, posterior: PosteriorDraws | None) -> list[dict[str, Any]]:
    """Modelled and counted shares, in per cent, by country under controls and year.

    Returns:
        Rows with country, year, counted, median, low, high (90 %), in90.
    """
    counted = evidence.observations(INDICATOR)
    modelled = ask(evidence, posterior=posterior).world.countries
    codes = [code for code in modelled if len(code) == 3 and code != "ROW"]
    ensemble = ask(evidence, countries=codes, series=("demand",), posterior=posterior)
    runs = dataset(ensemble, range(MEMBERS))
    demand = runs["demand"].isel(member=np.flatnonzero(survivors(runs["status"].to_numpy()))).to_numpy()
    grid = ensemble.world.grid
    columns = [ensemble.world.countries.index(code) for code in codes]
    controlled = ensemble.drivers.paths["controls"][:, columns]
    free = demand * (1 - controlled[:, :, None])
    rows = []
    for row in counted.sort_values(["country", "period"]).itertuples():
        year = int(str(row.period)[:4])
        quarters = [k for k, name in enumerate(grid.names) if name.startswith(str(year))]
        if row.country not in codes or not controlled[:, codes.index(row.country)].any() or not quarters:
            continue
        flow = free[quarters].sum(axis=0)
        share = 100 * flow[codes.index(row.country)] / flow.sum(axis=0)
        low, median, high = (float(q) for q in np.quantile(share, [0.05, 0.5, 0.95]))
        rows.append(
            {
                "country": row.country,
                "year": year,
                "counted": round(float(row.value), 2),
                "median": round(median, 2),
                "low": round(low, 2),
                "high": round(high, 2),
                "in90": bool(low <= row.value <= high),
            }
        )
    return rows


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
