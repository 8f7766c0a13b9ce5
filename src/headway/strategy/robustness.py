"""How well choices do over futures that nobody can weigh. Pure functions on arrays of choices by futures.

Robert J. Lempert, Steven W. Popper and Steven C. Bankes, Shaping the Next One Hundred Years, RAND MR-1626 (2003);
measures compared: Cailin McPhail and others, "Robustness Metrics: How Are They Calculated, When Should They Be Used
and Why Do They Give Different Results?", Earth's Future 6 (2018), 169–191, doi:10.1002/2017EF000649.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def expected(values: npt.ArrayLike) -> Floats:
    """Mean over futures, all weighing alike (the principle of insufficient reason), (choices,)."""
    return np.asarray(np.mean(np.asarray(values, np.float64), axis=-1))


def within(values: npt.ArrayLike, content: float = 0.9) -> tuple[Floats, Floats]:
    """Ends of the central interval of the given content over futures, each (choices,)."""
    tail = (1 - content) / 2
    low, high = np.quantile(np.asarray(values, np.float64), [tail, 1 - tail], axis=-1)
    return np.asarray(low), np.asarray(high)


def satisficing(values: npt.ArrayLike, bound: float, *, at_most: bool = True) -> Floats:
    """Share of futures in which the value is at most (or at least) `bound`, (choices,)."""
    table = np.asarray(values, np.float64)
    return np.asarray(np.mean(table <= bound if at_most else table >= bound, axis=-1))


def worst(loss: npt.ArrayLike) -> Floats:
    """Largest loss over futures (maximin; Wald 1950), (choices,)."""
    return np.asarray(np.max(np.asarray(loss, np.float64), axis=-1))
