"""Clauses of the judgement on a country that the model cannot run: its places, what it lacks and has, what to measure.

A function returns nothing where its findings are absent.
"""

from __future__ import annotations

from headway.brief.held import HeldFindings, JudgementClause, clause, is_number, lowered, reason, value_of
from headway.core import wording
from headway.findings import Finding

RICH = 5.0  # resource rents, % of GDP, above which they are talked of
_TOLD = 1.2  # ratio to the country compared with from which a difference is told
# Drivers that size does not decide.
_RELATIVE = (
    "rd_share_gdp", "researchers_per_million", "tertiary_enrolment", "internet_users_share", "ai_adoption_share",
    "electricity_generation_per_capita",
)  # fmt: skip


def unknown_distance(held: HeldFindings, subject: str) -> list[JudgementClause]:
    """Clauses on a distance that is not known, the reason, and the places among all countries that are."""
    measured, modelled = held.get("gap.lag_observed"), held.get("gap.lag_sovereign")
    if measured is None and modelled is None:
        return []
    told = [
        clause(
            f"How far {subject} stands from the frontier is neither measured nor computed{reason(modelled)}",
            measured,
            modelled,
        )
    ]
    place = held.get("standing.scale")
    if place is None:
        return told
    if is_number(place):
        return [*told, *_places(held, place)]
    if "the evidence has" not in place.sentence:
        return told  # a ranking that failed for everybody says nothing of the country
    return [*told, clause(f"; nor can it be ranked{reason(place)}", place)]


def _places(held: HeldFindings, place: Finding) -> list[JudgementClause]:
    """Its typical rank by size, and its highest and lowest domain."""
    of = place.details.get("countries")
    told = f"; by the size of what it has it ranks typically {wording.ordinal(value_of(place))} of {of} countries"
    profile = held.get("standing.profile", "scale")
    rows = profile.picture.rows if profile is not None and profile.picture is not None else ()
    if len(rows) < 2 or rows[0]["value"] == rows[-1]["value"]:
        return [clause(told, place)]
    highest, lowest = (
        f"{lowered(str(row['label']).partition(' (')[0])} ({wording.ordinal(row['value'])})"
        for row in (rows[0], rows[-1])
    )
    return [clause(told, place), clause(f", highest in {highest} and lowest in {lowest}", profile)]


def measured_difference(held: HeldFindings) -> list[JudgementClause]:
    """Spending or size beside the country compared with first, and what the country lacks most for its size."""
    lack = held.get("why.attribution")
    if lack is None:
        return []
    told = [*_size(held), *_lacks(held)]
    if not told:
        return []
    told = [JudgementClause(wording.sentence(told[0].text), told[0].findings), *told[1:]]
    weigh = "what these and other causes weigh" if len(told) > 1 else "what that and other causes weigh"
    return [*told, clause(f", but {weigh} cannot be computed", lack), *_rents(held)]


def _size(held: HeldFindings) -> list[JudgementClause]:
    for driver, doing in (
        ("rd_spending_usd", "spends {} as much on research and development"),
        ("gdp_usd", "has an economy {} as large"),
    ):
        found = held.number("why.driver", driver)
        times = float(found.details.get("times") or 0) if found is not None else 0
        if found is not None and times >= _TOLD:
            return [clause(f"{_against(held, found)} {doing.format(wording.times(times))}", found)]
    return []


def _against(held: HeldFindings, found: Finding) -> str:
    rival = str(found.details["against"])
    return held.rivals.get(rival, rival)


def _lacks(held: HeldFindings) -> list[JudgementClause]:
    """Clause on the driver, counted per head or as a share, in which the country compared with is furthest ahead."""
    ratios = []
    for driver in _RELATIVE:
        found = held.number("why.driver", driver)
        other = found.details.get("other") if found is not None else None
        if found is not None and other and value_of(found) > 0:
            ratios.append((float(other) / value_of(found), found))
    ratio, most = max(ratios, key=lambda pair: pair[0], default=(0.0, None))
    if most is None or ratio < _TOLD:
        return []
    lead = ", and, size left aside, it is" if _size(held) else f"size left aside, {_against(held, most)} is"
    return [clause(f"{lead} furthest ahead in {most.quantity} ({wording.times(ratio)} as high)", most)]


def _rents(held: HeldFindings) -> list[JudgementClause]:
    rents = held.number("why.driver", "resource_rents_share")
    if rents is None or value_of(rents) < RICH:
        return []
    share = f"{round(value_of(rents))}% of its GDP"
    return [clause(f"; {share} came from natural resources in {wording.period(rents.period)}", rents)]


def came_and_grew(held: HeldFindings) -> list[tuple[str, Finding]]:
    """Strengths that a country without a model may have: scholars who come, programmers who do ever more."""
    told = []
    scholars = held.number("why.scholars")
    if scholars is not None and value_of(scholars) > 0:
        told.append((f"more scholars came to it than left in {wording.period(scholars.period)}", scholars))
    code = held.number("why.activity_trend")
    typical = code.details.get("median") if code is not None else None
    if code is not None and typical is not None and value_of(code) > _TOLD * float(typical):
        grew = f"its work on public code grew by {round(value_of(code))}% in three years, faster than in most countries"
        told.append((grew, code))
    return told


def measure_first(held: HeldFindings) -> list[JudgementClause]:
    """Clauses on the first thing to measure, which would let the model run the country, and on all never observed."""
    missing, modelled = held.get("unknowns.missing"), held.get("gap.lag_sovereign")
    if missing is None:
        return []
    absent = missing.sentence.partition(": ")[2].rstrip(".")
    if not absent:
        return []
    never = f"{absent} {'have' if ' and ' in absent else 'has'} never been observed"
    if modelled is not None and "one published training run would do" in modelled.sentence:
        first = "So the first thing to do is to measure: one published training run would let it be placed"
        return [clause(first, modelled), clause(f"; {never}", missing)]
    return [clause(f"So the first thing to do is to measure: {never}", missing)]
