"""Sentences about strategies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.findings import words
from headway.strategy.boxes import Box
from headway.strategy.discovery import Condition, in_words
from headway.strategy.exposure import Exposure
from headway.strategy.niches import BreakEven
from headway.strategy.results import LEVEL, Effect, Results

_MOSTLY = 0.95
_FEW = 0.1  # niches
_NOTHING = 0.5  # months: a change smaller than that is none that a reader could act on


def months(value: float) -> str:
    """`19 months`."""
    return words.amount(value, "months")


def moved(effect: dict[str, Effect], leads: bool) -> str:
    """`shortens the sovereign lag by 22 months (90%: 1–41) and the accessible lag by 4 months (90%: 0–30)`."""
    parts: dict[str, list[str]] = {"shortens": [], "lengthens": [], "hardly moves": []}
    for name, what in (("sovereign_lag", "lead" if leads else "sovereign lag"), ("accessible_lag", "accessible lag")):
        mean, low, high = effect[name].gain
        if leads and name == "accessible_lag":
            continue
        if abs(mean) < _NOTHING:
            parts["hardly moves"].append(f"the {what}")
            continue
        better = mean > 0
        low, high = (low, high) if better else (-high, -low)
        by = words.quantity(abs(mean), low, high, LEVEL, "months")
        parts["shortens" if better != leads else "lengthens"].append(f"the {what} by {by}")
    return " and ".join(f"{verb} {words.listing(told)}" for verb, told in parts.items() if told)


def strategy(
    title: str, budget: float, until: str, effect: dict[str, Effect], niches: int, exposed: Sequence[Exposure]
) -> str:
    """What a strategy does, and what it is exposed to."""
    sovereign = effect["sovereign_lag"]
    leads = sovereign.value[0] + sovereign.gain[0] < 0  # the status quo is ahead of the frontier of all others
    gained = niches * effect["niches"].gain[0]
    niche = f", and brings {words.number(gained, 2)} of {niches} niches above break-even" if gained > _FEW else ""
    text = f"{title}, at {budget:g}% of GDP a year, {moved(effect, leads)} by the end of {until[:4]}{niche}."
    return f"{text} {exposure(exposed)}"


def exposure(exposed: Sequence[Exposure]) -> str:
    """`It is exposed most if partners withdraw (22 months), then if …`."""
    if not exposed:
        return "Nothing considered here that may happen makes it much worse."
    told = [f"if {one.phrase} ({months(one.months)} worse)" for one in exposed[:2]]
    return f"It is exposed most {', then '.join(told)}."


def robust(results: Results, title: str, regret: float, share: float, condition: Condition, box: Box | None) -> str:
    """Which strategy has the least regret, and where it fails."""
    text = (
        f"Over {results.futures:,} futures “{title}” has the least regret: in nine of ten it falls short of the best "
        f"of {len(results.names)} strategies by at most {months(regret)} of lag, all objectives together."
    )
    return f"{text} {failure(results, share, condition, box)}"


def failure(results: Results, share: float, condition: Condition, box: Box | None) -> str:
    """In how many futures a strategy fails, and the rule that describes them."""
    text = f"{words.futures(share)} {condition}"
    if box is None:
        return f"{text}; no rule tells these futures from the others."
    return (
        f"{text}, mostly where {in_words(box, results.experiment)} ({words.amount(100 * box.coverage, '%')} of them "
        f"lie there, and it fails in {words.amount(100 * box.density, '%')} of the futures there)."
    )


def break_even(niche: str, one: BreakEven) -> str:
    """From which yield, and which access, a niche pays."""
    name = niche.replace("_", " ")
    allowed = words.amount(float(np.median(one.allowed)), "ECI points")
    bears = f"With the yield supposed it bears an accessible capability {allowed} below the frontier."
    if float(np.mean(one.least == 0)) > _MOSTLY:
        return f"An effort in {name} has no lag to make up for: access is at the frontier already. {bears}"
    finite = one.least[np.isfinite(one.least)]
    low, middle, high = (float(np.quantile(finite, q)) for q in (0.05, 0.5, 0.95))
    return (
        f"An effort in {name} makes up for the lag if one unit of it yields more than "
        f"{words.quantity(middle, low, high, LEVEL, 'points a year')}; {words.in_hundred(float(one.above.mean()))} of "
        f"the yields supposed do. {bears}"
    )
