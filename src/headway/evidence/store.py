"""Evidence as known on a date: DuckDB over the snapshot, with the user's own evidence and groups merged in."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pandas as pd

from headway.core import periods
from headway.core.cache import MemoryCache
from headway.core.errors import EvidenceError, InputError
from headway.evidence import blocs as bloc_rules
from headway.evidence import catalogue
from headway.evidence.catalogue import Bloc, Indicator, Source
from headway.evidence.countries import Country, resolve
from headway.evidence.database import known_database, known_ranges
from headway.evidence.observations import COLUMNS, MODELS, STATEMENTS, tidy_facts
from headway.evidence.snapshot import Snapshot, open_snapshot
from headway.evidence.user import UserEvidence, read_user_files

if TYPE_CHECKING:
    import duckdb


T = TypeVar("T")
Names = str | Sequence[str] | None
_MOST = 2000  # tables and other things derived that are kept in memory
_BIG_BANG = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Fact:
    """Row of one table and its source; `source` carries publisher, address, licence and citation."""

    id: str
    table: str
    row: Mapping[str, Any]
    source: Source

    @property
    def inputs(self) -> tuple[str, ...]:
        """Ids of the facts that it was derived from."""
        return tuple(str(self.row.get("inputs") or "").split())


@dataclass(frozen=True)
class Evidence:
    """Evidence as known on `as_of`: nothing in it was published later, and of each figure the newest vintage counts.

    Of an indicator whose editions may not be mixed (`splice = false`), only the newest edition known is kept. The
    user's rows stand in place of the publishers' for the same indicator, country and period. Blocs and the user's
    groups are computed from their members when `country` names them; frames without a choice of country hold countries
    only. Dates are datetime64.
    """

    as_of: dt.date
    snapshot_hash: str
    snapshot_date: dt.date
    user_hash: str | None
    groups: Mapping[str, Bloc]
    own: UserEvidence | None = field(repr=False, compare=False)
    _sources: Mapping[str, Source] = field(repr=False)
    _connect: Callable[[], duckdb.DuckDBPyConnection] = field(repr=False)
    _derived: MemoryCache[Any] = field(default_factory=lambda: MemoryCache(_MOST), repr=False, compare=False)

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        """Database, built when it is asked for: a brief that is read from an edition asks for nothing."""
        return self._connect()

    @property
    def identity(self) -> tuple[str, str, str]:
        """Identity of this body of evidence: date, hash of the snapshot, hash of the user's files."""
        return self.as_of.isoformat(), self.snapshot_hash, self.user_hash or ""

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Result that `make` derives from this evidence, derived once: many questions of one session ask the same."""
        return cast(T, self._derived.get(key, make))

    def _table(self, key: Hashable, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Table derived once; the copy given is the caller's own to change."""
        return self.once(key, make).copy(deep=False)

    def indicators(self) -> Mapping[str, Indicator]:
        """Catalogue of indicators and the user's own, by slug."""
        if self.own is None or not self.own.indicators:
            return catalogue.indicators()
        return self.once("indicators", lambda: {**catalogue.indicators(), **self.own.indicators})  # type: ignore[union-attr]

    def sources(self) -> Mapping[str, Source]:
        """Publishers and the user's own sources, by slug."""
        return self._sources

    def resolve(self, text: str) -> Country:
        """Country, bloc or group of the user that `text` names; raises InputError with a suggestion."""
        group = self.groups.get(text.strip().upper())
        return Country(group.slug, group.name, "bloc", group.members) if group else resolve(text)

    def observations(
        self,
        indicator: Names = None,
        country: Names = None,
        since: str | int | None = None,
        until: str | int | None = None,
    ) -> pd.DataFrame:
        """Observations in the columns of `observations.COLUMNS`, by indicator, country and period.

        Args:
            country: codes or names; blocs and groups are made from their members.
            since, until: periods; rows whose period begins before `since` or ends after `until` are left out.

        Raises:
            InputError: an unknown indicator, country or period.
        """
        asked = ("observations", _key(indicator), _key(country), since, until)
        return self._table(asked, lambda: self._observations(indicator, country, since, until))

    def _observations(
        self, indicator: Names, country: Names, since: str | int | None, until: str | int | None
    ) -> pd.DataFrame:
        slugs = self._slugs(indicator)
        places = None if country is None else [self.resolve(name) for name in _listed(country)]
        if places is None:
            rows = self._select(slugs, None)
            rows = rows[~rows["country"].isin({*catalogue.blocs(), *self.groups})]
        else:
            codes = [place.code for place in places]
            own = self._select(slugs, codes)
            blocs = [place.code for place in places if place.kind == "bloc"]
            rows = self._with_blocs(own, slugs, blocs) if blocs else own
        rows = _between(rows, since, until)
        return rows.sort_values(["indicator", "country", "period"], ignore_index=True)

    def _with_blocs(self, own: pd.DataFrame, slugs: list[str] | None, blocs: list[str]) -> pd.DataFrame:
        """Rows that state a bloc's own figure, and those made from its members where none is stated."""
        made = self._blocs(slugs, blocs)
        stated = pd.MultiIndex.from_frame(own[["indicator", "country", "period"]])
        made = made[~pd.MultiIndex.from_frame(made[["indicator", "country", "period"]]).isin(stated)]
        return pd.concat([own, made], ignore_index=True) if len(made) else own

    def latest(self, indicator: str, max_age_years: float | None = None, country: Names = None) -> pd.DataFrame:
        """Row of the newest period of each country; stated targets are left out.

        Args:
            max_age_years: leave out rows whose period ended longer before `as_of`.
        """
        asked = ("latest", indicator, max_age_years, _key(country))
        return self._table(asked, lambda: self._latest(indicator, max_age_years, country))

    def _latest(self, indicator: str, max_age_years: float | None, country: Names) -> pd.DataFrame:
        rows = _observed(self.observations(indicator, country))
        ends = rows["period"].map(lambda text: pd.Timestamp(periods.end(text)))
        rows = rows.assign(end=ends).sort_values(["country", "end"]).groupby("country", sort=True).tail(1)
        if max_age_years is not None:
            rows = rows[rows["end"] >= pd.Timestamp(self.as_of) - pd.Timedelta(days=365.25 * max_age_years)]
        return rows[list(COLUMNS)].reset_index(drop=True)

    def panel(self, indicator: str, country: Names = None) -> pd.DataFrame:
        """Values, one row per period and one column per country; stated targets are left out."""
        return self._table(("panel", indicator, _key(country)), lambda: self._panel(indicator, country))

    def _panel(self, indicator: str, country: Names) -> pd.DataFrame:
        rows = _observed(self.observations(indicator, country))
        return rows.pivot(index="period", columns="country", values="value").sort_index()

    def models(self) -> pd.DataFrame:
        """Model-level facts (`observations.MODEL_COLUMNS`) that were known and not withdrawn on `as_of`."""
        return self._table(
            "models", lambda: tidy_facts(self._query("SELECT * FROM models ORDER BY published, id"), MODELS)
        )

    def statements(self, kind: str | None = None, country: str | None = None) -> pd.DataFrame:
        """Curated facts in words (`observations.STATEMENT_COLUMNS`); kind as `STATEMENT_COLUMNS` says."""
        code = None if country is None else self.resolve(country).code
        return self._table(("statements", kind, code), lambda: self._statements(kind, code))

    def _statements(self, kind: str | None, code: str | None) -> pd.DataFrame:
        rows = self._query(
            "SELECT * FROM statements WHERE ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR country = $2) "
            "ORDER BY kind, country, id",
            [kind, code],
        )
        return tidy_facts(rows, STATEMENTS)

    def flows(self, kind: str) -> pd.DataFrame:
        """Bilateral flows (`observations.FLOW_COLUMNS`); kind is scholars, collaborators or coauthors.

        Raises:
            InputError: no such kind.
        """
        kinds = [row[0] for row in self._database.execute("SELECT DISTINCT kind FROM flows ORDER BY 1").fetchall()]
        if kind not in kinds and kind not in ("scholars", "collaborators", "coauthors"):
            raise InputError(f"'{kind}' is not a kind of flow; there are {', '.join(kinds)}")
        return self._query("SELECT * FROM flows WHERE kind = $1 ORDER BY period, origin, destination", [kind])

    def fact(self, id: str) -> Fact:
        """Row of any table with this id, as known on `as_of` (older vintages too), with its source.

        Raises:
            InputError: no such fact is known on `as_of`.
        """
        found = self.facts([id])
        if id in found:
            return found[id]
        raise InputError(f"no fact has the id '{id}' as known on {self.as_of}; `headway evidence export` lists ids")

    def facts(self, ids: Iterable[str]) -> dict[str, Fact]:
        """Facts by id, in one reading of the tables; ids that are not known are left out."""
        missing = list(dict.fromkeys(ids))
        found: dict[str, Fact] = {}
        for table in ("all_observations", "all_models", "flows", "statements"):
            if missing:
                rows = self._query(f"SELECT * FROM {table} WHERE list_contains($1, id)", [missing])
                found |= {str(row["id"]): self._fact(table.removeprefix("all_"), row) for row in _records(rows)}
                missing = [id for id in missing if id not in found]
        for id in missing:
            parts = id.split(":")
            if len(parts) == 5 and parts[2] in {*self.groups, *catalogue.blocs()} and parts[1] in self.indicators():
                rows = self._blocs([parts[1]], [parts[2]])
                found |= {str(row["id"]): self._fact("observations", row) for row in _records(rows[rows["id"] == id])}
        return found

    def _fact(self, table: str, row: dict[str, Any]) -> Fact:
        return Fact(str(row["id"]), table, row, self._source_of(row))

    def _source_of(self, row: Mapping[str, Any]) -> Source:
        if "url" not in row:
            return self._sources[str(row["source"])]
        return Source(
            slug="curated",
            publisher=row["publisher"] or "unknown publisher",
            title=row["title"],
            url=row["url"],
            licence="single fact, cited",
            citation=", ".join(filter(None, (row["publisher"], row["title"], row["source_date"]))),
            retrieved_on=row["transcribed_on"].date()
            if pd.notna(row.get("transcribed_on"))
            else row["published_on"].date(),
        )

    def _slugs(self, indicator: Names) -> list[str] | None:
        if indicator is None:
            return None
        slugs = _listed(indicator)
        for slug in slugs:
            if slug not in self.indicators():
                from difflib import get_close_matches

                near = get_close_matches(slug, self.indicators(), 3)
                hint = f"; did you mean {' or '.join(near)}?" if near else "; `headway evidence list` names them"
                raise InputError(f"'{slug}' is not an indicator{hint}")
        return slugs

    def _select(self, slugs: list[str] | None, codes: list[str] | None) -> pd.DataFrame:
        if slugs is not None and len(slugs) == 1:  # the usual question, often of one indicator and many countries
            rows = self._of(slugs[0])
            return rows if codes is None else rows[rows["country"].isin(codes)].reset_index(drop=True)
        return self._query(
            "SELECT * FROM observations WHERE ($1 IS NULL OR list_contains($1, indicator)) "
            "AND ($2 IS NULL OR list_contains($2, country))",
            [slugs, codes],
        )

    def _of(self, slug: str) -> pd.DataFrame:
        """All rows of one indicator."""
        sql = "SELECT * FROM observations WHERE indicator = $1"
        return self.once(("rows", slug), lambda: self._query(sql, [slug]))

    def _blocs(self, slugs: list[str] | None, codes: Iterable[str]) -> pd.DataFrame:
        known = {**catalogue.blocs(), **self.groups}
        wanted = [known[code] for code in codes]
        members = sorted({member for bloc in wanted for member in bloc.members})
        rows = _observed(self._select(slugs, members)) if members else self._select([], [])
        named = {self.indicators()[str(slug)].weight for slug in rows["indicator"].unique()} - {None}
        weights = {str(slug): self._newest(str(slug)) for slug in {*named, bloc_rules.SIZE}}
        return bloc_rules.aggregate(rows, wanted, self.indicators(), weights)

    def _newest(self, slug: str) -> pd.Series[float]:
        rows = self._query(
            "SELECT country, arg_max(value, period) AS value FROM observations WHERE indicator = $1 GROUP BY country",
            [slug],
        )
        return rows.set_index("country")["value"]

    def _query(self, sql: str, parameters: list[Any] | None = None) -> pd.DataFrame:
        return self._database.cursor().execute(sql, parameters or []).df()


