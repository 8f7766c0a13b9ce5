"""Regret: what a choice falls short of the best choice in the same future. Pure functions on arrays.

Leonard J. Savage, "The Theory of Statistical Decision", Journal of the American Statistical Association 46 (1951),
55–67, doi:10.1080/01621459.1951.10500768.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def regret(loss: npt.ArrayLike, best: npt.ArrayLike | None = None) -> Floats:
    """Regret of every choice in every future, (choices, futures), never negative, in the unit of the loss.

    Args:
        loss: what each choice loses in each future, (choices, futures); less is better.
        best: least loss of all choices in each future, (futures,), where `loss` holds only some of the choices.

    Raises:
        ValueError: not a table of at least one choice.
    """
    table = np.asarray(loss, np.float64)
    if table.ndim != 2 or not len(table):
        raise ValueError(f"loss must be a table of choices by futures; its shape is {table.shape}")
    return np.asarray(table - (table.min(axis=0) if best is None else np.asarray(best, np.float64)))


def largest_regret(loss: npt.ArrayLike, content: float = 1.0, best: npt.ArrayLike | None = None) -> Floats:
    """Regret that a choice does not exceed in a share `content` of the futures, (choices,); 1 is the largest of all."""
    return np.asarray(np.quantile(regret(loss, best), content, axis=1))


def least_regret(loss: npt.ArrayLike, content: float = 1.0) -> int:
    """Position of the choice whose largest regret is least (minimax regret); the first of those that tie."""
    return int(largest_regret(loss, content).argmin())
