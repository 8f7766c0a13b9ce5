"""Findings of part 2 of the brief: a country's ranks by size, by intensity and at the frontier, and its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from headway.core import wording
from headway.core.errors import EvidenceError
from headway.core.numbers import LEVEL
from headway.findings.finding import Finding, FindingTier, Picture
from headway.findings.recipe import Context, recipe
from headway.standing.ensemble import IndexEnsemble
from headway.standing.evidence_table import BY, View
from headway.standing.view import IndicatorRank, Place, RobustStanding, indicator_ranks, place, robust_standing

BY_DOMAIN: tuple[View, ...] = ("scale", "intensity")
"""Views whose domains are told one by one; the frontier has too few indicators for that."""
CAVEAT = (
    "The interval covers alternative weights, normalisations, treatments and aggregations, one indicator left out, "
    "measurement error, the age of values and imputation; it is no forecast, and no rank has a hindcast record."
)
NEIGHBOURS = 12


def _views(context: Context) -> Iterator[tuple[View, RobustStanding]]:
    for view in BY_DOMAIN:
        try:
            yield view, robust_standing(context.evidence, view, _bloc(context))
        except EvidenceError:
            continue


def _bloc(context: Context) -> str | None:
    return context.country if context.evidence.resolve(context.country).kind == "bloc" else None


def _overall(context: Context, view: View) -> Iterator[Finding]:
    name, weight = f"standing.{view}", 2 if view == "frontier" else 1
    try:
        standing = robust_standing(context.evidence, view, _bloc(context))
    except EvidenceError as error:
        yield _silent(context, name, (), f"rank {BY[view]}", f"{error}.", weight)
        return
    found = standing.place(context.country)
    if found is None:
        yield _silent(context, name, (), f"rank {BY[view]}", _too_little(context, view, standing), weight)
        return
    taken = "taken as one country, " if _bloc(context) else ""
    yield _of_rank(
        context,
        context.id(name),
        found,
        quantity=f"rank {BY[view]}",
        observations=standing.observations(context.country),
        sentence=f"{_opening(view)}, {taken}{context.the(context.country)} stands {_ranked(found)} of "
        f"{found.countries} countries with data; it is among the first ten in "
        f"{wording.of_hundred(found.top10)} alternative rankings. {_beside(context, standing)}",
        short=f"{_opening(view)} {_ranked(found)} of {found.countries} countries with data.",
        weight=weight,
        picture=_neighbourhood(context, view, standing),
        details={
            "place": standing.baseline(context.country),
            "tier": standing.tier[standing.root][context.country],
            "p_top_10": found.top10,
            "countries": found.countries,
            "alternatives": len(standing.ensembles[standing.root].scores),
            "specification": standing.spec.hash,
            "indicators": len(standing.spec.tree.leaves),
            "indicators_absent": list(standing.data.absent),
        },
    )


def _of_rank(context: Context, identifier: str, found: Place, **said: Any) -> Finding:
    """Finding on a rank with its interval.

    Args:
        said: the other fields of the finding.
    """
    return Finding(
        id=identifier,
        section="standing",
        value=float(found.rank),
        low=float(found.low),
        high=float(found.high),
        level=LEVEL,
        unit="rank",
        period=context.as_of.isoformat(),
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        caveat=CAVEAT,
        **said,
    )


@recipe("standing.scale")
def scale(context: Context) -> Iterator[Finding]:
    """Robust rank by size among all countries with data."""
    yield from _overall(context, "scale")


@recipe("standing.intensity")
def intensity(context: Context) -> Iterator[Finding]:
    """Robust rank by intensity among all countries with data."""
    yield from _overall(context, "intensity")


@recipe("standing.frontier")
def frontier(context: Context) -> Iterator[Finding]:
    """Robust rank by the best model, the largest training run and the largest cluster."""
    yield from _overall(context, "frontier")


@recipe("standing.domain")
def domain(context: Context) -> Iterator[Finding]:
    """Robust rank in each domain of each view, among the countries with data in it."""
    for view, standing in _views(context):
        for node in standing.domains:
            label = standing.spec.label(node).lower()
            quantity = f"rank in {label} {BY[view]}"
            found = standing.place(context.country, node)
            if found is None:
                said = f"In {label} {BY[view]}, {context.the(context.country)} {_unplaced(context, standing, node)}"
                yield _silent(context, "standing.domain", (node, view), quantity, said)
                continue
            yield _of_rank(
                context,
                context.id("standing.domain", node, view),
                found,
                quantity=quantity,
                observations=standing.observations(context.country, node),
                sentence=f"In {label} {BY[view]}, {context.the(context.country)} {_stands(found)}.",
                weight=3,
                details={"p_top_10": found.top10, "countries": found.countries, "view": view, "domain": node},
            )


@recipe("standing.profile")
def profile(context: Context) -> Iterator[Finding]:
    """Best and worst domain of each view, with the intervals of all domains in one picture."""
    for view, standing in _views(context):
        places = {node: standing.place(context.country, node) for node in standing.domains}
        known = {node: found for node, found in places.items() if found is not None}
        if len(known) < 2:
            continue
        order = sorted(known, key=lambda node: (known[node].height, node))
        best, worst = order[0], order[-1]
        rows = tuple(
            {
                "label": f"{standing.spec.label(node)} (of {known[node].countries})",
                "value": float(known[node].rank),
                "low": float(known[node].low),
                "high": float(known[node].high),
            }
            for node in order
        )
        first = f"{_opening(view)}, {context.the(context.country)}"
        bare = [
            standing.spec.label(node).lower() for node in standing.domains if standing.nothing(context.country, node)
        ]
        silent = f" Nothing is on record for it in {wording.listing(bare)}." if bare else ""
        sentence = (
            f"{first} is among the first three in every domain measured."
            if max(found.rank for found in known.values()) <= 3 and not bare
            else f"{first} stands highest in {standing.spec.label(best).lower()} "
            f"({wording.ordinal(known[best].rank)} of {known[best].countries}) and lowest in "
            f"{standing.spec.label(worst).lower()} ({wording.ordinal(known[worst].rank)} of {known[worst].countries})."
        ) + silent
        yield Finding(
            id=context.id("standing.profile", view),
            section="standing",
            quantity=f"profile {BY[view]}",
            value=standing.spec.label(best).lower(),
            period=context.as_of.isoformat(),
            as_of=context.as_of,
            tier=FindingTier.DERIVED,
            observations=standing.observations(context.country),
            sentence=sentence,
            caveat=CAVEAT,
            weight=2,
            picture=Picture(
                kind="intervals",
                title=f"Ranks {BY[view]}, domain by domain: {context.name(context.country)}",
                rows=rows,
                x="rank among countries with data (1 is best)",
                y="",
                alternative=sentence + " Bars are 90% intervals over alternative rankings.",
                source=standing.publishers(context.evidence, context.country),
            ),
        )


@recipe("standing.strongest")
def strongest(context: Context) -> Iterator[Finding]:
    """The indicators in which the country's observed value ranks highest."""
    yield from _extremes(context, "standing.strongest", "strongest indicators", best=True)


