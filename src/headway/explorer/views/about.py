"""Method, data, limits and record: read off the registry, the snapshot and the scores, so nothing is written twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from headway.core import wording
from headway.explorer.answer import Answer, AnswerTable
from headway.explorer.session import ExplorerSession
from headway.inference.record import coverage, stored, verdict
from headway.scenarios.registry import registry

_GRADES = {
    "read": "seen in a primary source",
    "secondary": "reported by another",
    "derived": "arithmetic on cited figures",
    "background": "common knowledge, range widened",
}


def method(desk: ExplorerSession) -> Answer:
    """Every assumption of the model with its distribution and where it comes from."""
    rows = [
        {
            "mechanism": group,
            "symbol": one.symbol,
            "name": one.name,
            "meaning": one.meaning,
            "unit": one.unit,
            "distribution": _spread(one.distribution.model_dump(exclude_none=True)),
            "tier": str(one.tier),
            "grade": _GRADES.get(str(one.grade), ""),
            "source": one.citation or one.rationale,
            "href": one.url,
        }
        for group, members in registry().groups.items()
        for one in members.values()
    ]
    tiers = Counter(row["tier"] for row in rows)
    drawn = "draws of the prior: no posterior ships for this date" if desk.model == "prior" else "the fitted posterior"
    columns = {
        "mechanism": "Mechanism", "symbol": "Symbol", "name": "Name", "meaning": "Meaning", "unit": "Unit",
        "distribution": "Distribution", "tier": "Tier", "grade": "How it was come by", "source": "Source or reason",
    }  # fmt: skip
    return Answer(
        "Method",
        f"The model rests on {len(rows)} uncertain numbers: {tiers['fit']} that data inform, {tiers['prior']} from the "
        f"literature alone and {tiers['scenario']} that are choices; futures are drawn from {drawn}.",
        desk.made(model=True),
        "A number of the scenario tier is nobody's measurement: it is a choice, stated with its reason.",
        "the parameter registry of Headway, with each parameter's own source",
        (wording.PROBABILITY_SOURCE,),
        (),
        (AnswerTable("assumptions", f"All {len(rows)} assumptions", columns, rows),),
    )


def data(desk: ExplorerSession) -> Answer:
    """Every indicator and every publisher in the snapshot."""
    evidence = desk.evidence
    all_rows = evidence.observations()
    grouped = all_rows.groupby("indicator")
    facts = grouped.agg(countries=("country", "nunique"), rows=("value", "size"), newest=("period", "max"))
    indicators = [
        {
            "domain": one.domain,
            "name": one.name,
            "slug": slug,
            "unit": one.unit,
            "kind": one.kind,
            "countries": int(facts["countries"].get(slug, 0)),
            "values": int(facts["rows"].get(slug, 0)),
            "newest": str(facts["newest"].get(slug, "")),
            "description": one.description or getattr(one, "rule", ""),
        }
        for slug, one in sorted(evidence.indicators().items(), key=lambda item: (item[1].domain, item[1].name))
        if slug in facts.index
    ]
    sources = [
        {"publisher": one.publisher, "title": one.title, "licence": one.licence, "retrieved": one.retrieved_on,
         "citation": one.citation, "href": one.url}
        for one in sorted(evidence.sources().values(), key=lambda one: one.publisher)
    ]  # fmt: skip
    return Answer(
        "Data",
        f"The evidence holds {len(all_rows):,} values of {len(indicators)} indicators from {len(sources)} "
        f"publications, as known on {wording.day(evidence.as_of)}.",
        desk.made(),
        "Figures are their publishers'; each keeps its own licence.",
        "the evidence snapshot of Headway",
        (),
        (),
        (
            AnswerTable(
                "indicators",
                "Indicators",
                {"domain": "Domain", "name": "Indicator", "unit": "Unit", "kind": "Kind", "countries": "Countries",
                 "values": "Values", "newest": "Newest", "slug": "Slug"},
                indicators,
            ),
            AnswerTable(
                "sources",
                "Publishers",
                {"publisher": "Publisher", "title": "Title", "licence": "Licence", "retrieved": "Retrieved",
                 "citation": "How to cite"},
                sources,
            ),
        ),
    )  # fmt: skip


def limits(desk: ExplorerSession) -> Answer:
    """Limits of this evidence: thin indicators, weak assumptions, doubted statements."""
    evidence = desk.evidence
    facts = evidence.observations().groupby("indicator").agg(n=("country", "nunique"), newest=("period", "max"))
    catalogue = evidence.indicators()
    rows: list[dict[str, Any]] = []
    for slug, one in catalogue.items():
        if slug not in facts.index:
            rows.append({"what": one.name, "kind": "indicator without any value", "why": "no publication read has it"})
        elif facts["n"][slug] < 20:
            why = f"{int(facts['n'][slug])} countries only; newest {facts['newest'][slug]}"
            rows.append({"what": one.name, "kind": "thin indicator", "why": why})
    for _, one_p in registry().parameters.items():
        if str(one_p.tier) == "scenario" or str(one_p.grade) == "background":
            kind = "a choice" if str(one_p.tier) == "scenario" else "weakly sourced assumption"
            rows.append({"what": one_p.name, "kind": kind, "why": one_p.rationale or one_p.note or one_p.citation})
    doubted = evidence.statements()
    for _, row in doubted[doubted["doubt"].fillna("") != ""].iterrows():
        rows.append({"what": str(row["text"])[:160], "kind": "doubted statement", "why": str(row["doubt"])})
    kinds = Counter(str(row["kind"]) for row in rows)
    listed = wording.listing([f"{count} of the kind “{kind}”" for kind, count in kinds.most_common()])
    model = "Futures are drawn from the prior: nothing has been fitted for this date." if desk.model == "prior" else ""
    return Answer(
        "Limits",
        f"{len(rows)} known weaknesses stand behind the numbers: {listed}.",
        desk.made(model=True),
        "What is not listed here may still be wrong; report a wrong number with the id of its finding.",
        "the registry and the snapshot of Headway",
        tuple(filter(None, [model])),
        (),
        (AnswerTable("limits", "Known weaknesses", {"what": "What", "kind": "Kind", "why": "Why"}, rows),),
    )


def track(desk: ExplorerSession) -> Answer:
    """How well earlier forecasts of the model held, against naive ones."""
    rows, sentence = _scores(desk.evidence.as_of)
    columns = {
        "forecaster": "Forecaster",
        "n": "Scores",
        "crps": "CRPS",
        "coverage50": "Inside 50%",
        "coverage90": "Inside 90%",
    }
    return Answer(
        "Hindcast record",
        sentence,
        desk.made(model=True),
        "A score of the past is no promise: the hold-out is short and the field changes.",
        "the hindcast of Headway",
        (),
        (),
        (AnswerTable("record", "Scores of every forecaster, lower CRPS is better", columns, rows),),
    )


def _scores(as_of: dt.date) -> tuple[list[dict[str, Any]], str]:
    """Rows of the shipped hindcast record, and what they say; none where none was known."""
    found = stored(as_of)
    if found is None:
        return [], "No hindcast record was known on that day, so no interval of the model has a coverage record yet."
    summary = found["summary"]
    rows = [
        {"forecaster": name, **scores} for name, scores in sorted(summary.items(), key=lambda item: item[1]["crps"])
    ]
    return rows, f"{verdict(found)} {coverage(as_of)}"


def _spread(distribution: Mapping[str, Any]) -> str:
    """`lognormal: median 2.6, spread 1.6`."""
    rest = ", ".join(f"{key} {value}" for key, value in distribution.items() if key != "kind")
    return f"{distribution.get('kind', '')}: {rest}"


PAGES: Mapping[str, Callable[[ExplorerSession], Answer]] = {
    "method": method,
    "data": data,
    "limits": limits,
    "record": track,
}
