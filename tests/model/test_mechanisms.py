"""Each mechanism by itself: what theory says, and what must hold exactly."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from made_world import few
from scipy.special import expit

from headway.model import algorithms, capability, niches, smooth, spending, stock, supply, talent, training_run

QUARTER = 0.25
positive = st.floats(1e-3, 1e8)
share = st.floats(0, 1)


def array(*values: float) -> jnp.ndarray:
    return jnp.asarray(values, jnp.float32)[:, None]


def supply_parameters(premium: float = 1.4, scale: float = 1.0) -> supply.SupplyParameters:
    one = jnp.ones(1)
    return supply.SupplyParameters(0.5 * one, 25e3 * one, 0.3 * one, premium * one, scale * one[None], 0 * one[None])


# ------------------------------------------------------------------------------------------------ smooth


@few
@given(positive, positive)
def test_softmin_lies_between_four_fifths_of_the_minimum_and_the_minimum(a: float, b: float) -> None:
    found = float(smooth.softmin(array(a), array(b))[0, 0])
    assert 0.84 * min(a, b) * (1 - 1e-5) <= found <= min(a, b) * (1 + 1e-6)


@few
@given(st.floats(0, 1e8))
def test_softmin_with_zero_is_exactly_zero(a: float) -> None:
    assert float(smooth.softmin(array(a), array(0.0))[0, 0]) == 0.0
    assert float(smooth.softmin(array(0.0), array(a))[0, 0]) == 0.0


@few
@given(positive, positive)
def test_softmin_has_the_derivatives_of_its_formula(a: float, b: float) -> None:
    found = jax.grad(smooth.softmin, argnums=(0, 1))(jnp.float32(a), jnp.float32(b))
    np.testing.assert_allclose(found[0], (1 + (a / b) ** 4) ** -1.25, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found[1], (1 + (b / a) ** 4) ** -1.25, rtol=1e-4, atol=1e-6)


def test_softmin_of_nothing_and_nothing_moves_with_neither() -> None:
    assert [float(x) for x in jax.grad(smooth.softmin, argnums=(0, 1))(0.0, 0.0)] == [0.0, 0.0]


@few
@given(st.floats(-200, 200))
def test_softplus_has_a_logistic_derivative_without_overflow(x: float) -> None:
    np.testing.assert_allclose(jax.grad(smooth.softplus)(jnp.float32(x)), expit(np.float32(x)), rtol=1e-5, atol=1e-30)


@few
@given(st.floats(0, 3))
def test_the_share_gone_is_close_to_the_exponential_and_below_one(x: float) -> None:
    found = x * float(smooth.mean_remaining(jnp.float32(x)))
    assert found < 1
    if x <= 1:
        assert abs(found - (1 - np.exp(-x))) < 1e-3


def test_softmax_level_is_at_least_the_best_and_near_it_when_one_leads() -> None:
    levels = array(0.0, 1.0, 3.0)
    found = float(smooth.softmax_level(levels, 0.1)[0])
    assert 3.0 <= found < 3.0001


# ------------------------------------------------------------------------------------------------ 1 spending


def test_spending_reaches_its_target_and_no_step_overshoots() -> None:
    parameters = spending.SpendingParameters(array(np.log(0.01)), jnp.full(1, 2.0), jnp.full(1, 0.05), jnp.full(1, 0.3))
    start = array(np.log(0.001))
    goal = spending.target(parameters, array(0.0), array(0.1))
    short = spending.advance(start, parameters, array(0.0), array(0.1), QUARTER)
    long = spending.advance(start, parameters, array(0.0), array(0.1), 100.0)
    assert float(start[0, 0]) < float(short[0, 0]) < float(goal[0, 0])
    np.testing.assert_allclose(long, goal, rtol=1e-5)


@few
@given(st.floats(-3, 6))
def test_spending_never_targets_more_than_the_ceiling(lever: float) -> None:
    parameters = spending.SpendingParameters(array(np.log(0.01)), jnp.full(1, 2.0), jnp.full(1, 0.05), jnp.zeros(1))
    assert float(jnp.exp(spending.target(parameters, array(lever), array(0.0)))[0, 0]) <= 0.05 * (1 + 1e-5)


def test_rents_drag_in_the_direction_of_psi() -> None:
    for drag, sign in ((0.5, -1), (-0.5, 1), (0.0, 0)):
        parameters = spending.SpendingParameters(
            array(np.log(0.01)), jnp.full(1, 2.0), jnp.full(1, 0.05), jnp.full(1, drag)
        )
        change = spending.target(parameters, array(0.0), array(0.3)) - spending.target(
            parameters, array(0.0), array(0.0)
        )
        assert np.sign(np.round(float(change[0, 0]), 6)) == sign


# ------------------------------------------------------------------------------------------------ 2 supply


@few
@given(positive, st.floats(0, 1e8), st.floats(1, 3))
def test_without_controls_other_channels_have_exactly_no_effect(wanted: float, capacity: float, premium: float) -> None:
    delivered = supply.deliveries(supply_parameters(premium), array(wanted), array(0.0), array(capacity))
    assert float(delivered[0, 0]) == np.float32(wanted)


@few
@given(positive, share, share, positive)
def test_tighter_controls_never_deliver_more(wanted: float, one: float, two: float, capacity: float) -> None:
    low, high = sorted((one, two))
    loose, tight = (
        float(supply.deliveries(supply_parameters(), array(wanted), array(s), array(capacity))[0, 0])
        for s in (low, high)
    )
    assert tight <= loose * (1 + 1e-5)


@few
@given(positive, share, positive, positive)
def test_more_capacity_never_delivers_less(wanted: float, controlled: float, one: float, two: float) -> None:
    small, large = (
        float(supply.deliveries(supply_parameters(), array(wanted), array(controlled), array(c))[0, 0])
        for c in sorted((one, two))
    )
    assert large >= small * (1 - 1e-5)


@few
@given(positive, share, st.floats(0, 1e8))
def test_controls_never_leave_more_than_was_wanted(wanted: float, controlled: float, capacity: float) -> None:
    delivered = float(supply.deliveries(supply_parameters(), array(wanted), array(controlled), array(capacity))[0, 0])
    assert 0 <= delivered <= wanted * (1 + 1e-5)


def test_the_binding_side_is_told() -> None:
    wanted, controlled = array(100.0, 100.0, 100.0), array(1.0, 1.0, 0.0)
    binding = supply.quantity_binds(supply_parameters(), wanted, controlled, array(1.0, 1e6, 1.0))
    assert binding[:, 0].tolist() == [1.0, -1.0, 0.0]


# ------------------------------------------------------------------------------------------------ 3 stock, 4 run


@few
@given(st.floats(0, 1e8), st.floats(0, 1e8), st.floats(0.01, 50))
def test_compute_is_never_negative_at_any_step(compute: float, delivered: float, years: float) -> None:
    after = stock.advance(array(compute), stock.StockParameters(jnp.full(1, 0.2)), array(delivered), years)
    assert float(after[0, 0]) >= 0


def test_compute_settles_where_wear_equals_deliveries() -> None:
    after = stock.advance(array(5.0), stock.StockParameters(jnp.full(1, 0.2)), array(10.0), 200.0)
    np.testing.assert_allclose(after, 50.0, rtol=1e-5)


def test_run_length_grows_and_then_stands() -> None:
    parameters = training_run.TrainingRunParameters(array(20.0), jnp.full(1, 0.15), jnp.full(1, 2027.0))
    years = [
        training_run.length_trend(parameters, jnp.float32(y), jnp.float32(2023.0)) for y in (2023, 2024, 2031, 2040)
    ]
    trend = [float(value[0]) for value in years]
    assert trend[0] == 0
    np.testing.assert_allclose(trend[1], 0.15, atol=2e-3)
    np.testing.assert_allclose(trend[3], trend[2], atol=1e-3)


def test_ten_times_the_compute_is_one_order_more_of_training() -> None:
    parameters = training_run.TrainingRunParameters(array(20.0), jnp.full(1, 0.0), jnp.full(1, 2027.0))
    logs = [training_run.log_compute(array(k)) for k in (1e5, 1e6)]
    small, large = (training_run.largest_run(parameters, log, jnp.float32(2024), jnp.float32(2023)) for log in logs)
    np.testing.assert_allclose(large - small, 1.0, rtol=1e-5)


# ------------------------------------------------------------------------------------------------ 5 talent


def talent_parameters(eta: float = 1.0) -> talent.TalentParameters:
    values = (0.03, 0.02, eta, 0.5, 1.0, 1.0)
    return talent.TalentParameters(*(jnp.full(1, v, jnp.float32) for v in values))


@few
@given(
    st.lists(st.floats(1, 1e6), min_size=5, max_size=5),
    st.lists(st.floats(0, 2), min_size=5, max_size=5),
    st.floats(0, 3),
    st.integers(0, 1000),
)
def test_people_who_leave_arrive_somewhere(people: list[float], shock: list[float], eta: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    closeness = random.random((5, 5)) * (1 - np.eye(5))
    where = talent.destinations(
        talent_parameters(eta), array(*random.normal(10, 1, 5)), jnp.asarray(closeness, jnp.float32)
    )
    home, _, flows = talent.advance(
        array(*people), array(*[0.0] * 5), talent_parameters(eta), where, graduates=array(*[0.0] * 5),
        push=array(*[1.0] * 5), shock=array(*shock), years=QUARTER,
    )  # fmt: skip
    np.testing.assert_allclose(flows.arrivals.sum(), flows.emigrants.sum(), rtol=1e-4)
    assert float(home.min()) >= 0
    retired = np.asarray(array(*people) - home + flows.arrivals - flows.emigrants)
    assert (retired >= -1e-5 * max(people)).all(), "who neither left nor stayed has retired"


def test_better_pay_draws_more_people() -> None:
    closeness = jnp.ones((3, 3)) - jnp.eye(3)
    where = talent.destinations(talent_parameters(), jnp.log(array(1.0, 1.0, 3.0)), closeness)
    arriving = talent.arrivals(where, array(100.0, 0.0, 0.0))[:, 0]
    np.testing.assert_allclose(arriving, [0, 25, 75], rtol=1e-5)


def test_a_country_without_destinations_keeps_its_people() -> None:
    where = talent.destinations(talent_parameters(), array(0.0), jnp.zeros((1, 1)))
    home, tied, flows = talent.advance(
        array(100.0),
        array(0.0),
        talent_parameters(),
        where,
        graduates=array(0.0),
        push=array(1.0),
        shock=array(1.0),
        years=QUARTER,
    )
    assert float(flows.emigrants[0, 0]) == 0
    assert float(tied[0, 0]) == 0
    np.testing.assert_allclose(home, 100 * np.exp(-0.03 * QUARTER), rtol=1e-4)


def test_distance_workers_count_by_their_weight_and_fade() -> None:
    closeness = jnp.ones((2, 2)) - jnp.eye(2)
    where = talent.destinations(talent_parameters(), array(0.0, 0.0), closeness)
    _, tied, _ = talent.advance(
        array(1000.0, 1000.0), array(0.0, 0.0), talent_parameters(), where, graduates=array(0.0, 0.0),
        push=array(1.0, 1.0), shock=array(0.4, 0.0), years=QUARTER,
    )  # fmt: skip
    assert 80 < float(tied[0, 0]) < 100
    assert float(tied[1, 0]) == 0, "ordinary emigrants do not keep their jobs"
    at_work = talent.effective(array(900.0), tied[:1], talent_parameters())
    np.testing.assert_allclose(at_work, 900 + 0.5 * tied[:1], rtol=1e-6)


# ------------------------------------------------------------------------------------------------ 6 algorithms


def algorithm_parameters(sigma: float = 0.8, beta: float = 0.56) -> algorithms.AlgorithmParameters:
    values = (0.5, 0.6, beta, sigma, 0.4, 0.5, 0.4, 0.2, 3000.0)
    return algorithms.AlgorithmParameters(*(jnp.full(1, v, jnp.float32) for v in values))


def test_at_the_reference_state_own_progress_is_the_own_rate() -> None:
    for sigma in (0.1, 0.8, 1.0, 2.58):
        parameters = algorithm_parameters(sigma)
        research = algorithms.log_research(parameters, array(0.0), array(0.0))
        np.testing.assert_allclose(research, 0, atol=1e-4)
        np.testing.assert_allclose(algorithms.own_progress(parameters, array(0.0), research), 0.5, rtol=1e-4)


@few
@given(st.floats(-10, 10), st.floats(-10, 10), st.sampled_from([0.1, 0.8, 1.0, 2.58]))
def test_research_is_between_its_inputs_and_grows_with_both(k: float, l: float, sigma: float) -> None:  # noqa: E741
    parameters = algorithm_parameters(sigma)
    here = float(algorithms.log_research(parameters, array(k), array(l))[0, 0])
    assert min(k, l) - 2e-2 <= here <= max(k, l) + 2e-2
    for more in ((k + 0.5, l), (k, l + 0.5)):
        assert float(algorithms.log_research(parameters, array(more[0]), array(more[1]))[0, 0]) >= here - 2e-3


def test_research_is_the_same_whether_logs_are_relative_or_their_reference_is_given() -> None:
    parameters = algorithm_parameters()
    relative = algorithms.log_research(parameters, array(1.5), array(-0.7))
    absolute = algorithms.log_research(parameters, array(13.5), array(9.3), (12.0, 10.0))
    np.testing.assert_allclose(absolute, relative, rtol=1e-5)


def test_complements_are_held_back_by_the_scarcer_input() -> None:
    scarce = [
        float(algorithms.log_research(algorithm_parameters(s), array(8.0), array(0.0))[0, 0]) for s in (0.1, 2.58)
    ]
    assert scarce[0] < 0.2
    assert scarce[1] > 5


@few
@given(st.floats(-4, 4), st.floats(0.01, 40))
def test_the_step_of_own_progress_is_exact_and_never_overshoots(level: float, years: float) -> None:
    parameters = algorithm_parameters()
    log_own = algorithms.log_own_progress(parameters, array(level), array(0.0))
    once = level + float(algorithms.own_step(parameters, log_own, years)[0, 0])
    half = array(level) + algorithms.own_step(parameters, log_own, years / 2)
    then = algorithms.log_own_progress(parameters, half, array(0.0))
    twice = half + algorithms.own_step(parameters, then, years / 2)
    np.testing.assert_allclose(float(twice[0, 0]), once, atol=2e-3)


def test_absorption_grows_with_talent_and_openness_and_is_nothing_without_people() -> None:
    parameters = algorithm_parameters()
    rate = algorithms.absorption_rate(parameters, array(0.0, 1000.0, 10000.0), array(1.0, 1.0, 1.0))[:, 0]
    assert float(rate[0]) == 0
    assert rate[0] < rate[1] < rate[2] < 0.5
    closed = algorithms.absorption_rate(parameters, array(1000.0), array(0.0))
    np.testing.assert_allclose(closed, rate[1] * 0.6, rtol=1e-5)


def test_partners_behind_teach_nothing() -> None:
    gained = algorithms.shared(algorithm_parameters(), array(1.0, 1.0), array(1.0, 1.0), array(0.5, 2.0))[:, 0]
    assert float(gained[0]) == 0
    np.testing.assert_allclose(gained[1], 0.2, rtol=1e-5)


# ------------------------------------------------------------------------------------------------ 7 capability


def capability_parameters(members: int = 1) -> capability.CapabilityParameters:
    def each(value: float) -> jnp.ndarray:
        return jnp.full((members,), value, jnp.float32)

    return capability.CapabilityParameters(
        each(120.0),
        each(8.5),
        jnp.full((2, members), 2.0),
        each(0.375),
        each(1.0),
        jnp.zeros((2, members)),
        each(1.5),
        each(0.25),
        each(1.5),
    )


def test_access_is_never_below_ability_and_open_weights_arrive_late() -> None:
    own = jnp.stack([jnp.linspace(100, 120, 9), jnp.linspace(110, 150, 9)], axis=1)[:, :, None].astype(jnp.float32)
    parameters = capability_parameters()
    level = capability.open_frontier(
        own, parameters.open_gap, jnp.asarray([0.0, 1.0])[None, :, None] * jnp.ones((9, 1, 1))
    )
    np.testing.assert_allclose(level[:, 0], own[:, 1, 0] - 2)
    reach = capability.accessible(parameters, own, level, QUARTER)
    assert bool((reach >= own).all())
    np.testing.assert_allclose(reach[8, 0, 0], float(level[8 - 2, 0] + level[8 - 1, 0]) / 2 - 1, rtol=1e-5)


def test_closing_open_weights_keeps_what_is_published() -> None:
    own = jnp.linspace(100, 140, 9)[:, None, None] * jnp.ones((9, 2, 1))
    published = jnp.where(jnp.arange(9) < 4, 1.0, 0.0)[:, None, None] * jnp.ones((9, 2, 1))
    level = capability.open_frontier(own, jnp.zeros((2, 1)), published)[:, 0]
    np.testing.assert_allclose(level[4:], level[3])


def test_nothing_open_means_access_is_ability() -> None:
    own = jnp.linspace(100, 140, 9)[:, None, None] * jnp.ones((9, 2, 1))
    level = capability.open_frontier(own, jnp.zeros((2, 1)), jnp.zeros((9, 2, 1)))
    np.testing.assert_array_equal(capability.accessible(capability_parameters(), own, level, QUARTER), own)


def rented_level(served: jnp.ndarray, share: float = 1.0, use: float | jnp.ndarray = 1.0) -> jnp.ndarray:
    """C_rent of two customers over nine quarters, (quarters, customers, 1)."""
    parameters = capability_parameters()
    own = jnp.stack([jnp.linspace(120, 140, 9), jnp.linspace(100, 110, 9)], 1)[..., None]
    best = capability.late(parameters, capability.best_served(own, served), QUARTER)
    return capability.rented(parameters, best, jnp.full((9, 2, 1), share), use)


EACH_OTHER = 1 - jnp.eye(2)


@few
@given(st.tuples(share, share), st.tuples(share, share))
def test_a_tighter_cut_or_meter_never_lets_more_through(shares: tuple[float, float], uses: tuple[float, float]) -> None:
    (less, more), (tight, loose) = sorted(shares), sorted(uses)
    full = rented_level(EACH_OTHER, more, loose)
    assert bool((rented_level(EACH_OTHER, less, loose) <= full).all())
    assert bool((rented_level(EACH_OTHER, more, tight) <= full).all())


def test_rented_models_come_late_and_only_from_those_who_serve_the_customer() -> None:
    level = rented_level(EACH_OTHER)[..., 0]
    np.testing.assert_allclose(level[1:, 1], jnp.linspace(120, 140, 9)[:-1], rtol=1e-6, err_msg="a quarter late")
    barred = rented_level(jnp.asarray([[0.0, 1.0], [0.0, 0.0]]))[..., 0]
    assert bool((barred[:, 1] < 0).all())
    np.testing.assert_array_equal(barred[:, 0], level[:, 0])
    np.testing.assert_allclose(rented_level(EACH_OTHER, 0.1)[..., 0], level - 8.5, rtol=1e-5)


def test_at_the_least_use_a_meter_leaves_what_there_is_without_rented_models() -> None:
    parameters, level = capability_parameters(), rented_level(EACH_OTHER)
    without = jnp.full_like(level, 112.0)
    use = capability.least_use(parameters, level, without)
    worth = rented_level(EACH_OTHER, 1.0, use)
    np.testing.assert_allclose(jnp.where(level > without, worth - without, 0), 0, atol=1e-3)
    np.testing.assert_array_equal(use[level <= without], 1)


@few
@given(k=st.floats(1.0, 50.0), again=st.floats(1.0, 10.0))
def test_a_price_is_a_meter_for_who_spends_the_same(k: float, again: float) -> None:
    """At k times the price the same money buys 1/k of the wanted use; each doubling takes the same points."""
    parameters = capability_parameters()
    level = rented_level(EACH_OTHER)
    dearer, dearest = (rented_level(EACH_OTHER, 1.0, 1 / price) for price in (k, k * again))
    np.testing.assert_allclose(
        level - dearer, jnp.broadcast_to(parameters.slope * parameters.meter_cost * np.log10(k), level.shape), atol=1e-3
    )
    np.testing.assert_allclose(
        dearer - dearest, rented_level(EACH_OTHER) - rented_level(EACH_OTHER, 1.0, 1 / again), atol=1e-3
    )


def test_renting_pays_up_to_one_over_the_least_use_of_its_price() -> None:
    parameters, level = capability_parameters(), rented_level(EACH_OTHER)
    without = level - 5.0
    price = 1 / capability.least_use(parameters, level, without)
    assert bool((rented_level(EACH_OTHER, 1.0, 1 / (0.9 * price)) > without).all())
    assert bool((rented_level(EACH_OTHER, 1.0, 1 / (1.1 * price)) < without).all())


def test_the_discrepancy_counts_in_full_at_the_anchor_and_fades() -> None:
    parameters = capability_parameters()._replace(discrepancy=jnp.full((2, 1), 3.0))
    shown = [
        float(capability.anchored(parameters, jnp.full((2, 1), 100.0), jnp.float32(t))[0, 0]) for t in (-1, 0, 1.5)
    ]
    np.testing.assert_allclose(shown, [103, 103, 100 + 3 / math.e], rtol=1e-5)


# ------------------------------------------------------------------------------------------------ 8 niches


def test_break_even_yield_closes_the_shortfall() -> None:
    def each(value: float) -> jnp.ndarray:
        return jnp.full((1,), value, jnp.float32)

    parameters = niches.NicheParameters(jnp.ones((2, 1)), each(2.0), each(0.2), each(0.7))
    effort = jnp.asarray([1.0, 0.0])[None, :, None] * jnp.ones((21, 2, 1))
    shortfall = jnp.full((21, 2, 1), 5.0)
    needed = niches.break_even_yield(parameters, shortfall, effort, QUARTER)
    assert bool(jnp.isinf(needed[:, 1]).all()), "no effort, no break-even"
    with_it = niches.domain_assets(parameters._replace(yield_=needed[20, 0]), effort, QUARTER)
    np.testing.assert_allclose(with_it[20, 0], 5.0, rtol=1e-4)
    worth = niches.outcome(parameters, jnp.full((21, 1), 100.0), with_it)
    np.testing.assert_allclose(worth[20, 0], 105.0, rtol=1e-4)
