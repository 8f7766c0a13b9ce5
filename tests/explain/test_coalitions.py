from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from made_pair import RUN, made_causes, made_setting, played

from headway.explain.attribution import errors, split
from headway.explain.causes import HANDLES, causes
from headway.explain.coalitions import Game, evaluate_coalitions, removals, without
from headway.explain.setting import METRICS, RECORDED, Gaps, Setting, gaps
from headway.explain.shapley import coalitions, shapley_values

CAUSES = causes().causes
NAMES = [cause.cause for cause in CAUSES]


@pytest.fixture(scope="module")
def pair() -> Setting:
    return made_setting()


@pytest.fixture(scope="module")
def worths(pair: Setting) -> Gaps:
    return played(pair)


def test_with_all_causes_acting_the_gap_is_that_of_the_full_run(pair: Setting, worths: Gaps) -> None:
    series = RUN(pair.world, record=RECORDED).series
    two = {name: values[:, :2][:, ::-1] for name, values in series.items()}  # subject is country 1, rival country 0
    actual = gaps(two, pair.rest, pair.when)
    for metric in METRICS:
        np.testing.assert_allclose(getattr(worths, metric)[-1], getattr(actual, metric), atol=2e-3)


def test_parts_and_rest_add_up_to_the_gap_in_every_draw(pair: Setting) -> None:
    splits, _, _ = split(pair, CAUSES)
    for metric in METRICS:
        s = splits[metric]
        np.testing.assert_allclose(s.parts.sum(axis=0) + s.rest, s.gap, atol=1e-9)
        assert s.parts.shape == (len(CAUSES), 2, 4)


def test_a_cause_that_changes_nothing_here_gets_nothing() -> None:
    free = made_setting(subject=2, rival=0)  # neither is under controls, neither lost people in the shock
    splits, _, _ = split(free, CAUSES)
    everything = shapley_values(np.asarray(played(free).eci, float))
    for name in ("controls", "supply"):
        assert not splits["eci"].parts[NAMES.index(name)].any()
        np.testing.assert_allclose(everything[NAMES.index(name)], 0, atol=1e-5)


def test_leaving_out_what_changes_nothing_leaves_the_others_as_they_are() -> None:
    free = made_setting(subject=2, rival=0)
    splits, _, _ = split(free, CAUSES)
    np.testing.assert_allclose(splits["eci"].parts, shapley_values(np.asarray(played(free).eci, float)), atol=1e-4)


def test_the_order_of_causes_does_not_matter(pair: Setting, worths: Gaps) -> None:
    order = np.random.default_rng(1).permutation(len(CAUSES))
    other = played(pair, tuple(CAUSES[i] for i in order))
    np.testing.assert_allclose(
        shapley_values(np.asarray(other.eci, float)), shapley_values(np.asarray(worths.eci, float))[order], atol=2e-4
    )


def test_two_causes_of_equal_make_get_equal_parts(pair: Setting) -> None:
    """Half of the difference in target spending is moved into the lever: the two halves are then exchangeable."""
    half = 0.5 * (pair.two.inputs.parameters.spending.log_level[0] - pair.two.inputs.parameters.spending.log_level[1])
    inputs = pair.two.inputs
    level = inputs.parameters.spending.log_level.at[0].add(-half)
    lever = jnp.broadcast_to(inputs.paths.lever, (*inputs.paths.lever.shape[:2], len(half))).at[:, 0].add(half)
    spending = inputs.parameters.spending._replace(log_level=level)
    inputs = inputs._replace(
        parameters=inputs.parameters._replace(spending=spending), paths=inputs.paths._replace(lever=lever)
    )
    changes = removals(pair.two._replace(inputs=inputs), made_causes(spending="rival", controls="none"))[0]
    by_leaf = {each.leaf: each for each in changes[0]}
    game = Game(inputs, ((by_leaf["parameters.spending.log_level"],), (by_leaf["paths.lever"],), changes[1]), pair.rest)
    values = shapley_values(np.asarray(evaluate_coalitions(game, jnp.asarray(coalitions(3)), pair.when).eci, float))
    np.testing.assert_allclose(values[0], values[1], atol=1e-4)
    assert np.abs(values[0]).max() > 1e-3


def test_with_everything_replaced_the_subject_builds_what_the_rival_builds(pair: Setting) -> None:
    ways = {what: "none" if what in ("controls", "channels") else "rival" for what in HANDLES}
    every = tuple(made_causes(**{what: by})[0] for what, by in ways.items())
    inputs = without(pair.two.inputs, jnp.ones(len(every)), removals(pair.two, every)[0])
    series = RUN(inputs, record=RECORDED).series
    for name in ("compute", "training_run"):
        np.testing.assert_allclose(series[name][:, 0], series[name][:, 1], rtol=1e-4)


def test_taking_nothing_away_changes_nothing(pair: Setting) -> None:
    same = without(pair.two.inputs, jnp.zeros(len(CAUSES)), removals(pair.two, CAUSES)[0])
    for before, after in zip(jax.tree.leaves(pair.two.inputs), jax.tree.leaves(same), strict=True):
        np.testing.assert_allclose(np.broadcast_to(before, after.shape), after, rtol=1e-6, atol=1e-7)


def test_each_quantity_moves_only_what_it_names(pair: Setting) -> None:
    """Only differences between the two countries of their own quantity, never a third country and never the rival's."""
    for what, handle in HANDLES.items():
        for difference in handle.differences(pair.two, "rival"):
            assert difference.amount.shape[-2] == 2, what
            assert not np.asarray(difference.amount[..., 1, :]).any(), what


def test_controls_removed_bring_compute(pair: Setting) -> None:
    chosen = made_causes(controls="none")
    free = without(pair.two.inputs, jnp.ones(1), removals(pair.two, chosen)[0])
    own, more = (RUN(inputs, record=("compute",)).series["compute"] for inputs in (pair.two.inputs, free))
    assert bool((more[1:, 0] > own[1:, 0]).all())
    np.testing.assert_array_equal(more[:, 1], own[:, 1])


def test_the_fixed_world_is_near_the_full_one(pair: Setting) -> None:
    found = errors(pair, CAUSES)
    assert set(found) == set(METRICS)
    assert found["eci"].coalitions == len(CAUSES) + 2
    assert 0 <= found["eci"].typical <= abs(found["eci"].largest) < 0.5
    # Nothing taken away: the pair moves exactly as in the full run, so there the difference is rounding alone.
    unchanged = errors(pair, made_causes(collaboration="none"))  # nobody collaborates in the made world
    assert abs(unchanged["eci"].largest) < 2e-3


def test_months_follow_the_rivals_own_path(worths: Gaps, pair: Setting) -> None:
    months, eci = np.asarray(worths.months), np.asarray(worths.eci)
    behind = np.abs(eci) > 1e-3
    assert (np.sign(months[behind]) == np.sign(eci[behind])).all()
    assert np.isfinite(months).all()
