"""The Capabilities Index: scored versions alone, known some days after release."""

import datetime as dt

import pandas as pd
import shelf

from headway.evidence.sources import adapters


def read() -> pd.DataFrame:
    return adapters()["epoch_eci"].read(shelf.paths("epoch_eci"), shelf.DAY).models.set_index("model")


def test_settings_of_one_model_share_group_and_score() -> None:
    table = read()
    pair = table.loc[["o1-2024-12-17_medium", "o1-2024-12-17_high"]]
    assert set(pair["model_group"]) == {"o1"}
    assert set(pair["eci"]) == {142.57}
    assert set(pair["eci_low"]) == {140.56}
    assert set(pair["eci_high"]) == {143.67}


def test_unscored_versions_are_left_out_and_anchors_have_no_interval() -> None:
    table = read()
    assert table["eci"].notna().all()
    assert len(table) == 10
    assert table.loc["claude-3-5-sonnet-20240620", "eci"] == 130
    assert pd.isna(table.loc["claude-3-5-sonnet-20240620", "eci_low"])


def test_a_record_is_known_a_week_after_release_and_another_score_a_month_after() -> None:
    table = read()
    row = table.loc["DeepSeek-R1"]
    assert row["countries"] == "CHN"
    assert row["published_on"] == row["released"] + dt.timedelta(days=7)
    assert bool(row["open_weights"])
    later = [r["published_on"] - r["released"] for _, r in table.iterrows()]
    assert set(later) == {dt.timedelta(days=7), dt.timedelta(days=30)}


def test_a_score_that_a_dated_copy_lacked_is_known_from_the_first_table_that_has_it() -> None:
    role = "benchmarked_models@2025-03-01"
    copy = shelf.SHELF / "epoch" / "benchmarked_models_2025-03-01.csv"
    files = {**shelf.paths("epoch_eci"), role: copy}
    table = adapters()["epoch_eci"].read(files, shelf.DAY).models.set_index("model")
    assert table.loc["DeepSeek-R1", "published_on"] == shelf.DAY
    held = table.loc["o1-2024-12-17_high"]
    assert held["published_on"] <= dt.date(2025, 3, 1)
