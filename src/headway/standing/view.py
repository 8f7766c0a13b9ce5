"""Views of AI standing, by size, by intensity and at the frontier: ensembles of the index, and places of countries."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from headway.core.cache import ARRAYS, MemoryCache, cached_on_disk
from headway.core.errors import EvidenceError, InputError
from headway.core.numbers import LEVEL
from headway.standing.ensemble import IndexEnsemble, prepare, run_nodes
from headway.standing.evidence_table import BY, VIEWS, StandingData, View, standing_data
from headway.standing.moments import descending_ranks
from headway.standing.ranks import RankSummary, summary, tiers, within
from headway.standing.settings import Screen
from headway.standing.spec import Spec

if TYPE_CHECKING:
    from headway.evidence import Evidence


@dataclass(frozen=True)
class RobustStanding:
    """Data of a view, with an ensemble and its rank summary (90 %) for the root and every domain."""

    data: StandingData
    ensembles: Mapping[str, IndexEnsemble]
    stats: Mapping[str, RankSummary]

    @property
    def spec(self) -> Spec:
        """Specification with the indicators that the evidence has."""
        return self.data.spec

    @property
    def root(self) -> str:
        """Node of the whole view."""
        return self.spec.tree.root

    @property
    def domains(self) -> tuple[str, ...]:
        """Nodes below the root."""
        return self.spec.tree.children[self.root]

    def node(self, domain: str | None, view: View) -> str:
        """Node of a domain, or of the whole view where none is named.

        Raises:
            InputError: the view has no such domain.
        """
        if domain is None:
            return self.root
        if domain not in self.domains:
            raise InputError(f"--domain {domain}: by {view} there are {', '.join(self.domains)}")
        return domain

    def has(self, country: str, leaf: str) -> bool:
        """Whether the country has a value (a census that does not list it gives zero)."""
        table = self.data.table
        if country not in table.units:
            return False
        value = table.values[table.units.index(country), table.indicators.index(leaf)]
        return bool(value == value)

    def known(self, country: str, node: str) -> tuple[int, int]:
        """Number of the node's indicators for which the country has a value, and number of them all."""
        leaves = self.spec.tree.under(node)
        return sum(self.has(country, leaf) for leaf in leaves), len(leaves)

    def ids(self, country: str, leaf: str) -> tuple[str, ...]:
        """Evidence rows behind the country's value."""
        table = self.data.table
        if country not in table.units:
            return ()
        cell = self.data.ids[table.units.index(country), table.indicators.index(leaf)]
        return tuple(str(cell).split())

    def title(self, node: str, view: View) -> str:
        """Title of a node with its view; the root's own label names the view already."""
        label = self.spec.label(node)
        return label if node == self.root else f"{label} {BY[view]}"

    @cached_property
    def tier(self) -> Mapping[str, Mapping[str, int]]:
        """Node → country → its tier, 1 the first; countries of one tier cannot be told apart from its best."""
        return {
            node: {unit: i for i, group in enumerate(tiers(ensemble), start=1) for unit in group}
            for node, ensemble in self.ensembles.items()
        }

    def nothing(self, country: str, node: str) -> bool:
        """Whether nothing is on record for the country under a node.

        Each of its indicators is missing, or at a lowest score that several countries share (a count of zero, a run
        that is not large). A place among all who have nothing says nothing, so that such a country takes none.
        """
        return all(not self.has(country, leaf) or country in self._lowest[leaf] for leaf in self.spec.tree.under(node))

    @cached_property
    def _lowest(self) -> Mapping[str, frozenset[str]]:
        """Indicator → countries that share its lowest baseline score; none where one country alone has it."""
        nominal = self.ensembles[self.root].study.nominal
        out = {}
        for leaf in self.spec.tree.leaves:
            scores = nominal.scores[leaf]
            sharing = frozenset(np.array(nominal.units)[scores == np.nanmin(scores)])
            out[leaf] = sharing if len(sharing) > 1 else frozenset()
        return out

    def place(self, country: str, node: str | None = None) -> Place | None:
        """Place of the country in a node (the root by default); None where it has nothing there or is not ranked."""
        node = node or self.root
        ensemble = self.ensembles[node]
        if country not in ensemble.units or self.nothing(country, node):
            return None
        return place(ensemble, country, self.stats[node])

    def baseline(self, country: str, node: str | None = None) -> int | None:
        """Rank by the scores of the baseline, None without a score."""
        node = node or self.root
        rank = self.stats[node].nominal[self.ensembles[node].at(country)]
        return None if math.isnan(rank) else int(rank)

    @cached_property
    def unranked(self) -> Mapping[str, str]:
        """Countries of the table that take no place in the view as a whole, with the reason in words."""
        ensemble, stats = self.ensembles[self.root], self.stats[self.root]
        screens = [step for step in self.spec.steps if isinstance(step, Screen)]
        wanted = [leaf for leaf in self.spec.tree.leaves if all(step.applies(leaf) for step in screens)]
        least = max((math.ceil((step.minimum_data or 0) * len(wanted)) for step in screens), default=0)
        out = {}
        for i, unit in enumerate(ensemble.units):
            if stats.ranked[i] >= 0.5:
                continue
            known = sum(self.has(unit, leaf) for leaf in wanted)
            out[unit] = (
                f"the evidence has {known or 'none'} of the {len(wanted)} indicators by which countries are admitted, "
                f"{least} are needed"
                if known < least
                else "too few domains have data"
            )
        return out

    def age(self, country: str, leaf: str) -> float:
        """Years from the end of the value's period to the date."""
        table = self.data.table
        assert table.ages is not None
        return float(table.ages[table.units.index(country), table.indicators.index(leaf)])

    def observations(self, country: str, node: str | None = None) -> tuple[str, ...]:
        """Evidence rows of the country under `node`, each once."""
        leaves = self.spec.tree.under(node or self.root)
        return tuple(dict.fromkeys(id for leaf in leaves for id in self.ids(country, leaf)))

    def publishers(self, evidence: Evidence, country: str) -> str:
        """Publishers of the country's values, as a line of sources."""
        slugs = dict.fromkeys(id.split(":")[0] for id in self.observations(country))
        known = evidence.sources()
        return "; ".join(dict.fromkeys(known[slug].publisher if slug in known else slug for slug in slugs))


