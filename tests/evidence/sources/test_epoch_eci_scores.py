"""The Capabilities Index: scored versions alone, known some days after release."""

import datetime as dt

import pandas as pd
import pytest
import shelf

from headway.evidence.sources import adapters
from headway.evidence.sources.epoch_eci import ScoredModel, known_days

D, MONTH = dt.date, dt.timedelta(days=30)


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


def test_a_best_score_is_known_after_a_week_and_another_after_a_month() -> None:
    models = [
        ScoredModel(D(2024, 3, 1), "AAA", 120.0),
        ScoredModel(D(2024, 4, 1), "AAA", 110.0),
        ScoredModel(D(2024, 5, 1), "AAA", 125.0),
        ScoredModel(D(2024, 5, 1), "BBB", 90.0),
    ]
    known = known_days(models, MONTH)
    days = {model.score: (day - model.released).days for model, day in zip(models, known, strict=True)}
    assert days == {120.0: 7, 110.0: 30, 125.0: 7, 90.0: 7}


@pytest.mark.parametrize(
    ("shown", "lacked", "known"),
    [
        (D(2025, 12, 19), D(2025, 11, 2), D(2025, 12, 18)),  # the usual day lies between the copies
        (D(2026, 4, 19), D(2026, 3, 9), D(2026, 3, 10)),  # scored late: not before a copy that lacked it
        (D(2025, 12, 14), D(2025, 12, 10), D(2025, 12, 14)),  # scored early: a copy showed it before the usual day
    ],
)
def test_dated_copies_bound_the_day(shown: dt.date, lacked: dt.date, known: dt.date) -> None:
    assert known_days([ScoredModel(D(2025, 12, 11), "AAA", 150.0, (shown, lacked))], MONTH) == [known]


def test_a_copy_that_lacked_a_score_dates_it_and_one_after_the_release_alone_says_nothing() -> None:
    copy = shelf.SHELF / "epoch" / "benchmarked_models_2025-03-01.csv"

    def known(*days: str) -> dt.date:
        files = {**shelf.paths("epoch_eci"), **{f"benchmarked_models@{day}": copy for day in days}}
        table = adapters()["epoch_eci"].read(files, shelf.DAY).models.set_index("model")
        assert table.loc["o1-2024-12-17_high", "published_on"] <= D(2025, 3, 1)
        return D.fromisoformat(str(table.loc["DeepSeek-R1", "published_on"]))

    assert known("2025-01-01", "2025-03-01") == D(2025, 3, 2)  # lacked on 1 March, shown in the table of today
    assert known("2025-03-01") == D(2025, 1, 27)  # released before the first copy: copies name old models otherwise
