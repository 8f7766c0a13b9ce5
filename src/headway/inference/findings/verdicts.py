"""Part 1: what became of each declared goal, how likely it is to be met, or why that cannot be tested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import t as student_t

from headway.core import periods, wording
from headway.core.numbers import LEVEL
from headway.findings.details import FindingDetails
from headway.findings.finding import Finding, FindingTier
from headway.findings.observed.ambition import in_order, key_of, place_words, reading
from headway.findings.observed.common import dated
from headway.findings.recipe import Context, recipe
from headway.inference.arrays import Floats
from headway.inference.findings.common import futures, modelled
from headway.inference.findings.long_run import diffused_lags
from headway.inference.outlook import HORIZON, CountryOutlook, outlook, why_not
from headway.standing.findings import scale

_LAST_YEAR = int(HORIZON[:4])
OPEN_YEAR = 2030  # year for which a goal without a year is tested
LEAST_FIGURES = 3  # of different years, from which a trend with an interval is drawn
LAST_PLACE = 20  # the model runs thirty countries, so that a place far below says little
_TREND = "A few figures make a wide interval, and nothing says that their trend goes on."
SETTLED = 0.95  # share of histories that settles a goal whose year has passed
_OF_MODEL = ("rank_capability", "compute_stock_h100e", "compute_share")
_FIGURES = {
    "ai_spending": "ai_spending_organisations",
    "ai_private_investment": "ai_private_investment_usd",
    "adoption": "ai_adoption_share",
    "ai_using_organisations_share": "ai_using_organisations_share",
    "researchers": "researchers",
}
"""Quantity that a goal maps to → indicator of the catalogue that counts it."""

VerdictKind = Literal["met", "missed", "chance", "untested"]


@dataclass(frozen=True)
class GoalVerdict:
    """Verdict on one goal.

    Attributes:
        says: clause that follows the goal's words and a colon.
        chance: share of futures that meet it, of a verdict of that kind. period: its quarter.
        other: the same under the other structure of the long run, where that one tells of the goal.
        facts: ids of outcomes and figures that it rests on. found: futures that it was counted in.
    """

    kind: VerdictKind
    says: str
    chance: float | None = None
    period: str = ""
    facts: tuple[str, ...] = ()
    found: CountryOutlook | None = None
    other: float | None = None

    @property
    def short(self) -> str:
        """`met`, `missed`, `cannot be tested`, or the chance."""
        if self.kind == "chance":
            assert self.chance is not None
            return f"{wording.in_hundred(self.chance)} ({wording.likelihood(self.chance)})"
        return "cannot be tested" if self.kind == "untested" else self.kind


@recipe("ambition.verdict")
def verdicts(context: Context) -> Iterator[Finding]:
    """How all goals stand in one table, then each: met, missed, its chance, or why it cannot be tested."""
    declared = context.evidence.statements("goal", context.country)
    if declared.empty:
        return
    outcomes = context.evidence.statements("outcome", context.country).set_index("id")
    told: list[tuple[pd.Series, GoalVerdict]] = []
    for _, goal in in_order(declared).iterrows():
        key = str(goal["id"]).replace(":goal:", ":outcome:", 1)
        outcome = outcomes.loc[key] if key in outcomes.index else None
        told.append((goal, judge_goal(context, goal, outcome)))
    yield _summary(context, told)
    for goal, verdict in told:
        yield _finding(context, goal, verdict)


def judge_goal(context: Context, goal: pd.Series, outcome: pd.Series | None) -> GoalVerdict:
    """Verdict on one goal: its recorded outcome first, then the model, then figures that count it."""
    if outcome is not None:
        return _recorded(outcome)
    mapped = str(goal["maps_to"] or "none")
    if mapped in _OF_MODEL:
        return _by_model(context, goal, mapped)
    year = _year(goal)
    if year is not None and year < context.as_of.year:
        return _untested(
            f"its year has passed and no account of its outcome is on record here{_and_no_figures(goal, mapped)}",
            decides="a cited account of what became of it",
        )
    if mapped in _FIGURES:
        return _by_figures(context, goal, _FIGURES[mapped])
    return _uncounted(goal)


def _recorded(outcome: pd.Series) -> GoalVerdict:
    text, facts = str(outcome["text"]).rstrip("."), (str(outcome.name),)
    if outcome["status"] == "unknown":
        return _untested(f"its outcome is not on record: {text}", facts, "a page that gives it")
    return GoalVerdict("met" if outcome["status"] == "met" else "missed", f"{outcome['status']}: {text}", facts=facts)


def _untested(reason: str, facts: tuple[str, ...] = (), decides: str = "") -> GoalVerdict:
    """Verdict with the reason and what evidence would decide it: `yearly figures of it`."""
    would = f"; {decides} would decide it" if decides else ""
    return GoalVerdict("untested", f"cannot be tested, because {reason}{would}", facts=facts)


def _and_no_figures(goal: pd.Series, mapped: str) -> str:
    return "" if mapped != "none" or goal["comparator"] == "exists" else f", nor any count of {_metric(goal)}"


def _uncounted(goal: pd.Series) -> GoalVerdict:
    if goal["comparator"] == "exists" or pd.isna(goal["value"]):
        year = _year(goal)
        if year is None:
            return _untested(
                "it names neither a number nor a year", decides="a number and a year from those who set it"
            )
        reason = f"its year, {year}, has not passed and it names no number by which to follow it"
        return _untested(reason, decides="a cited account that it was done")
    if goal["topic"] == "money":
        decides = "published accounts of the money spent"
    elif goal["unit"] == "rank":
        decides = "a ranking of countries in that, made again each year,"
    else:
        decides = "a published figure for each year" if pd.notna(goal["target_year"]) else "a published count"
    return _untested(f"no series in the evidence counts {_metric(goal)}", decides=decides)


def _metric(goal: pd.Series) -> str:
    return f"“{goal['metric'] or goal['topic']}”"


def _year(goal: pd.Series) -> int | None:
    return None if pd.isna(goal["target_year"]) else int(goal["target_year"])


# By the model


def _by_model(context: Context, goal: pd.Series, mapped: str) -> GoalVerdict:
    ranked, scope = mapped == "rank_capability", str(goal["scope"])
    if ranked and scope == "WORLD" and int(goal["mapped_value"]) > LAST_PLACE:
        return _by_ranking(context, goal)
    members = context.members(context.country) - {context.country}
    if members:
        return _of_bloc(context, goal, mapped, sorted(code for code in members if not why_not(context.evidence, code)))
    if (reason := why_not(context.evidence, context.country)) is not None:
        if ranked and scope == "WORLD" and (_year(goal) or OPEN_YEAR) < context.as_of.year:
            return _by_ranking(context, goal)
        why = reason.partition(";")[0].replace(" of it ", f" of {context.the(context.country)} ")
        return _untested(why, decides="one published training run would let the model answer, and that")
    if ranked:
        return _by_place(context, goal)
    return _by_compute(context, goal, mapped)


def _by_place(context: Context, goal: pd.Series) -> GoalVerdict:
    place, scope = int(goal["mapped_value"]), str(goal["scope"])
    if scope != "WORLD":
        return _within_bloc(context, goal, place, scope)
    found, quarter = futures(context), _quarter(goal)
    series, bound = ("lag", 0.0) if place == 1 else ("rank", float(place))
    chance = found.probability(series, context.country, bound, quarter)
    other = _other_structure(context, place, quarter)
    known = " if computing power decides" if diffused_lags(context) is not None else ""
    more = (
        f", and in {wording.of_hundred(other)} if knowledge goes on spreading as it has since 2023"
        if other is not None
        else ""
    )
    event = f"it is met by the end of {quarter[:4]}{known}{more}"
    return replace(_chance(context, goal, found, quarter, chance, event), other=other)


def _other_structure(context: Context, place: int, quarter: str) -> float | None:
    """Share of draws at the frontier if knowledge diffuses; None for places and years of which it tells nothing."""
    lags = diffused_lags(context)
    if lags is None or place != 1 or quarter != f"{OPEN_YEAR}Q4":
        return None
    return float(np.mean(lags <= 0))


def _within_bloc(context: Context, goal: pd.Series, place: int, scope: str) -> GoalVerdict:
    """A place among the members of a bloc that the model can place."""
    others = sorted(
        code for code in context.members(scope) - {context.country} if why_not(context.evidence, code) is None
    )
    if len(others) < place:
        named = f"{wording.listing([context.name(code) for code in others])} only" if others else "none"
        return _untested(
            f"of the other members of {context.the(scope)} the model can place {named}, too few to tell "
            f"{place_words(place)} among them",
            decides="one published training run of each of the others",
        )
    found, quarter = (
        outlook(context.evidence, (context.country, *others), context.scenario, context.seed),
        _quarter(goal),
    )
    own = found.draws("sovereign", context.country, quarter)
    better = sum((found.draws("sovereign", code, quarter) > own).astype(np.int64) for code in others)
    beside = wording.listing([context.name(code) for code in others])
    event = f"it is met by the end of {quarter[:4]}, beside the members that the model can place ({beside})"
    return _chance(context, goal, found, quarter, float(np.mean(better < place)), event)


def _by_ranking(context: Context, goal: pd.Series) -> GoalVerdict:
    """Verdict from the rank by size today: a place already taken, one missed by its year, or no verdict."""
    place, year = int(goal["mapped_value"]), _year(goal)
    rank = next(iter(scale(context)), None)
    decides = f"a ranking of all countries in {year or OPEN_YEAR}"
    if rank is None or rank.low is None or rank.high is None:
        return _untested("too few of its indicators are on record to rank it", decides="more of its indicators")
    assert isinstance(rank.value, float)
    stands = (
        f"by the size of what it has it ranks typically {wording.ordinal(rank.value)} today "
        f"({wording.interval(rank.low, rank.high, 'rank')} in nine of ten rankings made otherwise)"
    )
    if rank.high <= place:
        return GoalVerdict("met", f"met, as far as a ranking of today tells: {stands}", facts=rank.observations)
    if rank.low > place and year is not None and year < context.as_of.year:
        return GoalVerdict("missed", f"missed, as far as a ranking of today tells: {stands}", facts=rank.observations)
    return _untested(f"{stands}, which leaves open {place_words(place)}", rank.observations, decides)


def _of_bloc(context: Context, goal: pd.Series, mapped: str, placed: Sequence[str]) -> GoalVerdict:
    """Chance of a goal of a bloc: its best model is the best of its members’, its chips are theirs together."""
    bloc, scope = context.the(context.country), str(goal["scope"])
    if not placed or mapped == "compute_share" or (mapped == "rank_capability" and scope != "WORLD"):
        return _untested(
            f"the model can place too few members of {bloc}", decides="a training run of each of the others"
        )
    found, quarter = outlook(context.evidence, tuple(placed), context.scenario, context.seed), _quarter(goal)
    named, end = wording.listing([context.name(code) for code in placed]), f"the end of {quarter[:4]}"

    def together(series: str, when: str) -> Floats:
        return np.stack([found.draws(series, code, when) for code in placed])

    if mapped == "rank_capability":
        met = together("rank", quarter).min(axis=0) <= float(goal["mapped_value"])
        event = f"the best model of a member stands there by {end}, of the members that the model can place ({named})"
        return _chance(context, goal, found, quarter, float(met.mean()), event)
    reached, does = together("compute", quarter).sum(axis=0), "come to that number"
    if goal["comparator"] == "adds_at_least":
        begin = _begin(goal, found)
        reached, does = (
            reached - together("compute", begin).sum(axis=0),
            f"grow by that number from {wording.period(begin)}",
        )
    event = (
        f"the chips of the members that the model can place ({named}), public and private together, {does} by {end}; "
        "that is necessary, and for a part of them not sufficient"
    )
    return _chance(context, goal, found, quarter, float(np.mean(reached >= float(goal["mapped_value"]))), event)


def _by_compute(context: Context, goal: pd.Series, mapped: str) -> GoalVerdict:
    found, quarter = futures(context), _quarter(goal)
    share, end = mapped == "compute_share", f"the end of {quarter[:4]}"
    series = "compute_share" if share else "compute"
    reached = found.draws(series, context.country, quarter)
    does = f"come to that {'share of the world’s' if share else 'number'} by {end}"
    if goal["comparator"] == "adds_at_least":
        begin = _begin(goal, found)
        reached = reached - found.draws(series, context.country, begin)
        does = f"grow by that number between {wording.period(begin)} and {end}"
    event = (
        f"the chips of {context.the(context.country)}, public and private together, {does}; that is necessary, and "
        "for a part of them not sufficient"
    )
    return _chance(context, goal, found, quarter, float(np.mean(reached >= float(goal["mapped_value"]))), event)


def _begin(goal: pd.Series, found: CountryOutlook) -> str:
    """Quarter of the goal's date, or the last one with scores where it has none."""
    if pd.isna(goal["date"]):
        return found.anchor
    date = pd.Timestamp(goal["date"])
    return max(found.quarters[0], f"{date.year}Q{date.quarter}")


