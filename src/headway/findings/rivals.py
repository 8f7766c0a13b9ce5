"""Countries to compare one with, chosen by data: the leaders of the frontier, and peers of like size and income."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from headway.evidence import Evidence
    from headway.findings.recipe import Context


def leaders(context: Context, count: int = 2) -> tuple[str, ...]:
    """Codes of the `count` countries with the highest capability, the subject and its members left out.

    Where fewer countries have scored models, those with the largest training runs follow.
    """
    own, evidence = context.members(context.country), context.evidence
    ranked = evidence.once("leaders", lambda: _ranked(evidence))
    return tuple(code for code in ranked if code not in own)[:count]


def _ranked(evidence: Evidence) -> tuple[str, ...]:
    models = evidence.models()
    ranked: list[str] = []
    for quantity in ("eci", "log10_own_compute"):
        known = models[models[quantity].notna()]
        best = known.groupby(known["countries"].str.split(";").str[0])[quantity].max().sort_values(ascending=False)
        ranked += [str(code) for code in best.index if code and code not in ranked]
    return tuple(ranked)


def rivals(context: Context) -> tuple[str, ...]:
    """Codes of the countries to compare with: those the user named, else the leaders."""
    return context.against or leaders(context)


def peers(context: Context, count: int = 3) -> tuple[str, ...]:
    """Codes of the countries nearest in log GDP and log GDP per head, each scaled by its spread."""
    size, income = (
        context.evidence.latest(slug).set_index("country")["value"] for slug in ("gdp_usd", "gdp_per_capita_ppp")
    )
    both = np.log(size.to_frame("size").join(income.rename("income"), how="inner").query("size > 0 and income > 0"))
    country = context.country
    if country not in both.index:
        return ()
    distance = (((both - both.loc[country]) / both.std()) ** 2).sum(axis=1).drop(index=country)
    return tuple(distance.sort_values(kind="stable").index[:count])
