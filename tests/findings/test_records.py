"""Records, gaps and lags against cases worked by hand."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.evidence import Country
from headway.findings.observed import models as observed_models
from headway.findings.recipe import Context
from headway.findings.records import change_of_gap, gap, lag, records


def table(*rows: tuple[str, str, float, float | None]) -> pd.DataFrame:
    """Rows of country, release date, score, half-width of the 90 % interval."""
    return pd.DataFrame(
        [
            {
                "id": f"m{i}",
                "model": f"version {i}",
                "model_group": f"Model {i}",
                "countries": country,
                "released": dt.date.fromisoformat(date),
                "published": None,
                "eci": value,
                "eci_low": value - half if half else None,
                "eci_high": value + half if half else None,
            }
            for i, (country, date, value, half) in enumerate(rows)
        ]
    )


MODELS = table(
    ("AAA", "2024-01-01", 100, None),
    ("AAA", "2024-07-01", 110, None),
    ("AAA", "2025-01-01", 120, None),
    ("BBB", "2024-06-01", 95, None),
    ("BBB", "2025-01-01", 110, None),
    ("BBB;AAA", "2025-02-01", 105, None),
)
END = dt.date(2025, 12, 31)


def test_only_models_above_all_earlier_ones_are_records() -> None:
    own = records(MODELS, ["BBB"], "eci")
    assert own.values.tolist() == [95, 110]
    assert own.models == ("Model 3", "Model 4")


def test_gap_and_its_change_by_hand() -> None:
    a, b = records(MODELS, ["AAA"], "eci"), records(MODELS, ["BBB"], "eci")
    now = gap(b, a, END)
    assert now is not None
    assert now.value == 10
    change = change_of_gap(b, a, dt.date(2024, 6, 30), END)
    assert change is not None
    assert change.value == pytest.approx((10 - 5) / ((END - dt.date(2024, 6, 30)).days / 365.25))


def test_lag_counts_from_the_day_the_others_first_stood_there() -> None:
    b, others = records(MODELS, ["BBB"], "eci"), records(MODELS, ["BBB"], "eci", outside=True)
    behind = lag(b, others, END)
    assert behind is not None
    assert behind.months.value == pytest.approx((END - dt.date(2024, 7, 1)).days / (365.25 / 12))
    assert behind.passed_by == "Model 1"
    assert not behind.censored


def test_a_leader_has_no_lag_and_a_country_without_models_no_answer() -> None:
    a, others = records(MODELS, ["AAA"], "eci"), records(MODELS, ["AAA"], "eci", outside=True)
    ahead = lag(a, others, END)
    assert ahead is not None
    assert ahead.months.value == 0
    assert ahead.leads == 1
    assert lag(records(MODELS, ["CCC"], "eci"), others, END) is None
    assert gap(a, others, dt.date(2023, 1, 1)) is None


def test_a_lag_older_than_the_others_first_record_is_marked_censored() -> None:
    models = table(("AAA", "2024-01-01", 100, None), ("BBB", "2025-01-01", 90, None))
    behind = lag(records(models, ["BBB"], "eci"), records(models, ["AAA"], "eci"), END)
    assert behind is not None
    assert behind.censored


def test_an_unchanged_record_cancels_in_the_change() -> None:
    models = table(("AAA", "2020-01-01", 100, 5), ("BBB", "2020-01-01", 90, 5))
    change = change_of_gap(
        records(models, ["BBB"], "eci"), records(models, ["AAA"], "eci"), dt.date(2021, 1, 1), dt.date(2025, 1, 1)
    )
    assert change is not None
    assert change.low == change.high == 0


@given(st.lists(st.tuples(st.integers(0, 2000), st.floats(50, 150)), min_size=1, max_size=30))
def test_records_never_fall(rows: list[tuple[int, float]]) -> None:
    start = dt.date(2020, 1, 1)
    models = table(*(("AAA", (start + dt.timedelta(days=d)).isoformat(), v, 3.0) for d, v in rows))
    own = records(models, ["AAA"], "eci")
    assert np.all(np.diff(own.values) > 0)
    assert own.draws.shape[0] == len(own.values)


def test_the_central_lag_lies_inside_its_interval() -> None:
    models = table(*(("AAA", f"2024-{m:02d}-01", 100 + m, 2) for m in range(1, 13)), ("BBB", "2025-01-01", 107, 2))
    behind = lag(records(models, ["BBB"], "eci"), records(models, ["AAA"], "eci"), END)
    assert behind is not None
    assert behind.months.low < behind.months.value < behind.months.high


@dataclass(frozen=True)
class Leap:
    """Evidence in which the record leaps from 100 to 130 points and on; BBB stands a bit below 130, or above it."""

    level: float
    as_of: dt.date = END
    user_hash: str = ""

    def models(self) -> pd.DataFrame:
        steps = [("2023-06-01", 100), ("2024-01-01", 130), ("2024-10-01", 140), ("2025-06-01", 150)]
        return table(*(("AAA", day, value, 2.0) for day, value in steps), ("BBB", "2025-06-01", self.level, 3.0))

    def resolve(self, code: str) -> Country:
        return Country(code, code, code[:2])


@pytest.mark.parametrize(
    ("level", "months", "end"),
    [(127.2, 18, "95%: at least 9"), (131.0, 9, "95%: at most 18")],
)
def test_a_lag_at_an_end_of_its_interval_says_so_and_why(
    level: float, months: int, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observed_models, "record_picture", lambda *words: None)
    (found,) = observed_models.lag_observed(Context(Leap(level), "BBB"))  # type: ignore[arg-type]
    assert found.value in (found.low, found.high)
    assert f"stood {months} months earlier ({end})" in found.sentence
    assert "which leapt past that level" in found.sentence
    assert f"{months} months behind ({end})" in found.short
