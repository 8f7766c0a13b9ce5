"""The country alone moves as it does in the world; money does what the file of levers says; nothing else does."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from made_baseline import EFFECTS, NOW, SCORED, made_baseline, made_moves, only

from headway.model import Inputs, simulate
from headway.model.derive import ModelOutlook, outlook
from headway.strategy.baseline import BaselineBlock
from headway.strategy.levers import levers_under
from headway.strategy.outcomes import OUTCOMES, months_behind
from headway.strategy.simulation import changed, simulate_strategies

NAMES = list(OUTCOMES)


def one(name: str, found: jax.Array) -> np.ndarray:
    return np.asarray(found)[:, NAMES.index(name)]


def seen_in_the_world(baseline: BaselineBlock, country: int) -> ModelOutlook:
    """Outlook of a country in the full run, compiled whole: operation by operation it takes longer."""

    @jax.jit
    def seen(world: Inputs) -> ModelOutlook:
        series = simulate(world, ("sovereign",)).series
        return outlook(series, world.parameters, world.paths, countries=[country], first_scored=SCORED)

    found: ModelOutlook = seen(baseline.world)
    return found


def test_without_money_the_country_goes_on_as_in_the_world() -> None:
    baseline = made_baseline()
    found, status = simulate_strategies(baseline, made_moves({}), EFFECTS)
    seen = seen_in_the_world(baseline, 1)
    assert (np.asarray(status) == 0).all()
    np.testing.assert_allclose(one("gap", found)[0], seen.gap[-1, 0], atol=2e-3)
    np.testing.assert_allclose(one("sovereign_lag", found)[0], seen.lag[-1, 0], atol=0.05)
    np.testing.assert_allclose(one("accessible_lag", found)[0], seen.accessible_lag[-1, 0], atol=0.05)
    np.testing.assert_allclose(one("available_lag", found)[0], seen.available_lag[-1, 0], atol=0.05)
    assert (one("available_lag", found) < one("accessible_lag", found)).all(), "the leader serves it"


def test_the_leader_has_a_lead() -> None:
    baseline = made_baseline(focal=0)
    found, _ = simulate_strategies(baseline, made_moves({}), EFFECTS)
    seen = seen_in_the_world(baseline, 0)
    np.testing.assert_allclose(one("sovereign_lag", found)[0], seen.lag[-1, 0], atol=0.05)
    assert (one("lead", found)[0] > 0).all()


def test_strategies_run_together_as_they_run_alone() -> None:
    baseline = made_baseline()
    moves = made_moves({}, {"head_on": 1.0}, {"talent": 0.3, "domestic_chips": 0.5}, {"openness": 0.2})
    together, _ = simulate_strategies(baseline, moves, EFFECTS)
    turned, _ = simulate_strategies(baseline, jax.tree.map(lambda leaf: leaf[::-1], moves), EFFECTS)
    np.testing.assert_array_equal(together, turned[::-1])
    alone, _ = simulate_strategies(baseline, jax.tree.map(lambda leaf: leaf[2:3], moves), EFFECTS)
    np.testing.assert_allclose(together[2], alone[0], rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("lever", ["domestic_chips", "partner_compute", "education", "talent", "openness"])
def test_more_money_never_widens_the_gap_of_a_follower_under_controls(lever: str) -> None:
    found, _ = simulate_strategies(made_baseline(), made_moves({}, {lever: 0.2}, {lever: 1.0}), EFFECTS)
    gap = one("gap", found)
    assert (np.diff(gap[:3], axis=0) <= 1e-3).all()
    assert (gap[2] < gap[0]).any()


def test_niche_money_moves_niches_and_nothing_else() -> None:
    found, _ = simulate_strategies(made_baseline(), made_moves({}, {"niche": 2.0}), EFFECTS)
    assert (one("niches", found)[1] >= one("niches", found)[0]).all()
    for name in ("sovereign_lag", "accessible_lag", "gap", "lead"):
        np.testing.assert_allclose(one(name, found)[1], one(name, found)[0], atol=1e-4)


def test_what_befalls_comes_after_the_strategy() -> None:
    moves = made_moves({}, {"partner_compute": 1.0})
    free = changed(made_baseline(), only(moves, 1), EFFECTS)
    withdrawn = made_baseline()
    ground = withdrawn.ground
    ground = ground._replace(multiply=ground.multiply | {"partner": jnp.zeros_like(ground.multiply["partner"])})
    cut = changed(withdrawn._replace(ground=ground), only(moves, 1), EFFECTS)
    none = changed(withdrawn, only(moves, 0), EFFECTS)
    assert (np.asarray(free.paths.capacity) > np.asarray(none.paths.capacity)).all()
    np.testing.assert_allclose(
        np.broadcast_to(cut.paths.capacity, free.paths.capacity.shape),
        np.broadcast_to(none.paths.capacity, free.paths.capacity.shape),
        rtol=1e-5,
    )


def test_agreements_bring_back_what_a_scenario_cuts_and_nothing_that_is_served() -> None:
    effects, at = levers_under({"rented"}).effects, levers_under({"rented"}).names.index("agreements")
    baseline, calm = made_baseline(), only(made_moves({}), 0)
    baseline = baseline._replace(factors=jnp.ones((len(effects), baseline.factors.shape[-1])))
    nothing = jnp.zeros((calm.money.shape[0], at + 1))
    calm, paid = (calm._replace(money=money) for money in (nothing, nothing.at[:, at].set(0.3)))
    ground = baseline.ground._replace(base=baseline.ground.base | {"rented": 0 * baseline.ground.base["rented"]})
    back = changed(baseline._replace(ground=ground), paid, effects).paths
    np.testing.assert_allclose(back.rented, 0.75, rtol=1e-5, err_msg="three quarters of the way at three times half")
    np.testing.assert_array_equal(changed(baseline, paid, effects).paths.rented, 1.0)
    np.testing.assert_array_equal(back.openness, changed(baseline, calm, effects).paths.openness)


@pytest.mark.parametrize("driver", ["rented", "rented_use"])
def test_a_cut_that_befalls_leaves_what_it_can_run_itself(driver: str) -> None:
    baseline = made_baseline()
    stopped = baseline.ground.multiply | {driver: jnp.zeros_like(baseline.ground.multiply[driver])}
    found, _ = simulate_strategies(
        baseline._replace(ground=baseline.ground._replace(multiply=stopped)), made_moves({}), EFFECTS
    )
    np.testing.assert_array_equal(one("available_lag", found), one("accessible_lag", found))


def test_gdp_follows_the_rents_that_are_left() -> None:
    baseline = made_baseline()
    halved = baseline.ground.multiply | {"rents": jnp.full_like(baseline.ground.multiply["rents"], 0.5)}
    baseline = baseline._replace(ground=baseline.ground._replace(multiply=halved, rents_to_gdp=jnp.float32(0.5)))
    moves = made_moves({}, {"diversification": 2.0})
    exposed, less = (changed(baseline, only(moves, s), EFFECTS).paths for s in (0, 1))
    before = baseline.inputs.paths.log_gdp
    loss, smaller = (np.asarray(before - after.log_gdp) for after in (exposed, less))
    np.testing.assert_allclose(loss, -np.log(1 - 0.5 * 0.5 * 0.1), rtol=1e-3)
    assert (smaller < loss).all()


def test_partners_that_know_more_teach_more() -> None:
    found, _ = simulate_strategies(
        made_baseline(), made_moves({"openness": 1.0}, {"openness": 1.0}, partners=(0, 1)), EFFECTS
    )
    assert (one("gap", found)[0] <= one("gap", found)[1] + 1e-3).all()


def test_months_behind_by_hand() -> None:
    others = jnp.asarray([[0.0], [2.0], [4.0], [6.0], [8.0]])
    own = jnp.asarray([[0.0], [1.0], [2.0], [3.0], [4.0]])
    assert float(months_behind(own, own[-1], others)[0]) == pytest.approx(6)  # the others stood at 4 two quarters ago
    assert float(months_behind(others, others[-1], own)[0]) == pytest.approx(-6)
    assert NOW > SCORED
