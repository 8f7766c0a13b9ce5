"""Part 8 of a brief: what the model cannot tell, and which single measurement would tell most.

For a quantity Y and a measurement X with error, the expected share of the variance of Y that knowing X would remove is
Var(E[Y | X]) / Var(Y). It is estimated from the draws at hand by binning X (Plischke, Borgonovo and Smith 2013, "Global
sensitivity measures from given data", European Journal of Operational Research 226:536–550), with the bias of a finite
number of draws per bin taken off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from headway.core import periods, wording
from headway.core.numbers import USEFUL_SHARE
from headway.findings.finding import Finding, Picture
from headway.findings.recipe import Context, recipe
from headway.findings.records import with_pace
from headway.inference.arrays import Floats
from headway.inference.findings.common import companions, futures, modelled, scored
from headway.inference.outlook import CountryOutlook, why_not
from headway.inference.posterior import chosen_for

BINS = 16


@dataclass(frozen=True)
class RankedMeasurement:
    """Something that could be measured.

    Attributes:
        says: what would be measured, as it stands in a sentence after "a".
        draws: what it would show in each draw, shape (draw,). error: sd of the measurement, in the unit of `draws`.
    """

    says: str
    draws: Floats
    error: float


def explained(target: Floats, measured: Floats) -> float:
    """Share of the variance of `target` that knowing `measured` removes, in [0, 1]; shapes (draw,)."""
    total = target.var()
    if total <= 0 or measured.std() <= 1e-9 * max(abs(float(measured.mean())), 1.0):
        return 0.0
    order = np.argsort(measured, kind="stable")
    groups = np.array_split(target[order], BINS)
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    means = np.array([group.mean() for group in groups])
    within = np.array([group.var(ddof=1) if len(group) > 1 else 0.0 for group in groups])
    between = (sizes * (means - target.mean()) ** 2).sum() / sizes.sum()
    noise = (within / sizes * (1 - sizes / sizes.sum()) * sizes).sum() / sizes.sum()
    return float(np.clip((between - noise) / total, 0.0, 1.0))


def ranked(target: Floats, measurements: Mapping[str, RankedMeasurement], seed: int = 0) -> dict[str, float]:
    """Variance shares that the measurements would remove, the largest first.

    Each measurement is simulated with its error; draws in which the target is not finite are left out.
    """
    rng = np.random.default_rng(seed)
    good = np.isfinite(target)
    shares = {}
    for key in sorted(measurements):
        entry = measurements[key]
        seen = entry.draws + entry.error * rng.standard_normal(len(entry.draws))
        usable = good & np.isfinite(seen)
        shares[key] = explained(target[usable], seen[usable]) if usable.sum() > 10 * BINS else 0.0
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


FUTURE = "2030Q4"
_SMALL = 0.02


@recipe("unknowns.measurement")
def measurement(context: Context) -> Iterator[Finding]:
    """The single measurement that would shrink the uncertainty of the gap most, now and in 2030."""
    if why_not(context.evidence, context.country) is not None:
        return
    found = futures(context)
    asked = [("2030", FUTURE, f"the gap at the end of {FUTURE[:4]}")]
    if not scored(context):
        asked.insert(0, ("now", found.anchor, "the gap of today"))
    choices = _choices(context, found)
    for argument, quarter, what in asked:
        target = found.draws("gap", context.country, quarter)
        shares = ranked(target, choices, context.seed)
        best, share = next(iter(shares.items()))
        left = float(np.sqrt(1 - share))
        rows = tuple({"label": choices[key].says, "value": round(value, 3)} for key, value in shares.items())
        yield modelled(
            context,
            "unknowns.measurement",
            (argument,),
            "unknowns",
            quantity="most informative measurement",
            title=f"Most informative measurement, {argument}",
            found=found,
            value=share,
            unit="share of variance",
            period=quarter,
            sentence=(
                f"of the measurements considered, {choices[best].says} would shrink the uncertainty of {what} most: it "
                f"would remove {wording.number(100 * share, 2)}% of the variance, leaving an interval about "
                f"{wording.number(100 * left, 2)}% as wide."
                if share > _SMALL
                else f"none of the measurements considered would shrink the uncertainty of {what} by more than 2%."
            ),
            short=f"Would help most: {choices[best].says}."
            if share >= USEFUL_SHARE
            else "No single measurement would narrow the ranges much.",
            weight=1 if argument == asked[0][0] else 2,
            caveat="Expected reduction under the model’s own draws, one measurement at a time; one that would "
            "prove the equations wrong is worth more than this.",
            picture=Picture(
                kind="bars",
                title=f"Share of the variance of {what} that one measurement would remove",
                rows=rows,
                x="Share of variance",
                y="",
                alternative="; ".join(f"{row['label']}: {row['value']:.2f}" for row in rows) + ".",
                source="Headway, draws of the model",
            ),
            table=tuple({"measurement": row["label"], "share of variance": row["value"]} for row in rows),
        )


def _choices(context: Context, found: CountryOutlook) -> dict[str, RankedMeasurement]:
    """Possible measurements, each with a realistic error."""
    country, (rivals, _) = context.country, companions(context)
    gap, oom = found.draws("gap", country), found.draws("gap_oom", country)
    slope = np.divide(gap, oom, out=np.full_like(gap, np.nan), where=np.abs(oom) > 1e-6)
    name = context.the(country)
    choices = {
        "score": RankedMeasurement(f"a score of the best model of {name}", found.draws("sovereign", country), 2.0),
        "run": RankedMeasurement(
            f"the training compute of the largest run of {name}", found.draws("training_run", country), 0.1
        ),
        "stock": RankedMeasurement(f"a count of the AI compute in {name}", _log(found, "compute", country), 0.05),
        "people": RankedMeasurement(f"a census of AI researchers in {name}", _log(found, "talent", country), 0.05),
        "level": RankedMeasurement(
            f"a test of how much compute the recipes of {name} save", found.draws("level", country), 0.2
        ),
        "slope": RankedMeasurement("a controlled test of what ten times the compute buys in capability", slope, 0.5),
        "spending": RankedMeasurement(
            f"AI spending of {name} in the next year", _log(found, "spending_share", country, _next(found)), 0.05
        ),
    }
    for rival in rivals[:1]:
        choices["rival_run"] = RankedMeasurement(
            f"the training compute of the largest run of {context.the(rival)}", found.draws("training_run", rival), 0.1
        )
    return choices


def _next(found: CountryOutlook) -> str:
    """The quarter a year after the anchor."""
    return f"{int(found.anchor[:4]) + 1}{found.anchor[4:]}"


def _log(found: CountryOutlook, series: str, country: str, quarter: str | None = None) -> Floats:
    return np.asarray(np.log10(np.maximum(found.draws(series, country, quarter), 1e-12)))


@recipe("unknowns.ridge")
def ridge(context: Context) -> Iterator[Finding]:
    """Finding on parameters that the fit cannot separate: the slope in compute and algorithmic drift."""
    fit = chosen_for(context.evidence)
    if fit is None or why_not(context.evidence, context.country) is not None:
        return
    level = fit.level[:, fit.countries.index(fit.reference)]
    drift = (level[:, -1] - level[:, 0]) / ((len(fit.quarters) - 1) / periods.PER_YEAR)
    slope = fit.values["slope"]
    correlation = float(np.corrcoef(slope, drift)[0, 1])
    low, middle, high = (float(q) for q in np.quantile(slope, [0.05, 0.5, 0.95]))
    yield modelled(
        context,
        "unknowns.ridge",
        (),
        "unknowns",
        quantity="compute against algorithms",
        title="Compute or algorithms?",
        value=correlation,
        unit="correlation",
        sentence=with_pace(
            context,
            f"at the frontier compute and algorithms rose together, so the data hardly tell how much each gave: ten "
            f"times the compute is worth {wording.quantity(middle, low, high, 0.9, 'ECI points')}, and the more it is "
            f"worth, the less is left for algorithms to explain (their correlation is {wording.number(correlation, 2)})"
            ".",
        ),
        weight=2,
        caveat="Own and absorbed progress are told apart by priors alone; only their sum is a result.",
    )
