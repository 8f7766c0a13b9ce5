"""Later clauses of the judgement: why, but, so, and how sure; each says no more than its findings do.

A function returns nothing where its findings are absent.
"""

from __future__ import annotations

import datetime as dt
import re

from headway.brief.held import (
    SHORT,
    HeldFindings,
    JudgementClause,
    clause,
    gain_of,
    is_number,
    lag_of,
    lowered,
    value_of,
)
from headway.brief.measured import RICH, came_and_grew, measure_first, measured_difference
from headway.core import wording
from headway.core.numbers import USEFUL_SHARE
from headway.findings import Finding, FindingId

LARGEST = 3  # causes named
RANKED = 10  # a place by size up to which it is a strength
KNOWN_FOR = 7  # the same for one indicator
STRENGTHS = 3  # named at most
RECENT = 2  # years after which an outcome in a niche is no longer told
_ASSUMED = "what money does is assumed"
_CAUSES = {
    "controls": ("export controls", "export controls"),
    "economy": ("the smaller size of its economy", "the larger size of its economy"),
    "spending": ("a smaller share of GDP spent on AI", "a larger share of GDP spent on AI"),
    "openness": ("less openness to what others find", "more openness to what others find"),
    "supply": (
        "fewer chips from partners, third countries and makers at home",
        "more chips from partners, third countries and makers at home",
    ),
    "education": ("fewer researchers trained", "more researchers trained"),
    "head_start": ("the other’s earlier start in algorithms", "its own earlier start in algorithms"),
    "resources": ("dependence on oil, gas and other natural resources", "less dependence on natural resources"),
    "talent_loss": ("the loss of talent", "the talent that others lose"),
}
_RELIEFS = {
    "controls": "export controls on the other take",
    "economy": "its larger economy takes",
    "spending": "the larger share of GDP spent on AI takes",
    "openness": "what it learns from others takes",
    "supply": "chips from partners, third countries and makers at home take",
    "education": "the training of researchers takes",
    "head_start": "its own start in algorithms takes",
    "resources": "its freedom from natural resources takes",
    "talent_loss": "the talent that others lose takes",
}
_FUTILE = ("head-on", "talent-first", "domestic-chips", "diversify")  # those named where they would not help, in order
_STRATEGIES = {
    "head-on": "more money for AI investment",
    "niche-focus": "concentrating on its strongest fields",
    "collaboration": "joint research and computing power from partners",
    "talent-first": "keeping, bringing and training researchers",
    "domestic-chips": "a chip industry of its own",
    "diversify": "moving the economy away from natural resources",
    "balanced": "a bit of everything",
}


def because(held: HeldFindings) -> list[JudgementClause]:
    """Causes that carry the distance to the country compared with first, what is left over, what is no cause."""
    whole = next((item for item in held.all("why.attribution").items() if is_number(item[1])), None)
    if whole is None:
        return measured_difference(held)
    (rival,), total = whole
    parts = {key[1]: found for key, found in held.all("why.attribution", 2).items() if key[0] == rival}
    months: dict[str, int] = dict(total.details.get("whole_months") or {})
    lead = bool(total.details.get("lead"))
    named = {key: count for key, count in months.items() if key in _CAUSES and key in parts}
    least = max(SHORT, 0.15 * abs(value_of(total)))
    carrying = sorted((key for key, count in named.items() if count >= least), key=lambda key: -named[key])[:LARGEST]
    if not carrying:
        return []
    other = held.rivals.get(rival, rival)
    measured = held.number("gap.lag_observed")
    differs = measured is not None and not lead and abs(value_of(measured) - value_of(total)) >= 2 * SHORT
    opening = "Allowing for what has not been tested, it is" if differs else "It is"
    relief = None if lead else min(named, key=lambda key: named[key])
    relief = relief if relief is not None and named[relief] <= -SHORT else None
    said = [*carrying, *([relief] if relief else [])]
    others = sum(count for key, count in months.items() if key != "rest" and key not in said)
    why = _because(held, {key: parts[key] for key in carrying}, named, lead)
    return [
        clause(
            f"{opening} {lag_of(total, f'behind {other}', f'ahead of {other}', turned=lead)} {why}",
            total,
            *(parts[key] for key in carrying),
            held.number("why.driver", "gdp_usd") if "economy" in carrying else None,
        ),
        *([clause(f"; {_RELIEFS[relief]} {wording.count_months(named[relief])} off", parts[relief])] if relief else []),
        *_left_over(total, others, months.get("rest", 0), relieved=bool(relief)),
        *_no_cause(held, parts, lead),
    ]


