"""Ensembles: one index built thousands of times, with options, weights, errors, ages and imputations drawn together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.standing.aggregate import aggregate_scores
from headway.standing.build import Index, build
from headway.standing.configuration import (
    BLOCK,
    Configuration,
    ErrorSizes,
    MemberDraws,
    Members,
    age_sizes,
    configurations,
    measurement_sizes,
    normals,
    split,
    weight_pool,
)
from headway.standing.custom import Functions
from headway.standing.mistakes import nearest, some
from headway.standing.moments import Array, descending_ranks
from headway.standing.reader import as_table
from headway.standing.settings import Robustness
from headway.standing.spec import Spec
from headway.standing.table import Table

if TYPE_CHECKING:
    import pandas as pd

Design = Mapping[str, npt.NDArray[np.int64]]
STREAMS = {"options": 0, "weights": 1, "measurement": 2, "age": 3, "imputation": 4}
SLOW = frozenset({"kemeny", "benefit_of_the_doubt"})
SLOW_LIMIT = 500
"""Most members of an ensemble in which each member solves programmes of its own."""


@dataclass(frozen=True)
class Study:
    """Robustness study prepared once: a specification, its data and everything that is varied.

    Attributes:
        node: whose scores and ranks are studied.
        year: the studied year, None for data without years. units: of that year.
    """

    spec: Spec
    table: Table
    settings: Robustness
    node: str
    year: int | None
    units: tuple[str, ...]
    configurations: tuple[Configuration, ...]
    remarks: tuple[str, ...]
    functions: Functions = field(default_factory=dict)

    @cached_property
    def choices(self) -> Mapping[str, int]:
        """Discrete assumptions and their numbers of options, `leave_out` among them."""
        out = {name: len(options) for name, options in self.settings.choices.items()}
        return out | ({"leave_out": len(self.spec.tree.leaves) + 1} if self.settings.leave_out else {})

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """Continuous assumptions that are varied."""
        on = {
            "weights": self.settings.weights,
            "measurement": self.settings.measurement,
            "age": self.settings.age,
            "imputation": self.settings.imputation,
        }
        return tuple(name for name, wanted in on.items() if wanted)

    @cached_property
    def nominal(self) -> Index:
        """Index as specified."""
        return build(self.spec, self.table, self.functions)

    def nominal_scores(self, node: str) -> Array:
        """Scores of `units` in the index as specified; shape (units,)."""
        years, rows = self.table.years, self.nominal.rows
        of_year = np.arange(len(self.table.units)) if years is None else np.flatnonzero(years == self.year)
        mine = np.isin(rows, of_year)
        out = np.full(len(self.units), np.nan)
        out[np.searchsorted(of_year, rows[mine])] = self.nominal.scores[node][mine]
        return out

    @cached_property
    def number(self) -> Mapping[tuple[int, ...], int]:
        """Option numbers by choice → configuration number."""
        at = {name: {option: i for i, option in enumerate(options)} for name, options in self.settings.choices.items()}
        return {tuple(at[name][config.options[name]] for name in at): i for i, config in enumerate(self.configurations)}

    @cached_property
    def pools(self) -> Mapping[str, MemberDraws]:
        """Standard normal numbers of each kind of error, by member and cell of the year's table."""
        shape = (len(self.units), len(self.spec.tree.leaves))
        kinds = [name for name in ("measurement", "age", "imputation") if name in self.errors]
        return {name: normals(self.settings.seed, STREAMS[name], shape) for name in kinds}

    @cached_property
    def weight_pools(self) -> tuple[MemberDraws | None, ...]:
        """Weights by configuration and member; None where weights do not vary.

        Configurations with the same nominal weights share one pool, because their draws are the same.
        """
        noise, seed = self.settings.weights, self.settings.seed
        if noise is None:
            return (None,) * len(self.configurations)
        pools: dict[tuple[tuple[str, bytes], ...], MemberDraws] = {}
        out = []
        for config in self.configurations:
            key = tuple((node, w.tobytes()) for node, w in config.weights.items())
            if key not in pools:
                pools[key] = weight_pool(seed, STREAMS["weights"], config.weights, noise)
            out.append(pools[key])
        return tuple(out)

    @cached_property
    def sizes(self) -> tuple[tuple[ErrorSizes | None, ErrorSizes | None], ...]:
        """Sizes of measurement errors and of age errors, by configuration."""
        return tuple((measurement_sizes(c, self.settings), age_sizes(c, self.settings)) for c in self.configurations)