def _quarter(goal: pd.Series) -> str:
    return min(f"{_year(goal) or OPEN_YEAR}Q4", HORIZON)


def _chance(
    context: Context, goal: pd.Series, found: CountryOutlook, quarter: str, chance: float, event: str
) -> GoalVerdict:
    """Verdict from a share of futures; a year that has passed is settled where nearly all histories agree."""
    year, counted, word = _year(goal), wording.of_hundred(chance), wording.likelihood(chance)
    if periods.end(quarter) <= context.as_of:
        says = f"no account of its outcome is on record; in {counted} of the model’s histories {event}"
        if SETTLED > chance > 1 - SETTLED:
            return GoalVerdict("chance", f"{says} ({word})", chance, quarter, found=found)
        kind: VerdictKind = "met" if chance >= SETTLED else "missed"
        return GoalVerdict(kind, f"{kind}, by the model: {says}", chance, quarter, found=found)
    when = "it names no year; " if year is None else "its year lies beyond the model; " if year > _LAST_YEAR else ""
    return GoalVerdict("chance", f"{when}in {counted} futures ({word}) {event}", chance, quarter, found=found)


# By figures


def _by_figures(context: Context, goal: pd.Series, slug: str) -> GoalVerdict:
    """Verdict from yearly figures of the indicator: reached already, on the way by its trend, or why there is none."""
    target, unit = float(goal["mapped_value"]), str(goal["mapped_unit"])
    indicator = context.evidence.indicators()[slug]
    rows = context.evidence.observations(slug, context.country)
    rows = rows[~rows["flag"].fillna("").str.contains("target")].sort_values("period")
    if rows.empty:
        reason = f"no figure of {context.the(context.country)} for “{indicator.name}” is on record"
        return _untested(reason, decides="a published figure for each year")
    if not _same_unit(str(rows["unit"].iloc[-1]), unit):
        reason = f"figures for “{indicator.name}” are in {rows['unit'].iloc[-1]} and the goal is in {unit}"
        return _untested(reason, decides=f"the same figures in {unit}")
    summed = goal["comparator"] == "cumulative_at_least"
    if summed and pd.notna(goal["date"]):
        since = pd.Timestamp(goal["date"]).date()
        rows = rows[[periods.end(str(period)) >= since for period in rows["period"]]]
    if rows.empty:
        reason = f"no figure for “{indicator.name}” is on record since it was declared"
        return _untested(reason, decides="a published figure for each year since")
    values, facts = rows["value"].to_numpy(dtype=float), tuple(str(row) for row in rows["id"])
    reached = float(values.sum() if summed else values[-1])
    first, last = str(rows["period"].iloc[0]), str(rows["period"].iloc[-1])
    when = f"in {wording.period(last)}" if not summed or first == last else f"in {first} to {last}"
    words = f"{wording.amount(reached, unit)} {when}"
    if reached >= target:
        return GoalVerdict("met", f"met: “{indicator.name}” stood at {words}", facts=facts)
    if not summed and len(rows) >= LEAST_FIGURES:
        return _by_trend(goal, rows, unit, facts)
    years = "one year makes" if len(rows) == 1 else f"{len(rows)} years make"
    reason = f"{years} no trend: on record are {words}, of {wording.amount(target, unit)} wanted"
    return _untested(reason, facts, "the figures of the years to come" if summed else "figures of three years")


