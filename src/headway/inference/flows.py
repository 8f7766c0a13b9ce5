"""Does equation 2 return what the controls did? The share of countries under controls in the yearly flow of chips.

The share that the model would deliver on the open market, (1 − S) · D over the world's, is set beside the counted share
of the yearly Nvidia flow. The dates and strength of controls were read off the same counts, so this is a check of
consistency and not a forecast: demand is reconstructed from what other countries spent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from headway.ensemble.question import ask
from headway.ensemble.simulation import survivors
from headway.ensemble.summary import dataset

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws
    from headway.evidence import Evidence

MEMBERS = 512
INDICATOR = "nvidia_flow_share"


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
