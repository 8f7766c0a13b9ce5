"""What a country can use, as against what it can make: the best open-weight model."""

from __future__ import annotations

from collections.abc import Iterator

from headway.core import wording
from headway.findings.finding import Finding
from headway.findings.observed.common import gap_finding, observed_on, records_of
from headway.findings.recipe import Context, recipe
from headway.findings.records import lag, records


@recipe("gap.accessible_observed")
def accessible(context: Context) -> Iterator[Finding]:
    """How far the best open-weight model of any country is behind the frontier, and whose it is."""
    models = context.evidence.models()
    everyone = set(models["countries"].str.split(";").str[0].dropna())
    frontier = records(models, everyone, "eci", seed=context.seed)
    free = records(models[models["open_weights"].eq(True)], everyone, "eci", seed=context.seed)
    behind = lag(free, frontier, observed_on(context))
    if behind is None:
        return
    best = free.at(observed_on(context))
    maker = str(models.set_index("id").loc[free.ids[best], "countries"]).split(";")[0]
    own = records_of(context, context.country, "eci")
    mine = own.at(observed_on(context))
    if maker == context.country:
        comparison = f"it is {context.name(maker)}’s own"
    elif mine >= 0 and own.values[mine] >= free.values[best]:
        comparison = f"{context.the(context.country)} has better of its own"
    else:
        comparison = f"it comes from {context.the(maker)}, so using it is access, not ability"
    yield gap_finding(
        context,
        "gap.accessible_observed",
        (),
        behind.months,
        quantity="accessible lag through open weights",
        unit="months",
        sentence=f"the best open-weight model, {free.models[best]}, which anyone can run, stands where the frontier "
        f"stood {wording.number(behind.months.value, 2)} months earlier ({behind.months.within()}); {comparison}.",
        observations=(free.ids[best], frontier.ids[frontier.at(observed_on(context))]),
        caveat="Licences differ, running it needs compute, and its maker may close the next one.",
        details={"model": free.models[best], "maker": maker},
    )