def _by_trend(goal: pd.Series, rows: pd.DataFrame, unit: str, facts: tuple[str, ...]) -> GoalVerdict:
    """Chance that a straight line through the figures, on the scale that suits them, reaches the goal in its year.

    Shares are taken as log-odds and amounts as logarithms; the spread around the line follows Student's t.
    """
    year = _year(goal) or OPEN_YEAR
    years = np.array([periods.end(str(period)).year for period in rows["period"]], dtype=np.float64)
    there, back = (logit, expit) if unit.startswith("%") else (np.log, np.exp)
    whole = 100.0 if unit.startswith("%") else 1.0
    middle, error, freedom = _line(years, there(rows["value"].to_numpy(dtype=np.float64) / whole), year)
    chance = float(student_t.sf((there(float(goal["mapped_value"]) / whole) - middle) / error, freedom))
    low, value, high = (
        float(whole * back(middle + error * student_t.ppf(level, freedom))) for level in (0.05, 0.5, 0.95)
    )
    leads = (
        f"{value:.0f}% (90%: {low:.0f}–{high:.0f}%)" if whole > 1 else wording.quantity(value, low, high, LEVEL, unit)
    )
    says = (
        f"{_of_hundred(chance)}, if the trend of {len(rows)} figures from {years[0]:.0f} to {years[-1]:.0f} goes on "
        f"{'along a curve that levels off at 100% ' if whole > 1 else ''}and so leads to {leads} in {year}"
    )
    return GoalVerdict("chance", says, chance, str(year), facts=facts)


