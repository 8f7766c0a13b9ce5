"""Lineage decides what counts as a country's own, and a record is the maximum over joint draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_results import Made

from headway.capability.records import candidates, country_records
from headway.capability.scale import Fit, arrange
from headway.evidence.sources.capability_scale import load_base_models, own_countries


def test_a_model_on_a_foreign_base_is_not_own() -> None:
    assert own_countries("derived", "AAA", {"derived": ["BBB"]}) == []


def test_a_model_on_a_base_of_the_same_country_is_own() -> None:
    assert own_countries("derived", "AAA;CCC", {"derived": ["AAA"]}) == ["AAA"]


def test_a_model_without_a_base_is_own_everywhere_it_was_made() -> None:
    assert own_countries("first", "AAA;CCC", {}) == ["AAA", "CCC"]


def test_the_base_table_names_iso_codes() -> None:
    assert all(len(code) == 3 and code.isupper() for codes in load_base_models().values() for code in codes)


@pytest.fixture
def two(made: Made) -> Fit:
    """Draws around true levels; models 1 and 2, at 140 ± 1 and 139 ± 1, belong to AAA alone."""
    readings = arrange(made.results, made.index, made.benchmarks)
    units = readings.units.assign(countries="ZZZ")
    units.loc[units["model"].isin(["model 1", "model 2"]), "countries"] = "AAA"
    rng = np.random.default_rng(1)
    level = rng.normal(made.truth.loc[units["model"]].to_numpy(), 2.0, (160, len(units)))
    for model, centre in (("model 1", 140.0), ("model 2", 139.0)):
        level[:, int(np.flatnonzero(units["model"] == model)[0])] = rng.normal(centre, 1.0, len(level))
    # A record rests on levels alone.
    nothing = dict.fromkeys(("slope", "difficulty", "ceiling", "noise"), np.zeros((len(level), 0)))
    others = dict.fromkeys(("offset", "offset_sd", "domain_sd", "index_share"), np.zeros((len(level), 0)))
    return Fit(replace(readings, units=units), level, **nothing, **others, prior={})


def test_a_record_is_the_maximum_over_joint_draws(two: Fit) -> None:
    row = country_records(two, {}, countries=["AAA"], last="2025Q2").query("kind == 'own'").iloc[-1]
    units = two.readings.units
    numbers = np.flatnonzero(units["model"].isin(["model 1", "model 2"]))
    assert row["level"] == pytest.approx(two.level[:, numbers].max(axis=1).mean())
    assert row["model"] == "model 1"
    assert 0.5 < row["share"] < 1


def test_a_derived_model_counts_for_access_only(two: Fit) -> None:
    table = country_records(two, {"model 1": ["BBB"]}, countries=["AAA"], last="2025Q1").set_index("kind")
    assert table.loc["own", "model"] == "model 2"
    assert table.loc["accessible", "model"] == "model 1"
    assert table.loc["accessible", "level"] > table.loc["own", "level"]


def test_a_country_with_nothing_but_derived_models_has_no_own_record(two: Fit) -> None:
    table = country_records(two, {"model 1": ["BBB"], "model 2": ["BBB"]}, countries=["AAA"], last="2025Q1")
    assert set(table["kind"]) == {"accessible"}


def test_a_wide_interval_holds_no_record_beside_a_narrow_one(two: Fit) -> None:
    level = two.level.copy()
    number = int(np.flatnonzero(two.readings.units["model"] == "model 2")[0])
    level[:, number] = np.random.default_rng(2).normal(142, 8, len(level))
    table = country_records(replace(two, level=level), {}, countries=["AAA"], last="2025Q1")
    assert set(table["model"]) == {"model 1"}


def test_a_wide_interval_wholly_above_the_narrow_ones_holds_the_record(two: Fit) -> None:
    level = two.level.copy()
    number = int(np.flatnonzero(two.readings.units["model"] == "model 2")[0])
    level[:, number] = np.random.default_rng(2).normal(165, 8, len(level))
    row = (
        country_records(replace(two, level=level), {}, countries=["AAA"], last="2025Q1").query("kind == 'own'").iloc[0]
    )
    assert row["model"] == "model 2"


def test_each_model_stands_once(two: Fit) -> None:
    assert not candidates(two, {}).duplicated(["unit", "country"]).any()
