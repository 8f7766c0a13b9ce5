"""Findings as terms of a test: any quantity that a recipe states, with the interval that it states."""

from __future__ import annotations

import numpy as np

from headway.claims.expression.tree import Term
from headway.claims.weighing.desk import EvidenceLookup
from headway.claims.weighing.known import Known, KnownInterval, MissingEvidence, constant, probabilities, spread
from headway.core import periods, wording
from headway.core.errors import InputError
from headway.findings import Finding, FindingId

FINITE = 0.002
"""No ensemble of a few hundred members supports a probability nearer to 0 or 1 than this."""


def finding_term(desk: EvidenceLookup, term: Term, at: str | None) -> Known:
    """The finding that `term` names: `section.quantity(COUNTRY[, ARGUMENT…])`.

    Raises:
        Missing: the recipe says nothing, or nothing with a number, of this country.
        InputError: unknown quantity, country or argument.
    """
    country, *arguments = term.arguments
    countries = tuple(code for code in (_code(desk, argument) for argument in arguments) if code)
    finding = _chosen(desk, term, desk.findings(term.name, country, countries), tuple(arguments))
    if not isinstance(finding.value, (int, float)):
        raise MissingEvidence(
            finding.sentence.rstrip(".") if finding.value is None else f"{term} is in words: {finding.sentence}"
        )
    if at is not None:
        finding = _at(finding, at)
    return _known(finding)


def _code(desk: EvidenceLookup, argument: str) -> str:
    try:
        return desk.country(argument) if argument.isupper() or argument.istitle() else ""
    except InputError:
        return ""


def _chosen(desk: EvidenceLookup, term: Term, found: tuple[Finding, ...], arguments: tuple[str, ...]) -> Finding:
    by_arguments = {FindingId.parse(finding.id).arguments: finding for finding in found}
    wanted = tuple(_code(desk, argument) or argument for argument in arguments)
    if wanted in by_arguments:
        return by_arguments[wanted]
    if not arguments and len(found) == 1:
        return found[0]
    silent = next((finding for finding in found if finding.value is None), None)
    country = desk.name(desk.country(term.arguments[0]))
    if silent is not None:
        raise MissingEvidence(silent.sentence.rstrip("."))
    if not found:
        raise MissingEvidence(
            f"nothing is known on {wording.day(desk.as_of)} from which to say {term.name} of {country}"
        )
    if () in by_arguments and all(_code(desk, argument) for argument in arguments):
        return by_arguments[()]
    offered = "; ".join(f"({', '.join((term.arguments[0], *known))})" for known in list(by_arguments)[:12])
    if all(_code(desk, argument) for argument in arguments) and any(len(k) == len(wanted) for k in by_arguments):
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


def _known(finding: Finding) -> Known:
    value = float(finding.value)  # type: ignore[arg-type]
    note = ""
    low, high = finding.low, finding.high
    if finding.unit == "probability":
        chance = min(max(value, FINITE), 1.0 - FINITE)
        quantiles = (probabilities() >= 1.0 - chance).astype(np.float64)
    elif low is not None and high is not None and high > low:
        quantiles = spread(KnownInterval(value, min(low, value), max(high, value), finding.level))
    elif finding.unit in ("rank", "", "models", "countries") or value == 0:
        quantiles = constant(value)
    else:
        note = "assumed relative error of 10% (derived), the finding giving no width"
        quantiles = spread(KnownInterval(value, relative=0.10))
    return Known(
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
        title=finding.quantity,
    )
