"""Anyone's forecasts scored on the points of the hindcast, beside Headway's, its members' and the naive ones.

A table holds one row per forecast, by `origin` (2024-12-31), `quarter` (2025Q2) and `country` (ISO 3166-1 alpha-3), in
one of three forms: `mean` and `sd` of a normal distribution; quantiles in columns named by their probability in percent
(`q5`, `q50`, `q95`, at least two); or `sample`, with one row per draw.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from headway.core.errors import InputError
from headway.core.files import read_text
from headway.core.text_tables import named_rows
from headway.inference import scores
from headway.inference.arrays import Floats

KEYS = ("origin", "quarter", "country")
_QUANTILE = re.compile(r"q((?!0+(?:\.0*)?$)[0-9]{1,2}(?:\.[0-9]+)?)")  # q0.5 to q99.5: neither 0 nor 100
MOST_BYTES = 50_000_000  # of a table of forecasts
MIN_QUANTILES = 2
MIN_SAMPLES = 20  # per forecast: fewer draws say little of its intervals
LOWEST, HIGHEST = 0.0, 500.0  # no score of the scale lies outside

Point = tuple[str, str, str]
"""Origin, quarter and country of a forecast, as text."""


@dataclass(frozen=True)
class _Row:
    """One row of the table: where it stands, what it is about, its numbers by column."""

    where: str
    point: Point
    numbers: Mapping[str, float]


def read_forecasts(path: Path) -> dict[Point, Floats]:
    """The kept quantiles of every forecast of a table, shape (probability,).

    Raises:
        InputError: the file cannot be read or a row breaks a rule; the message names file, row and field.
    """
    return parse_forecasts(read_text(path, MOST_BYTES), str(path))


def parse_forecasts(text: str, path: str) -> dict[Point, Floats]:
    """The kept quantiles of every forecast of a table in CSV; errors call it `path`.

    Raises:
        InputError: a row breaks a rule; the message names row and field.
    """
    header, given = named_rows(text, str(path))
    if missing := [name for name in KEYS if name not in header]:
        raise InputError(f"{path}: no column {', '.join(missing)}; the header must hold {', '.join(KEYS)}")
    columns = _columns(path, header)
    rows = [_row(f"{path}, row {line}", row, columns) for line, row in enumerate(given, start=2)]
    if not rows:
        raise InputError(f"{path} holds no row below its header")
    by_point: dict[Point, list[_Row]] = {}
    for row in rows:
        by_point.setdefault(row.point, []).append(row)
    return {point: _kept(mine, columns) for point, mine in by_point.items()}


def _columns(path: str, header: Sequence[str]) -> tuple[str, ...]:
    """The columns that hold the forecast: one of the three forms."""
    quantiles = tuple(sorted(filter(_QUANTILE.fullmatch, header), key=_probability))
    if len(set(map(_probability, quantiles))) < len(quantiles):
        raise InputError(f"{path}: two columns hold the same quantile: {', '.join(quantiles)}")
    forms: list[tuple[str, ...]] = [form for form in (("mean", "sd"), ("sample",)) if set(form) <= set(header)]
    if len(quantiles) >= MIN_QUANTILES:
        forms.append(quantiles)
    if len(forms) != 1:
        found = "several of them" if forms else "none of them"
        raise InputError(
            f"{path}: a forecast is given by the columns mean and sd, by two or more quantiles such as q5, q50, q95, "
            f"or by sample; the header holds {found}"
        )
    return forms[0]


def _probability(column: str) -> float:
    match = _QUANTILE.fullmatch(column)
    assert match is not None
    return float(match[1]) / 100


def _row(where: str, row: Mapping[str | None, str | None], columns: Sequence[str]) -> _Row:
    if None in row:
        raise InputError(f"{where}: more cells than the header has columns; quote cells that hold a comma")
    numbers = {}
    for name in columns:
        text = (row.get(name) or "").strip()
        try:
            numbers[name] = float(text)
        except ValueError:
            raise InputError(f"{where}: {name} '{text}' is not a number; write a score such as 157.3") from None
        low = 0.0 if name == "sd" else LOWEST
        if not math.isfinite(numbers[name]) or not low < numbers[name] < HIGHEST:
            raise InputError(f"{where}: {name} {text} must lie between {low:g} and {HIGHEST:g} (ECI points)")
    origin, quarter, country = ((row.get(name) or "").strip() for name in KEYS)
    return _Row(where, (origin, quarter, country), numbers)


def _kept(rows: Sequence[_Row], columns: Sequence[str]) -> Floats:
    """The kept quantiles of one forecast."""
    first = rows[0]
    if columns == ("sample",):
        if len(rows) < MIN_SAMPLES:
            raise InputError(
                f"{first.where}: {len(rows)} samples for {' '.join(first.point)}; give at least {MIN_SAMPLES}, "
                "or quantiles"
            )
        return scores.quantiles(np.array([row.numbers["sample"] for row in rows]))
    if len(rows) > 1:
        raise InputError(f"{rows[1].where}: {' '.join(first.point)} stands above already")
    if columns == ("mean", "sd"):
        return np.asarray(first.numbers["mean"] + first.numbers["sd"] * ndtri(scores.PROBABILITIES))
    values = [first.numbers[name] for name in columns]
    if any(np.diff(values) < 0):
        raise InputError(f"{first.where}: quantiles fall; {', '.join(columns)} must not decrease in this order")
    return _filled(np.array([_probability(name) for name in columns]), np.array(values))


def _filled(probabilities: Floats, values: Floats) -> Floats:
    """The kept quantiles between and beyond the given ones: straight lines against the normal distribution's."""
    given, wanted = ndtri(probabilities), ndtri(scores.PROBABILITIES)
    inside = np.interp(wanted, given, values)
    low, high = ((values[k + 1] - values[k]) / (given[k + 1] - given[k]) for k in (0, len(given) - 2))
    inside = np.where(wanted < given[0], values[0] + low * (wanted - given[0]), inside)
    return np.asarray(np.where(wanted > given[-1], values[-1] + high * (wanted - given[-1]), inside))


