"""Part 5, as far as evidence goes: fields where a country does more than its size suggests, and outcomes by niche."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from headway.core import wording
from headway.findings.finding import Finding, FindingTier, Picture
from headway.findings.observed.common import dated
from headway.findings.recipe import Context, recipe

_IN_SCIENCE = "rca_ai_in_science"  # compares AI with the rest of science, not one field of software with another
_FIELDS_SHOWN = 6
_NICHES_SHOWN = 6


@recipe("strengths.rca")
def revealed_comparative_advantage(context: Context) -> Iterator[Finding]:
    """Balassa's index by field: the country's share in the field over its share in all; above one is a strength."""
    fields = [slug for slug in context.evidence.indicators() if slug.startswith("rca_") and slug != _IN_SCIENCE]
    latest = context.evidence.observations(fields, context.country) if fields else pd.DataFrame()
    if latest.empty:
        yield Finding(
            id=context.id("strengths.rca"),
            section="strengths",
            quantity="revealed comparative advantage",
            as_of=context.as_of,
            tier=FindingTier.OBSERVED,
            weight=1,
            sentence=f"No field is counted finely enough to say where {context.the(context.country)} has an advantage.",
        )
        return
    latest = latest.sort_values("period").groupby("indicator").tail(1).sort_values("value", ascending=False)
    labels = {
        slug: context.evidence.indicators()[slug].name.removeprefix("Specialisation in ")
        for slug in latest["indicator"]
    }
    strong = latest[latest["value"] > 1]
    shown = latest.head(_FIELDS_SHOWN)
    named = [f"{labels[r.indicator]} ({wording.number(float(r.value), 2)})" for r in shown.head(3).itertuples()]
    yield Finding(
        id=context.id("strengths.rca"),
        section="strengths",
        quantity="fields with revealed comparative advantage",
        value=float(len(strong)),
        unit="fields",
        period=str(latest["period"].max()),
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        observations=tuple(map(str, shown["id"])),
        sentence=f"Of {len(latest)} fields counted, {context.the(context.country)} does more than its share of the "
        f"world’s public code in {len(strong)} (revealed comparative advantage above 1); its highest: "
        f"{wording.listing(named)}.",
        short=wording.fitting("Does most above its share of the world’s public code in ", named),
        caveat="By pushers to public code on each topic: it shows where effort goes, not how good the result is.",
        weight=1,
        picture=Picture(
            kind="bars",
            title=f"Fields in which {context.of(context.country)} programmers do more than others (above 1)",
            rows=tuple({"label": labels[r.indicator], "value": float(r.value)} for r in shown.itertuples()),
            x="share in the field / share in all fields",
            y="",
            alternative="; ".join(
                f"{labels[r.indicator]} {wording.number(float(r.value), 2)}" for r in shown.itertuples()
            )
            + ".",
            source=", ".join(sorted(set(latest["source"].astype(str)))),
        ),
    )


@recipe("strengths.niche")
def niches(context: Context) -> Iterator[Finding]:
    """Outcomes by niche that somebody counted: face recognition, vehicles, cybersecurity, launches, language models."""
    counted = context.evidence.statements("niche", context.country)
    if counted.empty:
        return
    newest = counted.sort_values(["date", "id"], kind="stable").groupby("topic", sort=False).tail(1)
    for place, (_, row) in enumerate(
        newest.sort_values("date", ascending=False, kind="stable").head(_NICHES_SHOWN).iterrows()
    ):
        yield Finding(
            id=context.id("strengths.niche", str(row["id"]).rsplit(":", 1)[-1]),
            section="strengths",
            quantity=f"outcome in a niche: {str(row['topic']).replace('_', ' ')}",
            value=None if pd.isna(row["value"]) else float(row["value"]),
            unit=str(row["unit"] or ""),
            period=dated(row),
            as_of=context.as_of,
            tier=FindingTier.OBSERVED,
            observations=(str(row["id"]),),
            sentence=f"{wording.sentence(str(row['topic']).replace('_', ' '))}: {str(row['text']).rstrip('.')} "
            f"({dated(row)}).",
            caveat=str(row["doubt"] or ""),
            weight=2 if place < 3 else 3,
            details={"topic": str(row["topic"]).replace("_", " "), "text": str(row["text"]).rstrip(".")},
        )
