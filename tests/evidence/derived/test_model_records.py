"""Records so far and counts, worked by hand, and that nothing is known before its day."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.core import periods
from headway.evidence.catalogue import sources
from headway.evidence.derived.records import counts, every_country, leading_country, model_series, records
from headway.evidence.observations import MODELS, tidy_facts


def model(name: str, countries: str, published: str, known: str, compute: float, **more: object) -> dict[str, object]:
    return {
        "id": f"epoch_models:model:{name}",
        "model": name,
        "countries": countries,
        "published": published,
        "domain": "Language",
        "log10_compute": compute,
        "log10_own_compute": compute,
        "compute_confidence": "Likely",
        "source": "epoch_models",
        "published_on": known,
        "notable": True,
        "large_scale": False,
    } | more


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return tidy_facts(pd.DataFrame(list(rows)), MODELS)


def known_on(series: pd.DataFrame, indicator: str, country: str, period: str, day: str) -> pd.Series:
    rows = series[(series["indicator"] == indicator) & (series["country"] == country) & (series["period"] == period)]
    rows = rows[rows["published_on"] <= pd.Timestamp(day)].sort_values("published_on")
    return rows.iloc[-1] if len(rows) else pd.Series({"value": None, "inputs": None})


THREE = table(
    model("small", "FRA", "2023-02-10", "2023-03-12", 22.0),
    model("large", "FRA;USA", "2023-12-20", "2024-01-19", 24.0, compute_confidence="Confident"),
    model("foreign", "USA", "2024-02-01", "2024-03-02", 26.0),
)


def test_a_record_holds_until_a_larger_run_becomes_known() -> None:
    series = model_series(THREE)
    at = "largest_training_run", "FRA"
    assert known_on(series, *at, "2023Q1", "2023-12-31")["value"] == 22.0
    assert known_on(series, *at, "2023Q4", "2023-12-31")["value"] == 22.0  # the larger one is out, but not yet known
    assert known_on(series, *at, "2023Q4", "2024-01-19")["value"] == 24.0
    assert known_on(series, *at, "2023Q4", "2023-12-30")["value"] is None  # the quarter is not over
    assert (
        known_on(series, *at, "2024Q1", "2026-01-01")["value"] == 24.0
    )  # carried to the newest quarter of any country


def test_a_record_carries_the_interval_and_id_of_the_model_that_holds_it() -> None:
    row = known_on(model_series(THREE), "largest_training_run", "FRA", "2023Q4", "2026-01-01")
    assert row["inputs"] == "epoch_models:model:large"
    assert row["low"] == pytest.approx(24.0 - 0.4771, abs=1e-4)  # a factor of 3 for "Confident"
    assert row["high"] == pytest.approx(24.0 + 0.4771, abs=1e-4)
    assert (row["level"], row["source"]) == (0.9, "epoch_models")
    assert row["flag"] == "derived,estimate,pseudo"


def test_shared_view_gives_a_model_to_each_of_its_countries_and_the_exclusive_view_to_the_first() -> None:
    series = model_series(THREE)
    assert known_on(series, "largest_training_run_shared", "USA", "2023Q4", "2026-01-01")["value"] == 24.0
    assert known_on(series, "largest_training_run", "USA", "2023Q4", "2026-01-01")["value"] is None
    assert known_on(series, "notable_models", "USA", "2023", "2026-01-01")["value"] is None
    assert known_on(series, "notable_models_shared", "USA", "2023", "2026-01-01")["value"] == 1
    assert known_on(series, "notable_models", "FRA", "2023", "2026-01-01")["value"] == 2


def test_a_withdrawn_estimate_gives_the_record_back() -> None:
    series = model_series(
        table(
            model("sure", "FRA", "2023-02-10", "2023-03-12", 23.0),
            model("rumour:1", "FRA", "2023-05-01", "2023-06-01", 26.0, withdrawn_on="2024-05-01"),
        )
    )
    at = "largest_training_run", "FRA", "2023Q2"
    assert known_on(series, *at, "2024-04-30")["value"] == 26.0
    assert known_on(series, *at, "2024-05-01")["value"] == 23.0


def test_a_year_is_counted_once_its_models_can_be_known_and_again_when_that_changes() -> None:
    late = model("late", "FRA", "2023-03-01", "2024-11-01", 20.0, withdrawn_on="2025-02-01")
    series = model_series(pd.concat([THREE, table(late)], ignore_index=True))
    rows = series[(series["indicator"] == "notable_models") & (series["country"] == "FRA")].sort_values("published_on")
    lag = sources()["epoch_models"].lag_days
    assert lag
    settled = dt.date(2023, 12, 31) + dt.timedelta(days=lag)
    assert [day.date() for day in rows["published_on"]] == [settled, dt.date(2024, 11, 1), dt.date(2025, 2, 1)]
    assert rows["value"].tolist() == [2, 3, 2]
    assert rows["inputs"].iloc[0] == "epoch_models:model:large epoch_models:model:small"
    assert rows[["low", "high"]].isna().all(axis=None)


def test_own_compute_decides_the_record() -> None:
    tuned = model("tuned", "FRA", "2023-02-10", "2023-03-12", 25.0, log10_own_compute=20.0)
    row = known_on(model_series(table(tuned)), "largest_training_run", "FRA", "2023Q1", "2026-01-01")
    assert row["value"] == 20.0


def test_the_frontier_of_scores_and_that_of_open_weights() -> None:
    def scored(name: str, day: str, eci: float, **more: object) -> dict[str, object]:
        known = (dt.date.fromisoformat(day) + dt.timedelta(days=30)).isoformat()
        ends = {"eci": eci, "eci_low": eci - 2, "eci_high": eci + 3, "released": day, "source": "epoch_eci"}
        return model(name, "FRA", day, known, 24.0, **(ends | more))

    series = model_series(
        table(
            scored("open", "2024-01-15", 120.0, open_weights=True),
            scored("closed", "2024-02-10", 130.0, open_weights=False),
            scored("anchor", "2024-05-01", 140.0, eci_low=None, eci_high=None, open_weights=False),
        )
    )
    best = known_on(series, "eci_frontier", "FRA", "2024Q1", "2026-01-01")
    assert (best["value"], best["low"], best["high"], best["level"]) == (130.0, 128.0, 133.0, 0.9)
    assert known_on(series, "eci_frontier_open", "FRA", "2024Q2", "2026-01-01")["value"] == 120.0
    anchor = known_on(series, "eci_frontier", "FRA", "2024Q2", "2026-01-01")
    assert anchor["value"] == 140.0
    assert pd.isna(anchor["low"])
    assert pd.isna(anchor["level"])
    assert "largest_training_run" not in set(series["indicator"])  # training runs are read from the table of models


days = st.dates(dt.date(2020, 1, 1), dt.date(2024, 12, 31))


@st.composite
def some_models(draw: st.DrawFn) -> pd.DataFrame:
    rows = []
    for number in range(draw(st.integers(1, 12))):
        published = draw(days)
        known = published + dt.timedelta(days=draw(st.integers(0, 400)))
        gone = draw(st.one_of(st.none(), st.integers(1, 300)))
        rows.append(
            model(
                f"m{number}",
                draw(st.sampled_from(["FRA", "USA", "FRA;USA", ""])),
                published.isoformat(),
                known.isoformat(),
                draw(st.floats(18, 27)),
                withdrawn_on=None if gone is None else (known + dt.timedelta(days=gone)).isoformat(),
            )
        )
    frame = table(*rows)
    return frame.assign(day=frame["published"], value=frame["log10_compute"], low=float("nan"), high=float("nan"))


@settings(max_examples=15)
@given(models=some_models(), day=days)
def test_on_every_day_a_record_is_the_maximum_of_what_stood_then(models: pd.DataFrame, day: dt.date) -> None:
    for view in (leading_country, every_country):
        series = records(models, "largest_training_run", view)
        if series.empty:
            continue
        for country in set(series["country"]):
            previous = float("-inf")
            for quarter in sorted(set(series[series["country"] == country]["period"])):
                row = known_on(series, "largest_training_run", country, quarter, day.isoformat())
                of = models[[country in view(cell) for cell in models["countries"]]]
                of = of[(of["published"] <= pd.Timestamp(periods.end(quarter)))]
                when = pd.Timestamp(day)
                stood = of[(of["published_on"] <= when) & ~(of["withdrawn_on"] <= when)]
                if periods.end(quarter) > day:
                    assert row["value"] is None  # nothing is said of a quarter that is not over
                elif len(stood):
                    assert row["value"] == stood["value"].max()
                    assert row["value"] >= previous  # a record never falls
                    previous = row["value"]


@settings(max_examples=15)
@given(models=some_models())
def test_a_row_is_published_on_the_day_its_inputs_allow_and_not_before_its_period_ends(models: pd.DataFrame) -> None:
    known = dict(zip(models["id"], models["published_on"], strict=True))
    for make in (records, counts):
        series = make(models, "notable_models" if make is counts else "largest_training_run", every_country)
        for row in series.to_dict("records"):
            assert row["published_on"] >= pd.Timestamp(periods.end(row["period"]))
            assert row["published_on"] >= max(known[name] for name in row["inputs"].split())


def test_models_count_from_the_first_day_of_2010() -> None:
    old = model("old", "FRA", "2009-12-31", "2010-01-30", 15.0)
    first = model("first", "FRA", "2010-01-01", "2010-01-31", 14.0)
    series = model_series(table(old, first))
    assert set(series.loc[series["indicator"] == "largest_training_run", "value"]) == {14.0}


def test_an_interval_with_one_end_is_none() -> None:
    scored = model("half", "FRA", "2024-01-15", "2024-02-14", 24.0, eci=120.0, eci_low=118.0, eci_high=None,
                   released="2024-01-15", source="epoch_eci")  # fmt: skip
    row = known_on(model_series(table(scored)), "eci_frontier", "FRA", "2024Q1", "2026-01-01")
    assert row["value"] == 120.0
    assert row[["low", "high", "level"]].isna().all()


def test_no_models_no_rows() -> None:
    assert model_series(pd.DataFrame()).empty
    assert model_series(table(model("nobody's", "", "2023-02-10", "2023-03-12", 22.0))).empty


def test_only_general_purpose_models_count_as_a_countrys_largest_run() -> None:
    protein = model("protein", "FRA", "2023-03-01", "2023-04-01", 25.0, domain="Biology;Language")
    picture = model("picture", "FRA", "2023-03-01", "2023-04-01", 25.0, domain="Image generation")
    series = model_series(pd.concat([THREE, table(protein, picture)], ignore_index=True))
    assert known_on(series, "largest_training_run", "FRA", "2023Q4", "2026-01-01")["value"] == 24.0


def test_the_capability_level_joins_the_index_and_the_scale_and_the_index_frontier_does_not() -> None:
    index = model("indexed", "FRA", "2025-05-07", "2025-06-06", 24.0, eci=135.0, source="epoch_eci")
    scale = model("placed", "FRA", "2026-04-29", "2026-06-30", 24.0, eci=144.5, source="capability_scale")
    series = model_series(table(index, scale))
    assert known_on(series, "capability_level", "FRA", "2026Q2", "2026-06-30")["value"] == 144.5
    assert known_on(series, "capability_level", "FRA", "2026Q2", "2026-06-29")["value"] is None
    assert set(series.loc[series["indicator"] == "eci_frontier", "value"]) == {135.0}
