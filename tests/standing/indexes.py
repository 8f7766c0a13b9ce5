"""Small indexes and tables that several tests build on."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from headway.standing.moments import Array
from headway.standing.spec import Spec, parse
from headway.standing.table import Table

TABLES = Path(__file__).parent / "tables"


def table(values: Any, indicators: str = "abcdefgh", units: tuple[str, ...] | None = None, **more: Any) -> Table:
    """A table whose indicators are letters and whose units are u0, u1 …"""
    x = np.asarray(values, dtype=float)
    units = units or tuple(f"u{i:03d}" for i in range(len(x)))
    return Table(units, tuple(indicators[: x.shape[1]]), x, **more)


def flat(n: int, steps: list[Any] | None = None, **node: Any) -> Spec:
    """One node over n indicators named a, b, c …"""
    return parse(
        {
            "name": "flat",
            "indicators": list("abcdefgh"[:n]),
            "nodes": {"top": {"children": list("abcdefgh"[:n]), **node}},
            "steps": ["normalise"] if steps is None else steps,
        },
        "flat",
    )


def pillars(steps: list[Any] | None = None, **more: Any) -> Spec:
    """Two pillars of two indicators each under one top."""
    return parse(
        {
            "name": "pillars",
            "indicators": list("abcd"),
            "nodes": {
                "top": {"children": ["left", "right"]},
                "left": {"children": ["a", "b"]},
                "right": {"children": ["c", "d"]},
            },
            "steps": [{"normalise": {"lower": 1, "upper": 100}}] if steps is None else steps,
            **more,
        },
        "pillars",
    )


def sample(n: int = 40, p: int = 4, seed: int = 0, missing: float = 0.0) -> Array:
    """Correlated lognormal columns, the first with outliers, some cells missing."""
    rng = np.random.default_rng(seed)
    x = np.exp(0.6 * rng.normal(size=(n, p)) + 0.6 * rng.normal(size=(n, 1)))
    x[:2, 0] *= 20
    x[rng.random(x.shape) < missing] = np.nan
    return x


def tai_2001() -> tuple[tuple[str, ...], Array, Array]:
    """Units, values for the preset `tai`, and the columns as the Handbook prints them.

    Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), table A.1: 23 leading countries of the
    Technology Achievement Index, UNDP Human Development Report 2001; telephones and electricity as base-10 logarithms.
    """
    with (TABLES / "tai_2001.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    printed = np.array([[float(cell) for name, cell in row.items() if name != "country"] for row in rows])
    values = printed.copy()
    values[:, 4:6] = 10 ** printed[:, 4:6]
    return tuple(row["country"] for row in rows), values, printed
