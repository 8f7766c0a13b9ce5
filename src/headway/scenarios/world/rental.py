"""Rented access as it stands: which countries' models are served to which countries' users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from headway.core.numbers import Floats
from headway.scenarios.country_table import country_table

if TYPE_CHECKING:
    from headway.evidence import Evidence


def served(evidence: Evidence, countries: Sequence[str]) -> Floats:
    """1 where the models of one country are served to another's users, (customers, providers), zero on the diagonal.

    Everybody serves everybody but the customers that the country table says are barred on the date of the evidence.
    That is taken for all dates: how access went before is not kept.
    """
    whole = 1 - np.eye(len(countries))
    for customer, facts in country_table().items():
        if customer not in countries:
            continue
        for row in facts.barred:
            if row.since <= evidence.as_of and (row.until is None or evidence.as_of < row.until):
                by = {code for name in row.by for code in _members(evidence, name)}
                whole[countries.index(customer), [i for i, code in enumerate(countries) if code in by]] = 0
    return whole


def largest(served: Floats, scores: Floats) -> Floats:
    """1 for the provider that serves the best model to each customer, (customers, providers); a row of zeros for none.

    Args:
        served: as `served` gives it. scores: best so far of each country, ECI, NaN without one, (countries,).
    """
    known = np.where((served > 0) & np.isfinite(scores), scores, -np.inf)
    best = np.argmax(known, axis=1)
    return np.asarray(np.eye(len(served))[best] * np.isfinite(known.max(axis=1))[:, None])


def _members(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Codes of the countries that a code stands for: a bloc's members, or the country itself."""
    place = evidence.resolve(name)
    return place.members if place.kind == "bloc" else (place.code,)
