"""How well choices do over futures that nobody can weigh, regret among them: pure functions on choices by futures.

Leonard J. Savage, "The Theory of Statistical Decision", Journal of the American Statistical Association 46 (1951),
55–67, doi:10.1080/01621459.1951.10500768 (regret);
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
