"""The hindcast's stored record: what the model would have known, and how often its intervals held."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from headway.inference.baselines import BAR
from headway.inference.storage import SHIPPED

STACK = "stack"


@lru_cache(maxsize=1)
def stored() -> Mapping[str, Any] | None:
    """The record that ships with the package, or None where none does."""
    path = SHIPPED / "hindcast.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def weights() -> dict[str, float]:
    """Weights of the structures by hindcast score; equal ones where no record ships."""
    record = stored()
    if record is None:
        return {"statistical": 0.5, "mechanistic, substitutes": 0.5}
    return {name: float(weight) for name, weight in record["weights"].items()}


def coverage() -> str:
    """One sentence on how often 90 % intervals held in the hindcast; empty where no record ships."""
    record = stored()
    if record is None:
        return ""
    mine = record["summary"][STACK]
    held, count = round(mine["coverage90"] * mine["n"]), round(mine["n"])
    return (
        f"In the hindcast {held} of {count} later scores fell inside 90% intervals made 6 or 12 months before "
        f"(pseudo-real-time)."
    )


def against_bar() -> tuple[float, float, str] | None:
    """CRPS of the stack and of the bar, and the bar's name; None where no record ships."""
    record = stored()
    if record is None:
        return None
    return float(record["summary"][STACK]["crps"]), float(record["summary"][BAR]["crps"]), BAR
