"""Made findings and made evidence: every shape that a surface must print, true of no country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from headway.brief.compose import Brief, compose
from headway.evidence.catalogue import Source, indicators
from headway.evidence.countries import Country, resolve
from headway.evidence.store import Fact
from headway.findings import Context, Finding, FindingTier, Picture, Recipe

AS_OF = dt.date(2026, 11, 22)


def finding(name: str, sentence: str, *arguments: str, as_of: dt.date = AS_OF, **values: Any) -> Finding:
    """A finding of Arland (a country that is not) with recipe `section.quantity`."""
    section, _, quantity = name.partition(".")
    words = ":".join(("RUS", name, *arguments))
    defaults: dict[str, Any] = {"quantity": quantity.replace("_", " "), "tier": FindingTier.DERIVED, "section": section}
    return Finding(id=f"{words}@{as_of}", sentence=sentence, as_of=as_of, **{**defaults, **values})


INTERVALS = Picture(
    kind="intervals",
    title="Rank by domain among 61 countries with data, over 1,000 alternative weightings and imputations",
    x="Rank (1 is first)",
    y="",
    alternative="Research 14th, talent 22nd, compute 31st, money 38th.",
    source="Headway evidence snapshot (Epoch AI, CC BY 4.0; World Bank, CC BY 4.0)",
    rows=(
        {"label": "Overall", "value": 27, "low": 21, "high": 34, "group": "All domains", "highlight": True},
        {"label": "Research", "value": 14, "low": 11, "high": 19, "group": "Scale"},
        {
            "label": "Talent flows and retention of doctoral graduates",
            "value": 22,
            "low": 17,
            "high": 30,
            "group": "Scale",
        },
        {"label": "Compute", "value": 31, "low": 26, "high": 43, "group": "Scale"},
        {"label": "Money", "value": 38, "low": 29, "high": 52, "group": "Intensity"},
    ),
)

LINES = Picture(
    kind="lines",
    title="Largest known training run",
    x="Year",
    y="Training compute (log10 FLOP)",
    alternative="The leader at 26.7, the follower at 26.5, Arland at 24.1.",
    source="Epoch AI (CC BY 4.0)",
    rows=tuple(
        {"label": label, "date": date, "value": value}
        for label, values in (
            ("Arland", (21.5, 22.3, 22.9, 23.6, 23.6, 24.1)),
            ("United States", (23.5, 24.4, 25.3, 25.7, 26.6, 26.7)),
            ("China", (22.1, 23.4, 24.1, 25.1, 26.4, 26.52)),
            ("United Arab Emirates", (20.1, 21.4, 22.1, 24.0, 24.05, 24.12)),
        )
        for date, value in zip(("2021", "2022Q2", "2023-03", "2024-05-17", "2025Q2", "2026-11-22"), values, strict=True)
    ),
)

FAN = Picture(
    kind="fan",
    title="Lag behind the frontier",
    x="",
    y="Months behind the best of all other countries",
    alternative="From 19 months today to 24 (8 to 61) in 2035 under the baseline.",
    source="Headway emulator",
    rows=tuple(
        {
            "label": label,
            "date": f"{year}Q4",
            "q05": m - s,
            "q25": m - s / 2.2,
            "q50": m,
            "q75": m + s / 2,
            "q95": m + 1.4 * s,
        }
        for label, slope in (("Baseline", 0.6), ("Collaboration", -1.1))
        for year in range(2024, 2036)
        for m, s in [(19 + slope * max(0, year - 2026), 2.4 * max(0, year - 2026) ** 0.8)]
    ),
)

BARS = Picture(
    kind="bars",
    title="Revealed comparative advantage by field",
    x="Share of own papers over the world’s share (1 = as the world)",
    y="",
    alternative="Mathematics 2.4, vision 1.3, language 0.6.",
    source="NCSES (public domain)",
    rows=(
        {"label": "Mathematics", "value": 2.4, "low": 2.1, "high": 2.8},
        {"label": "Computer vision", "value": 1.3, "low": 1.1, "high": 1.6},
        {"label": "Language", "value": 0.6, "low": 0.4, "high": 0.8},
    ),
)

WATERFALL = Picture(
    kind="waterfall",
    title="What the gap of 19 months consists of",
    x="Months of lag",
    y="",
    alternative="Investment 9, size 4, controls 5, talent 3, absorption −2; together 19.",
    source="Headway emulator, Shapley values over 300 draws",
    rows=(
        {"label": "AI investment", "value": 9, "low": 5, "high": 13},
        {"label": "Size of economy", "value": 4, "low": 3, "high": 5},
        {"label": "Export controls", "value": 5, "low": 1, "high": 10},
        {"label": "Loss of talent", "value": 3, "low": 1, "high": 6},
        {"label": "Openness and absorption", "value": -2, "low": -4, "high": 0},
        {"label": "Together", "value": 19, "low": 14, "high": 25, "total": True},
    ),
)

PICTURES = (INTERVALS, LINES, FAN, BARS, WATERFALL)

RUN = "derived:largest_training_run:RUS:2024Q3:2024-10-02"
GDP = "wb:gdp_usd:RUS:2024:2025-07-01"
MODEL = "epoch:model:grand-1"
GOAL = "curated:goal:RUS:strategy-2024"


def findings(as_of: dt.date = AS_OF) -> list[Finding]:
    """A brief's worth: every tier, an interval, a probability, a number without interval, a part without data."""

    def make(name: str, sentence: str, *arguments: str, **values: Any) -> Finding:
        return finding(name, sentence, *arguments, as_of=as_of, **values)

    return [
        make(
            "ambition.goal",
            "The national strategy of 2024 declares a place among the ten leading countries by 2030.",
            "2024",
            tier=FindingTier.OBSERVED,
            value="top 10",
            period="2030",
            observations=(GOAL,),
            weight=1,
        ),
        make(
            "ambition.probability",
            "In 4 of 100 futures the goal is reached by 2030.",
            tier=FindingTier.MODELLED,
            value=0.04,
            low=0.01,
            high=0.09,
            level=0.9,
            unit="probability",
            parameters=("s", "lambda"),
            weight=1,
            posterior="9f31c2aa",
            title="Chance of the declared goal",
            coverage="In the hindcast 93% of 21 outcomes fell inside 90% intervals.",
        ),
        make(
            "standing.rank",
            "Arland ranks 27th of 61 countries; anywhere from 21st to 34th is consistent with the evidence.",
            value=27,
            low=21,
            high=34,
            level=0.9,
            unit="rank",
            observations=(RUN, GDP),
            weight=1,
            picture=INTERVALS,
            title="Overall rank",
        ),
        make(
            "gap.lag",
            "Arland stands where the frontier stood 19 months ago; 14 to 25 months are plausible.",
            "USA",
            tier=FindingTier.MODELLED,
            value=19,
            low=14,
            high=25,
            level=0.9,
            unit="months",
            observations=(RUN,),
            parameters=("s",),
            weight=1,
            picture=LINES,
            caveat="Known runs only; what a country keeps secret is not in it.",
        ),
        make(
            "gap.trend",
            "In 83 of 100 futures the gap to the United States is wider a year from now.",
            "USA",
            tier=FindingTier.MODELLED,
            value=0.83,
            low=0.7,
            high=0.92,
            level=0.9,
            unit="probability",
            weight=2,
        ),
        make(
            "why.shares",
            "AI investment explains 9 of the 19 months.",
            tier=FindingTier.MODELLED,
            value=9,
            low=5,
            high=13,
            level=0.9,
            unit="months",
            picture=WATERFALL,
            weight=1,
        ),
        make(
            "strengths.rca",
            "Mathematics is 2.4 times as common in its papers as in the world’s.",
            value=2.4,
            low=2.1,
            high=2.8,
            level=0.9,
            unit="times",
            picture=BARS,
            weight=1,
            table=({"field": "Mathematics", "rca": 2.4}, {"field": "Computer vision", "rca": 1.3}),
        ),
        make(
            "strengths.olympiad",
            "It won 5 gold medals in informatics olympiads since 2020.",
            value=5,
            unit="medals",
            tier=FindingTier.OBSERVED,
            weight=3,
            period="2020–2025",
        ),
        make(
            "change.head_on",
            "A head-on race at 0.5% of GDP shortens the lag by 3 months.",
            tier=FindingTier.SCENARIO,
            value=-3,
            low=-6,
            high=0.5,
            level=0.9,
            unit="months",
            scenario=None,
            weight=1,
        ),
        make(
            "outlook.frontier",
            "In fewer than 1 of 100 futures it is at the frontier by 2035.",
            tier=FindingTier.MODELLED,
            value=0.002,
            low=0.0,
            high=0.01,
            level=0.9,
            unit="probability",
            picture=FAN,
            weight=1,
        ),
        make(
            "unknowns.not_available",
            "Which measurement would help most needs the emulator’s posterior, which is not installed.",
            weight=1,
        ),
    ]