def _of_hundred(chance: float) -> str:
    return f"a chance of {wording.in_hundred(chance)} ({wording.likelihood(chance)})"


def _line(x: Floats, y: Floats, at: float) -> tuple[float, float, int]:
    """Prediction of a least-squares line: its middle at `at`, its standard error there, degrees of freedom."""
    freedom, far = len(x) - 2, at - x.mean()
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * y).sum()) / spread
    left = y - y.mean() - slope * (x - x.mean())
    error = float(np.sqrt((left**2).sum() / freedom * (1 + 1 / len(x) + far**2 / spread)))
    return float(y.mean() + slope * far), error, freedom


def _same_unit(one: str, other: str) -> bool:
    """Whether two units count the same; a share says of whom after the sign."""
    shares = one.startswith("%") and other.startswith("%")
    return shares or one.removesuffix("/yr") == other.removesuffix("/yr")


# Findings


def _summary(context: Context, told: Sequence[tuple[pd.Series, GoalVerdict]]) -> Finding:
    counts = {kind: sum(one.kind == kind for _, one in told) for kind in ("met", "missed", "chance", "untested")}
    name, goals = context.the(context.country), f"{len(told)} goal{'s' if len(told) > 1 else ''}"
    parts = [_counted(kind, count) for kind, count in counts.items() if count]
    words = [f"{count} {_IN_SHORT[kind]}" for kind, count in counts.items() if count]
    sentence = f"Of {goals} that {name} declared, {wording.listing(parts)}."
    short = wording.fitting(f"{goals.replace(' ', ' declared ')}: ", words)
    if len(told) == 1:
        sentence = f"The one goal that {name} declared {parts[0].partition(' ')[2]}."
        short = f"The one declared goal {parts[0].partition(' ')[2]}."
    elif counts["untested"] == len(told):
        sentence = f"None of the {goals} that {name} declared can be tested with what is published."
        short = f"None of {len(told)} declared goals can be tested."
    elif len(parts) == 1:
        sentence = f"All {goals} that {name} declared {parts[0].partition(' ')[2]}."
    table = [
        {
            "declared goal": str(goal["text"]).rstrip("."),
            "declared": dated(goal),
            "verdict": verdict.short,
            "why": wording.sentence(_reason(verdict)),
        }
        for goal, verdict in told
    ]
    return Finding(
        id=context.id("ambition.verdict"),
        section="ambition",
        short=short,
        quantity="verdicts on declared goals",
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        observations=tuple(str(goal["id"]) for goal, _ in told),
        sentence=sentence,
        caveat="A place in the world is that of the country’s best own model, as the model has it; the outcome of a "
        "goal is typed from a cited page, and where none is on record that proves nothing.",
        weight=1,
        title="Verdicts on declared goals",
        table=tuple(table),
        details={"counts": counts},
    )


