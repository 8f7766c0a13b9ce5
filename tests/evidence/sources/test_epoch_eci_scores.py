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


def test_a_score_is_known_thirty_days_after_release() -> None:
    row = read().loc["DeepSeek-R1"]
    assert row["countries"] == "CHN"
    assert row["published_on"] == row["released"] + dt.timedelta(days=30)
    assert bool(row["open_weights"])
