"""Rows, chart and words of an ensemble of rankings, for the two views of ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.core import wording
from headway.core.wording import the
from headway.findings.finding import Picture
from headway.standing.moments import quantiles

Floats = npt.NDArray[np.float64]
SIZE = {"scale": "by size", "intensity": "for its size"}
CAVEAT = (
    "A rank is a summary of many choices: read the interval, not the middle. Indicators are as complete as their "
    "publishers."
)


@dataclass(frozen=True, slots=True)
class Places:
    """Ranks of countries over alternative rankings, best first; arrays are (countries,).

    `ranked` counts all that are ranked, also those that take no place because nothing of them is on record.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    median: Floats
    low: Floats
    high: Floats
    top10: Floats
    alternatives: int
    ranked: int

    def at(self, code: str) -> int | None:
        """Position of a country, None where it is not ranked."""
        return self.codes.index(code) if code in self.codes else None


def places(ranks: Floats, codes: Sequence[str], names: Sequence[str], recorded: Sequence[bool]) -> Places:
    """Summary of ranks (alternatives, countries), NaN where a country has no score.

    Few-ranked countries are left out, as are those of which nothing is `recorded`: the same countries, places and
    intervals as `headway.standing.view.ranking` gives.
    """
    ranked = (~np.isnan(ranks)).mean(axis=0) >= 0.5
    kept = np.flatnonzero(ranked & np.asarray(recorded))
    inside = ranks[:, kept]
    low, median, high = quantiles(inside, (0.05, 0.5, 0.95))
    order = np.lexsort((np.nanmean(inside, axis=0), median))
    top = (inside <= 10).sum(axis=0) / (~np.isnan(inside)).sum(axis=0)
    at = kept[order]
    return Places(
        tuple(codes[i] for i in at),
        tuple(names[i] for i in at),
        np.clip(np.round(median[order]), np.floor(low[order]), np.ceil(high[order])),
        np.floor(low[order]),
        np.ceil(high[order]),
        top[order],
        len(ranks),
        int(ranked.sum()),
    )


def table_title(found: Places) -> str:
    """Heading of the table: how many countries take a place, and why the others of those ranked take none."""
    without = found.ranked - len(found.codes)
    return f"All {len(found.codes)} countries with a place" + (
        f"; of {without} others nothing is on record here" if without else ""
    )


def rows(found: Places, marked: str, link: str = "/country?country=") -> list[dict[str, Any]]:
    """A row a country, best first."""
    return [
        {
            "code": code,
            "country": name,
            "rank": int(found.median[i]),
            "low": int(found.low[i]),
            "high": int(found.high[i]),
            "p_top_10": round(float(found.top10[i]), 3),
            "href": link + code,
            "highlight": code == marked,
        }
        for i, (code, name) in enumerate(zip(found.codes, found.names, strict=True))
    ]


COLUMNS = {
    "code": "Code",
    "country": "Country",
    "rank": "Rank (median)",
    "low": "from",
    "high": "to",
    "p_top_10": "P(first ten)",
}


def picture(found: Places, top: int, marked: str, title: str, source: str) -> Picture:
    """Ranks with intervals of the first `top`, and of the marked country wherever it stands."""
    shown = list(range(min(top, len(found.codes))))
    own = found.at(marked)
    if own is not None and own not in shown:
        shown = [*shown[:-1], own]
    data = [
        {
            "label": found.names[i],
            "value": float(found.median[i]),
            "low": float(found.low[i]),
            "high": float(found.high[i]),
            **({"highlight": True} if found.codes[i] == marked else {}),
        }
        for i in shown
    ]
    told = "; ".join(f"{row['label']} {row['value']:g} ({row['low']:g} to {row['high']:g})" for row in data[:5])
    return Picture(
        "intervals",
        title,
        tuple(data),
        f"rank among {found.ranked} countries, 1 is best",
        "",
        f"Median rank and 90% interval. {told}; the table below the chart has all.",
        source,
    )


def sentence(found: Places, code: str, name: str, where: str) -> str:
    """One sentence on a country's place; on the first ones where no country is marked."""
    i = found.at(code)
    if not code:
        first = wording.listing([the(name) for name in found.names[:3]])
        return f"{wording.sentence(first)} lead the {found.ranked} countries with data {where}."
    if i is None:
        return f"{wording.sentence(the(name))} cannot be placed {where}: too few of its figures are in the evidence."
    middle, low, high = (wording.ordinal(float(series[i])) for series in (found.median, found.low, found.high))
    spread = f"from {low} to {high}" if low != high else f"{low} in nearly all"
    return (
        f"{wording.sentence(the(name))} takes {middle} place of {found.ranked} {where} in the middle of "
        f"{found.alternatives} alternative rankings, {spread} in nine of ten; it is among the first ten in "
        f"{wording.of_hundred(float(found.top10[i]))}."
    )
