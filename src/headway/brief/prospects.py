"""First clauses of the judgement: what the country declared and the chance of it, where it stands, what comes.

A function returns nothing where its findings are absent.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from headway.brief.held import (
    HeldFindings,
    JudgementClause,
    clause,
    futures_have,
    is_number,
    lag_of,
    lowered,
    value_of,
)
from headway.brief.measured import unknown_distance
from headway.core import wording
from headway.core.numbers import LEVEL
from headway.findings import Finding, FindingId

_TURN = 3.0  # months by which a distance must change to be called a turn
_SOME = 0.05  # chance below which there is almost none, so that it softens nothing
_PLACES = {1: "first", 2: "first two", 3: "first three", 5: "first five", 10: "first ten"}


def answer(held: HeldFindings) -> list[JudgementClause]:
    """Clauses on the place that the country declared it would take, and its chance."""
    goal = _place_goal(held)
    if goal is not None:
        return [clause(f"{_subject(held)} {_declared(goal)}", goal), *_chance(held, goal)]
    first = _followed_goal(held) or next(iter(held.all("ambition.goal").values()), None)
    if first is not None and first.details.get("text"):
        said = clause(f"{_subject(held)} {_declared(first)}", first)
        return [said, *_chance_of_other(held, first)]
    none = held.get("ambition.goal")
    if none is None:
        return _first_ten(held, wording.sentence(held.name), subject=False)
    if _no_goal_no_distance(held):
        return [*unknown_distance(held, held.name), clause("; no goal for AI that it declared is on record here", none)]
    return [clause(f"No goal for AI that {held.name} declared is on record here", none), *_first_ten(held, ", and")]


def _no_goal_no_distance(held: HeldFindings) -> bool:
    """Whether the country neither declared a goal nor has a distance, so that its place is what can be said first."""
    goals = held.all("ambition.goal") or held.get("ambition.goal") is None
    return not goals and not any(held.number(recipe) for recipe in ("gap.lag_observed", "gap.lag_sovereign"))


def _place_goal(held: HeldFindings) -> Finding | None:
    """First declared goal of a place among all countries; one whose year has not passed goes first."""
    goals = [
        goal
        for goal in held.all("ambition.goal").values()
        if goal.details.get("maps_to") == "rank_capability"
        and goal.details.get("scope", "WORLD") == "WORLD"
        and is_number(goal)
        and goal.details.get("text")
    ]
    open_ones = [goal for goal in goals if (goal.details.get("target_year") or 9999) >= goal.as_of.year]
    return next(iter(open_ones or goals), None)


def _followed_goal(held: HeldFindings) -> Finding | None:
    """First declared goal that is met, missed or has a chance, of a country that declared no place."""
    goals = (goal for goal in held.all("ambition.goal").values() if goal.details.get("text"))
    return next((goal for goal in goals if _verdict(held, goal, "chance", "met", "missed") is not None), None)


def _verdict(held: HeldFindings, goal: Finding, *kinds: str) -> Finding | None:
    """Verdict on a goal, where it is one of these kinds."""
    found = held.get("ambition.verdict", *FindingId.parse(goal.id).arguments)
    return found if found is not None and found.details.get("verdict") in kinds else None


def _chance_of_other(held: HeldFindings, goal: Finding) -> list[JudgementClause]:
    """Clause on a goal that is no place: what became of it, its chance, or the evidence that would decide it."""
    verdict = _verdict(held, goal, "chance", "met", "missed", "untested")
    if verdict is None:
        return [clause(", a goal that nothing here can test", goal), *_first_ten(held, ", but")]
    why = lowered(str(verdict.details.get("why") or ""))
    if verdict.details["verdict"] == "untested":
        return [
            clause(f", but whether it gets there cannot be tested, because {why}", verdict),
            *_first_ten(held, "; meanwhile"),
        ]
    if is_number(verdict):
        p = value_of(verdict)
        joint, will = ", but" if p < 0.5 else ", and", wording.prospect(p, "get there", "getting there")
        return [clause(f"{joint} it {will} ({wording.in_hundred(p)})", verdict), *_first_ten(held, ";")]
    met = "met" if verdict.details["verdict"] == "met" else "missed"
    return [clause(f", and {met} it: {why}", verdict), *_first_ten(held, ";")]


def _declared(goal: Finding) -> str:
    """`set out in 2019 to become one of the leading powers in AI by 2030`, from the goal's own words."""
    text = re.sub(r"\s*\([^)]*\)\s*$", "", re.split(r"; |: ", str(goal.details["text"]))[0]).rstrip(".")
    text = re.sub(r"\bthe ((?:\w+ )?\w+) of the country\b", r"its \1", text)
    year = re.findall(r"\d{4}", str(goal.details.get("declared_on") or ""))
    when = f" in {year[-1]}" if year else ""
    words = lowered(text)
    if re.search(r"\b(should|must|will|can|are|is)\b", words):
        return f"declared{when} that {words}"
    if re.match(r"(a|an|at|more|the|\d)\b", words):
        return f"declared{when} as its goal {words}"
    return f"set out{when} to {words}"