@recipe("standing.weakest")
def weakest(context: Context) -> Iterator[Finding]:
    """The indicators in which the country's observed value ranks lowest; a list of the first tells of no weakness."""
    yield from _extremes(context, "standing.weakest", "weakest indicators", best=False)


def _extremes(context: Context, name: str, quantity: str, best: bool, count: int = 3) -> Iterator[Finding]:
    first_only = {slug for slug, entry in context.evidence.indicators().items() if entry.lists_first is not None}
    for view, standing in _views(context):
        ranks = indicator_ranks(standing, context.country)
        low = {leaf: at.height > 0.1 and leaf not in first_only for leaf, at in ranks.items()}
        telling = [leaf for leaf, at in ranks.items() if (at.height < 0.5 if best else low[leaf])]
        if len(ranks) < 2 * count or not telling:
            continue
        order = sorted(telling, key=lambda leaf: (ranks[leaf].height, leaf), reverse=not best)[:count]
        said = wording.listing([_indicator(standing, leaf, ranks[leaf]) for leaf in order])
        adjective = "strongest" if best else "weakest"
        verb = "indicators are" if len(order) > 1 else "indicator is"
        yield Finding(
            id=context.id(name, view),
            section="standing",
            quantity=f"{quantity} {BY[view]}",
            value=standing.spec.label(order[0]),
            period=context.as_of.isoformat(),
            as_of=context.as_of,
            tier=FindingTier.DERIVED,
            observations=tuple(i for leaf in order for i in standing.ids(context.country, leaf)),
            sentence=f"{_opening(view)}, {context.of(context.country)} {adjective} {verb} {said}.",
            caveat="Ranks of single indicators carry no interval; values of countries may speak of different years.",
            weight=2,
            details={"ranks": {leaf: {"rank": ranks[leaf].rank, "of": ranks[leaf].of} for leaf in order}},
        )


