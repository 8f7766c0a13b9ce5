"""In-memory database of what was known on a date, over the snapshot's files, with the user's rows merged in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from headway.core import periods
from headway.evidence import catalogue
from headway.evidence.catalogue import Indicator
from headway.evidence.observations import COLUMNS, tidy
from headway.evidence.snapshot import Snapshot
from headway.evidence.user import UserEvidence

if TYPE_CHECKING:
    import duckdb


def known_database(snapshot: Snapshot, as_of: dt.date, user: UserEvidence | None) -> duckdb.DuckDBPyConnection:
    """In-memory database: observations, models, flows, statements; all_… hold older vintages too."""
    import duckdb

    database = duckdb.connect(":memory:", config={"threads": 2})
    shown = database.execute("SELECT current_setting('enable_progress_bar')").fetchone()
    if shown and shown[0]:  # a bar would write into piped output; a notebook without ipywidgets refuses to unset it
        database.execute("SET enable_progress_bar = false")

    def parquet(table: str) -> str:
        path = str(snapshot.path(table)).replace("'", "''")
        return f"read_parquet('{path}')"

    day = f"DATE '{as_of.isoformat()}'"
    merged = _with_columns(database, parquet("observations"), {"grade": "''", "read_in": "''"})
    if user is not None and len(user.observations):
        slugs, codes = (sorted(user.observations[name].unique()) for name in ("indicator", "country"))
        shipped = database.execute(
            f"SELECT * FROM {merged} WHERE indicator IN $1 AND country IN $2 AND published_on <= {day} "
            "QUALIFY row_number() OVER (PARTITION BY indicator, country, period ORDER BY published_on DESC) = 1",
            [slugs, codes],
        ).df()
        database.register("given", carried(user.observations, shipped, catalogue.indicators()))
        typed = "* REPLACE (published_on::DATE AS published_on, retrieved_on::DATE AS retrieved_on)"
        database.execute(f"CREATE TABLE user_observations AS SELECT {typed} FROM given")
        database.unregister("given")
        own = f"SELECT {', '.join(COLUMNS)} FROM"
        merged = f"({own} {merged} UNION ALL {own} user_observations)"
    database.execute(f"CREATE VIEW all_observations AS SELECT * FROM {merged} WHERE published_on <= {day}")
    declared: Mapping[str, Indicator] = user.indicators if user is not None else {}
    single = [[slug] for slug, entry in {**catalogue.indicators(), **declared}.items() if not entry.splice]
    database.execute("CREATE TABLE unspliced (indicator VARCHAR)")
    if single:
        database.executemany("INSERT INTO unspliced VALUES (?)", single)
    database.execute(_CURRENT)
    database.execute(f"CREATE VIEW all_models AS SELECT * FROM {parquet('models')} WHERE published_on <= {day}")
    database.execute(f"CREATE VIEW models AS SELECT * FROM all_models WHERE coalesce(withdrawn_on > {day}, true)")
    database.execute(
        f"CREATE VIEW flows AS SELECT * FROM {parquet('flows')} WHERE published_on <= {day} QUALIFY row_number() OVER "
        "(PARTITION BY kind, origin, destination, period ORDER BY published_on DESC, source) = 1"
    )
    statements = _with_columns(database, parquet("statements"), {"grade": "reliability", "read_in": "''"})
    database.execute(f"CREATE VIEW statements AS SELECT * FROM {statements} WHERE published_on <= {day}")
    return database


def _with_columns(database: duckdb.DuckDBPyConnection, table: str, fills: Mapping[str, str]) -> str:
    """SQL of `table` with the columns of `fills`, each filled by its expression where an older snapshot lacks it."""
    present = {row[0] for row in database.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()}
    added = "".join(f", {sql} AS {name}" for name, sql in fills.items() if name not in present)
    return f"(SELECT *{added} FROM {table})" if added else table


# Of each figure the user's row, else the newest vintage; of an unspliced indicator only its newest edition.
_CURRENT = """
CREATE TABLE observations AS
WITH marked AS (
    SELECT *, contains(flag, 'user') AS own FROM all_observations
), editions AS (
    SELECT indicator, source AS edition FROM marked
    WHERE NOT own AND indicator IN (SELECT indicator FROM unspliced)
    GROUP BY indicator, source
    QUALIFY row_number() OVER (
        PARTITION BY indicator ORDER BY max(published_on) DESC, max(retrieved_on) DESC, source DESC
    ) = 1
)
SELECT marked.* EXCLUDE (own) FROM marked LEFT JOIN editions USING (indicator)
WHERE own OR edition IS NULL OR source = edition
QUALIFY row_number() OVER (
    PARTITION BY indicator, country, period ORDER BY own DESC, published_on DESC, retrieved_on DESC, source
) = 1
ORDER BY indicator, country, period
"""


def known_ranges(snapshot: Snapshot) -> dict[tuple[str, str], tuple[float, float]]:
    """Least and largest size of a value that is not zero, by indicator and country; '' stands for all countries."""
    import duckdb

    rows = duckdb.execute(
        "SELECT indicator, coalesce(country, ''), min(abs(value)), max(abs(value)) FROM read_parquet($1) "
        "WHERE value <> 0 GROUP BY GROUPING SETS ((indicator, country), (indicator))",
        [str(snapshot.path("observations"))],
    ).fetchall()
    return {(str(slug), str(code)): (float(least), float(most)) for slug, code, least, most in rows}


def carried(own: pd.DataFrame, shipped: pd.DataFrame, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    """Rows of the user with those that follow from them: a maximum so far holds until a larger value is known.

    Where the publishers' later value of a best-so-far series (a derived one that a bloc takes the best member of) is
    smaller, the user's stands in its place, known when both are, with the user's row as its input.

    Args:
        own: tidy rows of the user. shipped: tidy rows of the publishers.
    """
    best = {slug for slug, entry in indicators.items() if entry.bloc == "max" and entry.rule}
    given = own[own["indicator"].isin(best)]
    if given.empty:
        return own
    given = given.assign(end=given["period"].map(periods.end))
    later = shipped.assign(end=shipped["period"].map(periods.end)).merge(
        given, on=["indicator", "country"], suffixes=("_shipped", "")
    )
    newer = later["end_shipped"] > later["end"]
    later = later[newer & (later["value_shipped"] < later["value"])].sort_values("value", ascending=False)
    later = later.drop_duplicates(["indicator", "country", "period_shipped"])
    stated = pd.MultiIndex.from_frame(own[["indicator", "country", "period"]])
    again = pd.MultiIndex.from_frame(later[["indicator", "country", "period_shipped"]]).isin(stated)
    rows = later[~again].assign(
        period=later["period_shipped"],
        published_on=later[["published_on", "published_on_shipped"]].max(axis=1),
        flag="derived,user",
        inputs=later["id"],
    )
    return pd.concat([own, tidy(rows[list(own.columns)])], ignore_index=True) if len(rows) else own