def _chance(held: HeldFindings, goal: Finding) -> list[JudgementClause]:
    """Clauses on the verdict on the goal: what became of it, its chance, or why it cannot be tested."""
    verdict = held.get("ambition.verdict", *FindingId.parse(goal.id).arguments)
    if verdict is None:
        return []
    why, expired = str(verdict.details.get("why") or ""), (goal.details.get("target_year") or 9999) < goal.as_of.year
    if not is_number(verdict):
        if isinstance(verdict.value, str):
            return [clause(f", and {'met' if verdict.value == 'met' else 'missed'} it: {lowered(why)}", verdict)]
        gets = "got" if expired else "gets"
        return [clause(f", but whether it {gets} there cannot be tested, because {lowered(why)}", verdict)]
    p, year = value_of(verdict), verdict.period[:4]
    structure = held.get("outlook.long_run", "2030")
    condition = " if computing power decides" if structure is not None else ""
    if held.leads and p > 0.5:
        stays = wording.prospect(p, "be there still", "being there still")
        return [clause(f", and it {stays} at the end of {year}{condition} ({wording.of_hundred(p)} futures)", verdict)]
    coded, place = goal.details.get("target_basis") == "coded", round(value_of(goal))
    meaning = "the frontier" if place == 1 else f"a place among the {_among(place)}"
    read = f", reading that as {meaning}," if coded else ""
    joint = ", but" if p < 0.5 else ", and"
    will = wording.prospect(p, "get there", "getting there")
    late = ", where the model ends" if (goal.details.get("target_year") or 0) > int(year) else ""
    ten = held.number("outlook.probability", "top_10", "2030") if place <= 5 and p < 0.5 and year == "2030" else None
    more = ""
    if (other := verdict.details.get("other_structure")) is not None:
        more = f", and {wording.of_hundred(float(other))} if knowledge goes on spreading as it has since 2023"
    elif ten is not None and _worth(ten, p):
        more = f", though {futures_have(value_of(ten)).replace(' futures', '')} it among the first ten"
    return [
        clause(
            f"{joint}{read} it {will}{condition}: {futures_have(p)} it there at the end of {year}{late}{more}",
            verdict,
            ten if "first ten" in more else None,
            structure,
        )
    ]


def _worth(ten: Finding, p: float) -> bool:
    """Whether the chance of the first ten tells something that the chance of a higher place does not."""
    return value_of(ten) >= _SOME and wording.of_hundred(value_of(ten)) != wording.of_hundred(p)


def _among(place: int) -> str:
    return _PLACES.get(place, f"first {place}")


