"""Folder of a site: filled beside its place and renamed, replaced only where all that it holds is a site's own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from headway.core.errors import InputError
from headway.core.files import put_folder, refuse_foreign_folder, temporary_folder

MOST_BYTES = 100_000_000
_LIST = "site.json"  # names every file of the site with its hash
_SCHEMA_VERSION = 1


class SiteFolder:
    """Files of a site that is being written.

    Attributes:
        bytes: written so far.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._hashes: dict[str, str] = {}
        self.bytes = 0

    @property
    def count(self) -> int:
        """Number of files written so far."""
        return len(self._hashes)

    def add(self, name: str, content: str | bytes) -> None:
        """Write a file.

        Args:
            name: path below the folder, with forward slashes.

        Raises:
            InputError: the site would be larger than `MOST_BYTES`, or the file cannot be written.
            ValueError: the site has a file of that name.
        """
        if name in self._hashes:
            raise ValueError(f"two files of the site are called {name}")
        data = content.encode() if isinstance(content, str) else content
        self.bytes += len(data)
        if self.bytes > MOST_BYTES:
            raise InputError(
                f"the site would be larger than {MOST_BYTES / 1e6:.0f} MB at {name}: name fewer with --countries"
            )
        path = self._place / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise InputError(f"cannot write {path}: {error.strerror or error}") from error
        self._hashes[name] = hashlib.sha256(data).hexdigest()

    def finish(self) -> None:
        """Write the list of all files."""
        self.add(_LIST, json.dumps({"schema_version": _SCHEMA_VERSION, "files": self._hashes}, indent=0) + "\n")


def refuse(folder: Path, *, force: bool) -> None:
    """Refuse a folder that cannot be made or whose content is not a site's own.

    Raises:
        InputError: it is not empty and `force` is false; or it holds a file that no site wrote or that was changed.
    """
    if not folder.parent.is_dir():
        raise InputError(f"cannot make {folder}: there is no folder {folder.parent}")
    if not force and folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty; give a new folder, or --force to replace a site that lies there")
    hashes = _listed(folder)
    refuse_foreign_folder(
        folder,
        "a site of Headway",
        is_ours=lambda place: bool(hashes),
        is_own_file=lambda name: name == _LIST or hashes.get(name) == _hash(folder / name),
    )
    known = _folders(hashes)
    for path in folder.rglob("*"):
        if path.is_dir() and (name := path.relative_to(folder).as_posix()) not in known:
            raise InputError(f"{folder} is a site of Headway but also holds the folder {name}; move what is yours")


@contextmanager
def filled(folder: Path, *, force: bool) -> Iterator[SiteFolder]:
    """The files of a site, to be added; at the end they take the place of `folder`, and where it fails they are gone.

    Raises:
        InputError: as `refuse`; or the folder cannot be written.
    """
    refuse(folder, force=force)
    try:
        with temporary_folder(folder) as place:
            site = SiteFolder(place)
            yield site
            site.finish()
            place.chmod(0o755)
            refuse(folder, force=force)  # somebody may have put a file there meanwhile
            put_folder(place, folder)
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror or error}") from error


def _folders(names: Iterable[str]) -> set[str]:
    """Folders below the site that its files lie in."""
    return {above.as_posix() for name in names for above in Path(name).parents} - {"."}


def _listed(folder: Path) -> dict[str, str]:
    """Hashes of the files of the site that lies in `folder`, by name; none where it holds no site."""
    try:
        found = json.loads((folder / _LIST).read_bytes())
        if found["schema_version"] != _SCHEMA_VERSION:
            return {}
        return {str(name): str(digest) for name, digest in found["files"].items() if _stays_inside(str(name))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _stays_inside(name: str) -> bool:
    """Whether a listed name is a path below the folder."""
    return not Path(name).is_absolute() and ".." not in Path(name).parts


def _hash(path: Path) -> str:
    return "" if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
