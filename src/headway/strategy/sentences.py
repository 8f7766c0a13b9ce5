"""Sentences about strategies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.core import wording
from headway.core.numbers import Z90, Floats
from headway.strategy.discovery import ALL_TOGETHER, MARGIN, DiscoveredRule, in_words
from headway.strategy.experiment import Experiment
from headway.strategy.niches import BreakEven
from headway.strategy.report import money
from headway.strategy.results import LEVEL, Effect, Exposure, Results
from headway.strategy.rule_induction import Box
from headway.strategy.supremacy import WANTED, Reach
from headway.strategy.voi import Worth

_WORTH_IT = 0.25  # months
_MOSTLY = 0.95
_FEW = 0.1  # niches
_NOTHING = 0.5  # months: a change smaller than that is none that a reader could act on


def months(value: float) -> str:
    """`19 months`."""
    return wording.amount(value, "months")


def saved(value: float) -> str:
    """`1.6 months`: means over futures may be small and still tell."""
    return f"{wording.number(value, 2)} months"


def moved(effect: dict[str, Effect], leads: bool) -> str:
    """`shortens the lag of its own models by 22 months (90%: 1–41) and that of the models it can use by 4 months`."""
    parts: dict[str, list[str]] = {"shortens": [], "lengthens": [], "hardly moves": []}
    lags = [
        ("sovereign_lag", "its lead" if leads else "the lag of its own models"),
        ("accessible_lag", "the lag of models it can run"),
    ]
    if effect["available_lag"].gain[0] > effect["accessible_lag"].gain[0] + _NOTHING:  # it brings back what is rented
        lags.append(("available_lag", "the lag of models it can use, rented ones included"))
    for name, what in lags:
        mean, low, high = effect[name].gain
        if leads and name == "accessible_lag":
            continue
        if abs(mean) < _NOTHING:
            parts["hardly moves"].append(what)
            continue
        better = mean > 0
        low, high = (low, high) if better else (-high, -low)
        by = wording.quantity(abs(mean), low, high, LEVEL, "months")
        parts["shortens" if better != leads else "lengthens"].append(f"{what} by {by}")
    return " and ".join(f"{verb} {wording.listing(told)}" for verb, told in parts.items() if told)


def strategy(
    title: str, budget: float, until: str, *, effect: dict[str, Effect], niches: int, exposed: Sequence[Exposure]
) -> str:
    """Sentence on the effect of a strategy, and on its exposure."""
    sovereign = effect["sovereign_lag"]
    leads = sovereign.value[0] + sovereign.gain[0] < 0  # the status quo is ahead of the frontier of all others
    gained = niches * effect["niches"].gain[0]
    niche = f", and makes an effort in {wording.number(gained, 2)} of {niches} niches pay" if gained > _FEW else ""
    text = f"{title}, at {budget:g}% of GDP a year, {moved(effect, leads)} by the end of {until[:4]}{niche}."
    return f"{text} {exposure(exposed)}"


def exposure(exposed: Sequence[Exposure]) -> str:
    """`It is exposed most if partners withdraw (22 months worse, …), then if …`."""
    if not exposed:
        return "Nothing considered here that may happen makes it much worse."
    worst, *others = exposed[:2]
    told = [f"if {worst.phrase} ({months(worst.months)} worse, {ALL_TOGETHER})"]
    told += [f"if {one.phrase} ({months(one.months)} worse)" for one in others]
    return f"It is exposed most {', then '.join(told)}."


def robust(
    results: Results, best: int, title: str, *, regret: Floats, share: float, condition: DiscoveredRule, box: Box | None
) -> str:
    """Sentence on the strategy with the least regret, and on where it fails. `regret`: of every strategy, months."""
    among = f"Over {results.futures:,} futures"
    if float(regret.max()) < MARGIN:
        return (
            f"{among} it makes little difference which of {len(results.names):,} strategies is followed: in nine of "
            f"ten the worst of them falls short of the best by at most {saved(float(regret.max()))} of lag, "
            f"{ALL_TOGETHER}; “{title}” has the least regret, the smallest such shortfall."
        )
    text = (
        f"{among} “{title}” has the least regret, the smallest shortfall from the best choice: in nine of ten it falls "
        f"short of the best of {len(results.names):,} strategies by at most {months(float(regret[best]))} of lag, "
        f"{ALL_TOGETHER}."
    )
    return f"{text} {failure(results, share, condition, box)}"


def short_robust(results: Results, title: str, regret: Floats) -> str:
    """The same in one line."""
    if float(regret.max()) < MARGIN:
        return f"It makes little difference which of {len(results.names):,} strategies is followed."
    return f"“{title}” falls least short of the best choice, over {results.futures:,} futures."


def failure(results: Results, share: float, condition: DiscoveredRule, box: Box | None) -> str:
    """In how many futures a strategy fails, and the rule that describes them."""
    text = f"{wording.futures(share)} {condition}"
    if box is None:
        return f"{text}; no rule tells these futures from the others."
    return (
        f"{text}, mostly where {in_words(box, results.experiment)} ({wording.amount(100 * box.coverage, '%')} of them "
        f"lie there, and it fails in {wording.amount(100 * box.density, '%')} of the futures there)."
    )


def _bears(one: BreakEven, short: Floats) -> float:
    """Share of draws in which a niche makes up for the capability points that the country is short of the frontier."""
    return float((short <= one.allowed).mean())


def break_even(niche: str, one: BreakEven) -> str:
    """From which yield, and which access, a niche pays."""
    name = niche.replace("_", " ")
    allowed = wording.amount(round(float(np.median(one.allowed))), "ECI points")
    bears = (
        f"it holds out as long as the best model that the country can run is no more than {allowed} below the "
        f"frontier, as it is in {wording.of_hundred(_bears(one, one.short))} draws without rented models and in "
        f"{wording.of_hundred(_bears(one, one.rented_short))} with them"
    )
    if float(np.mean(one.least == 0)) > _MOSTLY:
        return (
            f"An effort in {name} has no lag to make up for: access is at the frontier already. With the yields "
            f"supposed {bears}."
        )
    finite = one.least[np.isfinite(one.least)]
    low, middle, high = (float(np.quantile(finite, q)) for q in (0.05, 0.5, 0.95))
    least, enough = wording.quantity(middle, low, high, LEVEL, "points a year"), float(one.above.mean())
    return (
        f"In {name} a niche focus makes up for the lag if a unit of effort yields more than {least}, as "
        f"{wording.in_hundred(enough)} of the yields supposed do; with these {bears}."
    )


def mix(experiment: Experiment, row: int) -> str:
    """Words on how a strategy spends: `domestic chips`; `one half head-on spending, one half partner compute`."""
    parts = sorted(money(experiment, row).items(), key=lambda part: -part[1])
    titles = {lever.lever: lever.title.lower() for lever in experiment.levers.levers}
    if len(parts) == 1:
        return titles[parts[0][0]]
    return wording.listing([f"{wording.amount(100 * share, '%')} {titles[name]}" for name, share in parts])


def supremacy(found: Reach, country: str, budget: float, until: str) -> str:
    """How near the frontier the best strategy brings a country, and what 5 % would take."""
    experiment = found.results.experiment
    best = mix(experiment, found.results.row(found.strategy)) or "none of them"
    text = (
        f"If compute decides, of {found.tried:,} strategies at up to {budget:g}% of GDP a year the one that brings "
        f"{country} nearest to the frontier ({best}) puts it there in {wording.in_hundred(found.probability)} futures "
        f"by {until[:4]}: {wording.likelihood(found.probability)}."
    )
    if found.status_quo >= _MOSTLY:
        return (
            f"In {wording.in_hundred(found.status_quo)} futures {country} stands at the frontier at some time until "
            f"{until[:4]} without any strategy."
        )
    if found.probability >= WANTED:
        return f"{text} Without a strategy it is {wording.in_hundred(found.status_quo)}."
    return f"{text} {_what_it_takes(found)}"


def short_supremacy(found: Reach, budget: float, until: str) -> str:
    """The same in one line."""
    if found.status_quo >= _MOSTLY:
        return f"Frontier by {until[:4]} without any strategy: {wording.in_hundred(found.status_quo)}."
    best = wording.in_hundred(found.probability)
    return (
        f"Frontier by {until[:4]} at up to {budget:g}% of GDP a year: {best} ({wording.likelihood(found.probability)})."
    )


def _what_it_takes(found: Reach) -> str:
    most, chance = max(found.by_budget.items())
    nearly = wording.in_hundred(chance) if 100 * chance < 4.5 else f"{100 * chance:.1f} in 100"
    if found.budget is not None:
        money_ = f"For 5 in 100 it would take some {found.budget:g}% of GDP a year"
    else:
        money_ = f"Not even {most:g}% of GDP a year brings 5 in 100 ({nearly})"
    short = f"{wording.number(found.short, 2)} capability points"
    where = f", mostly where {in_words(found.rule, found.results.experiment)}" if found.rule else ""
    return f"{money_}; in the twentieth of futures that come nearest{where}, {short} are still missing."


def information(worth: Sequence[Worth], perfect: float) -> str:
    """Sentence on the measurement that is worth most, by the choice that it would change."""
    best = worth[0]
    title = best.measurement.title[:1].lower() + best.measurement.title[1:]
    if best.value < Z90 * best.error or best.value < _WORTH_IT:
        return (
            f"No single measurement of the {len(worth)} considered would change the choice of strategy for the better; "
            f"to know everything would save {saved(perfect)} of lag, {ALL_TOGETHER}."
        )
    text = (
        f"Of {len(worth)} measurements considered, {title} is worth most: it would change the choice of strategy in "
        f"{wording.in_hundred(best.changes)} cases and save {saved(best.value)} of lag, {ALL_TOGETHER}, of "
        f"the {saved(perfect)} that knowing everything would save."
    )
    second = worth[1] if len(worth) > 1 else None
    if second is None or second.value < Z90 * second.error or second.value < _WORTH_IT:
        return f"{text} None of the others is worth more than chance."
    title = second.measurement.title[:1].lower() + second.measurement.title[1:]
    return f"{text} Next comes {title} ({saved(second.value)})."
