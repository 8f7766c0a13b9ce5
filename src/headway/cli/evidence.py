"""`headway evidence`: what is known, who says so, how old it is, and how the snapshot is made."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.cli.common import SentenceGroup, TableFormat, emit_table, print_json, say
from headway.cli.options import AcceptOutliers, AsOf, Force, Format, Json, Map, Out, User, evidence_on, own_files, split
from headway.core.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from headway.evidence import Evidence
    from headway.evidence.build import TableChange

Names = Annotated[list[str] | None, typer.Option(help="Only these; may be given several times, or joined by commas.")]
Since = Annotated[str | None, typer.Option(help="First period: 2015, 2015Q2, 2015-04.")]
Until = Annotated[str | None, typer.Option(help="Last period.")]
Domain = Annotated[str | None, typer.Option(help="Only indicators of this domain: compute, talent, money …")]

group = typer.Typer(
    cls=SentenceGroup, no_args_is_help=True, help="What is known, who says so, and since when.", rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="evidence")


@group.command("list")
def list_indicators(
    domain: Domain = None, indicator: Names = None, country: Names = None, since: Since = None, until: Until = None,
    as_of: AsOf = None,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    json: Json = False, shape: Format = TableFormat.TABLE, out: Out = None,
    force: Force = False,
) -> None:  # fmt: skip
    """Indicators with their unit, coverage and newest period."""
    import pandas as pd

    store = evidence_on(as_of, own_files(evidence, mapping, accept_outliers))
    rows = store.observations(_slugs(store, indicator, domain), _places(store, country), since, until)
    catalogue = store.indicators()
    table = rows.groupby("indicator").agg(
        countries=("country", "nunique"), first=("period", "min"), newest=("period", "max"), rows=("id", "size")
    )
    table = pd.DataFrame(
        {
            "indicator": list(table.index),
            "name": [catalogue[slug].name for slug in table.index],
            "domain": [catalogue[slug].domain for slug in table.index],
            "unit": [catalogue[slug].unit for slug in table.index],
            "kind": [catalogue[slug].kind for slug in table.index],
            **{column: table[column].to_list() for column in table},
        }
    ).sort_values(["domain", "indicator"])
    if shape is TableFormat.TABLE and not json and out is None:
        table = table.drop(columns=["kind", "rows"])
    _emit(table, "indicators", json, shape, out, force)
    say(f"{len(table)} indicators, {rows['country'].nunique()} countries and blocs, as known on {store.as_of}")


@group.command()
def show(
    what: Annotated[list[str], typer.Argument(help="An id of a fact, or an indicator and a country.")],
    since: Since = None, until: Until = None, as_of: AsOf = None,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    json: Json = False,
    shape: Format = TableFormat.TABLE, out: Out = None, force: Force = False,
) -> None:  # fmt: skip
    """One fact with its source, or one series."""
    store = evidence_on(as_of, own_files(evidence, mapping, accept_outliers))
    if len(what) == 1 and ":" in what[0]:
        _show_fact(store, what[0], json or shape is TableFormat.JSON)
        return
    if len(what) != 2:
        raise InputError("name an id, or an indicator and a country: headway evidence show gdp_usd FRA")
    place = store.resolve(what[1])
    rows = store.observations(what[0], place.code, since, until)
    entry = store.indicators()[what[0]]
    kept = rows if out or json or shape is not TableFormat.TABLE else _brief(rows)
    _emit(kept, "observations", json, shape, out, force, title=f"{place.name}: {entry.name} ({entry.unit})")
    if rows.empty:
        say(f"no {what[0]} of {place.name} was known on {store.as_of}")
    for slug in rows["source"].unique():
        source = store.sources()[slug]
        say(f"{source.publisher}, {source.title}; {source.licence}; {source.url}; retrieved {source.retrieved_on}")


@group.command()
def export(
    domain: Domain = None, indicator: Names = None, country: Names = None, since: Since = None, until: Until = None,
    as_of: AsOf = None,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    json: Json = False, shape: Format = TableFormat.CSV, out: Out = None,
    force: Force = False,
    table: Annotated[str, typer.Option(help="observations, models, statements or flows.")] = "observations",
) -> None:  # fmt: skip
    """Rows as CSV, JSON or Parquet, with their ids."""
    store = evidence_on(as_of, own_files(evidence, mapping, accept_outliers))
    if table == "observations":
        rows = store.observations(_slugs(store, indicator, domain), _places(store, country), since, until)
    elif any((domain, indicator, since, until)):
        raise InputError(f"--domain, --indicator, --since and --until choose observations, not {table}")
    else:
        rows = _other_table(store, table, _places(store, country))
    for column in rows.columns[rows.dtypes.map(str).str.startswith("datetime64")]:
        rows[column] = rows[column].dt.strftime("%Y-%m-%d")
    _emit(rows, table, json, shape, out, force)
    counted = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    say(f"{counted} as known on {store.as_of}; licences: headway evidence sources")


@group.command()
def sources(
    as_of: AsOf = None,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    json: Json = False, shape: Format = TableFormat.TABLE, out: Out = None,
    force: Force = False,
) -> None:  # fmt: skip
    """Publishers with address, licence, citation, and the rule for when a figure counts as known."""
    import pandas as pd

    store = evidence_on(as_of, own_files(evidence, mapping, accept_outliers))
    table = pd.DataFrame([source.model_dump(mode="json") for _, source in sorted(store.sources().items())])
    if shape is TableFormat.TABLE and not json and out is None:
        table = table[["slug", "publisher", "title", "licence", "retrieved_on", "url"]]
    _emit(table, "sources", json, shape, out, force)


@group.command()
def status(json: Json = False) -> None:
    """Whether the snapshot is whole, and how old each source in it is."""
    import pandas as pd

    from headway.evidence.catalogue import indicators
    from headway.evidence.refresh import status as ages
    from headway.evidence.snapshot import open_snapshot
    from headway.evidence.store import snapshot_folder

    snapshot = open_snapshot(snapshot_folder())
    found = ages(snapshot, dt.date.today())
    unknown = sorted({str(one["slug"]) for one in snapshot.description["indicators"]} - indicators().keys())
    records = [
        {name: getattr(row, name) for name in ("source", "publisher", "retrieved_on", "age_days", "rows", "licence")}
        for row in found
    ]
    if json:
        whole = {
            "snapshot_date": snapshot.date,
            "snapshot_hash": snapshot.hash,
            "folder": snapshot.folder,
            "whole": True,
            "unknown_indicators": unknown,
        }
        print_json({**whole, "sources": records})
        return
    emit_table(pd.DataFrame(records), TableFormat.TABLE, name="sources")
    say(f"snapshot of {snapshot.date}, hash {snapshot.hash[:16]}, every file as recorded; {snapshot.folder}")
    if unknown:
        say(
            f"indicators of another version of Headway, which this one does not read: {', '.join(unknown)}; make the "
            "snapshot anew by `headway evidence build`"
        )


@group.command()
def build(
    cache: Annotated[Path, typer.Option(help="Folder with the publishers' files, as the manifest names them.")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the snapshot; by default the package's.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Accept lost indicators and collapsed row counts.")] = False,
    json: Json = False,
) -> None:
    """Build the snapshot from files at hand; the old one is replaced only by one that passes every check."""
    from headway.evidence.build import build as make
    from headway.evidence.fetch import shipped_manifest
    from headway.evidence.store import snapshot_folder

    if not cache.is_dir():
        raise InputError(f"{cache} is not a folder; give the one that holds the publishers' files")
    snapshot, changes = make(cache, out or snapshot_folder(), shipped_manifest(), force=force)
    _report(changes, json, snapshot=str(snapshot.folder), snapshot_date=snapshot.date, snapshot_hash=snapshot.hash)
    say(f"snapshot of {snapshot.date} in {snapshot.folder}, hash {snapshot.hash[:16]}")


@group.command()
def refresh(
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the new snapshot.")] = None,
    cache: Annotated[Path | None, typer.Option(help="Folder for the publishers' files.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Accept lost indicators and collapsed row counts.")] = False,
    json: Json = False,
) -> None:
    """Download new vintages, rebuild, and say what they changed; sources that fail keep their old rows."""
    from headway.core.files import data_folder
    from headway.evidence import refresh as room
    from headway.evidence.fetch import default_cache, shipped_manifest
    from headway.evidence.snapshot import refuse_foreign
    from headway.evidence.store import snapshot_folder

    cache = cache or default_cache()
    out = out or data_folder() / "evidence"
    refuse_foreign(out)
    old = out if out.is_dir() and any(out.iterdir()) else snapshot_folder()
    manifest = room.cache_manifest(cache, shipped_manifest())
    done = room.refresh(cache, out, old, manifest, dt.date.today(), force=force, say=say)
    snapshot = done.snapshot
    sources = {"renewed": done.renewed, "unchanged": done.unchanged, "kept": dict(done.kept)}
    made = {"snapshot": str(snapshot.folder), "snapshot_date": snapshot.date, "snapshot_hash": snapshot.hash}
    _report(done.changes, json, **made, **sources)
    say(f"{len(done.renewed)} renewed, {len(done.unchanged)} unchanged, {len(done.kept)} kept as they were")
    say(f"to use it: export HEADWAY_EVIDENCE={snapshot.folder}")


def _slugs(store: Evidence, names: list[str] | None, domain: str | None) -> list[str] | None:
    if domain is None:
        return split(names) if names else None
    chosen = [slug for slug, entry in store.indicators().items() if entry.domain == domain]
    if not chosen:
        known = sorted({entry.domain for entry in store.indicators().values()})
        raise InputError(f"'{domain}' is not a domain; there are {', '.join(known)}")
    asked = split(names or ())
    return [slug for slug in chosen if not asked or slug in asked]


def _places(store: Evidence, names: list[str] | None) -> list[str] | None:
    """Codes of the countries asked for; a name that holds a comma may be given whole."""
    codes = []
    for name in names or []:
        try:
            codes.append(store.resolve(name).code)
        except InputError:
            if "," not in name:
                raise
            codes.extend(store.resolve(part).code for part in name.split(","))
    return codes or None


def _other_table(store: Evidence, table: str, codes: list[str] | None) -> pd.DataFrame:
    import pandas as pd

    if table == "models":
        rows = store.models()
        return rows[rows["countries"].str.split(";").map(lambda c: not codes or bool({*c} & {*codes}))]
    if table == "statements":
        rows = store.statements()
        return rows[rows["country"].isin(codes)] if codes else rows
    if table == "flows":
        rows = pd.concat([store.flows(kind) for kind in ("scholars", "collaborators", "coauthors")], ignore_index=True)
        return rows[rows["origin"].isin(codes) | rows["destination"].isin(codes)] if codes else rows
    raise InputError(f"'{table}' is not a table; there are observations, models, statements and flows")


def _brief(rows: pd.DataFrame) -> pd.DataFrame:
    shown = rows[["period", "value", "low", "high", "source", "published_on", "flag"]].copy()
    shown["published_on"] = shown["published_on"].dt.strftime("%Y-%m-%d")
    return shown.drop(columns=[end for end in ("low", "high") if shown[end].isna().all()])


def _show_fact(store: Evidence, id: str, json: bool) -> None:
    import pandas as pd

    fact = store.fact(id)
    row = {
        name: None if pd.isna(cell) else str(cell.date()) if isinstance(cell, pd.Timestamp) else cell
        for name, cell in fact.row.items()
    }
    source = fact.source.model_dump(mode="json", exclude_none=True)
    if json:
        print_json({"table": fact.table, "fact": row, "source": source})
        return
    table = [(name, cell) for name, cell in row.items() if cell not in (None, "")]
    table += [(f"source {name}", cell) for name, cell in source.items() if cell != ""]
    emit_table(
        pd.DataFrame(table, columns=["field", "content"]).astype("str"), TableFormat.TABLE, name="fact", title=id
    )


def _emit(
    frame: pd.DataFrame, name: str, json: bool, shape: TableFormat, out: Path | None, force: bool, title: str = ""
) -> None:
    emit_table(frame, TableFormat.JSON if json else shape, name=name, out=out, force=force, title=title)


def _report(changes: tuple[TableChange, ...], json: bool, **record: Any) -> None:
    """Indicators and tables that a build changed."""
    import pandas as pd

    moved = [change for change in changes if change.new or change.changed or change.removed]
    rows = [
        {"what": c.name, "before": c.before, "now": c.after, "new": c.new, "changed": c.changed, "removed": c.removed}
        for c in moved
    ]
    if json:
        print_json({**record, "changes": rows})
    elif rows:
        emit_table(pd.DataFrame(rows), TableFormat.TABLE, name="changes")
    else:
        say("nothing changed")
