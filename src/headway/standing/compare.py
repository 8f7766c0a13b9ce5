"""Comparison of two builds of an index: changes of rank, and differences of their specifications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.core.errors import InputError
from headway.standing.build import Index
from headway.standing.moments import Array, Kind, correlations
from headway.standing.spec import Spec


@dataclass(frozen=True)
class IndexComparison:
    """Ranks in two builds of the units that both have, matched by label.

    Attributes:
        first, second, shift: ranks, and second minus first (negative: better in the second); shape (units,).
        spearman, kendall: of the two rankings, with p-values.
        only_first, only_second: units that one build alone ranks.
        differences: what differs between the specifications, one line each.
    """

    units: tuple[str, ...]
    first: Array
    second: Array
    shift: Array
    spearman: tuple[float, float]
    kendall: tuple[float, float]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    differences: tuple[str, ...]


def compare(a: Index, b: Index, year: int | None = None) -> IndexComparison:
    """Comparison of the roots' ranks of two builds, in one year (the latest by default).

    Raises:
        InputError: no unit in common.
    """
    ranks_a, ranks_b = _ranks(a, year), _ranks(b, year)
    units = tuple(unit for unit in ranks_a if unit in ranks_b)
    if not units:
        raise InputError("the two builds rank no unit in common")
    first, second = (np.array([ranks[unit] for unit in units]) for ranks in (ranks_a, ranks_b))
    pair = np.column_stack([first, second])
    kinds: tuple[Kind, Kind] = ("spearman", "kendall")
    tests = [correlations(pair, kind=kind) for kind in kinds]
    spearman, kendall = ((float(r[0, 1]), float(p[0, 1])) for r, p in tests)
    return IndexComparison(
        units,
        first,
        second,
        second - first,
        spearman,
        kendall,
        tuple(unit for unit in ranks_a if unit not in ranks_b),
        tuple(unit for unit in ranks_b if unit not in ranks_a),
        differences(a.spec, b.spec),
    )


def _ranks(index: Index, year: int | None) -> dict[str, float]:
    ranks = index.ranks[index.spec.tree.root]
    rows = index.blocks()[-1]
    if year is not None and index.years is not None:
        rows = np.flatnonzero(np.array(index.years) == year)
    return {index.units[i]: float(ranks[i]) for i in rows if not np.isnan(ranks[i])}


def differences(a: Spec, b: Spec) -> tuple[str, ...]:
    """Fields that differ, as `steps.normalise.method: minmax → zscore`."""
    return tuple(_walk(_keyed(a), _keyed(b), ""))


def _keyed(spec: Spec) -> dict[str, Any]:
    raw = spec.model_dump(mode="json")
    return {**raw, "steps": {step["name"]: step for step in raw["steps"]}, "order": [s["name"] for s in raw["steps"]]}


def _walk(a: Any, b: Any, path: str) -> list[str]:
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        out = []
        for key in dict.fromkeys([*a, *b]):
            where = f"{path}.{key}" if path else str(key)
            if key not in a or key not in b:
                out.append(f"{where}: {'added' if key in b else 'removed'}")
            else:
                out += _walk(a[key], b[key], where)
        return out
    return [] if a == b else [f"{path}: {a} → {b}"]
