"""The lag against worked examples, and as a property."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from made_world import few

from headway.model.lag import best_of_others, lag

QUARTER = 0.25


def column(*values: float) -> jnp.ndarray:
    return jnp.asarray(values, jnp.float32)[:, None]


def test_a_country_that_repeats_the_frontier_a_year_later_is_twelve_months_behind() -> None:
    frontier = column(*range(100, 120))
    own = column(*range(96, 116))
    found = lag(own, frontier, QUARTER)
    np.testing.assert_allclose(found.months[4:, 0], 12.0)
    assert not bool(found.censored[4:].any())
    assert bool(found.censored[:4].all()), "the frontier stood there before its series starts"
    np.testing.assert_allclose(found.months[2, 0], 6.0, err_msg="censored: at least since the start")


def test_between_dates_the_lag_is_interpolated() -> None:
    found = lag(column(100, 101, 102.5), column(100, 104, 108), QUARTER)
    np.testing.assert_allclose(found.months[1, 0], 3 - 0.75, rtol=1e-5)


def test_a_slow_frontier_is_interpolated_too_and_a_standing_one_has_slopes() -> None:
    """Half of a rise of 0.5 is half a quarter; where nothing rises the lag's slope is a number."""
    found = lag(column(100, 100.25), column(100, 100.5), QUARTER)
    np.testing.assert_allclose(found.months[1, 0], 1.5, rtol=1e-3)
    slopes = jax.grad(lambda own: lag(own, column(100, 101, 101, 102), QUARTER).months.sum())(
        column(99, 100.5, 101, 101.5)
    )
    assert bool(jnp.isfinite(slopes).all())


def test_the_leader_has_a_negative_lag() -> None:
    found = lag(column(*range(100, 120)), column(*range(96, 116)), QUARTER)
    np.testing.assert_allclose(found.months[4:, 0], -12.0)


def test_history_of_the_frontier_lengthens_what_can_be_told() -> None:
    frontier = column(*range(100, 120))
    own = column(*range(104, 112))
    found = lag(own, frontier, QUARTER)
    np.testing.assert_allclose(found.months[:, 0], 3 * (12 - np.arange(8)) - 3 * (4 - np.arange(8)))
    assert not bool(found.censored.any())


def test_the_best_of_others_leaves_the_subject_out() -> None:
    scores = jnp.asarray([[10.0, 20.0, 15.0], [11.0, 25.0, 16.0]])[:, :, None]
    assert best_of_others(scores, 1)[:, 0].tolist() == [15.0, 16.0]
    assert best_of_others(scores, 0)[:, 0].tolist() == [20.0, 25.0]


@few
@given(st.lists(st.floats(0, 5), min_size=12, max_size=12), st.floats(0.5, 20))
def test_a_weaker_country_is_never_less_behind(rises: list[float], weaker: float) -> None:
    frontier = 100 + np.cumsum([0.1 + rise for rise in rises])
    strong, weak = frontier - 3, frontier - 3 - weaker
    near = lag(column(*strong), column(*frontier), QUARTER).months
    far = lag(column(*weak), column(*frontier), QUARTER).months
    assert bool((far >= near - 1e-3).all())


def test_level_with_a_frontier_that_stood_there_before_is_behind_it() -> None:
    """Both stand at 3; the others have since the second date, two quarters ago, which is six months."""
    own, others = column(0, 1, 2, 3), column(1, 3, 3, 3)
    np.testing.assert_allclose(lag(own, others, QUARTER).months[-1, 0], 6.0)


def test_a_lead_is_known_where_the_country_began_below_what_the_others_reach() -> None:
    """The others reach 3, where the leader stood halfway between 2 and 4: one and a half quarters ago."""
    found = lag(column(2, 4, 6), column(1, 1, 3), QUARTER)
    np.testing.assert_allclose(found.months[-1, 0], -4.5)
    assert found.censored[:, 0].tolist() == [True, True, False]
