"""A scenario and a lever of one's own: what is supposed, what it changes, and whether money for it is well spent.

Run it as it is, or cell by cell in an editor that knows `# %%`; HEADWAY_DRAWS sets the number of draws.
"""

# %% A scenario: a file that says who, what and when, on top of another one
import os
from pathlib import Path

import headway as hw

COUNTRY = "France"
DRAWS = int(os.environ.get("HEADWAY_DRAWS", "256"))

scenario = Path("compute-pact.yaml")
scenario.write_text(
    """\
scenario: compute-pact
title: A pact for computing
description: From 2028 the country doubles its AI spending and trains a quarter more researchers.
rationale: A supposition of this example, not a forecast.
extends: baseline
investment:
  - for: focal
    multiply: {2028-01-01: 2}
graduates:
  - for: focal
    multiply: {2028-01-01: 1.25}
""",
    encoding="utf-8",
)

# %% The same members with and without it: differences are the scenario's alone
ev = hw.evidence()
asked = {"focal": COUNTRY, "countries": COUNTRY, "series": "lag", "until": 2035, "draws": DRAWS, "evidence": ev}
before, after = hw.simulate("baseline", **asked), hw.simulate(str(scenario), **asked)
gained = (before["lag"] - after["lag"]).isel(country=0).sel(quarter="2035Q4")
low, middle, high = gained.quantile([0.05, 0.5, 0.95]).values
print(f"{after.attrs['title']}: {middle:.1f} months gained at the end of 2035 (90%: {low:.1f} to {high:.1f})")
print(f"drawn from the {after.attrs['draws_from']}, evidence of {after.attrs['as_of']}")

# %% A lever: what a dollar for it would do, how sure that is, and why
vouchers = {
    "title": "Compute vouchers",
    "phrase": "vouchers with which firms rent computing",
    "delay": 0.5,  # years from the first money to its first effect
    "build_up": 1,  # years from there to the full effect
    "effects": [
        {
            "kind": "spending",
            "each": 0.5,  # dollars of AI spending per dollar
            "spread": 2,  # 90% interval: a half to twice that
            "rationale": "Half of the money is supposed to replace what firms would have spent anyway.",
        }
    ],
}

# %% Is it better than what ships, and than a mix of our own? A lever that no strategy uses gets one to itself
strategies = hw.strategy(
    COUNTRY,
    budget=0.5,
    levers={"vouchers": vouchers},
    strategies={
        "talent-and-hosting": {"title": "Talent and hosting", "mix": {2027: {"talent": 0.5, "partner_compute": 0.5}}}
    },
    draws=DRAWS,
    evidence=ev,
)
table = strategies.to_frame()
print(
    table[["title", "sovereign_lag_gain", "sovereign_lag_gain_low", "sovereign_lag_gain_high", "regret"]]
    .round(2)
    .to_string()
)
print(f"vouchers come {table.index.get_loc('vouchers') + 1} of {len(table)} by regret")
