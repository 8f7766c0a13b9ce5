"""Values of a bloc from those of its members, as they are known on a date; nothing is stored.

Rules, by the indicator's `bloc` field: `sum` adds, `weighted` averages with the weight's newest known values, `max`
takes the best member (a frontier), `none` makes no value. Sums and averages are made only where the members with data
hold at least `COVERAGE` of the bloc's GDP, unless the indicator is a census: a member without a row then has none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError

from headway.errors import InputError
from headway.evidence.catalogue import Bloc, Indicator
from headway.evidence.countries import resolve
from headway.evidence.observation import COLUMNS, make_ids, tidy

COVERAGE = 0.9
SIZE = "gdp_usd"  # what a member counts for when coverage is measured


def aggregate(
    rows: pd.DataFrame,
    blocs: Iterable[Bloc],
    indicators: Mapping[str, Indicator],
    weights: Mapping[str, pd.Series[float]],
) -> pd.DataFrame:
    """Observations of `blocs`, one per indicator and period, in the columns of the observation table.

    Args:
        rows: members' observations, one per indicator, country and period.
        weights: newest known value by country, for `SIZE` and every weight that the indicators name.
    """
    made = [
        _one(group, bloc, indicators[str(slug)], weights)
        for slug, of_indicator in rows.groupby("indicator", sort=True)
        if indicators[str(slug)].bloc != "none"
        for bloc in blocs
        if len(group := of_indicator[of_indicator["country"].isin(bloc.members)])
    ]
    full = [frame for frame in made if len(frame)]
    return pd.concat(full, ignore_index=True) if full else tidy(rows.iloc[:0])


def _one(rows: pd.DataFrame, bloc: Bloc, indicator: Indicator, weights: Mapping[str, pd.Series[float]]) -> pd.DataFrame:
    if indicator.bloc == "max":
        best = rows.sort_values(["value", "country"], ascending=[False, True]).groupby("period", sort=True).head(1)
        ends = best.set_index("period")[["value", "low", "high", "level"]]
        return _finish(rows[rows["id"].isin(best["id"])], ends, bloc)
    if not indicator.census:
        rows = rows[rows["period"].isin(_covered(rows, bloc, weights[SIZE]))]
    if indicator.bloc == "weighted":
        assert indicator.weight is not None
        rows = rows.assign(weight=rows["country"].map(weights[indicator.weight])).dropna(subset=["weight"])
        parts = (rows["value"] * rows["weight"]).groupby(rows["period"]).sum()
        values = parts / rows.groupby("period")["weight"].sum()
    else:
        values = rows.groupby("period")["value"].sum()
    return _finish(rows, values.to_frame("value"), bloc)


def _covered(rows: pd.DataFrame, bloc: Bloc, size: pd.Series[float]) -> pd.Index[str]:
    """Periods in which members with data hold enough of the bloc; members of unknown size count as one equal share."""
    known = size.reindex(list(bloc.members))
    shares = known.fillna(known.mean() if known.notna().any() else 1.0)
    share = rows["country"].map(shares / shares.sum()).groupby(rows["period"]).sum()
    return share.index[share >= COVERAGE - 1e-12]


def _finish(rows: pd.DataFrame, values: pd.DataFrame, bloc: Bloc) -> pd.DataFrame:
    if rows.empty:
        return rows.iloc[:0][list(COLUMNS)]
    groups = rows.sort_values(["period", "country"]).groupby("period", sort=True)
    table = groups.agg(
        indicator=("indicator", "first"),
        unit=("unit", "first"),
        source=("source", lambda names: names.value_counts().sort_index().idxmax()),
        published_on=("published_on", "max"),
        retrieved_on=("retrieved_on", "max"),
        flag=("flag", lambda flags: ",".join(sorted({"aggregate", *filter(None, ",".join(flags).split(","))}))),
        inputs=("id", " ".join),
    ).join(values)
    for column in ("low", "high", "level"):
        if column not in table:
            table[column] = np.nan
    table = table.reset_index().assign(country=bloc.slug)
    table["id"] = make_ids(table)
    return table[list(COLUMNS)]


def read_groups(path: Path) -> dict[str, Bloc]:
    """A user's own groups from TOML or YAML: `[CODE]` with `name` and `members` (codes or names of countries).

    Raises:
        InputError: names file, group and field.
    """
    entries = _parse(path)
    if not isinstance(entries, dict) or not entries:
        raise InputError(f"{path}: write one table per group: a code of capital letters with name and members")
    groups = {}
    for slug, fields in entries.items():
        if not isinstance(fields, dict) or not isinstance(fields.get("members"), list):
            raise InputError(f"{path}: [{slug}] members: give a list of countries")
        try:
            members = tuple(sorted({code for name in fields["members"] for code in _codes(str(name))}))
            groups[str(slug)] = Bloc.model_validate(
                {"name": str(slug), "as_of": "2000-01-01", **fields, "slug": str(slug), "members": members}
            )
        except ValidationError as error:
            first = error.errors()[0]
            raise InputError(f"{path}: [{slug}] {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
        except InputError as error:
            raise InputError(f"{path}: [{slug}] members: {error}") from error
    return groups


def _codes(name: str) -> tuple[str, ...]:
    found = resolve(name)
    return found.members if found.kind == "bloc" else (found.code,)


def _parse(path: Path) -> Any:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    try:
        if path.suffix == ".toml":
            return tomllib.loads(text)
        import yaml

        return yaml.safe_load(text)
    except Exception as error:  # both parsers' own errors
        raise InputError(f"{path}: not valid {path.suffix[1:].upper()}: {error}") from error
