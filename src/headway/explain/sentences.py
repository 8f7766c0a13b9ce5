"""Sentences, rows and the picture of an attribution, every number with its unit in the package's one style.

They describe an `Attribution` that faces what it explains (`Attribution.facing`): a gap, or a lead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from headway.core import wording
from headway.core.numbers import LEVEL, Floats
from headway.explain.attribution import Attribution, Split, interval
from headway.explain.causes import Cause
from headway.explain.readings import ReadingVerdict
from headway.findings.finding import Picture

_MOST, _MOST_LESS = 4, 2  # causes named in a headline, of those that add and of those that take off
_NEXT_TO_NOTHING = 0.5  # months
_REST = "what no cause here accounts for"

Name = Callable[[str], str]
"""From a code to the name as it stands inside a sentence: `the United States`."""


def agreed(low: float, high: float, mean: float) -> bool:
    """Whether the draws agree, as they do on a gap between two countries with scores."""
    return high - low < 1e-3 * max(1.0, abs(mean))


def quantity(draws: Floats, unit: str) -> str:
    """Mean with its interval, where the draws do not agree."""
    mean, low, high = interval(draws)
    if agreed(low, high, mean):
        return wording.amount(mean, unit)
    return wording.quantity(mean, low, high, LEVEL, unit)


def short(value: float) -> str:
    """A number inside a list of parts that add up: whole from ten on, else with one decimal."""
    return wording.number(round(value) if abs(value) >= 10 else round(value, 1), 3)


def headline(found: Attribution, lead: bool, the: Name) -> str:
    """`Russia stood 20 months behind the United States (90%: 13–28) in Q2 2026: 12 through export controls …`.

    Parts are whole months that add up: causes by name, the other causes together, what is not accounted for.
    """
    shown = whole_parts(found)
    more = [f"{count} through {_assuming(found, cause)}" for cause, count in shown.named if count > 0]
    less = [f"{-count} through {cause.phrase}" for cause, count in shown.named if count < 0]
    clauses = [wording.listing(more) or "no cause here adds to it"]
    clauses[0] += f", less {wording.listing(less)}" if less else ""
    if shown.others:
        clauses.append(f"other causes and rounding {'add' if shown.others > 0 else 'take off'} {abs(shown.others)}")
    if shown.rest > 0:
        clauses.append(f"{shown.rest} more {'is' if shown.rest == 1 else 'are'} not accounted for")
    elif shown.rest:
        another = "another " if less or shown.others < 0 else ""
        clauses.append(f"{another}{-shown.rest} come{'s' if shown.rest == -1 else ''} off unexplained")
    return f"{_stood(found, lead, the)} in {wording.period(found.dates[-1])}: {'; '.join(clauses)}."


def short_headline(found: Attribution, lead: bool, the: Name) -> str:
    """The same in one line: the gap and its largest parts."""
    largest = [(cause, count) for cause, count in whole_parts(found).named if count > 0]
    if not largest:
        return headline(found, lead, the)
    return wording.fitting(
        f"{wording.sentence(_lag(found, lead, the, bare=True))}: ",
        [f"{cause.phrase.removeprefix('the ')} ({count})" for cause, count in largest],
    )


def _lag(found: Attribution, lead: bool, the: Name, *, bare: bool = False) -> str:
    """`20 months behind the United States (90%: 13–28)`; `bare` leaves the interval away."""
    gap, *ends = (-found.whole[0], -found.whole[2], -found.whole[1]) if lead else found.whole
    low, high = (None, None) if bare or agreed(ends[0], ends[1], gap) else ends
    behind, ahead = f"behind {the(found.rival)}", f"ahead of {the(found.rival)}"
    return wording.lag(gap, low, high, LEVEL, beyond=found.censored, behind=behind, ahead=ahead)


def _stood(found: Attribution, lead: bool, the: Name) -> str:
    """`Russia stood 20 months behind the United States (90%: 13–28)`."""
    return f"{wording.sentence(the(found.subject))} stood {_lag(found, lead, the)}"


def _assuming(found: Attribution, cause: Cause) -> str:
    """The cause inside a sentence, with what has to be assumed under export controls."""
    said = assumption(found, cause)
    return f"{cause.phrase} ({said})" if said else cause.phrase


def assumption(found: Attribution, cause: Cause) -> str:
    """Assumption about a cause in this pair, in words; empty where neither is under export controls."""
    return cause.assumed if any(found.controlled) else ""


@dataclass(frozen=True)
class WholeMonths:
    """Parts in whole months that add up to the gap: `named` causes, `others` together with rounding, the `rest`."""

    named: tuple[tuple[Cause, int], ...]
    others: int
    rest: int

    def by_name(self) -> dict[str, int]:
        """Months by the name of the cause, `others` and `rest` last."""
        return {**{cause.cause: count for cause, count in self.named}, "others": self.others, "rest": self.rest}


def whole_parts(found: Attribution) -> WholeMonths:
    """The largest parts and the most negative ones by name; those below half a month stay unnamed."""
    means = found.splits["months"].parts[:, -1].mean(axis=-1)
    order = [int(index) for index in np.argsort(-means, kind="stable")]
    shown = [index for index in order[:_MOST] if means[index] >= _NEXT_TO_NOTHING]
    shown += [index for index in order[::-1][:_MOST_LESS] if means[index] <= -_NEXT_TO_NOTHING]
    named = tuple((found.causes.causes[index], round(float(means[index]))) for index in shown)
    rest = round(float(found.splits["months"].rest[-1].mean()))
    return WholeMonths(named, round(found.whole[0]) - rest - sum(count for _, count in named), rest)


def _what(lead: bool) -> str:
    return "lead" if lead else "gap"


def _whose(found: Attribution, lead: bool, the: Name) -> str:
    return f"the {_what(lead)} {'over' if lead else 'to'} {the(found.rival)}"


def share(found: Attribution, lead: bool, cause: Cause, the: Name) -> str:
    """Sentence on the months that one cause accounts for, and on the effect of taking it away alone."""
    index, split = found.causes.causes.index(cause), found.splits["months"]
    phrase, whose = wording.sentence(cause.phrase), _whose(found, lead, the)
    if not split.parts[index].any():
        return f"{phrase}: no part of {whose}; here it makes no difference."
    _, low, high = interval(split.parts[index, -1])
    if max(abs(low), abs(high)) < _NEXT_TO_NOTHING:
        return f"{phrase}: less than half a month of {whose}, on either side of nothing."
    months, alone = split.parts[index, -1], _alone(split, index, lead)
    if months.mean() < 0:
        return f"{phrase}: {quantity(-months, 'months')} off {whose}; {alone}."
    return f"{phrase}: {quantity(months, 'months')} of {whose}; {alone}."


def _alone(split: Split, index: int, lead: bool) -> str:
    """Words on the effect of taking one cause away by itself."""
    alone, low, high = interval(split.alone[index, -1])
    if abs(alone) < _NEXT_TO_NOTHING:
        return f"taken away alone, it would leave the {_what(lead)} about as it is"
    by = wording.amount(abs(alone), "months", low, high)
    return f"taken away alone, it would {'narrow' if alone > 0 else 'widen'} the {_what(lead)} by {by}"


def change(found: Attribution, lead: bool, the: Name) -> str:
    """Why the gap or lead in capability moved between the two dates."""
    split = found.splits["eci"]
    moved = float((split.gap[-1] - split.gap[0]).mean())
    since, until = (wording.period(date) for date in (found.dates[0], found.dates[-1]))
    by = quantity((1 if moved >= 0 else -1) * (split.gap[-1] - split.gap[0]), "ECI points")
    whose = f"the {_what(lead)} of {the(found.subject)} {'over' if lead else 'to'} {the(found.rival)} in capability"
    opening = f"Between {since} and {until} {whose} {'grew' if moved >= 0 else 'shrank'} by {by}"
    parts = [
        *(
            (float((part[-1] - part[0]).mean()), cause.phrase)
            for part, cause in zip(split.parts, found.causes.causes, strict=True)
        ),
        (float((split.rest[-1] - split.rest[0]).mean()), _REST),
    ]
    threshold = max(0.1 * abs(moved), 0.1)
    named = sorted((p for p in parts if abs(p[0]) > threshold), key=lambda p: -abs(p[0]))[:_MOST]
    clauses = [f"{phrase} {'added' if value > 0 else 'took off'} {short(abs(value))}" for value, phrase in named]
    return f"{opening}: {wording.listing(clauses)}." if clauses else f"{opening}."


def concerns(asked: Sequence[ReadingVerdict], found: Attribution) -> bool:
    """Whether the question is one of this pair: its cause has a part in the gap, and controls bind the one behind."""
    index = _disputed(asked[0], found)
    if index is None:
        return True
    of_controls = any(replacement.what == "controls" for replacement in found.causes.causes[index].replace)
    if of_controls and not found.behind_is_controlled:
        return False
    parts = [verdict.splits["months"].parts[index, -1].mean() for verdict in asked if verdict.splits is not None]
    return bool(parts) and float(np.abs(parts).max()) >= _NEXT_TO_NOTHING


def differ(asked: Sequence[ReadingVerdict], found: Attribution) -> bool:
    """Whether it matters to the gap, or to the part in dispute, which reading holds; or the fit rules one out."""
    rows = [figures(verdict, found) for verdict in asked if verdict.splits is not None]
    if not rows:
        return False
    ruled_out = any(verdict.splits is None and verdict.weight is not None for verdict in asked)
    return ruled_out or any(max(column) - min(column) >= _NEXT_TO_NOTHING for column in zip(*rows, strict=True))


def figures(verdict: ReadingVerdict, found: Attribution) -> list[float]:
    """The gap under a reading and, where a cause is in dispute, its part; months."""
    assert verdict.splits is not None
    split = verdict.splits["months"]
    index = _disputed(verdict, found)
    return [float(split.gap[-1].mean()), *([] if index is None else [float(split.parts[index, -1].mean())])]


def _disputed(verdict: ReadingVerdict, found: Attribution) -> int | None:
    about = verdict.question.about
    return next((i for i, cause in enumerate(found.causes.causes) if cause.cause == about), None)


def readings(asked: Sequence[ReadingVerdict], found: Attribution, lead: bool, the: Name) -> str:
    """Sentence on the verdicts of the readings of one question, side by side."""
    clauses: list[str] = []
    index = _disputed(asked[0], found)
    weighed = any(verdict.weight is not None for verdict in asked)
    for verdict in (verdict for verdict in asked if verdict.splits is not None):
        gap, *part = (wording.number(round(value)) for value in figures(verdict, found))
        said = f"“{verdict.reading.title}”{weight(verdict, weighed)}: {gap} months"
        place = "" if clauses else f" {'ahead of' if lead else 'behind'} {the(found.rival)}"
        through = f", {part[0]} of them through {found.causes.causes[index].phrase}" if index is not None else ""
        clauses.append(f"{said}{place}{through}")
    for verdict in (verdict for verdict in asked if verdict.splits is None):
        silence = "too few draws to say" if verdict.draws.any() else "in none of the draws"
        clauses.append(f"“{verdict.reading.title}”{weight(verdict, weighed)}: {silence}")
    silent = "" if weighed else " The data do not weigh these readings."
    return f"{asked[0].question.title} {'; '.join(clauses)}.{silent}"


def weight(verdict: ReadingVerdict, others: bool = True) -> str:
    """` (weight 40%, 33% before the data)`; where the data do not weigh it, nothing, or that where `others` are."""
    if verdict.weight is None:
        return " (not weighed)" if others else ""
    if verdict.scored:
        return f" (weight {100 * verdict.weight:.0f}% by its forecasts at past dates)"
    return f" (weight {100 * verdict.weight:.0f}%, {100 * verdict.prior:.0f}% before the data)"


_PLACES = 4  # decimals; beyond them stands what single precision leaves
REST, GAP = "Not accounted for", "Gap"

Row = dict[str, Any]


def causes(found: Attribution) -> list[Row]:
    """Causes in order of their part in months, then the rest, then the whole; on every scale with 90 % intervals."""
    rows = []
    for index, cause in enumerate(found.causes.causes):
        row = _on_all({metric: split.parts[index, -1] for metric, split in found.splits.items()})
        alone = float(found.splits["months"].alone[index, -1].mean())
        rows.append({"cause": cause.title, **row, "months_alone": alone})
    rows.sort(key=lambda row: -abs(row["months"]))
    rest = _on_all({metric: split.rest[-1] for metric, split in found.splits.items()})
    gap = _on_all({metric: split.gap[-1] for metric, split in found.splits.items()})
    months, low, high = (round(value, _PLACES) for value in found.whole)
    gap |= {"months": months, "months_low": low, "months_high": high}
    return [*rows, {"cause": REST, **rest, "months_alone": None}, {"cause": GAP, **gap, "months_alone": None}]


def changes(found: Attribution) -> list[Row]:
    """How far each cause moved the gap between the first and the last date, on every scale."""

    def moved(values: Floats) -> Floats:
        result: Floats = values[-1] - values[0]
        return result

    rows = [
        {
            "cause": cause.title,
            **_on_all({metric: moved(split.parts[index]) for metric, split in found.splits.items()}),
        }
        for index, cause in enumerate(found.causes.causes)
    ]
    rows.sort(key=lambda row: -abs(row["eci"]))
    rest = _on_all({metric: moved(split.rest) for metric, split in found.splits.items()})
    gap = _on_all({metric: moved(split.gap) for metric, split in found.splits.items()})
    return [*rows, {"cause": REST, **rest}, {"cause": GAP, **gap}]


def _on_all(draws: dict[str, Floats]) -> Row:
    row: Row = {}
    for metric, values in draws.items():
        row[metric], row[f"{metric}_low"], row[f"{metric}_high"] = (round(x, _PLACES) for x in interval(values))
    return row


def facing(verdict: ReadingVerdict, lead: bool) -> ReadingVerdict:
    """A verdict with the signs of `Attribution.facing`."""
    if not lead or verdict.splits is None:
        return verdict
    return replace(
        verdict,
        splits={metric: split.turned() for metric, split in verdict.splits.items()},
    )


def reading_rows(asked: Sequence[ReadingVerdict], found: Attribution) -> list[Row]:
    """Each reading with what it says, its weight, the gap that it leads to and the part in dispute; months."""
    index = _disputed(asked[0], found)
    rows = []
    for verdict in asked:
        gap, *part = (None, None) if verdict.splits is None else figures(verdict, found)
        row: Row = {
            "reading": verdict.reading.title,
            "says": verdict.reading.says,
            "weight": verdict.weight,
            "before_data": verdict.prior,
            "draws": int(verdict.draws.sum()) // 2,  # each comes in both directions
            "months": gap,
        }
        if index is not None:
            row[f"through {found.causes.causes[index].phrase}"] = part[0]
        rows.append(row)
    return rows


def reading_parts(asked: Sequence[ReadingVerdict], found: Attribution) -> dict[str, dict[str, float]]:
    """Part of every cause in months, by cause, under each reading that has draws enough."""
    return {
        verdict.reading.reading: {
            cause.cause: float(verdict.splits["months"].parts[index, -1].mean())
            for index, cause in enumerate(found.causes.causes)
        }
        for verdict in asked
        if verdict.splits is not None
    }


def picture(found: Attribution, lead: bool, the: Name) -> Picture:
    """The waterfall from nothing to the gap, in months; causes of less than half a month are one bar together.

    What no cause accounts for is a bar of its own.
    """
    *parts, rest, gap = (
        {"label": row["cause"], "value": row["months"], "low": row["months_low"], "high": row["months_high"]}
        for row in causes(found)
    )
    small = [row for row in parts if max(abs(row["value"]), abs(row["low"]), abs(row["high"])) < _NEXT_TO_NOTHING]
    others = round(sum(row["value"] for row in small), 1)
    shown = [row for row in parts if row not in small]
    shown += [{"label": "Other causes", "value": others}] if others else []
    whole = {**gap, "label": "Lead" if lead else "Gap", "total": True}
    if not agreed(gap["low"], gap["high"], gap["value"]):
        whole["written"] = wording.lag_figure(gap["value"], gap["low"], gap["high"], LEVEL, found.censored)
    spoken = ", ".join(f"{row['label']} {row['value']:.1f}" for row in [*shown, rest, whole])
    side = "ahead of" if lead else "behind"
    return Picture(
        kind="waterfall",
        title=f"Why {the(found.subject)} stands {side} {the(found.rival)}",
        rows=(*shown, rest, whole),
        x=f"Months {side} {the(found.rival)}, {wording.period(found.dates[-1])}",
        y="",
        alternative=f"Parts in months: {spoken}.",
        source="Headway, counterfactual runs of its model on the evidence",
    )
