"""An analyst's hour: where a country stands in AI, why, what would change it, and what each number rests on.

Run it as it is, or cell by cell in an editor that knows `# %%`; HEADWAY_DRAWS sets the number of draws.
"""

# %% What is known, and since when
import os

import headway as hw

COUNTRY, RIVAL = "Korea", "USA"
DRAWS = int(os.environ.get("HEADWAY_DRAWS", "256"))

ev = hw.evidence()
spending = ev.series("rd_share_gdp", [COUNTRY, RIVAL, "France"], since=2018)
print(spending.pivot(index="period", columns="country", values="value").round(2))
print(spending[["publisher", "url", "licence"]].drop_duplicates().to_string(index=False))

# %% Where it stands
standing = hw.standing(evidence=ev)
print(standing.title)
print(standing.ranks.head(10)[["country", "rank", "low", "high"]])

# %% The brief: all findings, and the page to send on
brief = hw.brief(COUNTRY, evidence=ev)
for finding in brief:
    if finding.weight == 1:
        print(f"- {finding.sentence}")
print(brief.html(f"{brief.country}.html", force=True))

# %% What one number rests on
lag = brief["gap.lag_sovereign"]
print(lag.value, lag.unit, (lag.low, lag.high))
print(hw.trace(brief[f"gap.training_compute:{RIVAL}"].id))

# %% Why it stands there
why = hw.explain(COUNTRY, against=RIVAL, draws=DRAWS, evidence=ev)
print(why.causes[["months", "months_low", "months_high"]])

# %% What if the country took up deep collaboration?
runs = {
    name: hw.simulate(name, focal=COUNTRY, countries=COUNTRY, series="lag", until=2035, draws=DRAWS, evidence=ev)
    for name in ("baseline", "collaboration")
}
for name, run in runs.items():
    low, middle, high = run["lag"].sel(country=brief.country, quarter="2035Q4").quantile([0.05, 0.5, 0.95]).values
    print(f"{name}: {middle:.0f} months behind at the end of 2035 (90%: {low:.0f} to {high:.0f})")

# %% What half a percent of GDP a year would change
strategies = hw.strategy(COUNTRY, budget=0.5, draws=DRAWS, evidence=ev)
print(strategies.to_frame()[["title", "sovereign_lag_gain", "regret", "success"]].round(2))
