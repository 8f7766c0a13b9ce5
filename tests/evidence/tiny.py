"""A snapshot small enough to read: a few rows of real indicators with made-up values."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from headway.evidence.catalogue import indicators, sources
from headway.evidence.observations import FLOWS, MODELS, STATEMENTS, tidy, tidy_facts, validate
from headway.evidence.snapshot import DATAPACKAGE, Snapshot, write_snapshot

DAY = dt.date(2026, 11, 22)


def row(
    indicator: str, country: str, period: str, value: float, published: str, source: str = "worldbank_wdi", **more: Any
) -> dict[str, Any]:
    """One observation in the indicator's own unit."""
    return {
        "indicator": indicator,
        "country": country,
        "period": period,
        "value": value,
        "unit": indicators()[indicator].unit,
        "source": source,
        "published_on": published,
    } | more


def observations(*rows: dict[str, Any]) -> pd.DataFrame:
    return tidy(pd.DataFrame(rows), DAY)


ROWS = (
    row("gdp_usd", "FRA", "2020", 2.6e12, "2021-07-01"),
    row("gdp_usd", "FRA", "2020", 2.7e12, "2023-07-01"),  # a revision
    row("gdp_usd", "FRA", "2021", 2.9e12, "2022-07-01"),
    row("gdp_usd", "FRA", "2022", 3.0e12, "2024-07-01"),
    row("gdp_usd", "DEU", "2021", 4.1e12, "2022-07-01"),
    row("gdp_usd", "ARM", "2021", 1.0e10, "2022-07-01"),
    row("gdp_usd", "RUS", "2021", 1.8e12, "2022-07-01"),
    row("gdp_usd", "KAZ", "2021", 2.0e11, "2022-07-01"),
    row("gdp_usd", "BLR", "2021", 7.0e10, "2022-07-01"),
    row("gdp_usd", "KGZ", "2019", 1.0e10, "2020-07-01"),
    row("gdp_growth", "RUS", "2021", 5.0, "2022-07-01"),
    row("gdp_growth", "KAZ", "2021", 4.0, "2022-07-01"),
    row("gdp_growth", "BLR", "2021", 2.0, "2022-07-01"),
    row("rule_of_law", "FRA", "2020", 1.1, "2021-09-01", "worldbank_wgi_2024"),
    row("rule_of_law", "FRA", "2021", 1.2, "2022-09-01", "worldbank_wgi_2024"),
    row("rule_of_law", "FRA", "2021", 1.5, "2025-12-01", "worldbank_wgi_2025"),
    row("eci_frontier", "RUS", "2024Q4", 110.0, "2024-12-31", "epoch_eci", low=108.0, high=112.0, level=0.9),
    row("eci_frontier", "KAZ", "2024Q4", 111.0, "2025-01-31", "epoch_eci", low=107.0, high=113.0, level=0.9),
    row("notable_models", "RUS", "2021", 2.0, "2022-01-31", "epoch_models"),
    row("gpus_reported", "FRA", "2025", 5000.0, "2023-12-06", "epoch_chips", flag="target"),
    row(
        "top500_systems",
        "FRA",
        "2024-11",
        24.0,
        "2024-11-30",
        "epoch_clusters",
        grade="secondary",
        read_in="https://example.org/list",
    ),
)

MODEL_ROWS = (
    {"id": "epoch_models:model:a:1", "model": "A", "countries": "FRA", "published": "2022-01-01", "log10_compute": 24.0,
     "source": "epoch_models", "published_on": "2022-02-01", "withdrawn_on": "2023-06-01", "notable": True},
    {"id": "epoch_models:model:a:2", "model": "A", "countries": "FRA", "published": "2022-01-01", "log10_compute": 23.5,
     "source": "epoch_models", "published_on": "2023-06-01", "withdrawn_on": None, "notable": True},
)  # fmt: skip

FLOW_ROWS = (
    {"kind": "scholars", "origin": "RUS", "destination": "DEU", "period": "2018", "value": 100.0, "unit": "persons",
     "source": "worldbank_wdi", "published_on": "2020-01-01"},
)  # fmt: skip

STATEMENT_ROWS = (
    {"id": "curated:goal:FRA:one", "kind": "goal", "country": "FRA", "date": "2018-03-29", "text": "Be among the best.",
     "title": "AI for Humanity", "publisher": "Élysée", "url": "https://www.elysee.fr", "published_on": "2018-03-29",
     "grade": "press", "read_in": "https://example.org/a https://example.net/b"},
)  # fmt: skip


def frames(rows: tuple[dict[str, Any], ...] = ROWS) -> dict[str, pd.DataFrame]:
    return {
        "observations": validate(observations(*rows), indicators(), sources()),
        "models": tidy_facts(pd.DataFrame(MODEL_ROWS), MODELS),
        "flows": tidy_facts(pd.DataFrame(FLOW_ROWS), FLOWS),
        "statements": tidy_facts(pd.DataFrame(STATEMENT_ROWS), STATEMENTS),
    }


def write(folder: Path, rows: tuple[dict[str, Any], ...] = ROWS) -> Snapshot:
    folder.mkdir(parents=True)
    return write_snapshot(frames(rows), folder, DAY, indicators(), sources())


def without_grades(folder: Path) -> Path:
    """The snapshot in `folder` made into one from before typed rows had grades: `reliability` stands for `grade`."""
    description = json.loads((folder / DATAPACKAGE).read_text("utf-8"))
    for resource in description["resources"]:
        path = folder / resource["path"]
        table = pq.read_table(path)
        if resource["name"] == "statements":
            table = table.rename_columns(["reliability" if name == "grade" else name for name in table.column_names])
        pq.write_table(table.select([name for name in table.column_names if name not in ("grade", "read_in")]), path)
        resource["hash"] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    (folder / DATAPACKAGE).write_text(json.dumps(description), encoding="utf-8")
    return folder
