"""User's own rows that enter the model: those of indicators that its world is read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.core.errors import EvidenceError
from headway.scenarios.own_parameters import registry_for
from headway.scenarios.world.build import build_world
from headway.scenarios.world.choose import by_weight, modelled
from headway.scenarios.world.series import read_indicators

if TYPE_CHECKING:
    from headway.evidence import Evidence

_UNTIL = "2040Q4"


def own_rows_in_model(evidence: Evidence) -> tuple[str, ...]:
    """Sentences on the user's own rows, one per indicator: whether the model starts from them.

    Empty without rows of the user's own, and where no world can be built on the date of the evidence.
    """
    rows = None if evidence.own is None else evidence.own.observations
    if rows is None or rows.empty:
        return ()
    try:
        build_world(evidence, registry_for(evidence), modelled(by_weight(evidence)), _UNTIL)
    except EvidenceError:
        return ()
    read = read_indicators(evidence)
    counts = rows.groupby("indicator", sort=True).size()
    fit = "its fit to the past is not made anew" if evidence.own.posterior is None else "its fit to the past is yours"  # type: ignore[union-attr]
    return tuple(_sentence(str(slug), int(count), slug in read, fit) for slug, count in counts.items())


def _sentence(slug: str, count: int, enters: bool, fit: str) -> str:
    rows = "1 row" if count == 1 else f"{count:,} rows"
    if enters:
        return f"own evidence: the model starts from your {rows} of {slug}; {fit}"
    return f"own evidence: your {rows} of {slug} cannot enter the model, which does not read this indicator"
