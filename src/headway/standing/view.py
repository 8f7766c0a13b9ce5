"""One view of AI standing made robust: the index, its ensembles at every domain, and what each rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.errors import EvidenceError, InputError
from headway.kept import Form, kept
from headway.standing import stored
from headway.standing.ensemble import Ensemble, prepare, run_nodes
from headway.standing.evidence_table import Standing, View, standing
from headway.standing.robust import RankSummary, summary
from headway.standing.spec import Spec

if TYPE_CHECKING:
    from headway.evidence import Evidence


@dataclass(frozen=True)
class Robust:
    """The data of a view, with an ensemble and its rank summary (90 %) for the root and every domain."""

    data: Standing
    ensembles: Mapping[str, Ensemble]
    stats: Mapping[str, RankSummary]

    @property
    def spec(self) -> Spec:
        """The specification with the indicators that the evidence has."""
        return self.data.spec

    @property
    def root(self) -> str:
        """The node of the whole view."""
        return self.spec.tree.root

    @property
    def domains(self) -> tuple[str, ...]:
        """Nodes below the root."""
        return self.spec.tree.children[self.root]

    def has(self, country: str, leaf: str) -> bool:
        """Whether the country has a value (a census that does not list it gives zero)."""
        table = self.data.table
        if country not in table.units:
            return False
        value = table.values[table.units.index(country), table.indicators.index(leaf)]
        return bool(value == value)

    def known(self, country: str, node: str) -> tuple[int, int]:
        """How many of the node's indicators the country has, of how many."""
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
        """A node in words, with the view: the root's own label says it already."""
        label = self.spec.label(node)
        return label if node == self.root else f"{label} by {'size' if view == 'scale' else 'intensity'}"

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
        """Who published the country's values, as a line of sources."""
        slugs = dict.fromkeys(id.split(":")[0] for id in self.observations(country))
        known = evidence.sources()
        return "; ".join(dict.fromkeys(known[slug].publisher if slug in known else slug for slug in slugs))


_KEPT: dict[tuple[str, ...], Robust] = {}


def robust(evidence: Evidence, view: View, bloc: str | None = None) -> Robust:
    """The view as known on the evidence's date; kept, because all recipes of the part ask for the same,
    and those of later processes too.

    Raises:
        EvidenceError: no indicator of the view has enough countries, or they carry no ranking.
    """
    key = (*evidence.identity, view, bloc or "")
    if key not in _KEPT:
        while len(_KEPT) >= 8:
            _KEPT.pop(next(iter(_KEPT)))
        form = Form(".npz", stored.write, stored.read)
        data, ensembles = kept("standing", key, lambda: _made(evidence, view, bloc), form, most=4)
        _KEPT[key] = Robust(data, ensembles, {node: summary(ensemble) for node, ensemble in ensembles.items()})
    return _KEPT[key]


def _made(evidence: Evidence, view: View, bloc: str | None) -> stored.Shaken:
    data = standing(evidence, view, bloc)
    root = data.spec.tree.root
    try:
        ensembles = run_nodes(prepare(data.spec, data.table), (root, *data.spec.tree.children[root]))
    except InputError as error:
        raise EvidenceError(f"the evidence of {evidence.as_of} does not carry a ranking by {view}: {error}") from error
    return data, ensembles
