"""Who serves whom: the country table's word, as it held on a day."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from headway.scenarios.country_table import CountryFacts
from headway.scenarios.world import rental

NAMES = ("AAA", "BBB", "CCC", "ROW")
SOURCE = {"citation": "Somebody", "url": "https://example.org"}


def on(day: str) -> Any:
    """Evidence of a day, with a bloc of two of the countries."""

    def resolve(code: str) -> Any:
        members = ("BBB", "CCC", "ZZZ") if code == "BLOC" else ()
        return SimpleNamespace(code=code, kind="bloc" if members else "country", members=members)

    return SimpleNamespace(as_of=dt.date.fromisoformat(day), resolve=resolve)


@pytest.mark.parametrize(
    ("day", "barred"), [("2025-12-31", set()), ("2026-01-01", {"BBB", "CCC"}), ("2026-07-01", {"BBB"})]
)
def test_a_bar_holds_from_its_day_to_its_end_and_a_bloc_stands_for_its_members(
    monkeypatch: pytest.MonkeyPatch, day: str, barred: set[str]
) -> None:
    rows = [
        {"by": ["BLOC"], "from": "2026-01-01", "until": "2026-07-01", **SOURCE},
        {"by": ["BBB"], "from": "2026-02-01", **SOURCE},
    ]
    facts = CountryFacts.model_validate({"barred": rows})
    monkeypatch.setattr(rental, "country_table", lambda: {"AAA": facts, "YYY": facts})
    served = rental.served(on(day), NAMES)
    expected = 1 - np.eye(4)
    expected[0, [NAMES.index(code) for code in barred]] = 0
    np.testing.assert_array_equal(served, expected)


def test_the_largest_provider_serves_the_best_model_and_may_be_none() -> None:
    served = np.array([[0, 0, 1, 1], [1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 0]], float)
    found = rental.largest(served, np.array([150.0, 160.0, 140.0, np.nan]))
    assert found.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]]