def league(record: Mapping[str, Any], forecasts: Mapping[Point, Floats], name: str) -> dict[str, Any]:
    """Scores of the forecasts and of every forecaster of the record on the same points, over all and by horizon.

    Args:
        record: the hindcast's. forecasts: kept quantiles by point. name: of whoever made them.

    Raises:
        InputError: a forecast is for no point of the hindcast, or the name is taken.
    """
    rows = record["points"]
    known = {_point(row): row for row in rows}
    if name in record["summary"]:
        raise InputError(f"'{name}' is the name of a forecaster of the hindcast; rename the file")
    for origin, quarter, country in forecasts:
        if (origin, quarter, country) not in known:
            raise InputError(
                f"no outcome is known for origin '{origin}', quarter '{quarter}', country '{country}'; "
                f"{_allowed(known, origin, quarter)}"
            )
    mine = [
        {
            **{key: known[point][key] for key in ("origin", "quarter", "country", "months", "actual")},
            "forecast": name,
            **scores.score(values, known[point]["actual"]),
        }
        for point, values in forecasts.items()
    ]
    shared = [*mine, *(row for row in rows if _point(row) in forecasts)]
    names = (name, *record["summary"])
    months = sorted({row["months"] for row in mine})
    return {
        "points": len(forecasts),
        "of": len(known),
        "summary": {one: scores.summary(shared, one) for one in names},
        "by_horizon": {
            str(span): {one: scores.summary([row for row in shared if row["months"] == span], one) for one in names}
            for span in months
        },
        "rows": mine,
    }


def _point(row: Mapping[str, Any]) -> Point:
    return str(row["origin"]), str(row["quarter"]), str(row["country"])


def _allowed(known: Mapping[Point, Any], origin: str, quarter: str) -> str:
    """Points that can be scored, as narrowly as the wrong one allows."""
    origins = sorted({point[0] for point in known})
    if origin not in origins:
        return f"origins are {', '.join(origins)}"
    quarters = sorted({point[1] for point in known if point[0] == origin})
    if quarter not in quarters:
        return f"from that origin quarters are {', '.join(quarters)}"
    return f"countries are {', '.join(sorted({point[2] for point in known if point[:2] == (origin, quarter)}))}"
