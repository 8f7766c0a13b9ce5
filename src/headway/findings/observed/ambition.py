"""Part 1: goals that the country declared, their dates, the quantities they map to, and budgets."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from headway.findings.finding import Finding, FindingTier
from headway.findings.observed.common import dated
from headway.findings.recipe import Context, recipe

# A declared place among nations speaks for the whole ambition; what can be measured comes before what cannot.
_TOPICS = ("position", "leadership", "capability", "compute", "money", "investment", "talent", "economy", "adoption")
_SHOWN = 5
_NUMBERS = {3: "three", 4: "four", 5: "five", 10: "ten"}


@recipe("ambition.goal")
def goals(context: Context) -> Iterator[Finding]:
    """Declared goals, those about the country's place first, each with document, date and address."""
    declared = context.evidence.statements("goal", context.country)
    if declared.empty:
        yield Finding(
            id=context.id("ambition.goal"),
            section="ambition",
            quantity="declared goals",
            as_of=context.as_of,
            tier=FindingTier.OBSERVED,
            weight=1,
            sentence=f"No declared AI goal of {context.the(context.country)} is on record here.",
            caveat="The record covers about thirty states; silence here is not proof that nothing was declared.",
        )
        return
    for place, (_, goal) in enumerate(in_order(declared).iterrows()):
        yield _goal(context, goal, weight=1 if place == 0 else 2 if place < _SHOWN else 3)


def in_order(declared: pd.DataFrame) -> pd.DataFrame:
    """Goals about position first, then those with a target, then the most recent."""
    rank = {topic: i for i, topic in enumerate(_TOPICS)}
    keys = pd.DataFrame(
        {
            "open": declared["target_year"].isna(),
            "topic": declared["topic"].map(rank).fillna(len(rank)),
            "unmapped": declared["maps_to"].fillna("none").eq("none"),
            "age": -pd.to_datetime(declared["date"]).astype("int64"),
        },
        index=declared.index,
    )
    return declared.loc[keys.sort_values(["topic", "open", "unmapped", "age"], kind="stable").index]


_ASIDE = re.compile(r";.*|\s*\([^)]*\)$")  # what a goal can be told without


def _goal(context: Context, goal: pd.Series, weight: int) -> Finding:
    target = None if pd.isna(goal["target_year"]) else int(goal["target_year"])
    said = ", ".join(part for part in (str(goal["document"] or goal["who"] or ""), dated(goal)) if part)
    text, read_as = str(goal["text"]).rstrip("."), reading(goal)
    coded = goal["target_basis"] == "coded"
    return Finding(
        id=context.id("ambition.goal", key_of(goal)),
        section="ambition",
        quantity=f"declared goal: {goal['metric'] or goal['topic']}",
        value=None if pd.isna(goal["value"]) else float(goal["value"]),
        unit=str(goal["unit"] or ""),
        period=str(target or ""),
        as_of=context.as_of,
        tier=FindingTier.CODED if coded else FindingTier.OBSERVED,
        observations=(str(goal["id"]),),
        sentence=f"{said}: {text}{f' (read here as {read_as})' if read_as else ''}.",
        short=f"{re.sub(_ASIDE, '', text)}{f' ({year})' if (year := dated(goal)[-4:]) else ''}.",
        caveat=str(goal["doubt"] or ""),
        weight=weight,
        details={
            "maps_to": str(goal["maps_to"] or "none"),
            "scope": goal["scope"] if isinstance(goal["scope"], str) else "",
            "target_basis": goal["target_basis"] if isinstance(goal["target_basis"], str) else "",
            "text": text,
            "target_year": target,
            "document": goal["document"],
            "declared_on": dated(goal),
        },
    )


def key_of(goal: pd.Series) -> str:
    """Argument of a finding's id that names the goal: `RUS-01`."""
    return str(goal["id"]).rsplit(":", 1)[-1]


def reading(goal: pd.Series) -> str:
    """`a place among the first five`, where a place that the goal does not name was read from its words; else empty."""
    if goal["target_basis"] != "coded" or goal["unit"] != "rank" or pd.isna(goal["value"]):
        return ""
    return place_words(int(goal["value"]))


def place_words(place: int) -> str:
    """Rank as a goal: `the first place`, `a place among the first five`."""
    return "the first place" if place == 1 else f"a place among the first {_NUMBERS.get(place, place)}"


@recipe("ambition.budget")
def budgets(context: Context) -> Iterator[Finding]:
    """Public money named for AI, that for the nearest year first; never added up, since the sums do not compare."""
    named = context.evidence.statements("budget", context.country)
    if named.empty:
        return
    years = pd.to_numeric(named["period"].str.extract(r"(\d{4})", expand=False), errors="coerce")
    distance = (years - context.as_of.year).abs()
    nearest = named.assign(distance=distance.fillna(99)).sort_values(["distance", "id"], kind="stable")
    for place, (_, row) in enumerate(nearest.head(_SHOWN).iterrows()):
        yield Finding(
            id=context.id("ambition.budget", str(row["id"]).rsplit(":", 1)[-1]),
            section="ambition",
            quantity="public money named for AI",
            value=None if pd.isna(row["value"]) else float(row["value"]),
            unit=str(row["unit"] or ""),
            period=str(row["period"] or ""),
            as_of=context.as_of,
            tier=FindingTier.OBSERVED,
            observations=(str(row["id"]),),
            sentence=f"Public money of {context.the(context.country)}: {str(row['text']).rstrip('.')}.",
            caveat="Budgets mix requests, commitments and totals over years: they do not add up.",
            weight=2 if place == 0 else 3,
        )
