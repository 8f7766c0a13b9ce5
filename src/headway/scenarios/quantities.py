"""Quantities that drive the model, each once: name, label, unit, range, and its names in other rooms."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

TABLE = Path(__file__).with_name("quantities.toml")


class Quantity(BaseModel):
    """A driver of the model, which a scenario may change.

    Attributes:
        label: name that every surface shows. meaning: one sentence. larger: what more of it does to the country.
        low, high: range of its values; None where it has no end.
        greatest: largest value that a scenario file may give: `high`, else far beyond the world's, yet calculable.
        usual: value that holds everywhere where no scenario changes it; None where evidence gives its path.
        path: field of `headway.model.state.Paths` that it enters.
        of_access: whether it moves what a country can use of others' models, and no model of its own.
        handle: quantity of `headway explain` that replaces it; empty where no cause does.
        sliders: levers of the explorer's What if that change it, each with its label.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    meaning: str
    larger: str
    unit: str
    low: float = 0.0
    high: float | None = None
    greatest: float = Field(default=float("nan"))
    usual: float | None = None
    path: str
    of_access: bool = False
    handle: str = ""
    sliders: dict[str, str]

    @model_validator(mode="before")
    @classmethod
    def _bounded(cls, raw: dict[str, object]) -> dict[str, object]:
        if ("high" in raw) == ("greatest" in raw):
            raise ValueError("a quantity has either an end to its range (high) or a limit in files (greatest)")
        return {"greatest": raw.get("high"), **raw}


@lru_cache(maxsize=1)
def quantities() -> Mapping[str, Quantity]:
    """All quantities by name, in the order of the table.

    Examples:
        >>> quantities()["controls"].label
        'Export controls'
    """
    return {name: Quantity.model_validate(row) for name, row in tomllib.loads(TABLE.read_text("utf-8")).items()}


def by_path(drivers: Mapping[str, Any]) -> dict[str, Any]:
    """Array that enters each path of the model, before any logarithm: a driver, or the sum of those that share it.

    Args:
        drivers: arrays of all quantities by name, whose shapes broadcast.
    """
    found: dict[str, Any] = {}
    for name, quantity in quantities().items():
        together = quantity.path in found
        found[quantity.path] = found[quantity.path] + drivers[name] if together else drivers[name]
    return found
