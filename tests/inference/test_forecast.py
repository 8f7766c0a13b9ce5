"""Frozen forecasts: tamper-proof, and scored as by hand."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from made_data import made, made_releases, posterior
from scipy.stats import norm

from headway.core import periods
from headway.core.errors import EvidenceError
from headway.inference import forecast, forecaster, scores
from headway.inference.forecast import Actual
from headway.inference.forecaster import DRIFT, MEMBERS, Settings
from headway.inference.record import HEADWAY
from headway.inference.releases import Rescaling
from headway.inference.storage import SHIPPED


def frozen() -> dict[str, Any]:
    quantiles = [list(map(float, norm.ppf(scores.PROBABILITIES, 150.0 + 2 * k, 2.0))) for k in range(2)]
    content = {
        "format": 1, "frozen_on": "2026-01-31", "data_until": "2025-12-31", "posterior": "x", "snapshot": "y",
        "quarters": ["2026Q1", "2026Q2"],
        "countries": {"AAA": {"scored": True, "record": quantiles}, "CCC": {"scored": False}},
        "baselines": {"persistence": {"sd_per_root_year": 4.0, "centres": {"AAA": [148.0, 148.0]}}},
    }  # fmt: skip
    return {**content, "sha256": forecast.digest(content)}


def test_a_change_is_noticed() -> None:
    content = frozen()
    assert forecast.opened(json.dumps(content), "f.json") == content
    content["countries"]["AAA"]["record"][0][0] += 0.001
    with pytest.raises(EvidenceError, match=r"f\.json was changed after it was frozen"):
        forecast.opened(json.dumps(content), "f.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 9, "sha256": "0"}'])
def test_other_files_are_no_forecasts(text: str) -> None:
    with pytest.raises(EvidenceError, match="not a frozen forecast"):
        forecast.opened(text, "f.json")


def test_scores_are_those_of_the_quantiles() -> None:
    found = forecast.score(frozen(), [Actual("AAA", 4 * 2026, 151.0), Actual("AAA", 4 * 2026 + 1, 160.0)])
    mine, naive = found["summary"]["Headway"], found["summary"]["persistence"]
    assert mine["n"] == 2
    assert mine["mae"] == pytest.approx((1.0 + 8.0) / 2, abs=1e-6)
    assert mine["coverage90"] == 0.5
    assert naive["mae"] == pytest.approx((3.0 + 12.0) / 2, abs=1e-6)
    assert found["points"][1]["forecast"] == "persistence"
    # A quarter ahead the naive spread is half of that of a year.
    width = found["points"][1]["high"] - found["points"][1]["low"]
    assert width == pytest.approx(2 * 1.645 * 4.0 * 0.5, abs=0.05)


def test_only_countries_with_a_published_score_are_scored() -> None:
    assert forecast.countries(frozen()) == ("AAA",)


def test_the_second_format_scores_members_and_naive_forecasts_alike() -> None:
    first = frozen()
    quantiles = first["countries"]["AAA"]["record"]
    higher = [[value + 3.0 for value in row] for row in quantiles]
    content = {
        **{key: first[key] for key in ("frozen_on", "data_until", "posterior", "snapshot")},
        "format": 2,
        "quarters": ["2026Q1"],
        "countries": {"CCC": {}},
        "record": {
            "quarters": ["2026Q1", "2026Q2"],
            "forecasts": {"Headway": {"AAA": quantiles}, "trend": {"AAA": higher}},
        },
    }
    content["sha256"] = forecast.digest(content)
    assert forecast.opened(json.dumps(content), "f.json") == content
    assert forecast.countries(content) == ("AAA",)
    assert forecast.span(content) == (4 * 2026, 4 * 2026 + 1)
    found = forecast.score(content, [Actual("AAA", 4 * 2026 + 1, 152.0)])["summary"]
    assert found["Headway"]["bias"] == pytest.approx(0.0, abs=1e-6)
    assert found["trend"]["bias"] == pytest.approx(3.0)


def test_what_is_frozen_is_what_the_hindcast_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record of the file is the forecaster's own, from the end of the data on; the scenario's runs stand beside."""
    fit = posterior(made(quarters=8))
    names = [periods.quarter_name(quarter) for quarter in range(4 * 2024, 4 * 2027)]
    run = xr.Dataset(
        {key: (("quarter", "country", "member"), np.ones((len(names), 1, 3))) for key in forecast._ENSEMBLE},
        coords={"quarter": names, "country": ["AAA"]},
    )
    monkeypatch.setattr(forecast, "_modelled", lambda *_: ["AAA"])
    monkeypatch.setattr(forecast, "baseline_runs", lambda *_, **__: run)
    evidence = SimpleNamespace(as_of=fit.as_of, snapshot_hash="made")
    later = made_releases(quarters=12)
    content = forecast.freeze(evidence, later, fit, "2026Q4")  # type: ignore[arg-type]
    assert forecast.opened(json.dumps(content), "f.json")["record"]["origin"] == "2024-12-31"
    assert forecast.span(content) == (4 * 2025, 4 * 2026 + 3)
    known = later.until(dt.date(2024, 12, 31))
    settings = Settings(DRIFT, dict(content["weights"]))
    expected = forecaster.forecast(known, fit, 4 * 2026 + 3, settings)
    for name in (HEADWAY, *MEMBERS):
        frozen_rows = content["record"]["forecasts"][name]["BBB"]
        np.testing.assert_allclose(frozen_rows, expected.quantiles[name][1], atol=6e-4)
    assert {"persistence", "12 a year"} <= set(content["record"]["forecasts"])
    assert len(content["countries"]["AAA"]["lag"]) == len(content["quarters"]) == 8


def test_outcomes_are_those_of_the_evidence() -> None:
    content = frozen()
    content["quarters"] = ["2024Q3", "2024Q4", "2025Q1"]
    found = forecast.outcomes(content, made_releases(quarters=8))
    assert found == [Actual("AAA", 4 * 2024 + 2, 137.5), Actual("AAA", 4 * 2024 + 3, 140.0)], "BBB is not forecast"
    content["quarters"] = ["2025Q1"]
    with pytest.raises(EvidenceError, match="end with 2024Q4, before 2025Q1"):
        forecast.outcomes(content, made_releases(quarters=8))


def test_a_forecast_is_laid_on_the_scale_of_the_newer_table() -> None:
    shifted = forecast.score(frozen(), [Actual("AAA", 4 * 2026, 151.0)], Rescaling(5.0, 1.0, 40))["summary"]
    plain = forecast.score(frozen(), [Actual("AAA", 4 * 2026, 146.0)])["summary"]
    assert shifted["Headway"]["crps"] == pytest.approx(plain["Headway"]["crps"], abs=1e-3)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("forecast-*.json")), ids=lambda path: path.stem)
def test_shipped_forecasts_are_intact(path: Any) -> None:
    content = forecast.opened(path.read_text("utf-8"), path.name)
    for entry in content["countries"].values():
        for name, rows in entry.items():
            if name != "scored":
                assert len(rows) == len(content["quarters"])
                assert (np.diff(np.array(rows), axis=1) >= -1e-9).all(), "quantiles must rise"
