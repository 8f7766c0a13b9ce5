"""What took seconds to make, kept in the user's cache folder: the same package asked the same gives the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

import headway
from headway.errors import HeadwayError
from headway.files import cache_folder, make_own_folders, read_own, write_atomically

T = TypeVar("T")
_SOURCES = {".py", ".toml", ".yaml"}
# All that goes wrong where a file is cut off, of another kind or of another version, or a thing cannot be written.
_UNUSABLE = (
    OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, ImportError, RuntimeError,
    zipfile.BadZipFile, HeadwayError,
)  # fmt: skip


@dataclass(frozen=True)
class Form(Generic[T]):
    """How things of one kind stand in a file. `read` takes data alone: it never runs what a file says."""

    suffix: str
    write: Callable[[T], bytes]
    read: Callable[[bytes], T]


def kept(name: str, facts: tuple[object, ...], make: Callable[[], T], form: Form[T], most: int = 100) -> T:
    """What `make` gives, made unless it was kept before; a cache that cannot be used is passed over.

    A file counts only where it and its folders are the user's own and nobody else can write to them.

    Args:
        name: of the folder. facts: all that the result depends on besides what is installed; their `repr` must say it.
        most: how many are kept, the newest ones.
    """
    digest = hashlib.sha256(repr((installed(), facts)).encode()).hexdigest()[:32]
    path = cache_folder(name) / f"{digest}{form.suffix}"
    folders = (path.parent.parent, path.parent)
    try:
        return form.read(read_own(path, folders))
    except _UNUSABLE:
        pass
    made = make()
    try:
        make_own_folders(folders)
        write_atomically(path, form.write(made), force=True)
        for old in sorted(path.parent.glob(f"*{form.suffix}"), key=lambda file: file.stat().st_mtime)[:-most]:
            old.unlink(missing_ok=True)
    except _UNUSABLE:
        pass
    return made


def fingerprint(*facts: object) -> str:
    """Hash of everything that the facts say, every number of their arrays included; 64 hex digits.

    Args:
        facts: arrays, dataclasses, mappings (in any order), sequences, dates, text, numbers, None; nested at will.

    Raises:
        TypeError: a thing of another type, of which nothing says that it always looks the same.
    """
    digest = hashlib.sha256()
    for part in _parts(facts):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts(fact: object) -> Iterator[bytes]:
    """The fact as pieces of bytes; kinds and lengths are among them, so that no two facts give the same pieces."""
    if fact is None or isinstance(fact, str | bytes | int | float | dt.date | np.generic):
        yield repr(fact).encode()
    elif isinstance(fact, np.ndarray):
        if fact.dtype.hasobject:
            raise TypeError("an array of objects has no fingerprint")
        yield repr((fact.dtype.str, fact.shape)).encode()
        yield np.ascontiguousarray(fact).tobytes()
    elif is_dataclass(fact) and not isinstance(fact, type):
        yield type(fact).__qualname__.encode()
        yield from _parts({field.name: getattr(fact, field.name) for field in fields(fact)})
    elif isinstance(fact, Mapping):
        yield f"{len(fact)} entries".encode()
        for key, value in sorted(fact.items(), key=lambda entry: repr(entry[0])):
            yield from _parts((key, value))
    elif isinstance(fact, list | tuple):
        yield f"{len(fact)} in order".encode()
        for value in fact:
            yield from _parts(value)
    else:
        raise TypeError(f"a {type(fact).__name__} has no fingerprint")


@lru_cache(maxsize=8)
def source(*rooms: str) -> str:
    """Eight hex digits of the code and the tables of some rooms of the package, subfolders included."""
    digest = hashlib.sha256()
    root = Path(headway.__file__).parent
    for room in rooms:
        for file in sorted(path for path in (root / room).rglob("*") if path.suffix in _SOURCES):
            content = file.read_bytes()
            digest.update(f"{file.relative_to(root).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()[:8]


@lru_cache(maxsize=1)
def installed() -> str:
    """Hash of the package's files by size and time of change, and of the versions of all that is installed."""
    root = Path(headway.__file__).parent
    stats = ((file, file.stat()) for file in sorted(root.rglob("*")) if file.suffix != ".pyc" and file.is_file())
    files = [(file.relative_to(root).as_posix(), stat.st_size, stat.st_mtime_ns) for file, stat in stats]
    versions = sorted(found.name for place in sys.path for found in Path(place or ".").glob("*.dist-info"))
    return hashlib.sha256(repr((files, versions)).encode()).hexdigest()
