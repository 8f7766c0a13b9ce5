"""Goals and what became of them, on made statements."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from headway.evidence import Evidence
from headway.evidence.observations import STATEMENTS, tidy_facts
from headway.findings import Context
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
                "goal", "lost", text="Reach one.", topic="talent", maps_to="none", target_year=2020, status="adopted"
            ),
            statement(
                "goal", "open", text="Lead.", topic="compute", maps_to="none", target_year=2030, status="adopted"
            ),
            statement("outcome", "old", text="Twelve were reached.", status="met"),
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


def test_an_expired_goal_says_what_became_of_it() -> None:
    said = {
        finding.id.split(":")[2].split("@")[0]: finding for finding in goals(Context(cast(Evidence, Record()), "CHN"))
    }
    assert "Reach ten. Met: Twelve were reached." in said["old"].sentence
    assert said["old"].observations == ("curated:goal:CHN:old", "curated:outcome:CHN:old")
    assert "Its year has passed; no account of its outcome is on record here." in said["lost"].sentence
    assert said["lost"].observations == ("curated:goal:CHN:lost",)
    assert "passed" not in said["open"].sentence
