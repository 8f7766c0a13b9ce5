"""One provider's cut: what a country loses if the largest maker of rented models stops serving it, or if all do.

Run it as it is, or cell by cell in an editor that knows `# %%`; HEADWAY_DRAWS sets the number of draws.
"""

# %% The same futures three times: nothing is cut, one provider's models are from 2027 on, all of them are
import os

import pandas as pd

import headway as hw

COUNTRY, WHEN = "France", "2028Q4"
DRAWS = int(os.environ.get("HEADWAY_DRAWS", "256"))
SCENARIOS = {"baseline": "nothing", "api-cut-one": "the largest provider", "api-cut": "all providers"}

runs = {
    name: hw.simulate(name, focal=COUNTRY, countries=COUNTRY, series="available_lag", until=2028, draws=DRAWS)
    for name in SCENARIOS
}
behind = {name: run["available_lag"].isel(country=0).sel(quarter=WHEN) for name, run in runs.items()}


# %% How far the best model that the country can use then stands behind the best of all others, and what the cut took
def told(months: object) -> str:
    """Median and central 90 % interval of the draws."""
    low, middle, high = months.quantile([0.05, 0.5, 0.95]).values
    return f"{middle:.0f} ({low:.0f} to {high:.0f})"


table = pd.DataFrame(
    {
        "months behind": {cut: told(behind[name]) for name, cut in SCENARIOS.items()},
        # Member by member: each future is compared with itself, so what both share cancels.
        "months lost": {cut: told(behind[name] - behind["baseline"]) for name, cut in SCENARIOS.items()},
    }
)
table.index.name = f"cut from {COUNTRY}"
print(table.to_string())

# %% How much of the whole loss one provider holds, and how to read it
lost = {name: behind[name] - behind["baseline"] for name in ("api-cut-one", "api-cut")}
alone = float((lost["api-cut-one"] > 0.5 * lost["api-cut"]).mean())
print(f"In {100 * alone:.0f} of 100 futures the largest provider's cut alone takes over half of what all take.")
print(
    """Months behind are those behind the best of all other countries at the end of 2028: the median of the
futures, and in brackets where 90 of 100 lie. Months lost are taken future by future. That anybody cuts is
supposed, not forecast, and so is that the others then serve on in full and nobody follows."""
)
