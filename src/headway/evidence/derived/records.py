"""Series that follow from facts on single models: records so far by quarter, and counts by year.

A figure for a period changes as facts about its models become known, are changed or withdrawn. Each change is a row of
its own, published on its day, so that the newest row not after a date is what was known on that date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from headway.core import periods
from headway.core.numbers import CONFIDENCE_FACTORS, LEVEL, UNGRADED_FACTOR
from headway.evidence.benchmarks import SCALE
from headway.evidence.catalogue import sources
from headway.evidence.derived.ratios import complete_rows

FIRST_YEAR = 2010
GENERAL = {"Language", "Multimodal"}
SPECIAL = {"Biology", "Medicine", "Materials science", "Earth science"}
"""Areas of models, by Epoch: a protein model filed under language too says nothing of a country's general ability."""


@dataclass(frozen=True, slots=True)
class RecordFact:
    """Fact on one model as known from `known` until `until` (not included); interval ends may be NaN."""

    id: str
    day: dt.date
    known: dt.date
    until: dt.date
    value: float
    low: float
    high: float


def model_series(models: pd.DataFrame) -> pd.DataFrame:
    """All series of this module, from the table of models (columns of `observations.MODEL_COLUMNS`)."""
    if models.empty:
        return pd.DataFrame()
    recent = models[models["published"] >= f"{FIRST_YEAR}-01-01"]
    compute = _with_compute(recent[(recent["source"] == "epoch_models") & recent["log10_own_compute"].notna()])
    general = compute[[is_general(domain) for domain in compute["domain"]]]
    placed = recent[recent["eci"].notna()].rename(columns={"eci": "value", "eci_low": "low", "eci_high": "high"})
    placed = placed.assign(day=placed["released"].fillna(placed["published"]))
    is_open = placed["open_weights"].fillna(False).astype(bool)
    scored = placed[placed["source"] == "epoch_eci"]
    counted = recent[recent["source"] == "epoch_models"].assign(
        day=lambda t: t["published"], value=1.0, low=np.nan, high=np.nan
    )
    parts = [
        records(general, "largest_training_run", leading_country),
        records(general, "largest_training_run_shared", every_country),
        records(scored, "eci_frontier", leading_country),
        records(scored, "eci_frontier_shared", every_country),
        records(scored[is_open[scored.index]], "eci_frontier_open", leading_country, until=scored["day"].max()),
        records(placed, "capability_level", leading_country),
        counts(counted[counted["notable"]], "notable_models", leading_country),
        counts(counted[counted["notable"]], "notable_models_shared", every_country),
        counts(counted[counted["large_scale"]], "large_scale_models", leading_country),
        counts(counted[counted["large_scale"]], "large_scale_models_shared", every_country),
    ]
    full = [part for part in parts if len(part)]
    return pd.concat(full, ignore_index=True) if full else pd.DataFrame()


def is_general(domain: str) -> bool:
    """Whether a model of these areas (joined by semicolons) is a general-purpose one: language, not biology."""
    areas = set(domain.split(";"))
    return bool(areas & GENERAL) and not areas & SPECIAL


def leading_country(countries: str) -> Sequence[str]:
    """Exclusive view of a model's countries: that of most of the model's organisations, which stands first."""
    return countries.split(";")[:1] if countries else ()


def every_country(countries: str) -> Sequence[str]:
    """Shared view of a model's countries: every country with an organisation in the model."""
    return countries.split(";") if countries else ()


