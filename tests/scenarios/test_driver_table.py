"""One table names every driver of the model; the names that other rooms give it are theirs."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from headway.explain.causes import HANDLES
from headway.explorer.address import WhatIfState
from headway.explorer.whatif import changes
from headway.model.state import Paths
from headway.scenarios.drivers import UNITS
from headway.scenarios.quantities import Quantity, by_path, quantities
from headway.scenarios.scenario import Scenario
from headway.strategy.levers import levers

WORDS = {"scenario", "title", "description", "rationale", "extends", "niches", "parameters", "mechanisms"}


def test_a_scenario_may_change_every_quantity_and_nothing_else() -> None:
    assert set(Scenario.model_fields) - WORDS == set(quantities()) == set(UNITS)


def test_a_quantity_enters_the_model_by_a_path_and_explain_by_a_handle() -> None:
    times = {"year", "price_age", "projected", "anchored"}
    assert {quantity.path for quantity in quantities().values()} == set(Paths._fields) - times
    assert {quantity.handle for quantity in quantities().values()} - {""} <= set(HANDLES)


def test_quantities_of_one_path_are_added_up_and_all_others_enter_as_they_are() -> None:
    entered = by_path({name: float(place) for place, name in enumerate(quantities())})
    for path, value in entered.items():
        assert value == sum(place for place, one in enumerate(quantities().values()) if one.path == path)
    assert len(entered) < len(quantities())


def test_a_usual_value_is_one_that_the_quantity_can_take() -> None:
    for quantity in quantities().values():
        if quantity.usual is not None:
            assert quantity.low <= quantity.usual <= quantity.greatest


def test_sliders_are_levers_of_the_explorer_and_change_their_quantity() -> None:
    state = WhatIfState(controls=50, openness=50, collaboration=50, closing=2030, cut=2030, provider_cut=2030)
    for name, quantity in quantities().items():
        for slider, label in quantity.sliders.items():
            assert slider in WhatIfState.model_fields
            assert changes.LEVERS[slider] == label
            assert set(changes._CHANGES[slider](state)) == {name}
    assert set(changes.LEVERS) == set(changes._CHANGES)


def test_levers_of_strategies_act_on_quantities() -> None:
    drivers = {effect.driver for lever in levers().levers for effect in lever.effects if hasattr(effect, "driver")}
    assert drivers <= set(quantities())


def test_labels_are_unique() -> None:
    labels = [quantity.label for quantity in quantities().values()]
    assert len(labels) == len(set(labels))


def test_a_range_has_an_end_or_files_have_a_limit() -> None:
    row = {"label": "x", "meaning": "x", "larger": "x", "unit": "1", "path": "rents", "sliders": {}}
    with pytest.raises(ValidationError, match="either an end"):
        Quantity.model_validate(row)
    assert Quantity.model_validate({**row, "high": 1.0}).greatest == 1.0
