"""Proximity and density against a table worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from headway.scenarios.registry import registry
from headway.strategy.relatedness import Strength, density, fields, proximity, strongest

# Four countries, three fields: the first two fields go together.
TABLE = np.asarray([[2.0, 3.0, 0.1], [1.5, 1.2, 0.2], [0.5, 0.3, 2.0], [1.1, 0.4, 0.9]])


def test_proximity_is_the_lesser_conditional_probability() -> None:
    near = proximity(TABLE)
    assert near[0, 1] == pytest.approx(2 / 3)  # of the three with field 1, two have field 2
    assert near[0, 2] == 0
    np.testing.assert_array_equal(near, near.T)


def test_density_is_the_share_of_what_is_near() -> None:
    found = density(TABLE, proximity(TABLE))
    assert found[3, 1] == pytest.approx(1)  # all that is near field 2 is field 1, which country 4 does
    assert found[2, 1] == 0


def test_every_niche_of_the_registry_is_known_to_the_table_of_fields() -> None:
    assert set(fields()) == set(registry().niche_names)


def test_the_strongest_come_by_advantage_and_all_where_nothing_is_known() -> None:
    known = [Strength("a", 0.5, 0.1), Strength("b", None, None), Strength("c", 2.0, 0.0)]
    assert strongest(known, 2) == ("c", "a")
    assert strongest([Strength("a", None, None), Strength("b", None, None)]) == ("a", "b")
