"""The manifest: which file of the cache came from which address of which publisher, and which adapter reads it."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from headway.core.errors import EvidenceError
from headway.evidence.catalogue import sources


class ManifestFile(BaseModel):
    """One file.

    Attributes:
        path: below the cache folder; with `origin = "package"`, below `headway/evidence/`.
        role: the key under which the adapter finds it; an older vintage carries its date, `all_models@2025-03-14`.
        adapter: slug of the adapter; files of one adapter are read together.
        source: slug in the source catalogue; carries licence and citation.
        url: the publisher's own address of the file; empty only for files of the package.
        fallbacks: further addresses, tried in turn when `url` is gone.
        sha256: hash of the vintage of the snapshot; empty only for files of the package.
        retrieved_on: day of this vintage; the source's where it is left out.
        as_published: false where the cached copy was trimmed or laid out for reading, so that its hash is not that of
            what `url` serves; the adapter reads both shapes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    role: str
    adapter: str
    source: str
    url: str = Field(default="", pattern=r"^(https?://.+)?$")
    fallbacks: tuple[str, ...] = ()
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    retrieved_on: dt.date
    origin: Literal["cache", "package"] = "cache"
    as_published: bool = True

    @model_validator(mode="after")
    def _hash_where_needed(self) -> ManifestFile:
        if self.origin == "cache" and not self.sha256:
            raise ValueError("sha256 is missing")
        if self.origin == "cache" and not self.url:
            raise ValueError("url is missing")
        if ".." in Path(self.path).parts or Path(self.path).is_absolute():
            raise ValueError("path must stay below the cache folder")
        return self


class Manifest(BaseModel):
    """All files of one snapshot, and the day of the snapshot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    snapshot_date: dt.date
    files: tuple[ManifestFile, ...]

    @model_validator(mode="after")
    def _roles_are_unique(self) -> Manifest:
        seen: set[tuple[str, str]] = set()
        for file in self.files:
            if (file.adapter, file.role) in seen:
                raise ValueError(f"adapter {file.adapter} has two files in the role {file.role}")
            seen.add((file.adapter, file.role))
        return self

    def by_adapter(self) -> Mapping[str, tuple[ManifestFile, ...]]:
        """Files grouped by the adapter that reads them, in a stable order."""
        groups: dict[str, list[ManifestFile]] = {}
        for file in sorted(self.files, key=lambda file: (file.adapter, file.role)):
            groups.setdefault(file.adapter, []).append(file)
        return {adapter: tuple(group) for adapter, group in groups.items()}


def parse_manifest(text: str, name: str = "manifest.toml") -> Manifest:
    """Read a manifest: `snapshot_date` and one `[[file]]` table per file.

    Raises:
        EvidenceError: names file, entry and field.
    """
    known = sources()
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EvidenceError(f"{name}: not valid TOML ({error})") from error
    entries = document.pop("file", [])
    for number, entry in enumerate(entries, start=1):
        where = f"{name}: file {number} ({entry.get('path', 'without path')})"
        if entry.get("source") not in known:
            raise EvidenceError(f"{where}: source '{entry.get('source')}' is not in sources.toml")
        entry.setdefault("retrieved_on", known[entry["source"]].retrieved_on)
        try:
            ManifestFile.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            raise EvidenceError(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    try:
        return Manifest.model_validate({**document, "files": entries})
    except ValidationError as error:
        first = error.errors()[0]
        raise EvidenceError(f"{name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


@lru_cache(maxsize=1)
def shipped_manifest() -> Manifest:
    """The manifest of the shipped snapshot."""
    return parse_manifest(files("headway.evidence").joinpath("catalogue", "manifest.toml").read_text("utf-8"))


def locate(file: ManifestFile, cache: Path) -> Path:
    """Where a file of the manifest lies.

    Raises:
        EvidenceError: it is not there, or its hash is not the recorded one.
    """
    if file.origin == "package":
        with as_file(files("headway.evidence").joinpath(*file.path.split("/"))) as path:
            return path
    path = cache / file.path
    if not path.is_file():
        raise EvidenceError(f"{path} is missing; it comes from {file.url}")
    found = sha256(path)
    if found != file.sha256:
        raise EvidenceError(f"{path}: sha256 is {found}, the manifest records {file.sha256}; download it again")
    return path


def sha256(path: Path) -> str:
    """Hash of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
