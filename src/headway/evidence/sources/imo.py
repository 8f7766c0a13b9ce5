"""International Mathematical Olympiad: results by country and year. A country that did not come has no score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from headway.evidence.countries import code_of
from headway.evidence.sources.base import Tables, codes, pseudo_dated, read_csv, recent, years

PROBLEMS = [f"p{number}" for number in range(1, 7)]
FULL_MARKS = 7.0


@dataclass(frozen=True, slots=True)
class IMO:
    """Role: `results`."""

    slug: str = "imo"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Points as a share of what the team could have had (six problems of seven points each), and gold medals."""
        path = files["results"]
        kinds = {"year": float, "country": str, "team_size_all": float, "awards_gold": float}
        table = recent(read_csv(path, {**kinds, **dict.fromkeys(PROBLEMS, float)}))
        points = table[PROBLEMS].sum(axis=1, min_count=len(PROBLEMS))
        score = 100 * points / (table["team_size_all"] * len(PROBLEMS) * FULL_MARKS)
        place = {"country": codes(table["country"], path, code_of), "period": years(table["year"])}
        parts = [
            pd.DataFrame({"indicator": "imo_score", **place, "value": score}),
            pd.DataFrame({"indicator": "imo_gold_medals", **place, "value": table["awards_gold"]}),
        ]
        return Tables(observations=pseudo_dated(pd.concat(parts, ignore_index=True), self.slug, vintage))


ADAPTERS = (IMO(),)
