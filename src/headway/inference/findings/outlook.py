"""Part 7 of a brief: futures to 2035 under named scenarios, and how likely the frontier and its neighbourhood are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from headway.core import periods, wording
from headway.core.limits import MEMBERS
from headway.findings.finding import Finding, Picture
from headway.findings.recipe import Context, recipe
from headway.findings.records import with_pace
from headway.inference import record
from headway.inference.findings.common import (
    ModelledInterval,
    futures,
    inferred,
    modelled,
    not_available,
    short_reason,
)
from headway.inference.findings.long_run import diffused_lags
from headway.inference.outlook import HORIZON, CountryOutlook, why_not
from headway.scenarios.scenario import load

SCENARIOS = ("baseline", "open-weights-close", "head-on", "collaboration")
UNDER_CONTROLS = ("controls-tighten", "controls-lifted-2027")  # say nothing of a country that is under none
YEARS = (2030, 2035)
_CONDITIONAL = (
    "Conditional on the scenario and on equations of eight mechanisms; beyond a year no hindcast tests it, and what no "
    "equation holds (wars, breakthroughs) is not in the interval."
)


@recipe("outlook.fan")
def fan(context: Context) -> Iterator[Finding]:
    """The gap to the frontier to 2035 under the scenario asked for."""
    if reason := why_not(context.evidence, context.country):
        short = short_reason("Outlook", reason)
        yield not_available(context, "outlook.fan", "outlook", "The outlook", reason, short=short)
        return
    found = futures(context)
    draws = found.draws("gap", context.country, HORIZON)
    now = ModelledInterval.of(found.draws("gap", context.country))
    then = ModelledInterval.of(draws)
    title = _titles((context.scenario or "baseline",))[0]
    yield modelled(
        context,
        "outlook.fan",
        (),
        "outlook",
        quantity="gap to the frontier in 2035",
        title="Gap to the frontier, end of 2035",
        found=found,
        estimate=then,
        unit="ECI points",
        period=HORIZON,
        sentence=with_pace(context, _told(context, title, now, then, found.anchor)),
        short=f"End of 2035, {title}: {_distance(then)}.",
        weight=1 if diffused_lags(context) is None else 2,  # else both structures stand on the first screen
        caveat=f"{_CONDITIONAL} {inferred(context)}".strip(),
        picture=_picture(context, found),
    )


def _told(context: Context, title: str, now: ModelledInterval, then: ModelledInterval, anchor: str) -> str:
    name, end = context.the(context.country), wording.period(anchor)
    if then.value >= 0:
        past = now.words("ECI points") if now.value >= 0 else f"a lead of {_flipped(now).words('ECI points')}"
        return (
            f"by the end of 2035, {title}, {name} is {then.words('ECI points')} behind the best of all others, "
            f"against {past} at the end of {end}."
        )
    past = f"{_flipped(now).words('ECI points')}" if now.value < 0 else f"a gap of {now.words('ECI points')}"
    return (
        f"by the end of 2035, {title}, {name} is {_flipped(then).words('ECI points')} ahead of the best of all other "
        f"countries, against {past} at the end of {end}."
    )


def _distance(then: ModelledInterval) -> str:
    """`27 capability points (90%: 16–38) behind`."""
    return f"{then.words('ECI points')} behind" if then.value >= 0 else f"{_flipped(then).words('ECI points')} ahead"


def _flipped(estimate: ModelledInterval) -> ModelledInterval:
    return ModelledInterval(-estimate.value, -estimate.high, -estimate.low)


def _picture(context: Context, found: CountryOutlook) -> Picture:
    names = found.quarters
    path = found.path("gap", context.country)
    levels = {"q05": 0.05, "q50": 0.5, "q95": 0.95}
    if record.supported(record.BASELINE_SCENARIO, 50, context.as_of):
        levels |= {"q25": 0.25, "q75": 0.75}
    start = max(names.index(found.anchor) - 8, 0)
    rows = tuple(
        {
            "label": context.name(context.country),
            "date": periods.quarter_end(periods.quarter_number(names[k])).isoformat(),
            **{key: round(float(np.quantile(path[k], level)), 2) for key, level in levels.items()},
        }
        for k in range(start, len(names))
    )
    last = rows[-1]
    half = f"half lie between {last['q25']} and {last['q75']} points, " if "q25" in last else ""
    return Picture(
        kind="fan",
        title=f"Gap of {context.the(context.country)} to the best of all other countries",
        rows=rows,
        x="",
        y="Gap (capability points; negative: ahead)",
        alternative=f"Fan of {MEMBERS:,} futures by quarter. At the end of 2035 {half}nine in ten lie between "
        f"{last['q05']} and {last['q95']}.",
        source="Headway, runs of its model; Epoch AI (CC BY 4.0)",
    )


def _titles(names: tuple[str, ...]) -> list[str]:
    """Titles of scenarios as they stand inside a sentence."""
    titles = [load(name)[-1].title for name in names]
    return [title[:1].lower() + title[1:] for title in titles]


@recipe("outlook.scenarios")
def scenarios(context: Context) -> Iterator[Finding]:
    """The gap in 2035 under named scenarios, side by side."""
    if why_not(context.evidence, context.country) is not None or context.scenario not in (None, "baseline"):
        return
    rows: list[dict[str, Any]] = []
    table: list[dict[str, Any]] = []
    names = (*SCENARIOS, *(UNDER_CONTROLS if futures(context).controlled else ()))
    for name, title in zip(names, _titles(names), strict=True):
        found = futures(context, name)
        gap = ModelledInterval.of(found.draws("gap", context.country, HORIZON))
        reach = ModelledInterval.of(found.draws("accessible_lag", context.country, HORIZON))
        within = found.probability("lag", context.country, 24.0, HORIZON)
        rows.append({"label": title, "value": gap.value, "low": gap.low, "high": gap.high})
        table.append(
            {
                "scenario": title,
                "gap, capability points": round(gap.value, 1),
                "low": round(gap.low, 1),
                "high": round(gap.high, 1),
                "lag of the best model it can run, months": round(reach.value),
                "P(within 24 months)": round(within, 2),
            }
        )
    best, worst = (choose(rows, key=lambda row: row["value"]) for choose in (min, max))
    yield modelled(
        context,
        "outlook.scenarios",
        (),
        "outlook",
        quantity="gap in 2035 by scenario",
        title="Gap in 2035 by scenario",
        found=futures(context),
        period=HORIZON,
        sentence=with_pace(
            context,
            f"of {len(rows)} named scenarios {context.the(context.country)} stands best at the end of 2035 under "
            f"“{best['label']}”, {_row_words(best)}, and worst under “{worst['label']}”, {_row_words(worst)}.",
        ),
        weight=2,
        picture=Picture(
            kind="intervals",
            title=f"Gap of {context.the(context.country)} to the frontier at the end of 2035",
            rows=tuple(rows),
            x="Gap (capability points)",
            y="",
            alternative="; ".join(f"{row['label']}: {wording.number(row['value'], 2)}" for row in rows)
            + " capability points.",
            source="Headway, runs of its model; Epoch AI (CC BY 4.0)",
        ),
        table=tuple(table),
    )


def _row_words(row: dict[str, Any]) -> str:
    behind = ModelledInterval(row["value"], row["low"], row["high"])
    if behind.value >= 0:
        return f"{behind.words('ECI points')} behind the best of all others"
    return f"{_flipped(behind).words('ECI points')} ahead of all others"


_EVENTS = (
    (
        "frontier",
        "lag",
        0.0,
        "At the frontier",
        "is at the frontier (ahead of or level with the best of all other countries)",
    ),
    ("within_12", "lag", 12.0, "Within 12 months of the frontier", "is within 12 months of the frontier"),
    ("within_24", "lag", 24.0, "Within 24 months of the frontier", "is within 24 months of the frontier"),
    ("top_5", "rank", 5.0, "Among the first five", "ranks among the first five by its own best model"),
    ("top_10", "rank", 10.0, "Among the first ten", "ranks among the first ten by its own best model"),
)


@recipe("outlook.probability")
def probability(context: Context) -> Iterator[Finding]:
    """Chances of the frontier, of coming within 12 and 24 months, and of high ranks, by 2030 and 2035."""
    if why_not(context.evidence, context.country) is not None:
        return
    found, alone = futures(context), diffused_lags(context) is None
    for event, series, bound, label, says in _EVENTS:
        for year in YEARS:
            p = found.probability(series, context.country, bound, f"{year}Q4")
            yield modelled(
                context,
                "outlook.probability",
                (event, str(year)),
                "outlook",
                quantity=f"probability: {event.replace('_', ' ')} in {year}",
                title=f"{event.replace('_', ' ').capitalize()} in {year}",
                found=found,
                value=p,
                unit="probability",
                period=f"{year}Q4",
                sentence=f"{wording.futures(p)} {context.the(context.country)} {says} at the end of {year} "
                f"({wording.likelihood(p)}).",
                short=f"{label} in {year}: {wording.in_hundred(p)} ({wording.likelihood(p)}).",
                weight=1 if alone and (event, year) == ("within_24", 2030) else 2 if year == YEARS[0] else 3,
                caveat="" if alone else "If compute decides; the long run under both structures stands beside it.",
            )
