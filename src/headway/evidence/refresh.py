"""Refresh of a snapshot: new vintages from the publishers, the same build, and a report of the changes.

A source that cannot be had, or whose files no longer have the shape we know, keeps its rows of the old snapshot and is
reported; the others are renewed. The old snapshot stays until the new one has passed every check.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from headway.core.errors import EvidenceError, InputError
from headway.core.files import make_folder, remove_abandoned, temporary_folder, write_atomically
from headway.evidence.build import TableChange, assemble, read_group, replace_snapshot
from headway.evidence.catalogue import sources
from headway.evidence.fetch import Manifest, ManifestFile, fetch, sha256
from headway.evidence.snapshot import Snapshot, open_snapshot, read_table, refuse_foreign
from headway.evidence.sources.base import Tables, role_date

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Outcome of a refresh.

    Attributes:
        renewed: adapters whose files changed; unchanged: those whose files did not.
        kept: adapters whose old rows stand, with the reason.
    """

    snapshot: Snapshot
    changes: tuple[TableChange, ...]
    renewed: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """Age of the vintage of one source, and the number of rows that stand on it."""

    source: str
    publisher: str
    licence: str
    retrieved_on: dt.date
    age_days: int
    rows: int


def cache_manifest(cache: Path, shipped: Manifest) -> Manifest:
    """Manifest of the vintages in `cache`, as the last refresh left it, else the shipped one.

    Raises:
        InputError: the file of that name is not such a manifest, and a refresh would replace it.
    """
    path = cache / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_text("utf-8")) if path.is_file() else shipped
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} is not the manifest of a cache of publishers' files and would be replaced; "
            "give another --cache, or remove the file"
        ) from error


def refresh(
    cache: Path,
    out: Path,
    old: Path,
    manifest: Manifest,
    today: dt.date,
    *,
    force: bool = False,
    say: Callable[[str], None] = lambda words: None,
    download: Callable[[ManifestFile, Path], Path] = fetch,
) -> Refreshed:
    """Download every source into `cache`, rebuild into `out`, and report what changed against the snapshot in `old`.

    Raises:
        InputError: `cache` cannot be a folder, `out` holds anything but a snapshot, or `today` lies before the day of
            the old snapshot, whose newest figures would then count as not yet known.
        EvidenceError: no source could be renewed, or the new snapshot failed a check; then nothing is replaced.
    """
    refuse_foreign(out)
    remove_abandoned(old.resolve().parent)
    before = open_snapshot(old)
    if today < before.date:
        raise InputError(
            f"today, {today}, lies before {before.date}, the day of the snapshot in {old}; set the clock right"
        )
    make_folder(cache, f"{cache} cannot be a folder for the publishers' files")
    with temporary_folder(cache / "files") as staging:
        parts: list[Tables] = []
        files: list[ManifestFile] = []
        renewed: list[str] = []
        unchanged: list[str] = []
        kept: list[tuple[str, str]] = []
        for adapter, group in manifest.by_adapter().items():
            say(f"{adapter}: {len(group)} files")
            try:
                fresh = tuple(_renew(file, staging, today, download) for file in group)
                parts.append(read_group(adapter, fresh, staging))
                files.extend(fresh)
                if any(file.origin == "cache" for file in group):
                    (unchanged if _hashes(fresh) == _hashes(group) else renewed).append(adapter)
            except EvidenceError as error:
                say(f"{adapter}: kept as it was. {error}")
                parts.append(_carried(before, group))
                files.extend(group)
                kept.append((adapter, str(error)))
        if kept and not renewed and not unchanged:
            raise EvidenceError(f"no source could be renewed: {'; '.join(reason for _, reason in kept)}")
        date = today if renewed else manifest.snapshot_date
        renewed_manifest = Manifest(snapshot_date=date, files=tuple(files))
        snapshot, changes = replace_snapshot(assemble(parts), out, old, date, _dated(files), force=force)
        for file in staging.rglob("*"):
            if file.is_file():
                target = cache / file.relative_to(staging)
                target.parent.mkdir(parents=True, exist_ok=True)
                file.replace(target)
        write_atomically(cache / MANIFEST, renewed_manifest.model_dump_json(indent=1) + "\n", force=True)
    return Refreshed(snapshot, changes, tuple(renewed), tuple(unchanged), tuple(kept))


def status(snapshot: Snapshot, today: dt.date) -> tuple[SourceStatus, ...]:
    """Age and rows of every source of a snapshot (whose hashes were checked when it was opened), oldest first."""
    counts: dict[str, int] = {}
    for table in ("observations", "models", "flows"):
        for slug, rows in read_table(snapshot, table)["source"].value_counts().items():
            counts[str(slug)] = counts.get(str(slug), 0) + int(rows)
    counts["curated"] = counts.get("curated", 0) + len(read_table(snapshot, "statements"))
    found = []
    for entry in snapshot.description["sources"]:
        day = dt.date.fromisoformat(entry["retrieved_on"])
        publisher, _, _ = entry["title"].partition(": ")
        rows = counts.get(entry["name"], 0)
        found.append(SourceStatus(entry["name"], publisher, entry["licence"], day, (today - day).days, rows))
    return tuple(sorted(found, key=lambda source: (source.retrieved_on, source.source)))


def _hashes(files: Sequence[ManifestFile]) -> list[str]:
    return [file.sha256 for file in files]


def _renew(
    file: ManifestFile, staging: Path, today: dt.date, download: Callable[[ManifestFile, Path], Path]
) -> ManifestFile:
    """Entry of the file as it stands now; an unchanged file keeps its vintage, and so does an archived one."""
    if file.origin == "package":
        return file
    found = sha256(download(file, staging))
    if found == file.sha256:
        return file
    day = role_date(file.role) or today
    return file.model_copy(update={"sha256": found, "retrieved_on": day, "as_published": True})


def _carried(before: Snapshot, group: Sequence[ManifestFile]) -> Tables:
    """Rows that the sources of `group` have in the old snapshot; derived series are made anew."""
    slugs = {file.source for file in group}
    tables = {name: read_table(before, name) for name in ("observations", "models", "flows")}
    own = {name: table[table["source"].isin(slugs)] for name, table in tables.items()}
    observations = own["observations"]
    return Tables(observations[~observations["flag"].str.contains("derived")], own["models"], own["flows"])


def _dated(files: Sequence[ManifestFile]) -> dict[str, dt.date]:
    """Day of the newest vintage of each source."""
    newest = {slug: source.retrieved_on for slug, source in sources().items()}
    for file in files:
        newest[file.source] = max(newest[file.source], file.retrieved_on)
    return newest