def view_named(text: str) -> View:
    """View of that name.

    Raises:
        InputError: no such view.
    """
    for view in VIEWS:
        if text == view:
            return view
    raise InputError(f"--view {text}: it is {', '.join(VIEWS[:-1])} or {VIEWS[-1]}")


_standings: MemoryCache[RobustStanding] = MemoryCache(8)


def robust_standing(evidence: Evidence, view: View, bloc: str | None = None) -> RobustStanding:
    """View as known on the evidence's date; cached in memory and on disk, because many findings ask for the same.

    Raises:
        EvidenceError: no indicator of the view has enough countries, or they carry no ranking.
    """
    key = (*evidence.identity, view, bloc or "")
    return _standings.get(key, lambda: _compute(evidence, view, bloc, key))


def _compute(evidence: Evidence, view: View, bloc: str | None, key: tuple[str, ...]) -> RobustStanding:
    data = standing_data(evidence, view, bloc)
    root = data.spec.tree.root
    nodes = (root, *data.spec.tree.children[root])
    named = (*key, data.spec.hash)
    try:
        study = prepare(data.spec, data.table)
        arrays = cached_on_disk(
            "standing", named, lambda: _arrays_by_name(run_nodes(study, nodes), root), ARRAYS, most=6
        )
    except InputError as error:
        raise EvidenceError(f"the evidence of {evidence.as_of} does not carry a ranking {BY[view]}: {error}") from error
    design = {name.removeprefix("design:"): values for name, values in arrays.items() if name.startswith("design:")}
    ensembles = {node: IndexEnsemble(study, arrays[f"scores:{node}"], design, node) for node in nodes}
    return RobustStanding(data, ensembles, {node: summary(ensemble) for node, ensemble in ensembles.items()})


