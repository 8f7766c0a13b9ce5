"""What remains of a run when members that failed are left out; a run of which nothing remains is no answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from headway.core.errors import ModelError
from headway.model.status import Status


def survivors(status: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Which members ran to the end, (members,).

    Raises:
        ModelError: none did; says how they ended.
    """
    codes, counts = np.unique(status, return_counts=True)
    refuse_none({int(code): int(count) for code, count in zip(codes, counts, strict=True)})
    return np.asarray(status == Status.OK)


def refuse_none(ended: Mapping[int, int]) -> None:
    """Refuse a run without a member that ran to the end.

    Args:
        ended: number of members by `Status`.

    Raises:
        ModelError: there is none; says how many ended how.
    """
    if ended.get(Status.OK, 0):
        return
    ways = "; ".join(f"in {count:,} {Status(code).reason}" for code, count in sorted(ended.items()))
    raise ModelError(f"none of {sum(ended.values()):,} members ran to the end: {ways}, or at your own evidence")
