"""Tables of countries from the evidence: newest value of each indicator, its error, its age and its evidence row."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from headway.core import periods
from headway.core.errors import EvidenceError
from headway.standing.moments import Array
from headway.standing.presets import preset
from headway.standing.spec import Spec, further_columns, parse
from headway.standing.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from headway.evidence import Evidence

View = Literal["scale", "intensity", "frontier"]
VIEWS: tuple[View, ...] = ("scale", "intensity", "frontier")
BY: Mapping[View, str] = {"scale": "by size", "intensity": "by intensity", "frontier": "at the frontier"}
"""Views in words, as the end of a clause."""

LEAST_COUNTRIES = 5
"""An indicator in which fewer countries differ from its commonest value ranks nobody and is left out."""

CENSUS_YEARS = 3
"""Counts of a census are averaged over this many full years; a country without a row in one had none."""

OLDEST = 10.0
"""Years after which a value is too old to speak of today."""


@dataclass(frozen=True)
class StandingData:
    """Data of all countries for one view.

    Attributes:
        spec: the preset without indicators that the evidence lacks.
        ids: evidence rows behind each cell of `table`, shape (units, indicators); empty where there are none.
        periods: what each cell speaks of; same shape.
        absent: indicators of the preset that the evidence has for too few countries on the date.
    """

    spec: Spec
    table: Table
    ids: npt.NDArray[np.object_]
    periods: npt.NDArray[np.object_]
    absent: tuple[str, ...]


def standing_data(evidence: Evidence, view: View, bloc: str | None = None) -> StandingData:
    """Data of all countries for one view, as known on the evidence's date.

    Args:
        bloc: a bloc that takes part as one country, its members left out.

    Raises:
        EvidenceError: no indicator of the view has enough countries.
    """
    spec = preset(f"ai-{view}")
    known = evidence.indicators()
    columns = (*spec.tree.leaves, *further_columns(spec))
    rows = _rows(evidence, [name for name in columns if name in known], bloc)
    everyone = _everyone(rows, evidence, bloc)
    cells = {name: _cells(rows.get(name), evidence, name, everyone) for name in columns}
    absent = tuple(leaf for leaf in spec.tree.leaves if not _tells_apart(cells[leaf]))
    kept = [leaf for leaf in spec.tree.leaves if leaf not in absent]
    if not kept:
        raise EvidenceError(
            f"no indicator of AI standing {BY[view]} has {LEAST_COUNTRIES} countries on {evidence.as_of}"
        )
    pruned = _pruned(_labelled(spec, evidence), set(kept))
    kept = list(pruned.tree.leaves)
    units = sorted({unit for leaf in kept for unit in cells[leaf]})
    return _assemble(pruned, units, cells, evidence, absent)


@dataclass(frozen=True, slots=True)
class _Cell:
    value: float
    error: float  # standard error, NaN where the publisher gives none
    age: float  # years from the end of the period to the date
    period: str
    id: str


def _rows(evidence: Evidence, slugs: list[str], bloc: str | None) -> Mapping[str, pd.DataFrame]:
    """Observed rows by indicator, newest last, with the end of their period; members give way to their bloc."""
    import pandas as pd

    since = str(evidence.as_of.year - math.ceil(OLDEST) - 1)
    rows = evidence.observations(slugs, since=since)
    if bloc is not None:
        members = set(evidence.resolve(bloc).members)
        own = evidence.observations(slugs, bloc, since)
        rows = pd.concat([rows[~rows["country"].isin(members)], own], ignore_index=True)
    rows = rows[~rows["flag"].str.contains("target", regex=False)]
    ends = {text: periods.end(text) for text in rows["period"].unique()}
    rows = rows.assign(end=rows["period"].map(ends)).sort_values(["indicator", "country", "end"], kind="stable")
    return {str(slug): group for slug, group in rows.groupby("indicator", sort=False)}


def _tells_apart(found: Mapping[str, _Cell]) -> bool:
    counts = Counter(cell.value for cell in found.values())
    return len(found) >= LEAST_COUNTRIES and len(found) - max(counts.values()) >= LEAST_COUNTRIES - 1


def _cells(rows: pd.DataFrame | None, evidence: Evidence, slug: str, everyone: frozenset[str]) -> dict[str, _Cell]:
    if rows is None or not len(rows):
        return {}
    if evidence.indicators()[slug].census:
        return _census(rows, evidence, everyone)
    newest = rows.groupby("country", sort=False).tail(1)
    out = {}
    for row in newest.itertuples(index=False):
        age = _years(row.end, evidence.as_of)
        if age <= OLDEST:
            out[str(row.country)] = _Cell(float(row.value), _error(row), age, str(row.period), str(row.id))
    return out


def _census(rows: pd.DataFrame, evidence: Evidence, everyone: frozenset[str]) -> dict[str, _Cell]:
    """Mean count over the last full years for every country that any indicator knows; none listed is zero."""
    last = evidence.as_of.year - 1
    years = [str(year) for year in range(last - CENSUS_YEARS + 1, last + 1)]
    within = rows[rows["period"].isin(years)]
    totals = within.groupby("country")["value"].sum() / CENSUS_YEARS
    ids = within.groupby("country")["id"].agg(" ".join)
    age = _years(dt.date(last, 12, 31), evidence.as_of)
    span = f"{years[0]}–{years[-1]}"
    units = everyone | set(totals.index)
    return {
        unit: _Cell(float(totals.get(unit, 0.0)), float("nan"), age, span, str(ids.get(unit, ""))) for unit in units
    }


def _everyone(rows: Mapping[str, pd.DataFrame], evidence: Evidence, bloc: str | None) -> frozenset[str]:
    """Countries that a census could have listed: those with a population or any row, a bloc in place of its members."""
    known = {str(code) for code in evidence.latest("population")["country"]}
    known |= {str(code) for found in rows.values() for code in found["country"].unique()}
    return frozenset(known if bloc is None else known - set(evidence.resolve(bloc).members) | {bloc})


def _error(row: Any) -> float:
    if row.low != row.low or row.high != row.high or row.level != row.level or not 0 < row.level < 1:
        return float("nan")
    return float(row.high - row.low) / (2 * NormalDist().inv_cdf((1 + row.level) / 2))


def _years(end: dt.date, as_of: dt.date) -> float:
    return max(0.0, (as_of - end).days / 365.25)


def _labelled(spec: Spec, evidence: Evidence) -> Spec:
    """Specification with the catalogue's names and units of indicators where it has none of its own."""
    known = evidence.indicators()
    raw = spec.model_dump(mode="json", exclude_unset=True)
    raw["indicators"] = {
        slug: {**({"label": known[slug].name, "unit": known[slug].unit} if slug in known else {}), **(entry or {})}
        for slug, entry in raw["indicators"].items()
    }
    return parse(raw, spec.name)


