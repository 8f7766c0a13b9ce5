"""Terms of a test about curated statements (goals, budgets, events, niches), flows, and the findings of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from headway.claims.evaluate.known import (
    KnownInterval,
    KnownQuantity,
    MissingEvidence,
    certain_value,
    probability_grid,
    quantile_function,
)
from headway.claims.evaluate.lookup import EvidenceLookup, assumed_errors
from headway.claims.language import Term
from headway.core import periods, wording
from headway.core.errors import InputError
from headway.core.numbers import LEVEL
from headway.findings import Finding, FindingId

KINDS = ("goal", "budget", "event", "niche")


def statement(lookup: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> KnownQuantity:
    """Whether a curated fact of this kind is on record: 1 with the probability that its source is right."""
    rows = _statements(lookup, arguments)
    kind, country = arguments[0], lookup.country(arguments[1])
    if not rows:
        about = f" about {arguments[2]}" if len(arguments) > 2 else ""
        raise MissingEvidence(
            f"no {kind}{about} of {wording.the(lookup.name(country))} is on record on {wording.day(lookup.as_of)}; "
            "the record is curated by hand, so its silence proves nothing"
        )
    best = max(rows, key=_reliability)
    chance = _reliability(best)
    return KnownQuantity(
        key=f"statement:{':'.join(arguments)}",
        family=f"statement:{kind}",
        words=f"{kind} of {wording.the(lookup.name(country))} on record: {best['text']}",
        title=f"{kind} on record",
        value=1.0,
        unit="",
        quantiles=(probability_grid() >= 1.0 - chance).astype(np.float64),
        period=str(best["date"])[:10],
        assumed=f"{100 * chance:g}% that the record is right ({best['grade']} source)",
        tier="observed",
        facts=tuple(str(row["id"]) for row in sorted(rows, key=_reliability, reverse=True)[:8]),
        sentence=_on_record(best),
    )


def count(lookup: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> KnownQuantity:
    """Number of curated statements of this kind on record, a lower bound of the number that exists."""
    rows = _statements(lookup, arguments)
    kind, country = arguments[0], lookup.country(arguments[1])
    return KnownQuantity(
        key=f"count:{':'.join(arguments)}",
        family=f"count:{kind}",
        words=f"{kind}s of {wording.the(lookup.name(country))} on record",
        value=float(len(rows)),
        unit="",
        quantiles=certain_value(float(len(rows))),
        assumed="a count of the record, at most of what exists",
        tier="derived",
        facts=tuple(str(row["id"]) for row in rows[:8]),
    )


def amount(lookup: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> KnownQuantity:
    """Figure in a curated statement, by the id of the statement."""
    rows = lookup.evidence.statements()
    rows = rows[[arguments[0] in (str(id), str(id).rsplit(":", 1)[-1]) for id in rows["id"]]]
    if rows.empty:
        raise MissingEvidence(f"no statement '{arguments[0]}' is on record on {wording.day(lookup.as_of)}")
    row = rows.iloc[0]
    if row["value"] is None or row["value"] != row["value"]:
        raise MissingEvidence(f"the statement '{arguments[0]}' names no figure: {row['text']}")
    value, error = float(row["value"]), float(assumed_errors()["relative"]["press"]) / 3.0
    high = row["value_high"]
    between = high is not None and high == high and float(high) > value
    interval = KnownInterval(value, value, float(high), LEVEL) if between else KnownInterval(value, relative=error)
    return KnownQuantity(
        key=f"amount:{arguments[0]}",
        family="amount",
        words=str(row["text"]),
        value=value,
        unit=str(row["unit"] or ""),
        quantiles=quantile_function(interval),
        period=_day(row),
        assumed=f"assumed relative error of {100 * error:g}% (a figure as reported)",
        tier="observed",
        facts=(str(row["id"]),),
        sentence=_on_record(row),
    )


def flow(lookup: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> KnownQuantity:
    """People or papers from one country to another, summed over the years named."""
    kind, origin, destination, *years = arguments
    codes = lookup.country(origin), lookup.country(destination)
    way = " to ".join(wording.the(lookup.name(code)) for code in codes)
    rows = lookup.evidence.flows(kind)
    rows = rows[(rows["origin"] == codes[0]) & (rows["destination"] == codes[1])]
    if years:
        begin, end = periods.start(years[0]), periods.end(years[-1])
        rows = rows[[begin <= periods.end(str(text)) <= end for text in rows["period"]]]
    if rows.empty:
        raise MissingEvidence(f"no flow of {kind} from {way} is known")
    total, error = float(rows["value"].sum()), float(lookup.errors["survey"])
    return KnownQuantity(
        key=f"flow:{':'.join(arguments)}",
        family=f"flow:{kind}",
        words=f"{kind} from {way}",
        value=total,
        unit=str(rows["unit"].iloc[0]),
        quantiles=quantile_function(KnownInterval(total, relative=error)),
        period=f"{rows['period'].min()}–{rows['period'].max()}",
        assumed=f"assumed relative error of {100 * error:g}% (survey)",
        tier="derived",
        facts=tuple(str(id) for id in rows["id"][:8]),
    )


def _day(row: Mapping[str, Any]) -> str:
    """The date of a statement, as exact as its page gives it; empty where it gives none."""
    date = str(row["date"])[:10]
    return "" if date in ("NaT", "None") else date[: {"year": 4, "month": 7}.get(str(row.get("date_precision")), 10)]


def _on_record(row: Mapping[str, Any]) -> str:
    """The statement with its document or speaker and its date, as a sentence."""
    said = row.get("document") or row.get("who") or row.get("publisher") or ""
    head = ", ".join(part for part in (str(said), wording.period(_day(row))) if part)
    return f"On record ({head}): {str(row['text']).rstrip('.')}."


def _statements(lookup: EvidenceLookup, arguments: tuple[str, ...]) -> list[Mapping[str, Any]]:
    kind, country = arguments[0], lookup.country(arguments[1])
    if kind not in KINDS:
        raise InputError(f"'{kind}' is no kind of statement; there are {', '.join(KINDS)}")
    rows = lookup.evidence.statements(kind, country).to_dict("records")
    if len(arguments) > 2:
        topic = arguments[2]
        rows = [row for row in rows if topic in (row["topic"], row.get("maps_to"), row["metric"], row.get("direction"))]
    if len(arguments) > 3:
        since = periods.start(arguments[3])
        rows = [row for row in rows if periods.end(str(row["date"])[:10]) >= since]
    result: list[Mapping[str, Any]] = rows
    return result


def _reliability(row: Mapping[str, Any]) -> float:
    table = assumed_errors()["statement"]
    if row["grade"] == "primary" and row["verified"] in (True, "V"):
        return float(table["primary_verified"])
    return float(table.get(str(row["grade"]), table["press"]))


MIN_PROBABILITY = 0.002
"""No ensemble of a few hundred members supports a probability nearer to 0 or 1 than this."""


def finding_term(lookup: EvidenceLookup, term: Term, at: str | None) -> KnownQuantity:
    """The finding that `term` names: `section.quantity(COUNTRY[, ARGUMENT…])`.

    Raises:
        MissingEvidence: the recipe says nothing, or nothing with a number, of this country.
        InputError: unknown quantity, country or argument.
    """
    country, *arguments = term.arguments
    countries = tuple(code for code in (_code(lookup, argument) for argument in arguments) if code)
    finding = _chosen(lookup, term, lookup.findings(term.name, country, countries), tuple(arguments))
    if not isinstance(finding.value, (int, float)):
        raise MissingEvidence(
            finding.sentence.rstrip(".") if finding.value is None else f"{term} is in words: {finding.sentence}"
        )
    if at is not None:
        finding = _at(finding, at)
    return _known(finding)


def _code(lookup: EvidenceLookup, argument: str) -> str:
    try:
        return lookup.country(argument) if argument.isupper() or argument.istitle() else ""
    except InputError:
        return ""


def _chosen(lookup: EvidenceLookup, term: Term, found: tuple[Finding, ...], arguments: tuple[str, ...]) -> Finding:
    by_arguments = {FindingId.parse(finding.id).arguments: finding for finding in found}
    wanted = tuple(_code(lookup, argument) or argument for argument in arguments)
    if wanted in by_arguments:
        return by_arguments[wanted]
    if not arguments and len(found) == 1:
        return found[0]
    silent = next((finding for finding in found if finding.value is None), None)
    country = lookup.name(lookup.country(term.arguments[0]))
    if silent is not None:
        raise MissingEvidence(silent.sentence.rstrip("."))
    if not found:
        raise MissingEvidence(
            f"nothing is known on {wording.day(lookup.as_of)} from which to say {term.name} of {country}"
        )
    if () in by_arguments and all(_code(lookup, argument) for argument in arguments):
        return by_arguments[()]
    offered = "; ".join(f"({', '.join((term.arguments[0], *known))})" for known in list(by_arguments)[:12])
    if all(_code(lookup, argument) for argument in arguments) and any(len(k) == len(wanted) for k in by_arguments):
        raise MissingEvidence(f"{term.name} of {country} is not known against {', '.join(arguments)}")
    raise InputError(f"{term} is not what {term.name} says; it says {offered}")


def _at(finding: Finding, at: str) -> Finding:
    """The same finding at another period: from the rows of its picture, where it speaks of the past."""
    from dataclasses import replace

    first, last = periods.span(at)
    spoken = finding.period.split("–")[-1].strip()
    try:
        begin, end = periods.span(spoken)
    except InputError:
        begin, end = finding.as_of, finding.as_of
    if begin <= last and end >= first:
        return finding
    for row in finding.picture.rows if finding.picture is not None and finding.picture.kind in ("lines", "fan") else ():
        date = str(row.get("date", ""))[:10]
        if date and first.isoformat() <= date <= last.isoformat() and "value" in row and "low" in row:
            return replace(finding, value=float(row["value"]), low=row["low"], high=row["high"], period=date)
    raise MissingEvidence(
        f"“{finding.sentence.rstrip('.')}” speaks of {finding.period or finding.as_of}, not of {wording.period(at)}"
    )


def _known(finding: Finding) -> KnownQuantity:
    value = float(finding.value)  # type: ignore[arg-type]
    note = ""
    low, high = finding.low, finding.high
    if finding.unit == "probability":
        chance = min(max(value, MIN_PROBABILITY), 1.0 - MIN_PROBABILITY)
        quantiles = (probability_grid() >= 1.0 - chance).astype(np.float64)
    elif low is not None and high is not None and high > low:
        quantiles = quantile_function(KnownInterval(value, min(low, value), max(high, value), finding.level))
    elif finding.unit in ("rank", "", "models", "countries") or value == 0:
        quantiles = certain_value(value)
    else:
        note = "assumed relative error of 10% (derived), the finding giving no width"
        quantiles = quantile_function(KnownInterval(value, relative=0.10))
    return KnownQuantity(
        key=finding.id,
        family=FindingId.parse(finding.id).recipe,
        words=finding.sentence.rstrip("."),
        value=value,
        unit=finding.unit,
        quantiles=quantiles,
        period=finding.period,
        low=finding.low,
        high=finding.high,
        level=finding.level,
        assumed=note,
        tier=str(finding.tier),
        facts=finding.observations,
        finding=finding.id,
        sentence=finding.sentence,
        title=finding.title or finding.quantity,
    )