def open_evidence(
    as_of: dt.date | None = None, user_files: Sequence[Path] = (), folder: Path | None = None
) -> Evidence:
    """Evidence of the shipped snapshot as known on `as_of`; by default, on the snapshot's own date.

    Without a user's files one process is given the same object for the same snapshot and date.

    Args:
        user_files: the user's own tables (`.csv`, `.tsv`, `.txt`, `.xlsx`) and settings (`.toml`, `.yaml`);
            `OwnFiles` also say how tables are to be read.
        folder: another snapshot than the one of `snapshot_folder`.

    Raises:
        EvidenceError: the snapshot is missing or a file does not have its recorded hash.
        InputError: a user's file breaks a rule; names file, row and field.
    """
    snapshot = _checked(snapshot_folder() if folder is None else Path(folder))
    day = as_of or snapshot.date
    if not user_files:
        return _kept.get((snapshot.folder, snapshot.hash, day), lambda: _known(snapshot, day, None))
    newest = max(day, snapshot.date)
    user = read_user_files(user_files, catalogue.indicators(), newest, lambda: known_ranges(snapshot))
    return _known(snapshot, day, user)


def _known(snapshot: Snapshot, day: dt.date, user: UserEvidence | None) -> Evidence:
    sources = {**catalogue.sources(), **(user.sources if user else {})}
    groups = user.groups if user else {}
    connect = partial(known_database, snapshot, day, user)
    known = Evidence(day, snapshot.hash, snapshot.date, user.hash if user else None, groups, user, sources, connect)
    if user is not None:
        _ = known._database  # a fault of the user's files is told before any work
    return known


