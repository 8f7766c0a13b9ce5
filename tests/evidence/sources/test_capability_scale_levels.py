"""Levels of the open capability scale: only anchors are read, each with its interval and the day it was known."""

import datetime as dt

import pytest
import shelf

from headway.evidence.sources import adapters
from headway.evidence.sources.capability_scale import own_countries


def test_only_models_that_anchor_a_level_are_read() -> None:
    table = adapters()["capability_scale"].read(shelf.paths("capability_scale"), shelf.DAY).models.set_index("model")
    assert set(table.index) == {
        "K-EXAONE",
        "GigaChat 2 Max",
        "Command A+",
    }
    row = table.loc["GigaChat 2 Max"]
    assert row["eci_low"] < row["eci"] < row["eci_high"]
    assert row["countries"] == "RUS"
    assert row["published_on"] >= dt.date(2025, 3, 13)


@pytest.mark.parametrize(
    ("model", "countries", "own"),
    [("a", "FRA;USA", ["FRA", "USA"]), ("derived", "FRA", []), ("derived", "FRA;CHN", ["CHN"])],
)
def test_a_model_on_a_foreign_base_is_not_its_makers_own(model: str, countries: str, own: list[str]) -> None:
    assert own_countries(model, countries, {"derived": ["CHN"]}) == own
