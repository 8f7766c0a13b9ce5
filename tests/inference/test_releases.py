"""What is known of a country's releases on a day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from headway.core.errors import EvidenceError
from headway.inference.releases import Release, Releases

D = dt.date


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
