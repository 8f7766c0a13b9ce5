"""Comparison of an index with another build of it, and with another ranking of the same units, and why they differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from headway.core.errors import InputError
from headway.core.numbers import LEVEL
from headway.findings.finding import Picture
from headway.standing.build import Index
from headway.standing.mistakes import nearest, several
from headway.standing.moments import Array, Kind, correlations, descending_ranks
from headway.standing.reader import number, read_columns
from headway.standing.sheet import Mark
from headway.standing.spec import Spec
from headway.standing.weightspace import effective_weights


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


LEAST_UNITS = 5
"""Fewest common units with which two rankings are compared."""
PEERS = 2
"""Units above and below the other ranking's place with which a unit is compared."""
UNIT_NAMES = ("code", "iso3", "iso", "country", "name", "unit", "economy")
RANK_WORDS = ("rank", "place", "position")


@dataclass(frozen=True)
class OtherRanking:
    """Another ranking: unit → number of which more is better.

    Attributes:
        column: where the numbers stood. unknown: names in the file that stand for no unit.
        remarks: how the file was read.
    """

    values: Mapping[str, float]
    column: str
    unknown: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A unit's ranks among the common units in both rankings, and what moves it in ours, in words."""

    unit: str
    ours: int
    other: int
    because: str

    @property
    def difference(self) -> int:
        """Our rank minus the other's: negative where ours is the better one."""
        return self.ours - self.other


@dataclass(frozen=True)
class Convergence:
    """Agreement of two rankings over `units`; correlations come with the ends of their interval (90 %).

    Attributes:
        ours, other: ranks among the common units, shape (units,).
        disagreements: the largest differences, largest first.
        only_ours, only_other: units that one ranking alone has.
    """

    units: tuple[str, ...]
    ours: Array
    other: Array
    spearman: tuple[float, float, float]
    kendall: tuple[float, float, float]
    disagreements: tuple[Disagreement, ...]
    only_ours: tuple[str, ...]
    only_other: tuple[str, ...]


def read_ranking(
    path: Path, resolve: Callable[[str], str | None], column: str | None = None, ranks: bool | None = None
) -> OtherRanking:
    """Ranking from a CSV or Excel file with one row per unit: a column of names or codes and one of ranks or scores.

    Args:
        resolve: unit that a name or code stands for, None for none.
        column: the one with ranks or scores; the only column of numbers by default.
        ranks: whether less is better; by default where the column's name says rank, place or position.

    Raises:
        InputError: no column of units or of numbers, or several; a cell that is no number; a unit twice.
    """
    cells, said = read_columns(path)
    names = _names_column(cells)
    numeric = [name for name in cells if name != names and all(number(cell) is not None for cell in cells[name])]
    if column is not None and column not in cells:
        raise InputError(f"{path}: no column '{column}'{nearest(column, cells) or '; it has ' + ', '.join(cells)}")
    if column is None and len(numeric) != 1:
        has = f"{len(numeric)} columns of numbers ({', '.join(numeric)})" if numeric else "no column of numbers"
        raise InputError(f"{path} has {has}; name the one with ranks or scores (--column)")
    chosen = column or numeric[0]
    wrong = [
        f"row {row}: '{cell}' under '{chosen}' is not a number"
        for row, cell in enumerate(cells[chosen], start=2)
        if number(cell) is None
    ]
    if wrong:
        raise InputError(several(str(path), wrong))
    less = ranks if ranks is not None else any(word in chosen.casefold() for word in RANK_WORDS)
    values: dict[str, float] = {}
    unknown = []
    for name, cell in zip(cells[names], cells[chosen], strict=True):
        unit, value = resolve(name), number(cell)
        if unit is None:
            unknown.append(name)
        elif unit in values:
            raise InputError(f"{path}: '{name}' stands for {unit}, which an earlier row has already; one row per unit")
        elif value is not None and not math.isnan(value):
            values[unit] = -value if less else value
    return OtherRanking(values, chosen, tuple(unknown), said)


def read_variables(path: Path, resolve: Callable[[str], str | None]) -> dict[str, dict[str, float]]:
    """Variables from a CSV or Excel file with one row per unit: name → unit → value; NaN and unknown units left out.

    Args:
        resolve: unit that a name or code stands for, None for none.

    Raises:
        InputError: no column of numbers, no row of a known unit, or a unit twice.
    """
    cells, _ = read_columns(path)
    names = _names_column(cells)
    units = [resolve(name) for name in cells[names]]
    known = [unit for unit in units if unit is not None]
    twice = next((unit for unit in known if known.count(unit) > 1), None)
    if twice is not None:
        raise InputError(f"{path}: two rows stand for {twice}; one row per unit")
    if not known:
        raise InputError(f"{path}: no row under '{names}' is a unit of the index")
    out = {}
    for name in (name for name in cells if name != names):
        values = [number(cell) for cell in cells[name]]
        if all(value is not None for value in values):
            pairs = zip(units, values, strict=True)
            out[name] = {unit: value for unit, value in pairs if unit and value is not None and value == value}
    if not out:
        raise InputError(f"{path}: no column of numbers beside '{names}'")
    return out


def _names_column(cells: Mapping[str, object]) -> str:
    """Column with names or codes of units: the one that is called so, else the first."""
    return next((name for name in cells if name.casefold() in UNIT_NAMES), next(iter(cells)))


