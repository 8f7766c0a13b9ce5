"""Build of a snapshot: manifest → adapters → derived series → checks → snapshot; a bad one replaces nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from headway.core import periods
from headway.core.errors import EvidenceError, InputError
from headway.core.files import make_folder, put_folder, remove_abandoned, temporary_folder
from headway.evidence import derived
from headway.evidence.catalogue import indicators, sources
from headway.evidence.fetch import Manifest, ManifestFile, locate
from headway.evidence.observations import (
    FLOWS,
    MODELS,
    STATEMENTS,
    TableShape,
    tidy,
    tidy_facts,
    validate,
    validate_facts,
)
from headway.evidence.snapshot import (
    DATAPACKAGE,
    TABLES,
    Snapshot,
    open_snapshot,
    read_table,
    refuse_foreign,
    write_snapshot,
)
from headway.evidence.sources import adapters
from headway.evidence.sources.base import Tables

FIRST_YEAR = 2010
LAST_DAY = dt.date(2026, 6, 30)  # what speaks of later days is a target, or is kept for the test of forecasts
KEPT_SHARE = 0.7  # an indicator that loses more of its rows than this leaves is taken for a broken source

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class TableChange:
    """Rows of one indicator (or of a table beside the observations) that a build added, changed or removed."""

    name: str
    before: int
    after: int
    new: int
    changed: int
    removed: int


def build(
    cache: Path, out: Path, manifest: Manifest, *, force: bool = False
) -> tuple[Snapshot, tuple[TableChange, ...]]:
    """Build the snapshot in `out` from the files in `cache`; the old one stays unless the new one passes every check.

    Args:
        force: accept lost indicators and collapsed row counts (never a failed validation).

    Raises:
        InputError: `out` is a link or a file, or a folder that holds anything but a snapshot.
        EvidenceError: a file is missing, has another hash or another shape, a row breaks a rule, or the result has lost
            an indicator or most of its rows.
    """
    refuse_foreign(out)
    frames = assemble([read_group(slug, group, cache) for slug, group in manifest.by_adapter().items()])
    return replace_snapshot(frames, out, out, manifest.snapshot_date, force=force)


def replace_snapshot(
    frames: Frames,
    out: Path,
    old: Path,
    date: dt.date,
    retrieved: Mapping[str, dt.date] | None = None,
    *,
    force: bool = False,
) -> tuple[Snapshot, tuple[TableChange, ...]]:
    """Write `frames` as the snapshot in `out` if they have lost nothing against the one in `old`.

    Args:
        retrieved: day of the newest vintage by source, where it is not that of the catalogue.

    Raises:
        InputError: `out` holds anything but a snapshot, or cannot be written.
        EvidenceError: the old snapshot is damaged, or the new one has lost evidence; `force` accepts both.
    """
    out = out.resolve()  # `.` has neither a name nor a folder above it
    remove_abandoned(out.parent)
    refuse_foreign(out)
    before = _before(old, force)
    changes = compare(before, frames)
    if not force:
        refuse_collapse(changes)
    dated = {
        slug: source.model_copy(update={"retrieved_on": (retrieved or {}).get(slug, source.retrieved_on)})
        for slug, source in sources().items()
    }
    make_folder(out.parent, f"cannot write {out}")
    try:
        with temporary_folder(out) as temporary:
            temporary.chmod(0o755)
            write_snapshot(frames, temporary, date, indicators(), dated)
            refuse_foreign(out)  # again: a file may have been put there while the snapshot was made
            put_folder(temporary, out)
    except OSError as error:
        raise InputError(f"cannot write {out}: {error.strerror or error}") from error
    return open_snapshot(out), changes


def read_group(slug: str, group: Sequence[ManifestFile], cache: Path) -> Tables:
    """Tables that one adapter reads from its files of the manifest.

    Raises:
        EvidenceError: no such adapter, or a file is missing, has another hash or another shape.
    """
    if slug not in adapters():
        raise EvidenceError(f"manifest: no adapter is called '{slug}'; there are {', '.join(sorted(adapters()))}")
    vintage = max(file.retrieved_on for file in group)
    read = adapters()[slug].read({file.role: locate(file, cache) for file in group}, vintage)
    return replace(read, observations=tidy(read.observations, vintage)) if len(read.observations) else read


def assemble(parts: Sequence[Tables]) -> dict[str, pd.DataFrame]:
    """Join what the adapters read, add the derived series, keep the years of the snapshot, and validate.

    Raises:
        EvidenceError: a row breaks a rule; names table, row, field and what would be right.
    """
    models = _facts([part.models for part in parts], MODELS)
    flows = _facts([part.flows for part in parts], FLOWS)
    statements = _facts([part.statements for part in parts], STATEMENTS)
    published = _join([part.observations for part in parts])
    read = Tables(tidy(published) if len(published) else tidy(_no_observations()), models, flows, statements)
    made = derived.derive(read)
    observations = _join([read.observations, tidy(made) if len(made) else made])
    observations = validate(_within(observations), indicators(), sources())
    models = models[models["published"] <= pd.Timestamp(LAST_DAY)]
    flows = flows[flows["period"].map(_speaks_of_our_years).astype(bool)]
    return {
        "observations": observations.reset_index(drop=True),
        "models": models.reset_index(drop=True),
        "flows": flows.reset_index(drop=True),
        "statements": statements,
    }


def compare(before: Frames, after: Frames) -> tuple[TableChange, ...]:
    """Rows that are new, changed or removed, by indicator for the observations and by table and kind for the rest."""
    changes = []
    for table, new in after.items():
        old = before.get(table, new.iloc[:0])
        name = "indicator" if table == "observations" else "kind" if "kind" in new else None
        key = ["indicator", "country", "period", "source"] if table == "observations" else ["id"]
        passing = {*key, "id", "retrieved_on", "published_on", "inputs"}
        columns = [column for column in new.columns if column in old.columns and column not in passing]
        both = _marked(old, key, name, columns).merge(
            _marked(new, key, name, columns), on=[*key, "what"], how="outer", suffixes=("_old", "_new"), indicator=True
        )
        both["changed"] = (both["_merge"] == "both") & (both["content_old"] != both["content_new"])
        for what, rows in both.groupby("what", sort=True):
            label = str(what) if table == "observations" or name is None else f"{table}:{what}"
            counts = rows["_merge"].value_counts()
            was, now = (int((frame[name] == what).sum()) if name else len(frame) for frame in (old, new))
            moved = int(counts["right_only"]), int(rows["changed"].sum()), int(counts["left_only"])
            changes.append(TableChange(label if name else table, was, now, *moved))
    return tuple(changes)


def refuse_collapse(changes: Sequence[TableChange]) -> None:
    """Raise EvidenceError where an indicator or table is lost or shrinks below `KEPT_SHARE` of its rows."""
    lost = [f"{c.name}: {c.before} rows before, {c.after} now" for c in changes if c.after < KEPT_SHARE * c.before]
    if lost:
        raise EvidenceError(
            "the new snapshot lost evidence and was not put in place (--force accepts it):\n  " + "\n  ".join(lost)
        )


def _before(folder: Path, force: bool) -> Frames:
    """Tables of the snapshot in `folder`; none where there is no snapshot, or a damaged one and `force`."""
    if not (folder / DATAPACKAGE).exists():
        return {}
    try:
        snapshot = open_snapshot(folder)
    except EvidenceError as error:
        if force:
            return {}
        raise EvidenceError(f"{error}; --force builds without comparing") from error
    return {name: read_table(snapshot, name) for name in TABLES}


def _marked(frame: pd.DataFrame, key: list[str], name: str | None, columns: list[str]) -> pd.DataFrame:
    """Newest row of each key, with the indicator or kind it is about and a hash of its content."""
    newest = frame.drop_duplicates(key, keep="last")
    content = pd.util.hash_pandas_object(newest[columns], index=False)
    return newest[key].assign(what=newest[name] if name else "", content=content)


def _join(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True) if full else _no_observations()


def _no_observations() -> pd.DataFrame:
    return pd.DataFrame(columns=["indicator", "country", "period", "value", "unit", "source", "published_on"])


def _facts(frames: Sequence[pd.DataFrame], shape: TableShape) -> pd.DataFrame:
    full = [tidy_facts(frame, shape) for frame in frames if len(frame)]
    joined = (
        pd.concat(full, ignore_index=True) if full else tidy_facts(pd.DataFrame(columns=list(shape.columns)), shape)
    )
    return validate_facts(joined, shape, sources())


def _within(observations: pd.DataFrame) -> pd.DataFrame:
    kept = observations["period"].map(_speaks_of_our_years).astype(bool) | observations["flag"].str.contains("target")
    return observations[kept].reset_index(drop=True)


def _speaks_of_our_years(period: str) -> bool:
    first, last = periods.span(period)
    return first.year >= FIRST_YEAR and last <= LAST_DAY
