"""Access of a country to others' models by API and cloud, and the rest if that falls away, then open weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from headway.core import periods, wording
from headway.findings.finding import Finding, FindingTier
from headway.findings.recipe import Context, recipe
from headway.inference.arrays import Floats
from headway.inference.findings.common import ModelledInterval, footing, futures, modelled
from headway.inference.findings.gap import stands
from headway.inference.outlook import CountryOutlook, why_not
from headway.scenarios.scenario import load

_PARAMETERS = ("slope", "adoption_delay", "adoption_penalty", "rental_delay", "meter_cost")
_TOUCH_ACCESS = ("rented", "rented_use", "open_weights")
_AHEAD = 2 * periods.PER_YEAR  # quarters from the last score to the date that a scenario is read at
_RARELY = 0.05  # share of draws up to which rented models add nothing worth a sentence
_OTHERS, _FRONTIER = "the best of all other countries", "that frontier"
_CAVEAT = (
    "Who is barred from whose models is from the country table; that all others are served in full, and how late, is "
    "supposed."
)


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


@recipe("gap.least_use")
def least_use(context: Context) -> Iterator[Finding]:
    """Share of the wanted use that others' models must serve to be worth more than what the country can run itself."""
    if why_not(context.evidence, context.country) is not None:
        return
    found = futures(context)
    draws = found.draws("least_use", context.country)
    share = ModelledInterval.of(100 * draws)
    if share.value > 100 * (1 - _RARELY):
        return
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
            f"long as more than {share.words('%')} of the use it wants is served.",
            weight=3,
            caveat=_CAVEAT,
            observations=footing(context),
        )
    )


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
            caveat=_CAVEAT,
        )
    )


def _touches_access(scenario: str | None) -> bool:
    """Whether a scenario changes what a country can rent or download."""
    chain = load(scenario) if scenario else ()
    return any(one.changes(driver) for one in chain for driver in _TOUCH_ACCESS)


def _draws(found: CountryOutlook, context: Context, series: str, when: str | None = None) -> Floats:
    return found.draws(series, context.country, when)


def _lag(found: CountryOutlook, context: Context, kind: str, other: str, when: str | None = None) -> str:
    """`is 16 months (90%: 10–24) behind` the other; kind is sovereign, accessible or available."""
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


def _scenario_tier(finding: Finding) -> Finding:
    """A finding whose numbers rest on what is supposed of rented access, under any scenario."""
    return replace(finding, tier=FindingTier.SCENARIO, parameters=_PARAMETERS)
