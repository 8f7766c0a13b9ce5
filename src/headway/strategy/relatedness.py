"""Strength in a niche by evidence: revealed comparative advantage, and how related it is to what a country does well.

Revealed comparative advantage is Balassa's (1965, The Manchester School 33:99–123); proximity and density are those of
C. A. Hidalgo, B. Klinger, A.-L. Barabási and R. Hausmann, "The Product Space Conditions the Development of Nations",
Science 317 (2007), 482–487, doi:10.1126/science.1144581. Density predicts new specialisation worse than persistence
does (on its limits: Nomaler and Verspagen 2023, arXiv:2303.14458), so niches are ordered by advantage, not by density.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from headway.core import yaml_files
from headway.core.numbers import Floats
from headway.core.plugins import NICHES, loaded, plugins

if TYPE_CHECKING:
    from headway.evidence import Evidence

FIELDS = Path(__file__).with_name("niches.yaml")
STRONGEST = 3


@dataclass(frozen=True)
class Strength:
    """How a country stands in a niche.

    Attributes:
        advantage: revealed comparative advantage, mean over the fields that speak of the niche; None without any.
        density: share of what is near the niche that the country does with advantage, in [0, 1]; None likewise.
        observations: ids of the figures.
    """

    niche: str
    advantage: float | None
    density: float | None
    observations: tuple[str, ...] = ()


def proximity(advantage: npt.ArrayLike) -> Floats:
    """Proximity of fields, (fields, fields): least conditional probability of advantage in one given the other.

    Args:
        advantage: index by country and field, (countries, fields); NaN where it is not known.
    """
    table = np.asarray(advantage, np.float64)
    does, known = np.nan_to_num(table) > 1, ~np.isnan(table)
    both = does.T.astype(float) @ does
    mine = does.T.astype(float) @ known  # how many have i with advantage where j is known
    share = np.divide(both, mine, out=np.zeros_like(both), where=mine > 0)
    near = np.minimum(share, share.T)
    np.fill_diagonal(near, 0)
    result: Floats = near
    return result


def density(advantage: npt.ArrayLike, near: npt.ArrayLike) -> Floats:
    """For each country and field, the share of the field's proximity that falls on fields done with advantage."""
    does, weights = np.nan_to_num(np.asarray(advantage, np.float64)) > 1, np.asarray(near, np.float64)
    total = weights.sum(axis=0)
    result: Floats = np.divide(does @ weights, total, out=np.zeros((len(does), len(total))), where=total > 0)
    return result


@lru_cache(maxsize=1)
def fields() -> Mapping[str, tuple[str, ...]]:
    """Fields of evidence by niche, those of plug-ins among them."""
    shipped = yaml_files.document(yaml_files.read_text(FIELDS), FIELDS).value
    added = {niche: loaded(NICHES, niche) for niche in plugins(NICHES)}
    return {niche: tuple(found) for niche, found in {**shipped, **added}.items()}


def strengths(evidence: Evidence, country: str, niches: Sequence[str]) -> list[Strength]:
    """How a country stands in each niche by the newest figures."""
    slugs = sorted(slug for slug in evidence.indicators() if slug.startswith("rca_"))
    rows = evidence.observations(slugs) if slugs else None
    if rows is None or rows.empty:
        return [Strength(niche, None, None) for niche in niches]
    newest = rows.sort_values("period").groupby(["country", "indicator"]).tail(1)
    table = newest.pivot(index="country", columns="indicator", values="value")
    if country not in table.index:
        own = evidence.observations(slugs, country)  # a bloc is computed when it is named
        if own.empty:
            return [Strength(niche, None, None) for niche in niches]
        newest = own.sort_values("period").groupby(["country", "indicator"]).tail(1)
        table.loc[country] = newest.set_index("indicator")["value"]
    near = density(table.to_numpy(), proximity(table.to_numpy()))
    ids = newest[newest["country"] == country].set_index("indicator")["id"]
    made = []
    for niche in niches:
        known = [slug for slug in fields().get(niche, ()) if slug in table and np.isfinite(table.at[country, slug])]
        row = table.index.get_loc(country)
        made.append(
            Strength(
                niche,
                float(np.mean([table.at[country, slug] for slug in known])) if known else None,
                float(np.mean([near[row, table.columns.get_loc(slug)] for slug in known])) if known else None,
                tuple(str(ids[slug]) for slug in known if slug in ids.index),
            )
        )
    return made


def strongest(found: Sequence[Strength], count: int = STRONGEST) -> tuple[str, ...]:
    """The niches with the highest advantage; all of them where nothing is known."""
    known = sorted((one for one in found if one.advantage is not None), key=lambda one: -(one.advantage or 0))
    return tuple(one.niche for one in known[:count]) or tuple(one.niche for one in found)
