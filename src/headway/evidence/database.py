"""The tables of what is known on a date, as DuckDB makes them from the snapshot and the user's rows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from headway.evidence import catalogue
from headway.evidence.observation import COLUMNS
from headway.evidence.snapshot import Snapshot
from headway.evidence.user import UserEvidence

if TYPE_CHECKING:
    import duckdb


def known_database(snapshot: Snapshot, as_of: dt.date, user: UserEvidence | None) -> duckdb.DuckDBPyConnection:
    """An in-memory database: observations, models, flows, statements; all_… hold older vintages too."""
    import duckdb

    database = duckdb.connect(":memory:", config={"threads": 2})
    database.execute("SET enable_progress_bar = false")  # it would write into piped output

    def parquet(table: str) -> str:
        path = str(snapshot.path(table)).replace("'", "''")
        return f"read_parquet('{path}')"

    day = f"DATE '{as_of.isoformat()}'"
    merged = parquet("observations")
    if user is not None and len(user.observations):
        database.register("given", user.observations)
        typed = "* REPLACE (published_on::DATE AS published_on, retrieved_on::DATE AS retrieved_on)"
        database.execute(f"CREATE TABLE user_observations AS SELECT {typed} FROM given")
        database.unregister("given")
        merged = f"(SELECT {', '.join(COLUMNS)} FROM {merged} UNION ALL SELECT * FROM user_observations)"
    database.execute(f"CREATE VIEW all_observations AS SELECT * FROM {merged} WHERE published_on <= {day}")
    single = [[slug] for slug, entry in catalogue.indicators().items() if not entry.splice]
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
    database.execute(f"CREATE VIEW statements AS SELECT * FROM {parquet('statements')} WHERE published_on <= {day}")
    return database


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