def _first_ten(held: HeldFindings, joint: str, *, subject: bool = True) -> list[JudgementClause]:
    """Chance of the first ten places, where no goal says which chance is asked for."""
    chance = held.number("outlook.probability", "top_10", "2030")
    if chance is None:
        return []
    p, it = value_of(chance), " it" if subject else ""
    will = wording.prospect(p, "be", "being")
    return [
        clause(
            f"{joint}{it} {will} among the first ten by its own best model at the end of 2030 "
            f"({wording.of_hundred(p)} futures)",
            chance,
        )
    ]


def distance(held: HeldFindings) -> list[JudgementClause]:
    """Clauses on the distance to the frontier, measured before modelled, and whether it grows."""
    if held.leads:
        return _ahead(held)
    measured, modelled = held.number("gap.lag_observed"), held.number("gap.lag_sovereign")
    if measured is not None:
        told = [_measured(measured)]
    elif modelled is not None:
        untested = held.get("gap.lag_observed")
        lead = "Its distance is modelled: "
        if untested is not None:
            lead = f"No test places a model of {held.name} well enough{_elsewhere(untested)}, "
            lead += "so its distance can only be inferred: "
        best, back = "the best of all others", float(modelled.details.get("censored") or 0) > 0.5
        lag = lag_of(modelled, f"behind {best}", f"ahead of {best}") + wording.BEFORE_THE_SCORES * back
        told = [clause(f"{lead}{lag}", untested, modelled)]
        told += _largest_run(held)
    else:
        return [] if _no_goal_no_distance(held) else unknown_distance(held, "it")
    return told if held.get("outlook.long_run", "2030") else [*told, *_trend(held)]


def _largest_run(held: HeldFindings) -> list[JudgementClause]:
    """The largest known training run beside that of the country compared with first."""
    (rival,), found = next(iter(held.all("gap.training_compute").items()), (("",), None))
    if found is None or not is_number(found) or value_of(found) <= 0:
        return []
    other = held.rivals.get(rival, rival)
    return [
        clause(
            f"; its largest known training run is {wording.times(10 ** value_of(found))} smaller than that of {other}",
            found,
        )
    ]


def _elsewhere(untested: Finding | None) -> str:
    """` (those of A Lab count for Arland, the country of its owner)`; empty without such."""
    told = untested.details.get("counted_elsewhere") if untested is not None else None
    return f" ({told})" if told else ""


def _measured(found: Finding) -> JudgementClause:
    day = dt.date.fromisoformat(found.period)
    model = str(found.details.get("model") or "")
    released = str(found.details.get("released") or "")[:7]
    its = f", {model}" + (f" of {wording.period(released)}" if released else "") + "," if model else ""
    old = ""
    if released and (day - dt.date.fromisoformat(f"{released}-01")).days > 396:
        old = "; newer ones, if there are any, nobody has tested"
    return clause(
        f"On {wording.day(day)} its best measured model{its} stood where the best of all other countries had stood "
        f"{lag_of(found, 'before')}{old}",
        found,
    )


def _trend(held: HeldFindings) -> list[JudgementClause]:
    ahead = held.number("gap.modelled_trend", "ahead")
    return [] if ahead is None else [clause(f", and {_grows(ahead)}", ahead)]


def _grows(ahead: Finding) -> str:
    """`the distance is very likely to grow over the next two years (90 in 100)`."""
    p = float(ahead.details.get("probability_widening", 0.5))
    if 0.45 <= p <= 0.55:
        return "the distance is as likely to grow as to shrink over the next two years"
    surer = max(p, 1 - p)
    grows = wording.prospect(surer, "grow" if p > 0.5 else "shrink", "")
    return f"the distance {grows} over the next two years ({wording.in_hundred(surer)})"