def source(slug: str, publisher: str, title: str, url: str) -> Source:
    return Source(
        slug=slug,
        publisher=publisher,
        title=title,
        url=url,
        licence="CC BY 4.0",
        citation=f"{publisher} (2026). {title}.",
        retrieved_on=dt.date(2026, 11, 20),
    )


SOURCES = {
    "epoch": source("epoch", "Epoch AI", "Data on AI Models", "https://epoch.ai/data/ai-models"),
    "wb": source("wb", "World Bank", "World Development Indicators", "https://data.worldbank.org/"),
    "derived": source("derived", "Headway", "Derived series", "https://example.org/derived"),
    "curated": source("curated", "A Ministry", "National AI strategy", "https://example.org/strategy.pdf"),
}


def observation(identifier: str, value: float, unit: str, inputs: str = "") -> Fact:
    slug, indicator, country, period, published = identifier.split(":")
    row = {
        "id": identifier,
        "indicator": indicator,
        "country": country,
        "period": period,
        "value": value,
        "unit": unit,
        "published_on": dt.date.fromisoformat(published),
        "retrieved_on": None,
        "inputs": inputs,
    }
    return Fact(identifier, "observations", row, SOURCES[slug])


FACTS = {
    fact.id: fact
    for fact in (
        observation(RUN, 23.6, "log10 FLOP", inputs=MODEL),
        observation(GDP, 2.17e12, "USD"),
        Fact(
            MODEL,
            "models",
            {
                "id": MODEL,
                "model": "Grand-1",
                "organization": "Arlab",
                "released": dt.date(2024, 9, 30),
                "published_on": dt.date(2024, 10, 2),
            },
            SOURCES["epoch"],
        ),
        Fact(
            GOAL,
            "statements",
            {
                "id": GOAL,
                "text": "Among the ten leading countries by 2030",
                "published_on": dt.date(2024, 2, 15),
                "source_date": "15 February 2024",
                "grade": "press",
                "read_in": "https://example.org/news https://example.net/agency",
            },
            SOURCES["curated"],
        ),
    )
}


