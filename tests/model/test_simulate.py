from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from made_world import made_inputs

from headway.model import Inputs, Shocks, Status, simulate
from headway.model.focal import HELD_SERIES, hold
from headway.model.history import abduct
from headway.model.outputs import SERIES

RUN = jax.jit(simulate, static_argnames=("record", "years"))
ALL = tuple(SERIES)


def test_every_series_has_full_shape_and_is_finite() -> None:
    inputs = made_inputs()
    run = RUN(inputs, record=ALL)
    assert set(run.series) == set(SERIES)
    for name, values in run.series.items():
        assert values.shape == (40, 4, 3), name
        assert values.dtype == jnp.float32, name
        assert bool(jnp.isfinite(values).all()), name
    assert run.status.tolist() == [Status.OK] * 3


def test_the_first_record_is_the_initial_state() -> None:
    inputs = made_inputs()
    run = RUN(inputs, record=("compute", "talent", "level"))
    np.testing.assert_array_equal(run.series["compute"][0], inputs.initial.compute)
    np.testing.assert_array_equal(run.series["level"][0], inputs.initial.level)


def test_precision_follows_the_inputs() -> None:
    with jax.enable_x64(True):
        double = RUN(made_inputs(dtype="float64"), record=("capability",)).series["capability"]
        assert double.dtype == jnp.float64
        double = np.asarray(double)
    single = RUN(made_inputs(), record=("capability",)).series["capability"]
    np.testing.assert_allclose(single, double, atol=0.01)  # ECI; scores themselves are known to about 1.5


def test_same_inputs_same_bits() -> None:
    first, second = (RUN(made_inputs(), record=ALL).series for _ in range(2))
    for name in SERIES:
        np.testing.assert_array_equal(first[name], second[name])


def _refined(inputs: Inputs, times: int) -> Inputs:
    """The same drivers on a grid `times` finer."""

    def repeat(leaf: jax.Array) -> jax.Array:
        return jnp.repeat(leaf, times, axis=0)

    paths = jax.tree.map(repeat, inputs.paths)
    return inputs._replace(paths=paths, shocks=jax.tree.map(repeat, inputs.shocks))


def test_halving_the_step_converges() -> None:
    with jax.enable_x64(True):
        inputs = made_inputs(dtype="float64", members=2, quarters=30)
        ends = []
        for times in (1, 2, 4, 8):
            run = RUN(_refined(inputs, times), record=("capability",), years=0.25 / times)
            ends.append(np.asarray(run.series["capability"])[::times][-1])
    errors = [float(np.abs(end - ends[-1]).max()) for end in ends[:-1]]
    assert errors[0] < 0.5, "the quarterly step is good to half a point of ECI over seven years"
    assert errors[1] < 0.6 * errors[0]
    assert errors[2] < 0.6 * errors[1]


def test_gradients_are_finite_for_every_input() -> None:
    inputs = made_inputs(members=2, quarters=20)

    def end(parameters, initial):  # type: ignore[no-untyped-def]
        run = simulate(inputs._replace(parameters=parameters, initial=initial), record=("capability", "talent"))
        return run.series["capability"][-1].sum() + 1e-4 * run.series["talent"][-1].sum()

    gradients = jax.grad(end, argnums=(0, 1))(inputs.parameters, inputs.initial)
    for leaf in jax.tree.leaves(gradients):
        assert bool(jnp.isfinite(leaf).all())


def test_without_shocks_is_with_shocks_of_zero() -> None:
    inputs = made_inputs()
    zero = jax.tree.map(jnp.zeros_like, inputs.shocks)
    with_zero = RUN(inputs._replace(shocks=zero), record=("compute", "level")).series
    without = RUN(inputs._replace(shocks=Shocks()), record=("compute", "level")).series
    for name in without:
        np.testing.assert_allclose(with_zero[name], without[name], rtol=1e-6)


@pytest.mark.parametrize("chosen", [(1,), (1, 3), (0, 1, 2, 3)])
def test_focal_countries_move_as_in_the_full_run_when_the_world_is_held(chosen: tuple[int, ...]) -> None:
    inputs = made_inputs(members=5)
    partners = jnp.zeros((4, 4)).at[1, 0].set(0.5).at[1, 3].set(0.5)
    inputs = inputs._replace(
        geography=inputs.geography._replace(partners=partners),
        paths=inputs.paths._replace(depth=jnp.full_like(inputs.paths.depth, 0.7)),
    )
    full = RUN(inputs, record=tuple({*HELD_SERIES, "compute", "talent", "capability"}))
    alone = RUN(hold(inputs, full.series, chosen), record=("compute", "talent", "level", "capability"))
    for name, values in alone.series.items():
        np.testing.assert_allclose(values, full.series[name][:, np.asarray(chosen)], rtol=2e-5, atol=2e-5, err_msg=name)


def test_abducted_shocks_retrace_the_history() -> None:
    inputs = made_inputs(quarters=24)
    truth = RUN(inputs, record=("spending_share", "compute", "level")).series
    known = 12
    spending = jnp.log(truth["spending_share"][:known])
    shocks = abduct(inputs._replace(shocks=Shocks()), spending, truth["compute"][:known], truth["level"][:known])
    again = RUN(inputs._replace(shocks=shocks), record=("compute", "level")).series
    np.testing.assert_allclose(again["compute"][:known], truth["compute"][:known], rtol=1e-4)
    np.testing.assert_allclose(again["level"][:known], truth["level"][:known], atol=1e-4)
    assert shocks.level is not None
    assert float(jnp.abs(shocks.level[known - 1 :]).max()) == 0


def test_a_failed_member_is_flagged_and_leaves_the_others_alone() -> None:
    inputs = made_inputs(members=4)
    algorithms = inputs.parameters.algorithms
    sick = inputs.parameters._replace(
        algorithms=algorithms._replace(
            own_rate=algorithms.own_rate.at[1].set(jnp.nan).at[2].set(50.0),
            fishing_out=algorithms.fishing_out.at[2].set(0.0),
        )
    )
    run = RUN(inputs._replace(parameters=sick), record=("level",))
    well = RUN(inputs, record=("level",))
    assert run.status.tolist() == [Status.OK, Status.NOT_FINITE, Status.EXPLODED_LEVEL, Status.OK]
    assert "λ" in Status.EXPLODED_LEVEL.reason
    np.testing.assert_array_equal(run.series["level"][..., 0], well.series["level"][..., 0])


def test_an_unknown_series_is_an_error() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        simulate(made_inputs(), record=("nonsense",))