def converge(
    index: Index,
    other: Mapping[str, float],
    node: str | None = None,
    placed: Sequence[str] | None = None,
    most: int = 10,
) -> Convergence:
    """Agreement of a node's ranking, in the latest year, with another one.

    Args:
        other: unit → number of which more is better.
        node: the root by default.
        placed: units that take part; all with a score by default.
        most: how many disagreements to explain.

    Raises:
        InputError: too few units in common.
    """
    node = node or index.spec.tree.root
    rows = {index.units[i]: int(i) for i in index.blocks()[-1] if not np.isnan(index.scores[node][i])}
    rows = rows if placed is None else {unit: rows[unit] for unit in placed if unit in rows}
    units = tuple(unit for unit in rows if unit in other)
    if len(units) < LEAST_UNITS:
        raise InputError(f"the two rankings have {len(units)} units in common; at least {LEAST_UNITS} are needed")
    scores = np.array([index.scores[node][rows[unit]] for unit in units])
    ours, theirs = descending_ranks(scores), descending_ranks(np.array([other[unit] for unit in units]))
    pair = np.column_stack([ours, theirs])
    spearman, kendall = (float(correlations(pair, kind=kind)[0][0, 1]) for kind in ("spearman", "kendall"))
    order = [int(i) for i in np.argsort(-np.abs(ours - theirs), kind="stable")[:most]]
    told = tuple(
        Disagreement(units[i], int(ours[i]), int(theirs[i]), _because(index, node, units, rows, ours, i, theirs[i]))
        for i in order
        if ours[i] != theirs[i]
    )
    return Convergence(
        units,
        ours,
        theirs,
        (spearman, *interval(spearman, len(units), "spearman")),
        (kendall, *interval(kendall, len(units), "kendall")),
        told,
        tuple(unit for unit in rows if unit not in other),
        tuple(unit for unit in other if unit not in rows),
    )


def interval(r: float, n: int, kind: str, level: float = LEVEL) -> tuple[float, float]:
    """Ends of the interval of a rank correlation over `n` units, by Fisher's transformation.

    Source: Bonett and Wright (2000), Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations, Psychometrika 65(1): variances (1 + r²/2)/(n - 3) for Spearman's and 0.437/(n - 4) for Kendall's.
    """
    if abs(r) >= 1 or n < LEAST_UNITS:
        return r, r
    variance = (1 + r**2 / 2) / (n - 3) if kind == "spearman" else 0.437 / (n - 4)
    half = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(variance)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def _because(
    index: Index, node: str, units: Sequence[str], rows: Mapping[str, int], ours: Array, at: int, place: float
) -> str:
    """Parts in which a unit differs from those that stand in ours where the other ranking puts it.

    A part's share is the difference of its scores times its weight, in points of the node's score.
    """
    near = [rows[units[i]] for i in np.argsort(np.abs(ours - place), kind="stable") if i != at]
    row, sign = rows[units[at]], 1.0 if ours[at] < place else -1.0
    for peers in (np.array(near[: 2 * PEERS + 1]), np.array(near[:1])):  # far ones hide it where there are few units
        words = _differences(index, node, row, peers, sign)
        if words:
            break
    return "; ".join(words)


def _differences(index: Index, node: str, row: int, peers: Array, sign: float) -> list[str]:
    """The two parts that move a unit most in the direction of `sign` against its peers, with points and indicator."""
    weights = dict(zip(index.spec.tree.children[node], index.weights[node][-1], strict=True))
    shares = {part: sign * w * _apart(index, part, row, peers) for part, w in weights.items()}
    return [
        f"{index.spec.label(part).lower()} ({sign * shares[part]:+.1f} points{_leading(index, part, row, peers, sign)})"
        for part in sorted(shares, key=lambda part: -shares[part])[:2]
        if shares[part] > 0
    ]


def _apart(index: Index, name: str, row: int, peers: Array) -> float:
    """Score of a unit minus the mean score of its peers; zero where either is missing."""
    scores = index.scores[name]
    known = scores[peers][~np.isnan(scores[peers])]
    return 0.0 if np.isnan(scores[row]) or not known.size else float(scores[row] - known.mean())


def _leading(index: Index, part: str, row: int, peers: Array, sign: float) -> str:
    """Indicator of a node that moves a unit most, with a word where its value was not observed."""
    if part not in index.spec.nodes:
        return _not_observed(index, part, row)
    weights = effective_weights(index, part)
    leaf = max(weights, key=lambda name: sign * weights[name] * _apart(index, name, row, peers))
    return f", {index.spec.label(leaf)}{_not_observed(index, leaf, row)}"


def _not_observed(index: Index, leaf: str, row: int) -> str:
    mark = int(index.final.marks[row, index.spec.tree.leaves.index(leaf)])
    return " (not observed)" if mark & (Mark.IMPUTED | Mark.MISSING) else ""


def scatter(found: Convergence, names: Mapping[str, str], ours: str, other: str) -> Picture:
    """Picture of the two rankings, the largest disagreements labelled.

    Args:
        names: unit → name for readers. ours, other: names of the rankings for the axes.
    """
    marked = {entry.unit for entry in found.disagreements}
    rows = tuple(
        {
            "label": names.get(unit, unit),
            "x": float(a),
            "y": float(b),
            **({"highlight": True} if unit in marked else {}),
        }
        for unit, a, b in zip(found.units, found.ours, found.other, strict=True)
    )
    r, low, high = found.spearman
    told = "; ".join(f"{names.get(d.unit, d.unit)} {d.ours} and {d.other}" for d in found.disagreements[:5])
    return Picture(
        "scatter",
        f"{ours} and {other}",
        rows,
        f"rank by {ours} among {len(rows)}, 1 is best",
        f"rank by {other}, 1 is best",
        f"Spearman's correlation {r:.2f} ({low:.2f} to {high:.2f}). Largest differences: {told}.",
        f"{ours}; {other}",
    )