@recipe("standing.evidence")
def completeness(context: Context) -> Iterator[Finding]:
    """How complete and how old the evidence on the country is."""
    cells = [(standing, leaf) for _, standing in _views(context) for leaf in standing.spec.tree.leaves]
    if not cells:
        return
    known = [
        (standing, leaf)
        for standing, leaf in cells
        if standing.ids(context.country, leaf) or standing.has(context.country, leaf)
    ]
    ages = sorted(standing.age(context.country, leaf) for standing, leaf in known)
    share = len(known) / len(cells)
    age = f", half of them older than {_years(ages[len(ages) // 2])}" if ages else ""
    yield Finding(
        id=context.id("standing.evidence"),
        section="standing",
        quantity="share of indicators with data",
        value=100 * share,
        unit="%",
        period=context.as_of.isoformat(),
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        observations=tuple(dict.fromkeys(i for standing, leaf in known for i in standing.ids(context.country, leaf))),
        sentence=f"The evidence has {len(known)} of the {len(cells)} indicators for "
        f"{context.the(context.country)}{age}.",
        caveat="Age runs from the end of the period that a value speaks of to the date of the brief.",
        weight=2,
        details={
            "missing": [f"{standing.spec.label(leaf)}" for standing, leaf in cells if (standing, leaf) not in known],
            "median_age_years": ages[len(ages) // 2] if ages else None,
            "oldest_years": ages[-1] if ages else None,
        },
    )


def _neighbourhood(context: Context, view: View, standing: RobustStanding) -> Picture:
    """Picture of the first countries and of those around the subject, with their rank intervals."""
    ensemble, stats = standing.ensembles[standing.root], standing.stats[standing.root]
    order = [int(i) for i in np.lexsort((stats.mean, stats.median)) if stats.ranked[i] >= 0.5]
    own = order.index(ensemble.at(context.country))
    near = range(max(0, own - 3), min(len(order), own + 4))
    shown = sorted({*range(min(len(order), NEIGHBOURS - len(near) + 2)), *near, *_others(context, ensemble, order)})
    rows = []
    for at in shown:
        found = place(ensemble, ensemble.units[order[at]], stats)
        assert found is not None
        rows.append(
            {
                "label": standing.data.table.name(ensemble.units[order[at]]),
                "value": float(found.rank),
                "low": float(found.low),
                "high": float(found.high),
                "highlight": at == own,
            }
        )
    subject = rows[shown.index(own)]
    return Picture(
        kind="intervals",
        title=f"Rank {BY[view]}, with 90% intervals over alternative rankings",
        rows=tuple(rows),
        x=f"rank among {len(order)} countries with data (1 is best)",
        y="",
        alternative=f"{subject['label']} stands {wording.ordinal(float(str(subject['value'])))}, between "
        f"{wording.ordinal(float(str(subject['low'])))} and {wording.ordinal(float(str(subject['high'])))}; first is "
        f"{rows[0]['label']}.",
        source=standing.publishers(context.evidence, context.country),
    )


def _others(context: Context, ensemble: IndexEnsemble, order: list[int]) -> list[int]:
    """Positions of the countries that the user compares with."""
    named = [ensemble.units.index(code) for code in context.against if code in ensemble.units]
    return [order.index(i) for i in named if i in order]


def _ranked(found: Place) -> str:
    return wording.quantity(found.rank, found.low, found.high, LEVEL, "rank")


def _stands(found: Place) -> str:
    of = f"{found.countries} countries with data"
    if found.shared < 2:
        return f"stands {_ranked(found)} of {of}"
    return f"shares {_ranked(found)} place with {found.shared} others among {of}"


def _indicator(standing: RobustStanding, leaf: str, rank: IndicatorRank) -> str:
    label = standing.spec.label(leaf)
    first = label.split()[0]
    label = label[0].lower() + label[1:] if first[1:].islower() or len(first) == 1 else label
    return f"{label} ({wording.ordinal(rank.rank)} of {rank.of})"


def _counted(known: int, of: int) -> str:
    if of == 1:
        return "the one indicator" if known else "no indicator"
    return f"{known or 'none'} of the {of} indicators"


def _years(years: float) -> str:
    months = round(12 * years)
    return f"{months} months" if months < 24 else f"{wording.number(years, 2)} years"


def _opening(view: View) -> str:
    return BY[view][0].upper() + BY[view][1:]


def _beside(context: Context, standing: RobustStanding) -> str:
    """Sentence on the place by baseline scores, and on the countries that cannot be told apart from this one."""
    tier = standing.tier[standing.root]
    others = sum(number == tier[context.country] for number in tier.values()) - 1
    baseline = standing.baseline(context.country)
    first = f"It is {wording.ordinal(baseline)} by the baseline's scores" if baseline else "It has no baseline score"
    if not others:
        return f"{first} and stands alone in its tier."
    noun = "country shares" if others == 1 else "countries share"
    return f"{first}; {others} other {noun} its tier, whose members cannot be told apart from its first."


def _unplaced(context: Context, standing: RobustStanding, node: str) -> str:
    """Rest of a sentence on a country without a place in a domain."""
    if context.country in standing.ensembles[node].units and standing.nothing(context.country, node):
        return "takes no place: nothing is on record for it there."
    counted = _counted(*standing.known(context.country, node))
    return f"cannot be placed: the evidence has {counted} of the domain for it."


def _too_little(context: Context, view: View, standing: RobustStanding) -> str:
    who = f"{_opening(view)}, {context.the(context.country)}"
    if context.country in standing.ensembles[standing.root].units and standing.nothing(context.country, standing.root):
        return f"{who} {_unplaced(context, standing, standing.root)}"
    known, of = standing.known(context.country, standing.root)
    reason = standing.unranked.get(context.country, f"the evidence has {known or 'none'} of {of} indicators for it")
    return f"{who} cannot be ranked: {reason}."


def _silent(
    context: Context, name: str, arguments: tuple[str, ...], quantity: str, sentence: str, weight: int = 3
) -> Finding:
    return Finding(
        id=context.id(name, *arguments),
        section="standing",
        quantity=quantity,
        period=context.as_of.isoformat(),
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        sentence=sentence,
        weight=weight,
    )
