"""An index of one's own: from figures of the evidence to scores, ranks, and how far the ranks can be trusted.

Run it as it is, or cell by cell in an editor that knows `# %%`; HEADWAY_DRAWS sets the number of draws.
"""

# %% Figures: the newest of each indicator, for countries that have all of them
import os

import headway as hw

DRAWS = int(os.environ.get("HEADWAY_DRAWS", "10000"))
INDICATORS = ["rd_share_gdp", "researchers_per_million", "ai_articles_per_million", "tertiary_enrolment"]

ev = hw.evidence()
rows = ev.series(INDICATORS, since=2018)
newest = rows.sort_values("period").groupby(["country", "indicator"])["value"].last()
data = newest.unstack().dropna().rename_axis(index="unit", columns=None)
print(f"{len(data)} countries have all of {', '.join(INDICATORS)}")

# %% The specification: two pillars, and what could as well have been done otherwise
spec = {
    "name": "research-base",
    "title": "Research base for AI",
    "indicators": INDICATORS,
    "nodes": {
        "effort": {"children": ["rd_share_gdp", "tertiary_enrolment"]},
        "people": {"children": ["researchers_per_million", "ai_articles_per_million"]},
        "base": {"children": ["effort", "people"]},
    },
    "steps": [{"normalise": {"method": "minmax"}}],
    "robustness": {
        "choices": {
            "normalisation": {"min-max": {}, "percentile rank": {"normalise": {"method": "percentile_rank"}}},
            "aggregation": {"arithmetic": {}, "geometric": {"nodes": {"aggregate": "geometric"}}},
        },
        "weights": {"kind": "dirichlet", "concentration": 1},
    },
}

# %% Build it
index = hw.index(spec, data)
print(index.ranks.head(10))
for remark in index.remarks:
    print(f"- {remark}")

# %% Is it sound?
print(index.audit().to_string(index=False))

# %% How far can the ranks be trusted?
sure = index.robustness(DRAWS)
print(sure.head(10)[["nominal", "median", "low", "high", "tier"]])
print(index.html("research-base.html", force=True))
