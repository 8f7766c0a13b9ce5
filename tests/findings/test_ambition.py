"""Declared goals, on made statements."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from headway.evidence import Evidence
from headway.evidence.observations import STATEMENTS, tidy_facts
from headway.findings import Context, FindingTier
from headway.findings.observed.ambition import goals


def statement(kind: str, key: str, **more: Any) -> dict[str, Any]:
    return {"id": f"curated:{kind}:CHN:{key}", "kind": kind, "country": "CHN", "date": "2017-07-20", **more}


TABLE = tidy_facts(
    pd.DataFrame(
        [
            statement(
                "goal", "old", text="Reach ten.", topic="economy", maps_to="none", target_year=2020, status="adopted"
            ),
            statement(
                "goal",
                "lead",
                text="Be one of the leaders.",
                topic="position",
                maps_to="rank_capability",
                target_year=2030,
                status="adopted",
                target_basis="coded",
                value=5.0,
                unit="rank",
                scope="WORLD",
            ),
        ]
    ),
    STATEMENTS,
)


@dataclass
class Record:
    """As much of `Evidence` as the recipe asks for."""

    as_of: dt.date = dt.date(2026, 11, 22)
    user_hash: str | None = None

    def statements(self, kind: str, country: str) -> pd.DataFrame:
        return TABLE[(TABLE["kind"] == kind) & (TABLE["country"] == country)]


def test_a_place_read_from_words_is_coded_and_says_how_it_was_read() -> None:
    said = {
        finding.id.split(":")[2].split("@")[0]: finding for finding in goals(Context(cast(Evidence, Record()), "CHN"))
    }
    assert [said[key].tier for key in ("old", "lead")] == [FindingTier.OBSERVED, FindingTier.CODED]
    assert said["lead"].sentence.endswith("Be one of the leaders (read here as a place among the first five).")
    assert said["old"].sentence == "20 July 2017: Reach ten."
    assert said["old"].observations == ("curated:goal:CHN:old",)