def _because(held: HeldFindings, carrying: dict[str, Finding], months: dict[str, int], lead: bool) -> str:
    said = []
    for key, found in carrying.items():
        words = _CAUSES[key][1 if lead else 0]
        if key == "economy":
            words = _economy(held, lead) or words
        doubt = "probably " if found.low is not None and found.low < 0 else ""
        assumed = f"; {found.details['assumed']}" if found.details.get("assumed") else ""
        said.append(f"{doubt}{words} ({wording.count_months(months[key])}{assumed})")
    above = " above all" if len(said) == 1 else ""
    return f"because of {wording.listing(said)}{above}"


def _economy(held: HeldFindings, lead: bool) -> str:
    """`an economy 12 times smaller`, where the economies differ by a factor that can be said so."""
    driver = held.number("why.driver", "gdp_usd")
    times = float(driver.details.get("times") or 0) if driver is not None else 0
    if not lead and times >= 1.5:
        return f"an economy {_times(times)} smaller"
    if lead and 0 < times <= 1 / 1.5:
        return f"an economy {_times(1 / times)} larger"
    return ""


def _times(ratio: float) -> str:
    return f"{round(ratio)} times" if ratio >= 3 else wording.times(ratio)


def _left_over(total: Finding, others: int, rest: int, *, relieved: bool) -> list[JudgementClause]:
    """Words on the sum of smaller causes, and on the part that nothing accounts for, so that all parts add up."""
    told = []
    if others:
        told.append(f"smaller causes and rounding {'add' if others > 0 else 'take off'} {_count(others)}")
    if rest > 0:
        told.append(f"{_count(rest)} {'is' if rest == 1 else 'are'} left unexplained")
    elif rest:
        another = "another " if others < 0 or (relieved and not others) else ""
        told.append(f"{another}{_count(rest)} come{'s' if rest == -1 else ''} off unexplained")
    return [clause(f"; {(' and ' if (others < 0) == (rest < 0) else ', but ').join(told)}", total)] if told else []


def _count(months: int) -> str:
    """`4 months`, `1 month`."""
    return f"{abs(months)} month{'' if abs(months) == 1 else 's'}"


def _no_cause(held: HeldFindings, parts: dict[str, Finding], lead: bool) -> list[JudgementClause]:
    """The loss of talent, where scholars are seen to leave and it still weighs nothing."""
    loss, scholars = parts.get("talent_loss"), held.number("why.scholars")
    if lead or loss is None or abs(value_of(loss)) >= 0.5:
        return []
    if scholars is None or value_of(scholars) >= 0:
        return []
    return [
        clause(
            "; the loss of talent does not show among the causes, though more scholars left than came in "
            f"{wording.period(scholars.period)}",
            loss,
            scholars,
        )
    ]


def but(held: HeldFindings) -> list[JudgementClause]:
    """Real strengths of the country, or the exposure of a leader."""
    return _exposure(held) if held.leads else _strengths(held)


def _exposure(held: HeldFindings) -> list[JudgementClause]:
    told = []
    free = held.number("gap.accessible_observed")
    if free is not None:
        model, maker = free.details.get("model"), str(free.details.get("maker") or "")
        whose = "its own" if maker == held.code else f"from {held.rivals[maker]}" if maker in held.rivals else ""
        told.append(
            clause(
                f"But what it holds others soon have, for the best model that anyone may run, {model}"
                f"{f', {whose},' if whose else ','} stood {wording.count_months(value_of(free))} behind the frontier",
                free,
            )
        )
    weakest = held.get("standing.weakest", "intensity")
    if weakest is not None and weakest.details.get("ranks") and isinstance(weakest.value, str):
        rank = next(iter(weakest.details["ranks"].values()))
        opening = ", and" if told else "But"
        told.append(
            clause(
                f"{opening} measured against its size it is weakest in {lowered(weakest.value)} "
                f"({wording.ordinal(rank['rank'])} of {rank['of']})",
                weakest,
            )
        )
    return told


