"""The scale recovers known levels and difficulties, pins its anchors, and keeps settings apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_results import Made, own_results

from headway.capability import validation
from headway.capability.scale import ANCHORS, INDEX_SETTING, Fit, arrange, levels
from headway.capability.score import items_of, place
from headway.core.errors import EvidenceError


def test_levels_of_made_models_are_recovered_with_honest_intervals(fitted: Fit, made: Made) -> None:
    table = levels(fitted).set_index("model")
    truth = made.truth.loc[table.index]
    assert np.sqrt(((table["level"] - truth) ** 2).mean()) < 1.5
    inside = ((table["low"] <= truth) & (truth <= table["high"]))[~table.index.isin(list(ANCHORS))]
    assert inside.mean() > 0.75


def test_difficulties_of_made_benchmarks_are_recovered(fitted: Fit, made: Made) -> None:
    found = fitted.difficulty.mean(axis=0)
    assert np.abs(found - made.difficulty.loc[fitted.readings.benchmarks].to_numpy()).max() < 4


def test_anchors_are_exact_in_every_draw(fitted: Fit) -> None:
    for model, level in ANCHORS.items():
        unit = int(np.flatnonzero(fitted.readings.units["model"] == model)[0])
        assert np.allclose(fitted.level[:, unit], level, atol=1e-4)


@pytest.mark.parametrize("level", [120.0, 135.0, 148.0])
def test_a_new_model_is_placed_at_its_level_by_the_items_of_the_fit(fitted: Fit, level: float) -> None:
    placement = place(own_results(level, list(range(8))), items_of(fitted, draws=12))
    assert abs(placement.level - level) < 2
    assert placement.low <= level <= placement.high


def test_two_settings_of_one_model_are_two_units_and_the_index_is_read_for_the_strongest(made: Made) -> None:
    results = made.results.copy()
    twin = results[results["model"] == "model 0"].assign(setting="none", score=lambda t: t["score"] / 2)
    results.loc[results["model"] == "model 0", "setting"] = "high"
    readings = arrange(pd.concat([results, twin], ignore_index=True), made.index, made.benchmarks)
    units = readings.units[readings.units["model"] == "model 0"]
    assert set(units["setting"]) == {"high", "none"}
    indexed = readings.units.iloc[readings.index_unit]
    assert list(indexed.loc[indexed["model"] == "model 0", "setting"]) == ["high"]


def test_an_indexed_model_with_results_of_a_weak_setting_alone_gets_a_unit_of_its_own(made: Made) -> None:
    results = made.results.copy()
    results.loc[results["model"] == "model 0", "setting"] = "none"
    units = arrange(results, made.index, made.benchmarks).units
    assert INDEX_SETTING in set(units.loc[units["model"] == "model 0", "setting"])


def test_withheld_index_is_not_read(made: Made) -> None:
    readings = arrange(made.results, made.index, made.benchmarks, without_index={"model 0"})
    assert "model 0" not in set(readings.units.iloc[readings.index_unit]["model"])


def test_unknown_setting_is_refused_by_name(made: Made) -> None:
    with pytest.raises(EvidenceError, match=r"setting 'very hard' has no class"):
        arrange(made.results.assign(setting="very hard"), made.index, made.benchmarks)


def test_benchmarks_with_few_takers_are_left_out(made: Made) -> None:
    rare = made.results[made.results["benchmark"] == "test 0"].head(5)
    kept = made.results[made.results["benchmark"] != "test 0"]
    readings = arrange(pd.concat([kept, rare], ignore_index=True), made.index, made.benchmarks)
    assert "test 0" not in readings.benchmarks
    assert readings.benchmarks == [f"test {i}" for i in range(1, 8)]


def test_models_are_left_out_by_country_and_in_quarters_that_hold_all() -> None:
    scored = pd.DataFrame(
        {"model": [f"m{i}" for i in range(24)], "countries": ["AAA"] * 10 + ["BBB"] * 8 + ["CCC"] * 5 + [""]}
    )
    by_country = validation._by_country(scored)
    assert by_country == {"BBB": {f"m{i}" for i in range(10, 18)}}  # AAA has most, CCC too few
    left_out = validation._left_out(scored, scored, by_country)
    quarters = [models for name, models in left_out.items() if name.startswith("random quarter")]
    assert set().union(*quarters) == set(scored["model"])
    assert sum(map(len, quarters)) == len(scored)
    assert left_out["without all but AAA"] == {f"m{i}" for i in range(10, 23)}