_IN_SHORT = {"met": "met", "missed": "missed", "chance": "with a computed chance", "untested": "that cannot be tested"}


def _counted(kind: str, count: int) -> str:
    """`2 are met`, `1 cannot be tested with what is published`."""
    be, have = ("is", "has") if count == 1 else ("are", "have")
    return {
        "met": f"{count} {be} met",
        "missed": f"{count} {be} missed",
        "chance": f"{count} {have} a chance that can be computed",
        "untested": f"{count} cannot be tested with what is published",
    }[kind]


def _reason(verdict: GoalVerdict) -> str:
    return (
        verdict.says.removeprefix("cannot be tested, because ")
        .removeprefix(f"{verdict.kind}: ")
        .removeprefix(f"{verdict.kind}, by the model: ")
    )


def _finding(context: Context, goal: pd.Series, verdict: GoalVerdict) -> Finding:
    read_as, said = reading(goal), dated(goal)
    notes = ", ".join(part for part in (said, f"read as {read_as}" if read_as else "") if part)
    about = f"“{str(goal['text']).rstrip('.')}”{f' ({notes})' if notes else ''}"
    details: FindingDetails = {
        "verdict": verdict.kind,
        "short": verdict.short,
        "why": wording.sentence(_reason(verdict)),
        "other_structure": verdict.other,
    }
    shared: dict[str, Any] = {
        "quantity": f"verdict: {goal['metric'] or goal['topic']}",
        "title": f"Verdict: {goal['metric']}",
        "sentence": f"{about}: {verdict.says}.",
        "observations": (str(goal["id"]), *verdict.facts),
        "weight": 3,
    }
    if verdict.found is not None:
        return modelled(
            context, "ambition.verdict", (key_of(goal),), "ambition",
            found=verdict.found, value=verdict.chance, unit="probability", period=verdict.period,
            caveat=str(goal["doubt"] or ""), details=details, **shared,
        )  # fmt: skip
    return Finding(
        id=context.id("ambition.verdict", key_of(goal)),
        section="ambition",
        value=verdict.chance if verdict.chance is not None else verdict.kind if verdict.kind != "untested" else None,
        unit="" if verdict.chance is None else "probability",
        period=verdict.period,
        as_of=context.as_of,
        tier=FindingTier.OBSERVED if verdict.chance is None else FindingTier.DERIVED,
        caveat=" ".join(filter(None, (str(goal["doubt"] or ""), "" if verdict.chance is None else _TREND))),
        details=details,
        **shared,
    )