def _strengths(held: HeldFindings) -> list[JudgementClause]:
    told: list[tuple[str, Finding]] = []
    place = held.number("standing.scale")
    if place is not None and value_of(place) <= RANKED:
        rank, of = wording.ordinal(value_of(place)), place.details.get("countries")
        told.append((f"by the size of what it has it ranks typically {rank} of {of} countries", place))
    named: set[str] = set()
    for view, against in (("scale", "it is"), ("intensity", "for its size it is")):
        best = held.get("standing.strongest", view)
        if best is None or not best.details.get("ranks") or not isinstance(best.value, str):
            continue
        indicator, what = next(iter(best.details["ranks"].values())), lowered(re.split(r", | per ", best.value)[0])
        if what not in named and indicator["rank"] <= KNOWN_FOR and indicator["of"] >= 5 * KNOWN_FOR:
            named.add(what)
            told.append((f"{against} {_place(indicator['rank'])} in {what}", best))
    fields = held.get("strengths.rca")
    if fields is not None and fields.picture is not None:
        above = [str(row["label"]) for row in fields.picture.rows if float(row["value"]) >= 1.2][:2]
        if above:
            told.append((f"its programmers do more than others in {wording.listing(above)}", fields))
    told = [*told, *came_and_grew(held)][:STRENGTHS]
    joints = ["But", *([","] * (len(told) - 2)), " and"][: len(told)]
    clauses = [clause(f"{joint} {words}", found) for joint, (words, found) in zip(joints, told, strict=True)]
    return [*clauses, *_niche(held, first=not told), *_within_reach(held, first=not told)]


def _niche(held: HeldFindings, *, first: bool) -> list[JudgementClause]:
    """The newest counted outcome in a niche, in its own words; a tier of an index is none, nor one long past."""
    if first:
        return []
    for found in held.all("strengths.niche").values():
        year, text = re.search(r"\d{4}$", found.period), str(found.details.get("text") or "")
        if not text or found.unit == "tier" or year is None or found.as_of.year - int(year[0]) > RECENT:
            continue
        told = lowered(text) if re.match(r"(A|An|The|In|More|About) ", text) else text
        return [clause(f"; {told} ({found.details['topic']}, {found.period})", found)]
    return []


def _place(rank: float) -> str:
    """`first`, `4th`."""
    return "first" if round(rank) == 1 else wording.ordinal(rank)


def _within_reach(held: HeldFindings, *, first: bool) -> list[JudgementClause]:
    """Clause on open weights of others, where they bring a country nearer than its own models."""
    free, own, reach = (
        held.number(name) for name in ("gap.accessible_observed", "gap.lag_sovereign", "gap.lag_accessible")
    )
    if reach is not None and own is not None and value_of(own) - value_of(reach) >= SHORT:
        within, rented = wording.count_months(value_of(reach)), held.number("gap.dependence")
        text = f"models that others publish for anyone to run bring it within {within} of the frontier"
        told = [clause(f"But {text}" if first else f"; {text}", reach, own)]
        if rented is not None and value_of(rented) >= SHORT:
            lost = (
                f", and to be cut off from those that it rents would cost it {wording.count_months(value_of(rented))}"
            )
            told.append(clause(lost, rented))
        return told
    if first and free is not None:
        return [
            clause(
                f"But anyone may run the best openly published model, {free.details.get('model')}, which stood "
                f"{wording.count_months(value_of(free))} behind the frontier; that is access, not ability",
                free,
            )
        ]
    return []


