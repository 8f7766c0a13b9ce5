"""A country from data to judgement: what is measured, what it declared, what holds of what is said, and what follows.

Run it as it is, or cell by cell in an editor that knows `# %%`.
"""

# %% What is measured of it, by whom, and how old each figure is
import headway as hw

COUNTRY = "Brazil"
INDICATORS = ["gdp_usd", "rd_share_gdp", "ai_articles", "researchers_per_million", "tertiary_enrolment"]

ev = hw.evidence()
figures = ev.series(INDICATORS, COUNTRY).sort_values("period").groupby("indicator").tail(1)
print(figures[["indicator", "period", "value", "unit", "publisher"]].to_string(index=False))

# %% What it said it would reach, word for word and with its source
goals = ev.statements("goal", COUNTRY)
for goal in goals.itertuples():
    print(f"- {goal.date:%Y-%m-%d} {goal.text} ({goal.publisher})")

# %% Which models are known
models = ev.models()
own = models[models["countries"].str.contains("BRA", na=False)]
print(f"{len(own)} of {len(models)} known models come from {COUNTRY}")

# %% Which place it takes, and how much of that is the ranking's choice
standing = hw.standing(evidence=ev)
print(standing.ranks[standing.ranks["country"] == COUNTRY][["rank", "low", "high"]].to_string(index=False))

# %% Does what is said of it hold? Two sentences, each with its test
said = {
    "ledger": "said-of-the-country",
    "title": "What is said",
    "claims": [
        {
            "id": "research",
            "claim": "Brazil spends more of its income on research than Argentina.",
            "kind": "comparison",
            "countries": ["BRA", "ARG"],
            "test": "indicator(rd_share_gdp, BRA) > indicator(rd_share_gdp, ARG)",
        },
        {
            "id": "rising",
            "claim": "It publishes more on AI than ten years before.",
            "kind": "trend",
            "countries": ["BRA"],
            "test": "indicator(ai_articles, BRA, 2022) > indicator(ai_articles, BRA, 2012)",
        },
    ],
}
checked = hw.check(said, then=False, evidence=ev)
print(checked.to_frame()[["verdict", "words"]])

# %% The judgement: all of this weighed together, with the distance in months
brief = hw.brief(COUNTRY)
for sentence in brief.json()["judgement"]:
    print(sentence["text"])
drawn = next(finding for finding in brief if finding.picture and finding.section == "gap")
print(brief.svg(drawn.id, "gap.svg", force=True))

# %% What one clause of it rests on
lag = brief["gap.lag_sovereign"]
print(lag.sentence)
print(hw.trace(lag.id))
