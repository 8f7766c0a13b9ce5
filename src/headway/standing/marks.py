"""What happened to a cell: every value that is not the publisher's own says so."""

from __future__ import annotations

from enum import IntFlag

import numpy as np
import numpy.typing as npt


class Mark(IntFlag):
    """Marks of one cell; several may hold at once. 0 is an observed, untouched value."""

    OBSERVED = 0
    MISSING = 1
    IMPUTED = 2
    IMPUTED_FALLBACK = 4  # the group had no data, so the stated fallback rule filled the cell
    CARRIED = 8  # taken from another year
    WINSORISED_HIGH = 16
    WINSORISED_LOW = 32
    TRANSFORMED = 64  # log or Box–Cox
    CAPPED = 128  # cut to a goalpost or a target


Marks = npt.NDArray[np.uint8]


def words(mark: int) -> str:
    """`imputed+winsorised high`; empty for an untouched value."""
    return "+".join(flag.name.lower().replace("_", " ") for flag in Mark if flag and mark & flag and flag.name)
