"""Tables of the capability scale that ship with the evidence: results, levels, records and item parameters."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from headway.capability.records import country_records, level_table
from headway.capability.results import benchmark_results, load_benchmarks, read_index
from headway.capability.scale import arrange, fit
from headway.capability.score import items_of, write_items
from headway.evidence.benchmarks import FOLDER
from headway.evidence.sources.capability_scale import load_base_models


def publish(cache: Path, out: Path = FOLDER) -> pd.DataFrame:
    """Fit the scale to the publishers' files in `cache`, write its tables to `out`, and return the country records.

    Writes `benchmark_results.csv`, `levels.csv` (one row per model), `records.csv` (own and accessible, by country and
    quarter) and `item_draws.csv.gz`. The same files give the same tables.

    Raises:
        EvidenceError: a file is missing, or a cited row breaks a rule.
    """
    index, base_models = read_index(cache), load_base_models()
    results = benchmark_results(cache)
    fitted = fit(arrange(results, index, load_benchmarks()))
    records = country_records(fitted, base_models)
    out.mkdir(parents=True, exist_ok=True)
    results.to_csv(out / "benchmark_results.csv", index=False)
    level_table(fitted, results, index, base_models).round(2).to_csv(out / "levels.csv", index=False)
    records.round({"level": 1, "low": 1, "high": 1, "share": 2}).to_csv(out / "records.csv", index=False)
    write_items(items_of(fitted), out / "item_draws.csv.gz")
    return records
