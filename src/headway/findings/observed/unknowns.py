"""Part 8, as far as evidence goes: missing figures, the age of the others, and quantities never observed."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from headway.core import wording
from headway.findings.finding import Finding, FindingTier
from headway.findings.recipe import Context, recipe

_CRUCIAL = {
    "a measured capability level": ("capability_level",),
    "a training run of known size": ("largest_training_run",),
    "a count of AI chips": ("compute_stock_h100e", "cluster_h100e", "gpus_reported", "domestic_compute_h100e"),
    "AI investment": ("ai_private_investment_usd", "ai_private_investment_cumulative_usd"),
    "researchers": ("researchers_per_million",),
    "AI articles": ("ai_articles",),
}
"""Measurements and the indicators of which any one is a figure for it."""


@recipe("unknowns.completeness")
def completeness(context: Context) -> Iterator[Finding]:
    """Share of the catalogue's indicators with any figure for the country, and their median age."""
    known = context.evidence.observations(country=context.country)
    catalogue = [slug for slug in context.evidence.indicators() if not slug.startswith("rca_")]
    newest = known[known["indicator"].isin(catalogue)].groupby("indicator")["period"].max()
    missing = [slug for slug in catalogue if slug not in newest.index]
    share = 100 * len(newest) / len(catalogue)
    ages = context.as_of.year - newest.str[:4].astype(int)
    age = f", half of them from {context.as_of.year - int(ages.median())} or later" if len(ages) else ""
    yield Finding(
        id=context.id("unknowns.completeness"),
        section="unknowns",
        quantity="completeness of the evidence",
        value=share,
        unit="%",
        period=str(context.as_of.year),
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        sentence=f"For {context.the(context.country)} {len(newest)} of {len(catalogue)} indicators have a figure{age}.",
        weight=2,
        details={"missing": missing, "median_age_years": float(ages.median()) if len(ages) else None},
    )


@recipe("unknowns.missing")
def missing(context: Context) -> Iterator[Finding]:
    """Measurements that decide a judgement like this one and that nobody has published for the country."""
    slugs = [slug for any_of in _CRUCIAL.values() for slug in any_of]
    known = set(context.evidence.observations(slugs, context.country)["indicator"])
    absent = [what for what, any_of in _CRUCIAL.items() if known.isdisjoint(any_of)]
    if not absent:
        return
    yield Finding(
        id=context.id("unknowns.missing"),
        section="unknowns",
        quantity="decisive measurements that are missing",
        value=float(len(absent)),
        unit="measurements",
        as_of=context.as_of,
        tier=FindingTier.OBSERVED,
        sentence=f"Never observed for {context.the(context.country)}: {wording.listing(absent)}.",
        short=f"Never observed: {wording.listing(absent)}.",
        caveat="Whatever rests on one of these is inferred from other evidence, and its interval is wide.",
        weight=1,
    )


@recipe("unknowns.vintages")
def vintages(context: Context) -> Iterator[Finding]:
    """Figures whose date of publication follows a rule because their publisher keeps no record of vintages."""
    known = context.evidence.observations(country=context.country)
    if known.empty:
        return
    ruled = known["flag"].fillna("").str.contains("pseudo")
    yield Finding(
        id=context.id("unknowns.vintages"),
        section="unknowns",
        quantity="figures known in pseudo-real time",
        value=100 * float(ruled.mean()),
        unit="%",
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        sentence=f"{wording.amount(100 * float(ruled.mean()), '%')} of the {len(known):,} figures used carry a "
        "publication date that follows a stated rule, not a record: looking back in time is only as true as that rule.",
        weight=3,
        details={"oldest": str(pd.to_datetime(known["published_on"]).min().date())},
    )