@dataclass(frozen=True)
class MadeEvidence:
    """As much of `headway.evidence.Evidence` as a surface touches."""

    as_of: dt.date = AS_OF
    snapshot_hash: str = "3fa81c2e77aa0b1c"
    user_hash: str | None = None
    groups: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.as_of.isoformat(), self.snapshot_hash, self.user_hash or ""

    def fact(self, identifier: str) -> Fact:
        return FACTS[identifier]

    def facts(self, identifiers: Iterable[str]) -> dict[str, Fact]:
        return {identifier: FACTS[identifier] for identifier in identifiers if identifier in FACTS}

    def indicators(self) -> Mapping[str, Any]:
        return indicators()

    def sources(self) -> Mapping[str, Source]:
        return SOURCES

    def resolve(self, text: str) -> Country:
        return resolve(text)


def context(**values: Any) -> Context:
    evidence: Any = MadeEvidence(**values)
    return Context(evidence, "RUS", ("USA", "CHN"))


def recipes(made: Iterable[Finding] | None = None) -> list[Recipe]:
    """One recipe that says all made findings, whatever its context."""
    said = tuple(findings() if made is None else made)
    return [Recipe("made.all", lambda _: said)]


def brief(made: Iterable[Finding] | None = None, **values: Any) -> Brief:
    return compose(context(**values), recipes(made))
