"""Days from which scores count as known, and what they say of a country's releases."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from headway.core.errors import EvidenceError
from headway.inference.releases import Release, Releases, dated, first_seen

D = dt.date


def test_a_best_score_is_known_after_a_week_and_another_after_a_month() -> None:
    models = [
        (D(2024, 3, 1), "AAA", 120.0, "first", False),
        (D(2024, 4, 1), "AAA", 110.0, "weaker", False),
        (D(2024, 5, 1), "AAA", 125.0, "better", False),
        (D(2024, 5, 1), "BBB", 90.0, "of another country", False),
    ]
    days = {row.score: (row.known - row.released).days for row in dated(models, {})}
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
    found = dated([(D(2025, 12, 11), "AAA", 150.0, "model", False)], {"model": (shown, lacked)})
    assert found[0].known == known


def test_the_shipped_bounds_are_in_order() -> None:
    seen = first_seen()
    assert len(seen) >= 30
    assert all(lacked < shown for shown, lacked in seen.values())


def releases(*days: str, as_of: str = "2024-12-31", other: str = "2024-12-01") -> Releases:
    rows = [
        Release(D.fromisoformat(day), D.fromisoformat(day), "AAA", 100.0 + k, day, False) for k, day in enumerate(days)
    ]
    rows.append(Release(D.fromisoformat(other), D.fromisoformat(other), "BBB", 90.0, "other", True))
    return Releases(D.fromisoformat(as_of), tuple(sorted(rows)))


def test_what_was_not_yet_known_is_left_out() -> None:
    rows = (
        Release(D(2024, 5, 1), D(2024, 5, 8), "AAA", 100.0, "older", False),
        Release(D(2024, 6, 28), D(2024, 7, 5), "AAA", 110.0, "newer", False),
    )
    found = Releases(D(2024, 12, 31), rows)
    assert found.until(D(2024, 6, 30)).best("AAA", D(2024, 6, 30)) == 100.0
    assert found.best("AAA", D(2024, 6, 30)) == 110.0
    assert np.isnan(found.best("BBB", D(2024, 6, 30)))
    with pytest.raises(EvidenceError, match="no capability score was known on 2024-05-07"):
        found.until(D(2024, 5, 7))


def test_an_unfinished_quarter_is_no_silence() -> None:
    found = releases("2024-01-15", "2024-08-01", other="2024-11-05", as_of="2024-11-15")
    assert found.quarters("AAA") == (True, False, True)
    assert found.keeps_releasing("AAA")


def test_quarters_before_the_first_release_are_no_silence() -> None:
    assert releases("2024-08-01", "2024-11-01").quarters("AAA") == (True, True)
    assert releases("2024-08-01", "2024-11-01").keeps_releasing("AAA")


def test_two_of_the_last_four_quarters_keep_a_country_releasing() -> None:
    assert not releases("2023-10-01", "2024-11-01").keeps_releasing("AAA")
    assert releases("2024-02-01", "2024-11-01").keeps_releasing("AAA")


def test_a_table_cut_before_its_day_is_no_silence() -> None:
    found = releases("2024-08-01", "2024-11-01", as_of="2025-09-30")
    assert found.last == 4 * 2024 + 3
    assert found.quarters("AAA") == (True, True)