def so(held: HeldFindings) -> list[JudgementClause]:
    """The strategy that would change the distance most, its cost and risk, and those that would not help."""
    tried = {key[0]: found for key, found in held.all("change.strategy").items() if is_number(found)}
    tried = {key: found for key, found in tried.items() if key in _STRATEGIES}
    if not tried:
        return measure_first(held)
    best, found = max(tried.items(), key=lambda item: value_of(item[1]))
    cost = f"{wording.number(float(found.details.get('cost_share_of_gdp') or 0), 2)}% of GDP a year"
    if value_of(found) < SHORT:
        thing = "lead" if held.leads else "distance"
        text = f"So nothing tried at {cost} would move its {thing} by much more than a month by 2035 ({_ASSUMED})"
        return [clause(text, *tried.values())]
    effect = f"add {gain_of(found)} to its lead" if held.leads else f"take {gain_of(found)} off by 2035"
    told = [clause(f"So {_STRATEGIES[best]} would change most: {cost} would {effect} ({_ASSUMED})", found)]
    risk = next(iter(found.details.get("exposure") or ()), None)
    if risk is not None:
        told.append(clause(f", but it would suffer most if {risk['if']}", found))
    told += _holds_up(held, best)
    rents = held.number("why.driver", "resource_rents_share")
    futile = [
        key
        for key in _FUTILE
        if key in tried
        and key != best
        and abs(value_of(tried[key])) < SHORT
        and (key != "diversify" or (rents is not None and value_of(rents) >= RICH))
    ][:2]
    if futile:
        words = " or ".join(_STRATEGIES[key] for key in futile)
        told.append(clause(f"; {words} would hardly help", *(tried[key] for key in futile)))
    return told


def _holds_up(held: HeldFindings, best: str) -> list[JudgementClause]:
    """The strategy that falls least short of the best choice over all futures, where it is another one."""
    robust = held.get("change.robust")
    name = str(robust.details.get("strategy") or "") if robust is not None else ""
    if robust is None or name == best or name not in _STRATEGIES:
        return []
    return [
        clause(
            f"; counting also the models that it can use and its strongest fields, and all that may happen, "
            f"{_STRATEGIES[name]} falls least short of the best choice",
            robust,
        )
    ]


def sure(held: HeldFindings) -> list[JudgementClause]:
    """The record of such numbers, the measurement that would help most, and how old the evidence is."""
    helps, useful = _helps(held)
    told = [*helps, *_record(held), *_age(held)] if useful else [*_record(held), *helps, *_age(held)]
    return told[:1] + [JudgementClause(f"; {lowered(one.text)}", one.findings) for one in told[1:]]


def _record(held: HeldFindings) -> list[JudgementClause]:
    found = held.get("gap.hindcast")
    counts = [tuple(pair) for pair in (found.details.get("inside") or {}).values()] if found is not None else []
    if not counts or held.number("gap.lag_sovereign") is None:
        return []
    results, kept = counts[-1]
    narrow = ", so the ranges here are too narrow" if kept < 0.8 * results else ""
    untested = held.get("gap.lag_observed") if held.number("gap.lag_observed") is None else None
    whose = ", all of other countries," if untested is not None else ""
    return [
        clause(
            f"Asked at past dates about the year that followed, the runs behind these numbers had {kept} of {results} "
            f"later scores{whose} inside their 90% ranges{narrow}",
            found,
            untested,
        )
    ]


def _helps(held: HeldFindings) -> tuple[list[JudgementClause], bool]:
    """The measurement that would help most, and whether it would narrow a range much."""
    found = held.number("unknowns.measurement", "now") or held.number("unknowns.measurement", "2030")
    if found is None or found.picture is None or not found.picture.rows:
        return [], False
    what, share = str(found.picture.rows[0]["label"]), value_of(found)
    if share < USEFUL_SHARE:
        return [clause("No single measurement would narrow the ranges much", found)], False
    width = f"{round(100 * (1 - share) ** 0.5)}% of its width"
    which = "today’s range" if FindingId.parse(found.id).arguments == ("now",) else "the range for 2030"
    return [clause(f"{wording.sentence(what)} would narrow {which} most, to about {width}", found)], True


def _age(held: HeldFindings) -> list[JudgementClause]:
    measured = held.number("gap.lag_observed") or held.number("gap.accessible_observed")
    age = held.number("standing.evidence")
    told = []
    if measured is not None:
        told.append(clause(f"Evidence on models ends {wording.day(dt.date.fromisoformat(measured.period))}", measured))
    if age is not None:
        years = float(age.details.get("median_age_years") or 0)
        if years >= 1.5:
            told.append(clause(f"Half of its other figures are older than {round(12 * years)} months", age))
    return told
