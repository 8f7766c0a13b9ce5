"""Draws from a quantity, in an order that is fixed by its key: equal keys move together, others do not."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from headway.claims.weighing.known import GRID, Known
from headway.core import periods


def order_of(key: str) -> NDArray[np.int64]:
    """The order in which the quantiles of the quantity `key` are drawn."""
    return np.random.default_rng(zlib.crc32(key.encode())).permutation(GRID)


def shuffled(known: Known) -> NDArray[np.float64]:
    """GRID draws of `known`, or its one value if it is certain."""
    return known.quantiles if known.certain else known.quantiles[order_of(known.key)]


def checked_period(period: str | None) -> str | None:
    """`period` itself; raises InputError where it is none."""
    if period is not None:
        periods.span(period)
    return period