def prepare(
    spec: Spec,
    data: Table | pd.DataFrame,
    settings: Robustness | None = None,
    *,
    node: str | None = None,
    year: int | None = None,
    functions: Functions | None = None,
) -> Study:
    """Study with everything that can be computed before the first draw.

    Args:
        settings: what to vary; the specification's `robustness` by default.
        node: whose ranks; the root by default.
        year: the latest by default, for data with years.
        functions: as `build` takes them.

    Raises:
        InputError: an unknown node or year, or the index cannot be built.
    """
    table = as_table(spec, data)
    settings = spec.robustness if settings is None else settings
    node = node or spec.tree.root
    if node not in spec.nodes:
        raise InputError(f"'{node}' is no node; the nodes are {', '.join(spec.tree.nodes)}{nearest(node, spec.nodes)}")
    if table.years is None:
        year = None
    elif year is None:
        year = table.distinct_years[-1]
    made, refused = configurations(spec, table, settings, year, functions)
    units = table.units if table.years is None else table.of_year(year or 0).units
    return Study(spec, table, settings, node, year, units, made, refused, functions or {})


def evaluate(study: Study, design: Design, nodes: Sequence[str] = ()) -> dict[str, Array]:
    """Scores of the members of a design, by node.

    Args:
        design: for each assumption of `study.choices` the option numbers, for each of `study.errors` the draw numbers;
            all of shape (members,). An assumption that is absent stays nominal.
        nodes: whose scores; the study's own node by default.

    Returns:
        Node → scores, shape (members, units); a member that an aggregation cannot take is missing altogether.

    Raises:
        InputError: too many members for a method that solves a programme per member.
    """
    nodes = nodes or (study.node,)
    members = len(next(iter(design.values())))
    slow = {study.spec.aggregation(n).method for n in study.spec.tree.nodes} | {
        config.spec.aggregation(n).method for config in study.configurations for n in config.spec.tree.nodes
    }
    if slow & SLOW and members > SLOW_LIMIT:
        raise InputError(
            f"{' and '.join(sorted(slow & SLOW))} solve a programme for every member: at most {SLOW_LIMIT} draws, "
            f"not {members}"
        )
    which = _configuration_numbers(study, design, members)
    out = {node: np.full((members, len(study.units)), np.nan) for node in nodes}
    with_errors = any(name in design for name in study.pools)
    size = _chunk(study, with_errors)
    for start in range(0, members, size):
        chunk = np.arange(start, min(members, start + size))
        for number in np.unique(which[chunk]):
            rows = chunk[which[chunk] == number]
            at = np.ix_(rows, study.configurations[number].at)
            scores = _scores(study, int(number), {k: v[rows] for k, v in design.items()}, with_errors)
            for node in nodes:
                out[node][at] = scores[node]
    return out


CELLS = 4_000_000
"""Cells of the units × indicators of all members that are computed at once, so that memory stays bounded."""


