"""Random errors of an ensemble: their sizes, and numbers that stay a member's own however large the ensemble."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.standing.configuration import Configuration
from headway.standing.moments import Array, deviation
from headway.standing.settings import ErrorModel, Robustness, WeightNoise

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
