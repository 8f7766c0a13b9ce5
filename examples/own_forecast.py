"""A forecast of one's own, scored: a rule for the best score so far, the same points as Headway's, and who erred less.

Run it as it is, or cell by cell in an editor that knows `# %%`.
"""

# %% What was known at each origin: the best score so far, by quarter, without anything published later
import pandas as pd

import headway as hw

ORIGINS = ["2023-12-31", "2024-06-30", "2024-12-31", "2025-06-30", "2025-12-31"]
COUNTRIES = ["USA", "CHN", "FRA"]

known = {origin: hw.evidence(as_of=origin).series("eci_frontier", COUNTRIES) for origin in ORIGINS}
for origin, rows in known.items():
    print(origin, rows.groupby("country")["value"].last().round(1).to_dict())

# %% A rule: a country goes on at the leader's pace of the year before; its spread grows with time
SPREAD = 4.0  # ECI points, one standard deviation a year ahead


def pace(rows: pd.DataFrame) -> float:
    """ECI points by which the best of all rose over the last four quarters on record."""
    best = rows.groupby("period")["value"].max().cummax().tail(5)
    return float(best.iloc[-1] - best.iloc[0])


forecasts = pd.DataFrame(
    {
        "origin": origin,
        "quarter": str(pd.Period(origin, "Q") + 2 * half),
        "country": country,
        "mean": own["value"].iloc[-1] + pace(rows) * half / 2,
        "sd": SPREAD * (half / 2) ** 0.5,
    }
    for origin, rows in known.items()
    for country, own in rows.groupby("country")
    for half in (1, 2)
    if pd.Period(origin, "Q") + 2 * half <= pd.Period("2026Q2", "Q")
)
print(forecasts.round(1).head(6).to_string(index=False))

# %% The score: on the points that it shares with the hindcast of Headway and of the naive forecasts
scores = hw.score(forecasts, name="pace of the leader")
print(f"{scores.points} points shared")
print(scores.summary[["crps", "mae", "coverage90"]].round(2))

# %% Where it erred most
worst = scores.rows.nlargest(3, "crps")
print(worst[["origin", "quarter", "country", "actual", "error", "crps"]].round(1).to_string(index=False))
