"""Access of a country to others' models by API and cloud, and the rest if that falls away, then open weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from headway.core import periods, wording
from headway.findings.finding import Finding, FindingTier
from headway.findings.observed.common import dated, observed_on
from headway.findings.recipe import Context, recipe
from headway.findings.records import Interval, Records, lag, records
from headway.inference.arrays import Floats
from headway.inference.findings.common import ModelledInterval, footing, futures, modelled
from headway.inference.findings.gap import stands
from headway.inference.outlook import CountryOutlook, why_not
from headway.scenarios.quantities import quantities
from headway.scenarios.scenario import load
from headway.scenarios.world.rental import served

_PARAMETERS = ("slope", "adoption_delay", "adoption_penalty", "rental_delay", "meter_cost")
_AHEAD = 2 * periods.PER_YEAR  # quarters from the last score to the date that a scenario is read at
_RARELY = 0.05  # share of draws up to which rented models add nothing worth a sentence
_OTHERS, _FRONTIER = "the best of all other countries", "that frontier"
_NO_MONTHS = Interval.of(0.0, np.zeros(1))
_CAVEAT = (
    "Who is barred from whose models is from the country table; that all others are served in full, and how late, is "
    "supposed."
)
_NO_PRICE = "No source has what renting costs a country, or what a provider asks to serve it again: neither is counted."


@recipe("gap.dependence")
def dependence(context: Context) -> Iterator[Finding]:
    """Finding on the lags of what a country can use now, what it can run itself, and what it has built."""
    if why_not(context.evidence, context.country) is not None:
        return
    found = futures(context)
    rented = float((_draws(found, context, "available_lag") < _draws(found, context, "accessible_lag")).mean())
    lost = ModelledInterval.of(_draws(found, context, "accessible_lag") - _draws(found, context, "available_lag"))
    name, end = context.the(context.country), wording.period(found.anchor)
    if rented <= _RARELY:
        text = f"rented models add nothing to what {name} can run itself at the end of {end}"
    else:
        text = (
            f"at the end of {end}, the best model that {name} can use, rented ones included, "
            f"{_lag(found, context, 'available', _OTHERS)}; a cut of what is rented costs {lost.words('months')}"
        )
    yield _scenario_tier(
        modelled(
            context,
            "gap.dependence",
            (),
            "gap",
            quantity="months lost if rented access is cut",
            title="Dependence on rented and open models",
            found=found,
            estimate=lost,
            unit="months",
            sentence=f"{text}. {wording.sentence(_remains(found, context))}.",
            caveat=_CAVEAT,
            observations=footing(context),
            details={"share_rented_best": rented},
        )
    )


@recipe("gap.one_provider")
def one_provider(context: Context) -> Iterator[Finding]:
    """Finding on the months lost if the country, or the firm, with the best rented model stopped serving it, alone."""
    when, models = observed_on(context), context.evidence.models()
    owners = models["countries"].fillna("").str.split(";").str[0]
    home = set(context.members(context.country))
    serving = _serving(context, sorted({*owners} - home - {""}))
    rented = owners.isin(serving) & ~models["open_weights"].eq(True)
    usable = rented | owners.isin(home) | models["open_weights"].eq(True)
    best = records(models[rented], serving, "eci", seed=context.seed)
    if best.at(when) < 0:
        return
    top = models.set_index("id").loc[best.ids[best.at(when)]]
    country, firm = str(top["countries"]).split(";")[0], _first(top["organization"])

    whole = records(models[usable], {*owners}, "eci", seed=context.seed)

    def left(cut: pd.Series) -> tuple[Records, Interval]:
        """Records without what is cut, and the months that they are behind all that the country can use now."""
        kept = records(models[usable & ~cut], {*owners}, "eci", seed=context.seed)
        behind = None if kept.ids[-1:] == whole.ids[-1:] else lag(kept, whole, when)
        return kept, _NO_MONTHS if behind is None else behind.months

    kept, lost = left(rented & owners.eq(country))
    _, by_firm = left(rented & models["organization"].map(_first).eq(firm))
    if kept.at(when) < 0:
        return
    name = context.the(context.country)
    if lost is _NO_MONTHS:
        text = f"no provider's cut alone would cost {name} anything: the best model that it can use is not rented"
    else:
        holder = models.set_index("id").loc[kept.ids[kept.at(when)]]
        maker = str(holder["countries"]).split(";")[0]
        whose = "its own" if maker in home else f"of {context.the(maker)}"
        opened = ", with open weights" if holder["open_weights"] == True else ""  # noqa: E712 — missing is no
        text = (
            f"if {context.the(country)} alone stopped serving models to {name}, the best left would be that of "
            f"{_months(lost)} earlier ({kept.models[kept.at(when)]}, {whose}{opened}); if {firm} alone did, "
            + (f"that of {_months(by_firm)} earlier" if by_firm.value else "nothing would be lost")
        )
    told = _scenario_tier(
        modelled(
            context,
            "gap.one_provider",
            (),
            "gap",
            quantity="months lost if the largest provider of rented models stops",
            title="One provider's cut",
            estimate=ModelledInterval(lost.value, lost.low, lost.high),
            unit="months",
            period=periods.quarter_name(periods.quarter_number_of(when)),
            sentence=f"{text}.",
            weight=3,
            caveat="What is left is taken to be served, or run, in full and at once, and nobody to follow the one that "
            "stops. Models without a score are not counted.",
            observations=(best.ids[best.at(when)], kept.ids[kept.at(when)]),
            details={
                "maker": country,
                "firm": firm,
                "months_by_firm": by_firm.value,
                "model": kept.models[kept.at(when)],
            },
        ),
        (),
    )
    yield replace(told, coverage="")  # from records of scores, not from forecasts


def _serving(context: Context, makers: list[str]) -> tuple[str, ...]:
    """Makers whose models are served to the country, or to a member of the bloc."""
    customers = list(context.members(context.country))
    table = served(context.evidence, [*customers, *makers])[: len(customers), len(customers) :]
    return tuple(maker for maker, row in zip(makers, table.T, strict=True) if row.any())


def _first(organizations: object) -> str:
    return str(organizations).split(";")[0].split(",")[0].strip()


def _months(lost: Interval) -> str:
    """`6.6 months (90%: 0–14)`; no interval where every draw gives the same model."""
    within = f" ({lost.within()})" if lost.low < lost.high else ""
    return f"{wording.number(lost.value, 2)} months{within}"


@recipe("gap.least_use")
def least_use(context: Context) -> Iterator[Finding]:
    """Share of the wanted use that others' models must serve to be worth more than what the country can run itself.

    The same money buys that share once the price has risen to one over it: the price up to which renting pays.
    """
    if why_not(context.evidence, context.country) is not None:
        return
    found = futures(context)
    draws = found.draws("least_use", context.country)
    share, price = ModelledInterval.of(100 * draws), ModelledInterval.of(1 / draws)
    if share.value > 100 * (1 - _RARELY):
        return
    prices = context.evidence.statements("price")
    yield _scenario_tier(
        modelled(
            context,
            "gap.least_use",
            (),
            "gap",
            quantity="least share of use that makes renting worth it",
            title="How far rented access can be metered",
            found=found,
            estimate=share,
            unit="%",
            sentence=f"rented models are worth more to {context.the(context.country)} than those it can run itself as "
            f"long as more than {share.words('%')} of the use it wants is served: for the money that buys all of it "
            f"today, up to {price.words('times')} today’s price.",
            weight=3,
            caveat=" ".join([_CAVEAT, *(_told(row) for _, row in prices.iterrows())]),
            observations=(*footing(context), *prices["id"].astype(str)),
        )
    )


def _told(price: pd.Series[Any]) -> str:
    """Words of a page on prices at a fixed score, after who said them and when."""
    return f"{price['publisher']} ({dated(price)}): {price['text']}"


@recipe("outlook.access")
def access(context: Context) -> Iterator[Finding]:
    """Finding on the access left under a scenario that cuts or meters what a country rents, or closes open weights."""
    if why_not(context.evidence, context.country) is not None or not _touches_access(context.scenario):
        return
    found, usual = futures(context), futures(context, "baseline")
    when = periods.quarter_name(periods.quarter_number(found.anchor) + _AHEAD)
    less = found.draws("available_lag", context.country, when) - usual.draws("available_lag", context.country, when)
    lost = ModelledInterval.of(less)
    title = load(context.scenario or "baseline")[-1].title
    before = ModelledInterval.of(usual.draws("available_lag", context.country, when))
    yield _scenario_tier(
        modelled(
            context,
            "outlook.access",
            (),
            "outlook",
            quantity="months of available capability lost under the scenario",
            title="What remains of access",
            found=found,
            estimate=lost,
            unit="months",
            period=when,
            sentence=f"under “{title}”, the best model that {context.the(context.country)} can use at the end of "
            f"{wording.period(when)} {_lag(found, context, 'available', _OTHERS, when)}, against "
            f"{before.words('months')} as things stand: {lost.words('months')} are lost. "
            f"{wording.sentence(_remains(found, context, when))}.",
            weight=1,
            caveat=f"{_CAVEAT} {_NO_PRICE}",
        )
    )


def _touches_access(scenario: str | None) -> bool:
    """Whether a scenario changes what a country can rent or download."""
    chain = load(scenario) if scenario else ()
    return any(one.changes(driver) for one in chain for driver, what in quantities().items() if what.of_access)


def _draws(found: CountryOutlook, context: Context, series: str, when: str | None = None) -> Floats:
    return found.draws(series, context.country, when)


def _lag(found: CountryOutlook, context: Context, kind: str, other: str, when: str | None = None) -> str:
    """`is 16 months behind the other (90%: 10–24)`; kind is sovereign, accessible or available."""
    series = "lag" if kind == "sovereign" else f"{kind}_lag"
    draws, censored = (_draws(found, context, name, when) for name in (series, f"{series}_censored"))
    return stands(draws, censored, other)


def _remains(found: CountryOutlook, context: Context, when: str | None = None) -> str:
    """Words on what a country can run itself, and what it has built, without open weights."""
    own, reach = (_draws(found, context, series, when) for series in ("sovereign", "accessible"))
    opened = wording.of_hundred(float((reach > own).mean()))
    return (
        f"without rented models it runs open weights in {opened} draws, its own models in the others, and "
        f"{_lag(found, context, 'accessible', _FRONTIER, when)}; without open weights too, its own best model "
        f"{_lag(found, context, 'sovereign', _FRONTIER, when)}"
    )


def _scenario_tier(finding: Finding, parameters: tuple[str, ...] = _PARAMETERS) -> Finding:
    """A finding whose numbers rest on what is supposed of rented access, under any scenario."""
    return replace(finding, tier=FindingTier.SCENARIO, parameters=parameters)
