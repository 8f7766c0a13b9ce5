"""Configurations of a robustness study: each legal combination of options, built once; and random errors for them.

Random numbers stay a member's own however large the ensemble.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.standing.build import Index, apply_step, build
from headway.standing.custom import Functions
from headway.standing.moments import Array, deviation
from headway.standing.settings import AnyStep, ErrorModel, Impute, Normalise, Robustness, Screen, WeightNoise
from headway.standing.sheet import Rows, Sheet, StepFrame
from headway.standing.spec import Spec
from headway.standing.table import Table


@dataclass(frozen=True)
class Configuration:
    """One legal combination of options with its nominal index.

    Attributes:
        options: choice → option taken.
        start: the sheet of the studied year before the first step that errors pass through (filling from other years
            comes before it).
        steps: the steps from there on.
        leaves: nominal normalised indicators of the year, shape (units, indicators). at: their rows among the year's
            units.
        weights: node → nominal weights of the year.
    """

    options: Mapping[str, str]
    index: Index
    start: Sheet
    steps: tuple[AnyStep, ...]
    frame: StepFrame
    leaves: Array
    at: Rows
    weights: Mapping[str, Array]
    references: Mapping[str, Array]

    @property
    def spec(self) -> Spec:
        """Specification with the options taken."""
        return self.index.spec

    def process(self, x: Array, z: Array | None) -> Array:
        """Normalised indicators, shape (members, units, indicators), of values with errors.

        Args:
            x: shape (members, units of `start`, indicators). z: standard normals of that shape for imputed cells, or
                None to leave them at their expectation.
        """
        sheet = Sheet(x, np.zeros(x.shape[-2:], np.uint8), np.zeros(x.shape[-2:]), self.start.ages, self.start.rows)
        rows = np.arange(x.shape[-2])
        for step in self.steps:
            before = sheet.values
            if isinstance(step, Impute) and step.method == "chained":
                sheet = _as_nominal(sheet, self.index.stages[step.name])
            else:
                sheet = apply_step(step, sheet, self.frame)
            if isinstance(step, Screen):
                rows = rows[self.frame.screened[step.name].keep]
            if isinstance(step, Impute) and z is not None:
                new = np.isnan(before) & ~np.isnan(sheet.values)
                drawn = np.where(new, sheet.values + sheet.sd * z[:, rows], sheet.values)
                sheet = Sheet(drawn, sheet.marks, sheet.sd, sheet.ages, sheet.rows)
        return sheet.values


def _as_nominal(sheet: Sheet, stage: Sheet) -> Sheet:
    """Sheet filled from the nominal imputation, because fitting regressions anew in every member would take hours."""
    at = np.searchsorted(stage.rows, sheet.rows)
    values = np.where(np.isnan(sheet.values), stage.values[at], sheet.values)
    return Sheet(values, sheet.marks, stage.sd[at], sheet.ages, sheet.rows)


def configurations(
    spec: Spec, table: Table, study: Robustness, year: int | None, functions: Functions | None = None
) -> tuple[tuple[Configuration, ...], tuple[str, ...]]:
    """Configurations of all legal combinations of the study's options, and a remark on each that is not legal.

    Raises:
        InputError: the nominal combination itself cannot be built.
    """
    names = list(study.choices)
    made: list[Configuration] = []
    refused: list[str] = []
    for options in product(*(study.choices[name] for name in names)):
        chosen = dict(zip(names, options, strict=True))
        changes = [study.choices[name][option] for name, option in chosen.items()]
        try:
            varied = spec if not any(changes) else spec.with_changes(reduce(_merged, changes, {}))
            known = {step.name for step in varied.steps} | set(varied.nodes)
            own = {name: function for name, function in (functions or {}).items() if name in known}
            made.append(_configure(chosen, build(varied, table, own), year))
        except InputError as error:
            if not any(changes):
                raise
            said = ", ".join(f"{name}: {option}" for name, option in chosen.items())
            refused.append(f"left out {said} ({error})")
    if not made:
        raise InputError(f"none of the alternatives can be built; {refused[0]}")
    return tuple(made), tuple(refused)


def _merged(
    one: Mapping[str, Mapping[str, Any] | None], other: Mapping[str, Mapping[str, Any] | None]
) -> dict[str, Mapping[str, Any] | None]:
    """Changes of two assumptions together; two that change one field contradict each other."""
    out: dict[str, Mapping[str, Any] | None] = dict(one)
    for target, fields in other.items():
        before = out.get(target, {})
        if fields is None or before is None:
            out[target] = None
            continue
        clash = sorted(set(before) & set(fields))
        if clash and any(before[key] != fields[key] for key in clash):
            raise InputError(f"two assumptions set `{clash[0]}` of {target}")
        out[target] = {**before, **fields}
    return out


def _configure(options: Mapping[str, str], index: Index, year: int | None) -> Configuration:
    spec, table = index.spec, index.table
    first = first_varied_step(spec)
    before = list(index.stages)[first]
    start, end = index.stages[before], index.final
    if table.years is not None:
        start = start.take(np.flatnonzero(table.years[start.rows] == year))
    mine = np.arange(len(end.rows)) if table.years is None else np.flatnonzero(table.years[end.rows] == year)
    block = 0 if table.years is None else [int(y) for y in np.unique(table.years[end.rows])].index(year or 0)
    steps = spec.steps[first:]
    names = list(index.stages)
    references = {
        s.name: index.stages[names[names.index(s.name) - 1]].values for s in steps if isinstance(s, Normalise)
    }
    rows = np.arange(len(table.units)) if table.years is None else np.flatnonzero(table.years == year)
    screened = {}
    for step in steps:
        if isinstance(step, Screen):
            earlier = index.stages[names[names.index(step.name) - 1]]
            here = np.arange(len(earlier.rows)) if table.years is None else table.years[earlier.rows] == year
            screened[step.name] = index.screened[step.name].of(here)
    return Configuration(
        options=options,
        index=index,
        start=start,
        steps=steps,
        frame=StepFrame(spec, table, references, screened, index.functions),
        leaves=end.values[mine],
        at=np.searchsorted(rows, end.rows[mine]),
        weights={node: w[min(block, len(w) - 1)] for node, w in index.weights.items()},
        references=index.unscaled,
    )


def first_varied_step(spec: Spec) -> int:
    """Position of the first step that errors pass through.

    Raises:
        InputError: values are filled from other years after they have been changed.
    """
    over = [i for i, step in enumerate(spec.steps) if isinstance(step, Impute) and step.over_years]
    if not over:
        return 0
    for step in spec.steps[: over[-1]]:
        if not isinstance(step, Screen | Impute):
            raise InputError(
                f"step '{spec.steps[over[-1]].name}' fills from other years after '{step.name}'; a robustness study "
                "needs it before"
            )
    return over[-1] + 1


Members = npt.NDArray[np.int64]
BLOCK = 256
"""Members whose numbers are drawn together, fewer where each takes many numbers."""
MOST_NUMBERS = 16_000_000
"""Numbers held in memory by one `MemberDraws`."""


def block_size(numbers: int) -> int:
    """Members in a block, where each member takes so many numbers: `BLOCK`, or as many as stay in memory."""
    return max(1, min(BLOCK, MOST_NUMBERS // max(1, numbers)))


class MemberDraws:
    """Random draws by member number, made in blocks from (seed, stream, block) and kept while there is room.

    `size` is how many members make a block.
    """

    def __init__(
        self, seed: int, stream: int, draw: Callable[[np.random.Generator, int], npt.NDArray[Any]], size: int = BLOCK
    ) -> None:
        self._seed, self._stream, self._draw, self._size = seed, stream, draw, size
        self._blocks: dict[int, npt.NDArray[Any]] = {}

    def take(self, members: Members) -> npt.NDArray[Any]:
        """Draws of the given members, shape (members, …)."""
        at, blocks = members % self._size, members // self._size
        if len(members) and (blocks == blocks[0]).all():
            return self._block(int(blocks[0]))[at]
        parts = [(blocks == block, self._block(int(block))) for block in np.unique(blocks)]
        out = np.empty((len(members), *parts[0][1].shape[1:]))
        for rows, block_draws in parts:
            out[rows] = block_draws[at[rows]]
        return out

    def _block(self, block: int) -> npt.NDArray[Any]:
        if block not in self._blocks:
            rng = np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(self._stream, block)))
            made = self._draw(rng, self._size)
            if sum(b.size for b in self._blocks.values()) + made.size > MOST_NUMBERS:
                self._blocks.clear()
            self._blocks[block] = made
        return self._blocks[block]


def normals(seed: int, stream: int, shape: tuple[int, ...]) -> MemberDraws:
    """Independent standard normal draws of `shape` for each member, in single precision, which is plenty for noise."""
    return MemberDraws(seed, stream, partial(_normals, shape), block_size(math.prod(shape)))


def _normals(shape: tuple[int, ...], rng: np.random.Generator, n: int) -> npt.NDArray[Any]:
    return rng.standard_normal((n, *shape), dtype=np.float32)


def weight_pool(seed: int, stream: int, nominal: Mapping[str, Array], noise: WeightNoise) -> MemberDraws:
    """Draws of the weights of all nodes side by side, in the order of `nominal`; each node's sum to one.

    Raises:
        InputError: a negative weight.
    """
    negative = [node for node, w in nominal.items() if (w < 0).any()]
    if negative:
        raise InputError(f"node '{negative[0]}' has a negative weight, which no share can vary about; cut it to zero")
    sizes = [len(w) for w in nominal.values()]
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(int)
    flat = np.concatenate(list(nominal.values()))
    vary = np.concatenate([np.full(len(w), _varies(node, w, noise)) for node, w in nominal.items()])
    alpha = np.where(flat > 0, flat * np.repeat(sizes, sizes) * noise.concentration, 0.0)

    return MemberDraws(seed, stream, _Weights(flat, vary & (flat > 0), alpha, starts, np.asarray(sizes), noise))


@dataclass(frozen=True, eq=False)
class _Weights:
    """Draws of weights about nominal ones, `flat`; all (children,) but `starts` and `sizes` of nodes, (nodes,)."""

    flat: Array
    vary: npt.NDArray[np.bool_]
    alpha: Array
    starts: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    noise: WeightNoise

    def __call__(self, rng: np.random.Generator, n: int) -> Array:
        shape = (n, len(self.flat))
        if self.noise.kind == "noise":
            raw = self.flat * (1 + self.noise.factor * rng.uniform(-1, 1, shape))
        else:
            raw = np.maximum(rng.standard_gamma(np.where(self.alpha > 0, self.alpha, 1.0), shape), 1e-300)
        raw = np.where(self.vary, raw, self.flat)
        return np.asarray(raw / np.repeat(np.add.reduceat(raw, self.starts, axis=1), self.sizes, axis=1))


def split(weights: Array, nominal: Mapping[str, Array]) -> dict[str, Array]:
    """Weights by node, each (…, children), from weights side by side, shape (…, all children)."""
    edges = np.cumsum([len(w) for w in nominal.values()])[:-1]
    return dict(zip(nominal, np.split(weights, edges, axis=-1), strict=True))


def _varies(node: str, weights: Array, noise: WeightNoise) -> bool:
    return len(weights) > 1 and (noise.nodes is None or node in noise.nodes)


@dataclass(frozen=True, slots=True)
class ErrorSizes:
    """Standard deviations of one kind of error per cell of `start`, shape (units, indicators).

    A value x becomes x · exp(relative · z) + additive · z.
    """

    relative: Array
    additive: Array


def measurement_sizes(config: Configuration, study: Robustness) -> ErrorSizes | None:
    """Sizes of measurement errors; a standard error that came with the data wins over the model's. None without any."""
    if study.measurement is None:
        return None
    sizes = _sizes(study.measurement, config)
    errors = config.frame.table.errors
    if errors is None:
        return sizes
    own = errors[config.start.rows]
    given = ~np.isnan(own)
    return ErrorSizes(np.where(given, 0.0, sizes.relative), np.where(given, own, sizes.additive))


def age_sizes(config: Configuration, study: Robustness) -> ErrorSizes | None:
    """Sizes of errors of old values: they grow with the square root of age, as a random walk does. None without any."""
    if study.age is None:
        return None
    sizes, root = _sizes(study.age, config), np.sqrt(config.start.ages)
    return ErrorSizes(sizes.relative * root, sizes.additive * root)


def _sizes(model: ErrorModel, config: Configuration) -> ErrorSizes:
    x = config.start.values
    of = np.array([model.of(leaf) for leaf in config.spec.tree.leaves])
    none = np.zeros(x.shape)
    if model.kind == "relative":
        return ErrorSizes(none + of, none)
    return ErrorSizes(none, none + of * np.nan_to_num(deviation(x)))