def _chunk(study: Study, with_errors: bool) -> int:
    """Members that are computed at once: values by unit and indicator each where they err, else by unit and node."""
    units, leaves = len(study.units), len(study.spec.tree.leaves)
    if with_errors:
        return max(1, min(BLOCK, CELLS // max(1, units * leaves)))
    return max(1, min(16 * BLOCK, 16 * CELLS // max(1, units * len(study.spec.nodes))))


def _configuration_numbers(study: Study, design: Design, members: int) -> Members:
    names = list(study.settings.choices)
    if not names:
        return np.zeros(members, dtype=np.int64)
    columns = np.stack([design.get(name, np.zeros(members, np.int64)) for name in names], axis=1)
    return np.array([study.number[tuple(int(i) for i in row)] for row in columns], dtype=np.int64)


def _scores(study: Study, number: int, design: Design, with_errors: bool) -> dict[str, Array]:
    """Scores of members that share a configuration: node → (members, its units), or (its units,) where none vary."""
    config = study.configurations[number]
    leaves = _leaves_with_errors(study, number, design) if with_errors else config.leaves
    weights: dict[str, Array] = dict(config.weights)
    pool = study.weight_pools[number]
    if pool is not None and "weights" in design:
        weights = split(pool.take(design["weights"]), config.weights)
    if "leave_out" in design:
        weights = _without(study, weights, design["leave_out"])
    with np.errstate(all="ignore"):
        return aggregate_scores(config.spec, leaves, weights, config.references, config.index.functions)


def _leaves_with_errors(study: Study, number: int, design: Design) -> Array:
    """Normalised indicators of members whose values err; shape (members, units, indicators)."""
    config, (measured, aged) = study.configurations[number], study.sizes[number]
    x = np.broadcast_to(config.start.values, (len(next(iter(design.values()))), *config.start.values.shape))
    logs, added = np.zeros(x.shape[-2:]), np.zeros(x.shape[-2:])
    where = _rows_of_year(study, config)
    for name, sizes in (("measurement", measured), ("age", aged)):
        if sizes is None or name not in design:
            continue
        z = study.pools[name].take(design[name])[:, where]
        logs, added = logs + sizes.relative * z, added + sizes.additive * z
    if np.any(logs):
        x = x * np.exp(logs)
    x = x + added
    normal = study.pools["imputation"].take(design["imputation"])[:, where] if "imputation" in design else None
    with np.errstate(all="ignore"):
        return config.process(x, normal)


def _rows_of_year(study: Study, config: Configuration) -> Members:
    years = study.table.years
    if years is None:
        return config.start.rows
    rows = np.flatnonzero(years == years[config.start.rows[0]])
    return np.searchsorted(rows, config.start.rows)


def _without(study: Study, weights: Mapping[str, Array], left_out: Members) -> dict[str, Array]:
    """Weights with one indicator's set to zero per member; 0 leaves none out, i the i-th indicator."""
    out = {node: np.broadcast_to(w, (len(left_out), w.shape[-1])).copy() for node, w in weights.items()}
    for i, leaf in enumerate(study.spec.tree.leaves, start=1):
        parent = study.spec.tree.parent[leaf]
        out[parent][left_out == i, study.spec.tree.children[parent].index(leaf)] = 0.0
    return out


@dataclass(frozen=True)
class IndexEnsemble:
    """Scores of one node in many members.

    Attributes:
        scores: shape (members, units).
        design: option and draw numbers by assumption, each of shape (members,).
        node: whose scores these are.
    """

    study: Study
    scores: Array
    design: Design
    node: str

    @property
    def units(self) -> tuple[str, ...]:
        """Labels of the second axis."""
        return self.study.units

    @cached_property
    def ranks(self) -> Array:
        """Ranks within each member, 1 best; shape (members, units)."""
        return descending_ranks(self.study.spec.rounded(self.node, self.scores))

    @cached_property
    def nominal_ranks(self) -> Array:
        """Ranks of the index as specified; shape (units,)."""
        return descending_ranks(self.study.spec.rounded(self.node, self.study.nominal_scores(self.node)))

    @property
    def failed(self) -> int:
        """Number of members that an aggregation could not take, in which no unit has a score."""
        return int(np.isnan(self.scores).all(axis=1).sum())

    def to_frame(self) -> pd.DataFrame:
        """Frame with one row per unit, best first: rank as specified, typical rank, interval, P(first ten), tier."""
        import pandas as pd

        from headway.standing.ranks import summary, tiers, within

        stats = summary(self)
        tier = {unit: i for i, group in enumerate(tiers(self), start=1) for unit in group}
        columns = {
            "nominal": stats.nominal,
            "median": stats.median,
            "low": stats.low,
            "high": stats.high,
            "mean": stats.mean,
            "p_top_10": within(self, 10),
            "tier": pd.array([tier.get(unit) for unit in self.units], dtype="Int64"),
        }
        return pd.DataFrame(columns, index=pd.Index(self.units, name="unit")).sort_values(["tier", "mean"])

    def at(self, unit: str) -> int:
        """Position of a unit.

        Raises:
            InputError: it is not in the ensemble.
        """
        if unit not in self.units:
            raise InputError(f"'{unit}' is not among the units: {some(self.units)}{nearest(unit, self.units)}")
        return self.units.index(unit)


def run(study: Study, draws: int | None = None) -> IndexEnsemble:
    """Ensemble of `draws` members for the study's node, assumptions drawn independently. See `run_nodes`."""
    return run_nodes(study, (study.node,), draws)[study.node]


def run_nodes(study: Study, nodes: Sequence[str], draws: int | None = None) -> dict[str, IndexEnsemble]:
    """Ensembles of `draws` members by node, assumptions drawn independently; members keep their draws when it grows.

    Raises:
        InputError: nothing is varied, or too many draws for a method that solves a programme per member.
    """
    draws = study.settings.draws if draws is None else draws
    if not study.choices and not study.errors:
        raise InputError(
            f"{study.spec.name}: the study varies nothing; give `robustness` choices, weights, measurement, age or "
            "imputation"
        )
    design = draw_design(study, draws)
    return {node: IndexEnsemble(study, scores, design, node) for node, scores in evaluate(study, design, nodes).items()}


def draw_design(study: Study, draws: int) -> Design:
    """Design of independent assumptions: legal combinations of options equally likely, draw numbers the member's."""
    members = np.arange(draws)
    uniform = MemberDraws(study.settings.seed, STREAMS["options"], lambda rng, n: rng.random((n, 2))).take(members)
    design: dict[str, npt.NDArray[np.int64]] = {}
    legal = np.array(list(study.number), dtype=np.int64).reshape(len(study.number), -1)
    taken = legal[np.minimum((uniform[:, 0] * len(legal)).astype(np.int64), len(legal) - 1)]
    for j, name in enumerate(study.settings.choices):
        design[name] = taken[:, j]
    if study.settings.leave_out:
        size = study.choices["leave_out"]
        design["leave_out"] = np.minimum((uniform[:, 1] * size).astype(np.int64), size - 1)
    return design | dict.fromkeys(study.errors, members)


def varied(study: Study) -> Sequence[str]:
    """Names of all assumptions that the study varies."""
    return [*study.choices, *study.errors]
