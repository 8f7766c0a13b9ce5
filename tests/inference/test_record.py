"""What the stored record of the hindcast supports, and what it says of intervals."""

from __future__ import annotations

from typing import Any

import pytest

from headway.inference import record


def with_counts(half: int, nine: int) -> dict[str, Any]:
    row = {"n": 20.0, "coverage50": half / 20, "coverage90": nine / 20, "crps": 2.0}
    return {"as_of": "2026-01-31", "summary": {record.HEADWAY: row, record.BASELINE_SCENARIO: row}}


@pytest.mark.parametrize(
    ("half", "expected"),
    [(4, False), (5, False), (6, True), (10, True), (14, True), (15, False)],  # 90% of samples of 20 hold 6 to 14
)
def test_a_band_is_supported_where_it_held_as_often_as_it_says(
    monkeypatch: pytest.MonkeyPatch, half: int, expected: bool
) -> None:
    monkeypatch.setattr(record, "_shipped", lambda: with_counts(half, 18))
    assert record.supported(record.HEADWAY, 50) is expected


def test_no_record_and_no_such_forecast_support_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "_shipped", lambda: with_counts(10, 18))
    assert not record.supported("nobody", 50)
    monkeypatch.setattr(record, "_shipped", lambda: None)
    assert not record.supported(record.HEADWAY, 50)
    assert record.coverage() == ""


def test_coverage_counts_both_the_forecast_and_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    found = with_counts(10, 18)
    found["summary"][record.BASELINE_SCENARIO] = {"n": 20.0, "coverage50": 0.2, "coverage90": 0.4}
    monkeypatch.setattr(record, "_shipped", lambda: found)
    assert record.coverage().startswith(
        "Of 20 scores that came later, 18 fell inside the 90% intervals of Headway’s forecasts"
    )
    assert "8 inside those of the runs that briefs show" in record.coverage()
