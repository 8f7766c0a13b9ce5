"""Stored record of the hindcast: its scores beside naive forecasts, the coverage of its intervals, and its picture."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from scipy.stats import binom

from headway.core import wording
from headway.findings.finding import Picture
from headway.inference.baselines import BAR, BASELINES
from headway.inference.storage import SHIPPED

COMPUTE, DIFFUSION = "compute decides", "knowledge diffuses"  # structures of the long run
HEADWAY = "Headway"  # the forecast that the product makes, among those scored
BASELINE_SCENARIO = "baseline scenario"  # the ensemble's runs, which briefs and the explorer show


def stored(as_of: dt.date | None = None) -> Mapping[str, Any] | None:
    """The record that ships with the package, or None where none does or it was scored on evidence after `as_of`."""
    record = _shipped()
    if record is None or (as_of is not None and dt.date.fromisoformat(record["as_of"]) > as_of):
        return None
    return record


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Any] | None:
    path = SHIPPED / "hindcast.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def weights() -> dict[str, float]:
    """Weights of the readings of equation 6 by hindcast score; equal ones where no record ships."""
    record = stored()
    if record is None:
        return {"mechanistic, substitutes": 0.5, "mechanistic, complements": 0.5}
    return {name: float(weight) for name, weight in record["weights"].items()}


def coverage(as_of: dt.date | None = None) -> str:
    """One sentence on how often 90 % intervals held in the hindcast; empty where `stored` has no record."""
    record = stored(as_of)
    if record is None:
        return ""
    count, held = _inside(record, HEADWAY, 90)
    runs = ""
    if BASELINE_SCENARIO in record["summary"]:
        runs = f", {_inside(record, BASELINE_SCENARIO, 90)[1]} inside those of the runs that briefs show"
    return (
        f"Of {count} scores that came later, {held} fell inside the 90% intervals of Headway’s forecasts made 6 or 12 "
        f"months before{runs}."
    )


def supported(forecast: str, percent: int, as_of: dt.date | None = None) -> bool:
    """Whether the hindcast bears out the central intervals of that content of a forecast; False without a record.

    It does where intervals that hold as often as they say would show such a count in nine of ten samples of its size.
    """
    record = stored(as_of)
    if record is None or forecast not in record["summary"]:
        return False
    count, held = _inside(record, forecast, percent)
    low, high = binom.ppf([0.05, 0.95], count, percent / 100)
    return bool(low <= held <= high)


def inside_counts(record: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Count of later scores and how many fell inside 90 % intervals, of Headway's forecast and the baseline's runs."""
    return {name: _inside(record, name, 90) for name in (HEADWAY, BASELINE_SCENARIO) if name in record["summary"]}


def _inside(record: Mapping[str, Any], forecast: str, percent: int) -> tuple[int, int]:
    """Points of the hindcast, and those inside the forecast's central interval of that content."""
    row = record["summary"][forecast]
    return round(row["n"]), round(row[f"coverage{percent}"] * row["n"])


def long_run_weights(as_of: dt.date | None = None) -> dict[str, float]:
    """Weights of the two structures of the long run by their record 18 and 24 months ahead; equal without a record."""
    found = (stored(as_of) or {}).get("long_run")
    return dict(found["weights"]) if found else {COMPUTE: 0.5, DIFFUSION: 0.5}


def long_run_verdict(as_of: dt.date | None = None) -> str:
    """One sentence on what the weights of the long run rest on."""
    found = (stored(as_of) or {}).get("long_run")
    if not found or not found["points"]:
        return "No past forecast reaches far enough to weigh the two structures: they count equally."
    errors, weight = found["crps"], found["weights"]
    months = {name: wording.number(float(errors[name]), 2) for name in (COMPUTE, DIFFUSION)}
    return (
        f"Lags forecast 18 and 24 months ahead from past dates ({len(found['points'])} of them) were off by "
        f"{months[COMPUTE]} months (CRPS) if compute decides and by {months[DIFFUSION]} if knowledge diffuses: "
        f"weights {wording.number(100 * weight[COMPUTE], 2)} and {wording.number(100 * weight[DIFFUSION], 2)} of 100. "
        "Beyond two years nothing has tested either."
    )


def withheld(as_of: dt.date | None = None) -> list[Mapping[str, Any]]:
    """Countries whose scores were withheld, under the structure of most weight, at the last quarter of the fit.

    Empty where `stored` has no record.
    """
    record = stored(as_of)
    if record is None:
        return []
    structure = max(record["weights"], key=lambda name: float(record["weights"][name]))
    rows = [row for row in record.get("withheld", []) if row["structure"] == structure]
    first = {row["country"]: min(r["quarter"] for r in rows if r["country"] == row["country"]) for row in rows}
    return [row for row in rows if row["quarter"] == first[row["country"]]]


_RULES = {
    "pooled drift": "every country goes on at one pace",
    "12 a year": "every country gains 12 a year",
    "9 a year": "every country gains 9 a year",
    "persistence": "every country stays where it is",
    "own 12-month drift": "each country goes on as in its last year",
    "leader shifted by the lag": "each country follows the leader’s path, as late as now",
    "gap held": "each country stays as far behind as now",
}
"""Naive forecasts as a reader is told them, by the names of `BASELINES`."""


def verdict(record: Mapping[str, Any]) -> str:
    """Sentence on Headway against the naive forecast chosen beforehand and the best of them with hindsight."""
    crps = {name: float(row["crps"]) for name, row in record["summary"].items()}
    mine, bar = crps[HEADWAY], crps[BAR]
    best = min(BASELINES, key=lambda name: crps[name])
    said = (
        f"Headway’s forecasts missed by {wording.number(mine, 3)} capability points on average (CRPS, which counts a "
        f"range too wide or too narrow as well): that {_against(mine, bar)} the simple rule chosen beforehand, "
        f"{_RULES[BAR]} ({wording.number(bar, 3)})"
    )
    if best == BAR:
        return f"{said}."
    least = wording.number(crps[best], 3)
    return f"{said}, and {_against(mine, crps[best])} the best with hindsight, {_RULES.get(best, best)} ({least})."


def _against(mine: float, other: float) -> str:
    """Words on which forecast did better; a twentieth of a point of CRPS is no difference."""
    return "beats" if mine < other - 0.05 else "loses to" if mine > other + 0.05 else "ties with"


SOURCE = "Epoch AI (CC BY 4.0); Headway"


def hindcast_picture(record: Mapping[str, Any]) -> Picture:
    """Bars of mean CRPS, Headway marked."""
    order = sorted(record["summary"].items(), key=lambda item: float(item[1]["crps"]))
    rows = tuple(
        {"label": wording.sentence(name), "value": round(float(row["crps"]), 3), "highlight": name == HEADWAY}
        for name, row in order
    )
    return Picture(
        kind="bars",
        title="Mean error (CRPS) of forecasts from past dates, 6 and 12 months ahead (less is better)",
        rows=rows,
        x="CRPS (capability points)",
        y="",
        alternative="; ".join(f"{row['label']}: {row['value']:.2f}" for row in rows) + ".",
        source=SOURCE,
    )
