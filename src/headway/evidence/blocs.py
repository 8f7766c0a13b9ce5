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

from headway.core import yaml_files
from headway.core.errors import InputError
from headway.evidence.catalogue import Bloc, Indicator
from headway.evidence.countries import Country, classify, resolve
from headway.evidence.observations import COLUMNS, tidy

COVERAGE = 0.9
SIZE = "gdp_usd"  # what a member counts for when coverage is measured
KEY = ["indicator", "period"]


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
    rule = rows["indicator"].map({slug: entry.bloc for slug, entry in indicators.items()})
    made = []
    for bloc in blocs:
        members = rows["country"].isin(bloc.members)
        covered = _covered(rows[members], bloc, indicators, weights[SIZE])
        best = _best(rows[members & (rule == "max")])
        made += [
            _finish(best, best.set_index(KEY)[["value", "low", "high", "level"]], bloc),
            _summed(covered[rule[covered.index] == "sum"], bloc),
            _averaged(covered[rule[covered.index] == "weighted"], bloc, indicators, weights),
        ]
    full = [frame for frame in made if len(frame)]
    return pd.concat(full, ignore_index=True) if full else tidy(rows.iloc[:0])


def _best(rows: pd.DataFrame) -> pd.DataFrame:
    ordered = rows.sort_values([*KEY, "value", "country"], ascending=[True, True, False, True])
    return ordered.drop_duplicates(KEY)


def _summed(rows: pd.DataFrame, bloc: Bloc) -> pd.DataFrame:
    return _finish(rows, rows.groupby(KEY)["value"].sum().to_frame("value"), bloc)


def _averaged(
    rows: pd.DataFrame, bloc: Bloc, indicators: Mapping[str, Indicator], weights: Mapping[str, pd.Series[float]]
) -> pd.DataFrame:
    table = pd.Series({(slug, country): value for slug, values in weights.items() for country, value in values.items()})
    named = rows["indicator"].map({slug: entry.weight for slug, entry in indicators.items()})
    weight = pd.Series([table.get(pair, np.nan) for pair in zip(named, rows["country"], strict=True)], index=rows.index)
    weighed = rows.assign(weight=weight, part=rows["value"] * weight).dropna(subset=["weight"])
    sums = weighed.groupby(KEY)[["part", "weight"]].sum()
    return _finish(weighed, (sums["part"] / sums["weight"]).to_frame("value"), bloc)


def _covered(
    rows: pd.DataFrame, bloc: Bloc, indicators: Mapping[str, Indicator], size: pd.Series[float]
) -> pd.DataFrame:
    """Rows of periods in which members with data hold enough of the bloc, and all rows of a census.

    A member of unknown size counts for as much as the average member.
    """
    known = size.reindex(list(bloc.members))
    shares = known.fillna(known.mean() if known.notna().any() else 1.0)
    share = rows["country"].map(shares / shares.sum()).groupby([rows[name] for name in KEY]).transform("sum")
    census = rows["indicator"].map({slug: entry.census for slug, entry in indicators.items()}).astype(bool)
    return rows[census | (share >= COVERAGE - 1e-12)]


def _finish(rows: pd.DataFrame, values: pd.DataFrame, bloc: Bloc) -> pd.DataFrame:
    """`values`, indexed by indicator and period, as rows of the table with the ids of what they were made from."""
    if rows.empty:
        return rows.iloc[:0][list(COLUMNS)]
    groups = rows.sort_values([*KEY, "country"]).groupby(KEY)
    table = groups.agg(
        unit=("unit", "first"),
        published_on=("published_on", "max"),
        retrieved_on=("retrieved_on", "max"),
        inputs=("id", " ".join),
    ).join(values)
    table["source"] = _commonest(rows)
    flags = rows.drop_duplicates([*KEY, "flag"]).groupby(KEY)["flag"].agg(",".join)
    table["flag"] = flags + ",aggregate"
    return tidy(table.reset_index().assign(country=bloc.slug))


def _commonest(rows: pd.DataFrame) -> pd.Series[str]:
    """Source that most of the members' rows come from; the rest stand in `inputs`."""
    counts = rows.groupby([*KEY, "source"]).size().rename("n").reset_index()
    first = counts.sort_values([*KEY, "n", "source"], ascending=[True, True, False, True]).drop_duplicates(KEY)
    return first.set_index(KEY)["source"]


def read_groups(path: Path) -> dict[str, Bloc]:
    """Groups of a user, from TOML or YAML: `[CODE]` with `name` and `members` (codes or names of countries).

    Raises:
        InputError: names file, group and field.
    """
    entries = parse(path)
    if not isinstance(entries, dict) or not entries:
        raise InputError(f"{path}: write one table per group: a code of capital letters with name and members")
    return groups_in(entries, path)


def groups_in(entries: Mapping[str, Any], path: Path) -> dict[str, Bloc]:
    """Groups from their tables, by code.

    Raises:
        InputError: names file, group and field; a group would hide a country or a bloc of ours.
    """
    groups: dict[str, Bloc] = {}
    for slug, fields in entries.items():
        if not isinstance(fields, dict) or not isinstance(fields.get("members"), list):
            raise InputError(f"{path}: [{slug}] members: give a list of countries")
        hidden = _hidden(str(slug))
        if hidden is not None:
            raise InputError(
                f"{path}: [{slug}] would hide {hidden.name} ({hidden.code}); choose a code that is no country's and no "
                f"bloc's, as MY{slug}"
            )
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


def _hidden(slug: str) -> Country | None:
    """Country or bloc that is meant by a group's code already."""
    try:
        found = classify(slug)
    except InputError:
        return None
    return found if isinstance(found, Country) else None


def parse(path: Path) -> Any:
    """Content of a TOML or YAML file.

    Raises:
        InputError: the file cannot be read or is not valid.
    """
    text = yaml_files.read_text(path)
    if path.suffix != ".toml":
        return yaml_files.document(text, path).value
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not valid TOML: {error}") from error