def _pruned(spec: Spec, kept: set[str]) -> Spec:
    """Specification without some indicators, the nodes that this empties, and mentions of either."""
    raw = spec.model_dump(mode="json", exclude_unset=True)
    raw["indicators"] = {slug: entry for slug, entry in raw["indicators"].items() if slug in kept}
    alive: set[str] = set(kept)
    nodes: dict[str, Any] = {}
    for node in spec.tree.nodes:
        children = [child for child in spec.tree.children[node] if child in alive]
        if children:
            alive.add(node)
            nodes[node] = {**raw["nodes"][node], "children": children}
    raw["nodes"] = nodes
    gone = set(spec.tree.leaves) - kept
    for step in raw["steps"]:
        if step.get("indicators"):
            step["indicators"] = [slug for slug in step["indicators"] if slug in kept]
        if step.get("per"):
            step["per"] = _without(step["per"], gone)
    for choice in raw["robustness"]["choices"].values():
        for option in choice.values():
            for fields in option.values():
                if fields and "per" in fields:
                    fields["per"] = _without(fields["per"], gone)
    return parse(raw, spec.name)


def _without(entries: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    return {name: entry for name, entry in entries.items() if name not in gone}


def _assemble(
    spec: Spec, units: list[str], cells: Mapping[str, Mapping[str, _Cell]], evidence: Evidence, absent: tuple[str, ...]
) -> StandingData:
    shape = (len(units), len(spec.tree.leaves))
    values, errors, ages = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape)
    ids, spans = np.full(shape, "", dtype=object), np.full(shape, "", dtype=object)
    for j, leaf in enumerate(spec.tree.leaves):
        for i, unit in enumerate(units):
            cell = cells[leaf].get(unit)
            if cell is not None:
                values[i, j], errors[i, j], ages[i, j] = cell.value, cell.error, cell.age
                ids[i, j], spans[i, j] = cell.id, cell.period
    names = {unit: evidence.resolve(unit).name for unit in units}
    nothing = _Cell(math.nan, math.nan, 0.0, "", "")
    extras = {
        name: np.array([cells[name].get(unit, nothing).value for unit in units]) for name in further_columns(spec)
    }
    table = Table(
        tuple(units),
        spec.tree.leaves,
        values,
        extras=extras,
        errors=_errors_or_none(errors),
        ages=ages,
        labels=names,
    )
    return StandingData(spec, table, ids, spans, absent)


def _errors_or_none(errors: Array) -> Array | None:
    return None if np.isnan(errors).all() else errors