def records(
    models: pd.DataFrame,
    indicator: str,
    attribute: Callable[[str], Sequence[str]],
    until: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Maximum so far by country and quarter: over models of days up to the quarter's end, known and not withdrawn.

    Training compute is the country's own: of a model trained further from a foreign base, the fine-tuning alone.

    `value`, `low` and `high` are those of the model that holds the record, which is the row's input. The first row of a
    quarter is dated at its end, or at the day the country's first model became known; each later fact that changes the
    record makes a further row. The series runs to the quarter of `until`, or of the newest model of any country: a flat
    quarter says that no larger figure is known, not that nothing was built.
    """
    facts = _facts(models, attribute)
    if not facts:
        return pd.DataFrame()
    rows = []
    last = (models["day"].max() if until is None else until).date()
    for country, group in sorted(facts.items()):
        for quarter in _quarters(min(fact.day for fact in group), last):
            end = periods.end(quarter)
            eligible = [fact for fact in group if fact.day <= end]
            held = None
            for day in sorted({end, *_moments(eligible, end)}):
                standing = [fact for fact in eligible if fact.known <= day < fact.until]
                best = max(standing, key=lambda fact: (fact.value, -fact.day.toordinal(), fact.id), default=None)
                if best is not None and (held is None or _figures(best) != _figures(held)):
                    rows.append(_row(country, quarter, best.value, best.low, best.high, day, best.id))
                    held = best
    return _series(rows, models, indicator)


def counts(models: pd.DataFrame, indicator: str, attribute: Callable[[str], Sequence[str]]) -> pd.DataFrame:
    """Number of models by country and year, as known once the source's lag after the year has passed, and later."""
    lag = dt.timedelta(days=sources()["epoch_models"].lag_days or 0)
    rows = []
    for country, group in sorted(_facts(models, attribute).items()):
        for year in sorted({fact.day.year for fact in group}):
            settled = dt.date(year, 12, 31) + lag
            eligible = [fact for fact in group if fact.day.year == year]
            held = None
            for day in sorted({settled, *_moments(eligible, settled)}):
                standing = {fact.id for fact in eligible if fact.known <= day < fact.until}
                if standing and (held is None or len(standing) != held):
                    inputs = " ".join(sorted(standing))
                    rows.append(_row(country, str(year), float(len(standing)), np.nan, np.nan, day, inputs))
                    held = len(standing)
    return _series(rows, models, indicator)


def _figures(fact: RecordFact) -> tuple[float, ...]:
    return tuple(np.nan_to_num((fact.value, fact.low, fact.high), nan=-np.inf))


def _with_compute(models: pd.DataFrame) -> pd.DataFrame:
    spread = np.log10(models["compute_confidence"].map(CONFIDENCE_FACTORS).fillna(UNGRADED_FACTOR).astype(float))
    value = models["log10_own_compute"]
    return models.assign(day=models["published"], value=value, low=value - spread, high=value + spread)


def _facts(models: pd.DataFrame, attribute: Callable[[str], Sequence[str]]) -> dict[str, list[RecordFact]]:
    groups: dict[str, list[RecordFact]] = {}
    for row in models.to_dict("records"):
        until = dt.date.max if pd.isna(row["withdrawn_on"]) else row["withdrawn_on"].date()
        days = row["day"].date(), row["published_on"].date(), until
        fact = RecordFact(row["id"], *days, float(row["value"]), float(row["low"]), float(row["high"]))
        for country in attribute(row["countries"]):
            groups.setdefault(country, []).append(fact)
    return groups


def _moments(facts: Sequence[RecordFact], after: dt.date) -> set[dt.date]:
    """Days after `after` on which what is known of `facts` changes."""
    return {day for fact in facts for day in (fact.known, fact.until) if after < day < dt.date.max}


def _quarters(first: dt.date, last: dt.date) -> Iterator[str]:
    return map(periods.quarter_name, range(periods.quarter_number_of(first), periods.quarter_number_of(last) + 1))


def _row(
    country: str, period: str, value: float, low: float, high: float, day: dt.date, inputs: str
) -> dict[str, object]:
    """Row of a derived series; an interval with a missing end is none."""
    known = low == low and high == high
    ends = {"low": low, "high": high, "level": LEVEL} if known else {"low": np.nan, "high": np.nan, "level": np.nan}
    return {
        "country": country,
        "period": period,
        "value": value,
        **ends,
        "published_on": pd.Timestamp(day),
        "inputs": inputs,
    }


def _series(rows: list[dict[str, object]], models: pd.DataFrame, indicator: str) -> pd.DataFrame:
    if not rows:
        return pd.DataFrame()
    source = str(models["source"].iloc[0]) if models["source"].nunique() == 1 else SCALE
    frame = pd.DataFrame(rows).assign(
        source=source, retrieved_on=pd.Timestamp(sources()[source].retrieved_on), flag="pseudo,estimate"
    )
    return complete_rows(frame, indicator).drop(columns="id")
