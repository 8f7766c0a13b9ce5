"""Publishers' files: the manifest that lists them, and their download, checked before it counts.

The manifest says which file of the cache comes from which address of which publisher, and which adapter reads it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from headway.core.errors import EvidenceError
from headway.core.files import cache_folder
from headway.evidence.catalogue import sources


class ManifestFile(BaseModel):
    """File of the manifest.

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
    """Manifest from its text: `snapshot_date` and one `[[file]]` table per file.

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
    """Manifest of the shipped snapshot."""
    return parse_manifest(files("headway.evidence").joinpath("catalogue", "manifest.toml").read_text("utf-8"))


def locate(file: ManifestFile, cache: Path) -> Path:
    """Path of a file of the manifest.

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


TIMEOUT = 60.0  # seconds without an answer
ATTEMPTS = 3
PASSING = {408, 425, 429, 500, 502, 503, 504}  # answers that may be better a moment later


def default_cache() -> Path:
    """Cache folder of the user for publishers' files."""
    return cache_folder("raw")


def fetch(
    file: ManifestFile,
    folder: Path,
    *,
    known_hash: str | None = None,
    timeout: float = TIMEOUT,
    attempts: int = ATTEMPTS,
    pause: float = 1.0,
) -> Path:
    """Download `file` below `folder` and return its path; redirects are followed, fallback addresses tried in turn.

    Args:
        known_hash: sha256 that the download must have; a file already there with this hash is not downloaded again.
        pause: seconds before the second attempt, doubled before each further one.

    Raises:
        EvidenceError: names source and addresses, and why each failed (HTTP status, cut short, other hash, no answer).
    """
    reasons = []
    for url in (file.url, *file.fallbacks):
        for attempt in range(attempts):
            if attempt:
                time.sleep(pause * 2 ** (attempt - 1))
            reason, passing = _attempt(url, folder / file.path, known_hash, timeout)
            if reason is None:
                return folder / file.path
            if not passing:
                break
        reasons.append(f"{url}: {reason}")
    raise EvidenceError(f"source {file.source}: {file.path} could not be downloaded\n  " + "\n  ".join(reasons))


def _attempt(url: str, target: Path, known_hash: str | None, timeout: float) -> tuple[str | None, bool]:
    """Reason why one download failed (None: it did not), and whether another attempt may help."""
    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        pooch.retrieve(
            url,
            known_hash=f"sha256:{known_hash}" if known_hash else None,
            fname=target.name,
            path=target.parent,
            downloader=_Downloader(timeout),
        )
    except requests.HTTPError as error:
        answer = error.response
        status = answer.status_code if answer is not None else 0
        return f"HTTP {status} {answer.reason if answer is not None else ''}".rstrip(), status in PASSING
    except requests.Timeout:
        return f"no answer within {timeout:g} s", True
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
        return "the download was cut short", True
    except requests.TooManyRedirects:
        return "redirected without end", False
    except requests.ConnectionError as error:
        return f"no connection ({type(error.args[0]).__name__ if error.args else 'unknown'})", True
    except requests.RequestException as error:
        return str(error), False
    except ValueError:  # pooch's word for a hash that differs
        return f"the download does not have the recorded sha256 {known_hash}: a new vintage, or a damaged file", False
    return None, False


class _Downloader:
    """HTTP downloader of pooch, which also refuses an empty answer."""

    def __init__(self, timeout: float) -> None:
        import pooch

        self._http = pooch.HTTPDownloader(timeout=timeout, headers={"User-Agent": "headway-evidence"})

    def __call__(self, url: str, output_file: str, pooch: object, **options: object) -> None:
        import requests

        self._http(url, output_file, pooch)
        if Path(output_file).stat().st_size == 0:
            raise requests.exceptions.ChunkedEncodingError("empty answer")
