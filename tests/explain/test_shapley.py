from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.explain.shapley import coalitions, last_to_leave, shapley_values

PLAYERS = st.integers(1, 6)


def made_game(players: int, seed: int, games: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(2**players, games))


@given(PLAYERS, st.integers(0, 2**32 - 1))
def test_values_add_up_to_what_all_bring_about(players: int, seed: int) -> None:
    worth = made_game(players, seed)
    np.testing.assert_allclose(shapley_values(worth).sum(axis=0), worth[-1] - worth[0], atol=1e-12)


@given(PLAYERS, st.integers(0, 2**32 - 1), st.data())
def test_a_player_who_changes_nothing_gets_nothing(players: int, seed: int, data: st.DataObject) -> None:
    null = data.draw(st.integers(0, players - 1))
    worth = made_game(players, seed)
    with_null = np.arange(2**players) | (1 << null)
    worth[with_null] = worth[with_null & ~(1 << null)]
    np.testing.assert_allclose(shapley_values(worth)[null], 0, atol=1e-12)


@given(st.integers(2, 6), st.integers(0, 2**32 - 1), st.data())
def test_players_who_do_the_same_get_the_same(players: int, seed: int, data: st.DataObject) -> None:
    first, second = data.draw(st.permutations(range(players)))[:2]
    worth = made_game(players, seed)
    member = coalitions(players)
    exchanged = member.copy()
    exchanged[:, [first, second]] = member[:, [second, first]]
    partner = exchanged @ (1 << np.arange(players))
    values = shapley_values((worth + worth[partner]) / 2)
    np.testing.assert_allclose(values[first], values[second], atol=1e-12)


@given(PLAYERS, st.integers(0, 2**32 - 1))
def test_values_of_a_sum_of_games_are_the_sum_of_values(players: int, seed: int) -> None:
    one, other = made_game(players, seed), made_game(players, seed + 1)
    np.testing.assert_allclose(
        shapley_values(one + 2 * other), shapley_values(one) + 2 * shapley_values(other), atol=1e-11
    )


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_values_are_the_mean_over_all_orders_of_joining(players: int, seed: int) -> None:
    worth = made_game(players, seed, games=1)[:, 0]
    total = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        present = 0
        for player in order:
            total[player] += worth[present | (1 << player)] - worth[present]
            present |= 1 << player
    np.testing.assert_allclose(shapley_values(worth), total / len(orders), atol=1e-12)


def test_the_last_to_leave_takes_what_the_others_cannot_do_alone() -> None:
    worth = np.asarray([0.0, 1.0, 2.0, 10.0])  # {}, {0}, {1}, {0, 1}
    assert last_to_leave(worth).tolist() == [8.0, 9.0]
    assert shapley_values(worth).tolist() == [4.5, 5.5]


@pytest.mark.parametrize("worth", [np.zeros(1), np.zeros(3), np.zeros((6, 2)), np.zeros(2**13), np.float64(1)])
def test_a_table_that_is_no_game_is_refused(worth: np.ndarray) -> None:
    with pytest.raises(ValueError, match="2ⁿ coalitions"):
        shapley_values(worth)


def test_too_many_players_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 12 players, not 13"):
        coalitions(13)
