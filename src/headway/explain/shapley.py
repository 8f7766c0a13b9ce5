"""Shapley values: the fair share of each player in what all players together bring about.

Exact, over all 2ⁿ coalitions, for many games at once. Lloyd S. Shapley, "A value for n-person games", in Contributions
to the Theory of Games II, Annals of Mathematics Studies 28, Princeton (1953), 307–317, doi:10.1515/9781400881970-018.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_PLAYERS = 12  # 4,096 coalitions; beyond, exact values take longer than anybody waits


def coalitions(players: int) -> npt.NDArray[np.bool_]:
    """All coalitions, (2ⁿ, n): row k holds the players whose bit is set in k; row 0 is empty, the last one everybody.

    Raises:
        ValueError: no player, or more than `MOST_PLAYERS`.
    """
    if not 1 <= players <= MOST_PLAYERS:
        raise ValueError(f"exact Shapley values are for 1 to {MOST_PLAYERS} players, not {players}")
    result: npt.NDArray[np.bool_] = (np.arange(2**players)[:, None] >> np.arange(players)) & 1 == 1
    return result


@lru_cache(maxsize=MOST_PLAYERS)
def _weights(players: int) -> Floats:
    """The matrix that turns worths of coalitions into Shapley values, (n, 2ⁿ)."""
    member = coalitions(players)
    size = member.sum(axis=1)
    # The step from S to S ∪ {i} weighs 1 / (n · C(n − 1, |S|)): each size counts alike, and each coalition of a size.
    joining = np.asarray([1 / (players * comb(players - 1, s)) for s in range(players)] + [0.0])
    weights = np.where(member.T, joining[np.maximum(size - 1, 0)], -joining[size])
    weights.setflags(write=False)
    return np.asarray(weights)


def shapley_values(worth: npt.ArrayLike) -> Floats:
    """Shapley values of one or many games.

    Args:
        worth: of each coalition, (2ⁿ, …), in the order of `coalitions`; trailing axes are separate games.

    Returns:
        (n, …), in the unit of `worth`; their sum over players is worth[-1] − worth[0].

    Raises:
        ValueError: the first axis is not a power of two between 2 and 2^12.
    """
    table = np.asarray(worth, np.float64)
    players = len(table).bit_length() - 1 if table.ndim else 0
    if not 1 <= players <= MOST_PLAYERS or len(table) != 2**players:
        raise ValueError(
            f"the first axis must hold all 2ⁿ coalitions of 1 to {MOST_PLAYERS} players; its shape is {table.shape}"
        )
    return np.asarray(np.tensordot(_weights(players), table, axes=1))


def last_to_leave(worth: npt.ArrayLike) -> Floats:
    """Marginal value of each player to all the others together, (n, …): the effect of removing it alone.

    Larger or smaller than its Shapley value where players replace or reinforce one another.
    """
    table = np.asarray(worth, np.float64)
    everybody = len(table) - 1
    without = [everybody ^ (1 << player) for player in range(everybody.bit_length())]
    return np.asarray(table[everybody] - table[without])
