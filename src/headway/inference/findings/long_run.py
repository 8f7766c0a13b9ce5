"""The long run under two structures: compute decides, or knowledge diffuses; both shown with their weights."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from headway.core import periods, wording
from headway.core.numbers import LEVEL
from headway.findings.finding import Finding, Picture
from headway.findings.recipe import Context, recipe
from headway.inference import record
from headway.inference.arrays import Floats
from headway.inference.diffusion import SEED, lag_process
from headway.inference.findings.common import ModelledInterval, futures, modelled
from headway.inference.outlook import why_not
from headway.inference.posterior import stored_for
from headway.inference.record import COMPUTE, DIFFUSION

YEAR = 2030
NEAR = 24.0  # months


@recipe("outlook.long_run")
def long_run(context: Context) -> Iterator[Finding]:
    """Lag at the end of 2030 under both structures, and the chance of coming within two years of the frontier."""
    if (diffused := diffused_lags(context)) is None:
        return
    found = futures(context)
    quarter = f"{YEAR}Q4"
    now, computed = (found.draws("lag", context.country, at) for at in (found.anchor, quarter))
    weights = record.long_run_weights(context.as_of)
    first, second = ModelledInterval.of(computed), ModelledInterval.of(diffused)
    near = {COMPUTE: float(np.mean(computed <= NEAR)), DIFFUSION: float(np.mean(diffused <= NEAR))}
    wider = {
        COMPUTE: float(np.mean(computed > now)),
        DIFFUSION: float(np.mean(diffused > np.median(now))),
    }
    chance = sum(weights[name] * near[name] for name in near)
    name = context.the(context.country)
    yield modelled(
        context,
        "outlook.long_run",
        (str(YEAR),),
        "outlook",
        quantity=f"probability: within 24 months in {YEAR}, two structures",
        title=f"Within 24 months of the frontier at the end of {YEAR}",
        found=found,
        value=chance,
        unit="probability",
        period=quarter,
        sentence=f"at the end of {YEAR} {name} is {_behind(first, 'the frontier')} if compute decides, and "
        f"{_behind(second, 'it')} if knowledge goes on diffusing as since 2023. It is within 24 months in "
        f"{wording.of_hundred(near[COMPUTE])} futures of the first kind and {wording.of_hundred(near[DIFFUSION])} of "
        f"the second: by the weights of both {wording.of_hundred(chance)} ({wording.likelihood(chance)}).",
        short=_short(first, second),
        weight=1,
        caveat=record.long_run_verdict(context.as_of),
        picture=_picture(name, {COMPUTE: first, DIFFUSION: second}),
        table=tuple(
            {
                "structure": structure,
                "weight": weights[structure],
                "lag, months": round(told.value, 2),
                "low": round(told.low, 2),
                "high": round(told.high, 2),
                "P(within 24 months)": round(near[structure], 3),
                "P(lag grows)": round(wider[structure], 3),
            }
            for structure, told in ((COMPUTE, first), (DIFFUSION, second))
        ),
    )


def diffused_lags(context: Context) -> Floats | None:
    """Draws of the lag at the end of the year under diffusion; None where the country has no measured lag."""
    return context.evidence.once(("diffused_lags", context.country), lambda: _diffused_lags(context))


def _diffused_lags(context: Context) -> Floats | None:
    fit = stored_for(context.evidence)
    if fit is None or why_not(context.evidence, context.country) is not None:
        return None
    process = lag_process(fit.data)
    if context.country not in process.mean:
        return None
    ahead = periods.quarter_number(f"{YEAR}Q4") - fit.data.last
    return process.draws(context.country, ahead, np.random.default_rng(SEED))[:, -1]


def _behind(told: ModelledInterval, other: str) -> str:
    """`57 months behind the frontier (90%: 39–72)`."""
    return wording.lag(told.value, told.low, told.high, LEVEL, behind=f"behind {other}", ahead=f"ahead of {other}")


def _short(first: ModelledInterval, second: ModelledInterval) -> str:
    """`End of 2030: 57 months behind if compute decides, 18 if knowledge diffuses.`"""
    sides = ["behind" if told.value >= 0 else "ahead" for told in (first, second)]
    again = "" if sides[0] == sides[1] else f" {sides[1]}"
    return (
        f"End of {YEAR}: {round(abs(first.value))} months {sides[0]} if compute decides, "
        f"{round(abs(second.value))}{again} if knowledge diffuses."
    )


def _picture(name: str, told: dict[str, ModelledInterval]) -> Picture:
    rows = [
        {"label": f"If {structure}", "value": one.value, "low": one.low, "high": one.high}
        for structure, one in told.items()
    ]
    return Picture(
        kind="intervals",
        title=f"Lag of {name} behind the frontier at the end of {YEAR}, under two views",
        rows=tuple(rows),
        x="Lag (months)",
        y="",
        alternative="; ".join(f"{row['label']}: {wording.number(float(str(row['value'])), 2)} months" for row in rows),
        source="Headway, runs of its model; Epoch AI (CC BY 4.0)",
    )