def _arrays_by_name(ensembles: Mapping[str, IndexEnsemble], root: str) -> dict[str, npt.NDArray[Any]]:
    """Scores by node and the design that all nodes share, as arrays by name."""
    scores = {f"scores:{node}": ensemble.scores for node, ensemble in ensembles.items()}
    return {**scores, **{f"design:{name}": numbers for name, numbers in ensembles[root].design.items()}}


@dataclass(frozen=True, slots=True)
class Place:
    """Rank of a country in one ensemble: median and interval in whole places, of `countries` ranked.

    `shared` is how many others the country typically ties with.
    """

    rank: int
    low: int
    high: int
    top10: float
    countries: int
    shared: int

    @property
    def height(self) -> float:
        """Share of countries above, ties counted half: comparable between domains; less is better."""
        return (self.rank + self.shared / 2) / self.countries


def place(ensemble: IndexEnsemble, unit: str, stats: RankSummary | None = None) -> Place | None:
    """Place of `unit` in an ensemble; None when fewer than half of the members rank it."""
    stats = stats or summary(ensemble, LEVEL)
    if unit not in ensemble.units:
        return None
    i = ensemble.at(unit)
    if stats.ranked[i] < 0.5 or math.isnan(stats.median[i]):
        return None
    low, high = math.floor(stats.low[i]), math.ceil(stats.high[i])
    ties = np.median((ensemble.ranks == ensemble.ranks[:, [i]]).sum(axis=1)) - 1
    return Place(
        rank=min(max(round(stats.median[i]), low), high),
        low=low,
        high=high,
        top10=float(within(ensemble, 10)[i]),
        countries=int((stats.ranked >= 0.5).sum()),
        shared=max(0, int(ties)),
    )


def ranking(standing: RobustStanding, node: str) -> list[dict[str, Any]]:
    """Countries with a place, tier by tier and by place within a tier, one record each.

    A country takes no place when fewer than half of the members rank it, or when it has nothing in the node.

    A record holds code, country, tier (countries of one tier cannot be told apart), place (by the baseline's score),
    rank (typical: the median over alternatives), low and high (90 % interval of the rank, whole places), p_top_10, and
    indicators (`5 of 7`).
    """
    tier, rows = standing.tier[node], []
    for unit in standing.ensembles[node].units:
        found = standing.place(unit, node)
        if found is None:
            continue
        known, of = standing.known(unit, node)
        rows.append(
            {
                "code": unit,
                "country": standing.data.table.name(unit),
                "tier": tier[unit],
                "place": standing.baseline(unit, node),
                "rank": found.rank,
                "low": found.low,
                "high": found.high,
                "p_top_10": round(found.top10, 3),
                "indicators": f"{known} of {of}",
            }
        )
    return sorted(rows, key=lambda row: (row["tier"], row["place"] or math.inf, row["rank"]))


@dataclass(frozen=True, slots=True)
class IndicatorRank:
    """Rank of a country's observed value `of` so many countries, `shared` with others."""

    rank: int
    of: int
    shared: int

    @property
    def height(self) -> float:
        """Share of countries above, as in `Place.height`."""
        return (self.rank + self.shared / 2) / self.of


def indicator_ranks(standing: RobustStanding, country: str) -> Mapping[str, IndicatorRank]:
    """Ranks of the country's observed values, by indicator."""
    table = standing.data.table
    if country not in table.units:
        return {}
    i = table.units.index(country)
    out = {}
    for j, leaf in enumerate(standing.spec.tree.leaves):
        column = table.values[:, j] * standing.spec.indicators[leaf].direction
        if not np.isnan(column[i]):
            ties = int((column == column[i]).sum()) - 1
            out[leaf] = IndicatorRank(int(descending_ranks(column)[i]), int((~np.isnan(column)).sum()), ties)
    return out
