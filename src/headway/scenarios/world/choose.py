"""Choice of the modelled countries: those asked for, and those that carry weight in compute, people or models."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from headway.core.errors import EvidenceError
from headway.scenarios.world.series import base_year, gdp_by_year, panel

if TYPE_CHECKING:
    from headway.evidence import Evidence

REST = "ROW"
"""Code of the rest of the world: all countries with evidence that are not modelled by themselves."""

_WEIGHTS = ("cluster_h100e", "compute_stock_h100e", "ai_articles", "large_scale_models", "notable_models")
_COUNT = 30


def modelled(ranked: Sequence[str], asked: Collection[str] = (), count: int = _COUNT) -> tuple[str, ...]:
    """The first `count` of `by_weight`, the last of them giving place to those asked for that are not among them.

    Their number stays, so that a question about any country runs in the compiled functions of all others.
    """
    first = ranked[:count]
    others = [code for code in first if code not in asked][: max(len(first) - len(set(asked)), 0)]
    return (*(code for code in first if code in asked or code in others), *sorted(set(asked) - set(first)))


def by_weight(evidence: Evidence) -> tuple[str, ...]:
    """Codes of all countries by their greatest share of the world in any of compute, AI articles and models.

    The greatest share, not the mean: a country strong in one thing belongs to the picture. A country needs GDP.

    Raises:
        EvidenceError: the evidence holds no GDP, or nothing that countries are chosen by.
    """
    gdp = gdp_by_year(evidence)
    states = list(gdp.columns[gdp.loc[base_year(gdp)].notna()])
    shares = []
    for indicator in _WEIGHTS:
        table = panel(evidence, indicator)
        if not table.empty:
            newest = table.ffill().iloc[-1].reindex(states).fillna(0)
            shares.append(newest / max(newest.sum(), np.finfo(float).tiny))
    if not shares:
        raise EvidenceError(
            f"the evidence of {evidence.as_of} holds none of {', '.join(_WEIGHTS)}: the model cannot be run; ask for a "
            "later --as-of, or make the snapshot anew by `headway evidence build`"
        )
    weight = pd.concat(shares, axis=1).max(axis=1)
    order = weight.sort_values(ascending=False, kind="stable")
    return tuple(str(code) for code in order.index)