def _ahead(held: HeldFindings) -> list[JudgementClause]:
    """A leader's place: nobody is ahead of it, who is nearest, and how fast they come."""
    measured = held.number("gap.lag_observed")
    told: list[JudgementClause] = []
    if measured is not None:
        model = str(measured.details.get("model") or "")
        share = float(measured.details.get("share_leading") or 0)
        told.append(
            clause(
                f"Nobody is ahead of it: on {wording.day(dt.date.fromisoformat(measured.period))} its best measured "
                f"model{f', {model},' if model else ''} was better than every other country’s "
                f"({wording.in_hundred(share)}, given the errors of the scores)",
                measured,
            )
        )
    nearest = _nearest(held)
    if nearest is not None:
        code, found = nearest
        opening = ", and" if told else "Nobody is ahead of it, and"
        told.append(
            clause(f"{opening} the nearest, {held.rivals.get(code, code)}, stood {lag_of(found, turned=True)}", found)
        )
        told += _coming(held, code)
    return told


def _nearest(held: HeldFindings) -> tuple[str, Finding] | None:
    behind = [
        (key[0], found) for key, found in held.all("gap.lag_to").items() if is_number(found) and key[0] in held.rivals
    ]
    return max(behind, key=lambda pair: value_of(pair[1]), default=None)


def _coming(held: HeldFindings, rival: str) -> list[JudgementClause]:
    """Clauses on the lead over the nearest: its measured change, and the one that the model expects."""
    told = []
    past = next((found for key, found in held.all("gap.eci_trend", 2).items() if key[0] == rival), None)
    ahead = held.number("gap.modelled_trend", "ahead")
    p_past = None if past is None else float(past.details.get("probability_widening", 0.5))
    if past is not None and p_past is not None and abs(p_past - 0.5) > 0.05:
        came = "come nearer" if p_past > 0.5 else "fallen further behind"
        surely = wording.likelihood(max(p_past, 1 - p_past)).replace("certain", "certainly")
        told.append(clause(f"; over the last {past.details.get('years', 3)} years it has {surely} {came}", past))
    if ahead is not None:
        p = 1 - float(ahead.details.get("probability_widening", 0.5))
        surer = max(p, 1 - p)
        grows = wording.prospect(surer, "grow" if p > 0.5 else "shrink", "")
        joint = "but" if p_past is not None and (p_past > 0.5) == (p > 0.5) else "and"
        text = f", {joint} over the next two the lead {grows} ({wording.in_hundred(surer)})"
        told.append(clause(text, ahead))
    return told


def long_run(held: HeldFindings) -> list[JudgementClause]:
    """The distance at the end of 2030 under the two structures that the record cannot tell apart."""
    found, ahead = held.get("outlook.long_run", "2030"), held.number("gap.modelled_trend", "ahead")
    rows = list(found.table) if found is not None else []
    if found is None or len(rows) != 2:
        return []
    computed, diffused = (_lag_2030(row) for row in rows)
    near = f"{_grows(ahead)}, and it is" if ahead is not None and not held.leads else "it is"
    now = held.number("gap.lag_sovereign")
    opening, joint = _turn(value_of(now) if now is not None and not held.leads else None, rows)
    return [
        clause(f"{opening}: if computing power decides, ", found, now),
        clause(f"{near} {computed} at the end of 2030", found, None if held.leads else ahead),
        clause(f", {joint} if knowledge goes on spreading as it has since 2023, {diffused}", found),
    ]


def _turn(now: float | None, rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Words on the open question between the two structures, and the one that joins them; lags in months."""
    computed, diffused = (float(row["lag, months"]) for row in rows)
    if now is None or computed < now + _TURN:
        return "What comes hangs on an open question", "but"
    if diffused < now - _TURN:
        return "Whether it falls back or catches up hangs on an open question", "but"
    if diffused < now + _TURN:
        return "Whether it falls back or holds its distance hangs on an open question", "but"
    return "It falls further behind either way, and by how much hangs on an open question", "and"


def _lag_2030(row: Mapping[str, Any]) -> str:
    """`60 months behind (90%: 42–72)`, or ahead."""
    lag, low, high = (float(row[name]) for name in ("lag, months", "low", "high"))
    return wording.lag(lag, low, high, LEVEL)


def _subject(held: HeldFindings) -> str:
    return wording.sentence(held.name)