# Bodies of evidence opened last: nobody can change one, and to build its database takes longer than most questions.
_kept: MemoryCache[Evidence] = MemoryCache(4)


def snapshot_folder() -> Path:
    """Folder named by HEADWAY_EVIDENCE where that is set, else the snapshot of the package.

    Raises:
        EvidenceError: the package is zipped, so that DuckDB cannot read it.
    """
    chosen = os.environ.get("HEADWAY_EVIDENCE")
    if chosen:
        return Path(chosen)
    folder = files("headway.evidence").joinpath("data")
    if not isinstance(folder, Path):
        raise EvidenceError("the evidence snapshot lies in a zip file; install Headway unzipped")
    return folder


def _checked(folder: Path) -> Snapshot:
    """Snapshot, opened and checked; one process reads the hashes of an unchanged folder once."""
    stamp = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(folder.glob("*")))
    return _open(folder, stamp)


@lru_cache(maxsize=8)
def _open(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> Snapshot:
    return open_snapshot(folder)


def _key(names: Names) -> Hashable:
    return names if names is None or isinstance(names, str) else tuple(names)


def _listed(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(column): value for column, value in row.items()} for row in rows.to_dict("records")]


def _observed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["flag"].str.contains("target", regex=False)]


def _between(rows: pd.DataFrame, since: str | int | None, until: str | int | None) -> pd.DataFrame:
    if since is None and until is None:
        return rows
    first = periods.start(str(since)) if since is not None else _BIG_BANG
    last = periods.end(str(until)) if until is not None else dt.date.max
    spans = {text: periods.span(text) for text in rows["period"].unique()}
    kept = [spans[text][0] >= first and spans[text][1] <= last for text in rows["period"]]
    return rows[pd.Series(kept, index=rows.index, dtype=bool)]
