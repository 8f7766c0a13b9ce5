"""Part 1: goals that the country declared, their dates, the quantities they map to, and budgets."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from headway.findings.finding import Finding, FindingTier
from headway.findings.observed.common import dated
from headway.findings.recipe import Context, recipe

# A declared place among nations speaks for the whole ambition; what can be measured comes before what cannot.
_TOPICS = ("position", "leadership", "capability", "compute", "money", "investment", "talent", "economy", "adoption")
_SHOWN = 5


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
    outcomes = context.evidence.statements("outcome", context.country).set_index("id")
    for place, (_, goal) in enumerate(_in_order(declared).iterrows()):
        key = str(goal["id"]).replace(":goal:", ":outcome:", 1)
        outcome = outcomes.loc[key] if key in outcomes.index else None
        yield _goal(context, goal, outcome, weight=1 if place == 0 else 2 if place < _SHOWN else 3)


def _in_order(declared: pd.DataFrame) -> pd.DataFrame:
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


def _goal(context: Context, goal: pd.Series, outcome: pd.Series | None, weight: int) -> Finding:
    mapped = str(goal["maps_to"] or "none")
    target = None if pd.isna(goal["target_year"]) else int(goal["target_year"])
    said = ", ".join(part for part in (str(goal["document"] or goal["who"] or ""), dated(goal)) if part)
    text = str(goal["text"]).rstrip(".")
    return Finding(
        id=context.id("ambition.goal", str(goal["id"]).rsplit(":", 1)[-1]),
        section="ambition",
        quantity=f"declared goal: {goal['metric'] or goal['topic']}",
        value=None if pd.isna(goal["value"]) else float(goal["value"]),
        unit=str(goal["unit"] or ""),
        period=str(target or ""),
        as_of=context.as_of,
        tier=FindingTier.OBSERVED,
        observations=(str(goal["id"]), *([] if outcome is None else [str(outcome.name)])),
        sentence=f"{said}: {text}."
        + _became(context, target, outcome)
        + (" Not modelled." if mapped == "none" else ""),
        caveat=str(goal["doubt"] or ""),
        weight=weight,
        details={
            "maps_to": mapped,
            "scope": goal["scope"] if isinstance(goal["scope"], str) else "",
            "target_basis": goal["target_basis"] if isinstance(goal["target_basis"], str) else "",
            "outcome": "" if outcome is None else str(outcome["status"]),
            "text": text,
            "target_year": target,
            "document": goal["document"],
            "declared_on": dated(goal),
        },
    )


def _became(context: Context, target: int | None, outcome: pd.Series | None) -> str:
    """Sentence, after a blank, on what became of a goal; empty while its year has not passed and nothing is known."""
    if outcome is not None:
        verdict = {"met": "Met", "missed": "Missed"}.get(str(outcome["status"]), "Outcome not known")
        return f" {verdict}: {outcome['text']}"
    return " Its year has passed; no account of its outcome is on record here." if _passed(context, target) else ""


def _passed(context: Context, target: int | None) -> bool:
    return target is not None and target < context.as_of.year


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
