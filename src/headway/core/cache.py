"""Results that took long to make, cached in memory and on disk: the same package asked the same gives the same.

In memory the results used last are kept, for all threads. On disk one rule holds for every cache. A key holds the
content of every file that was read; an entry is plain data (arrays, JSON, a compiled program) whose reading runs no
Python code; and an entry is read only from a folder and a file that belong to the user alone, since whoever can write a
compiled program decides what runs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import stat
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

import headway
from headway.core.archives import FAULTS, DamagedArchiveError, open_archive
from headway.core.errors import HeadwayError
from headway.core.files import cache_folder, write_atomically

T = TypeVar("T")
MOST_ARRAYS = 2**30  # bytes of all arrays of an archive
_SOURCES = {".py", ".toml", ".yaml"}
Arrays = Mapping[str, npt.NDArray[Any]]


class MemoryCache(Generic[T]):
    """Results by key, of which those used last are kept; threads may share it.

    Args:
        most: number of results kept.
    """

    def __init__(self, most: int) -> None:
        self._found: LRUCache[Hashable, T] = LRUCache(most)
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Result kept for `key`, or that of `make`; one that `make` raises is not kept.

        `make` runs without the lock, since it may take long and may ask the same cache for something else. Threads that
        ask for one key at once may each make it; all are given the first that was done.
        """
        with self._lock:
            if key in self._found:
                return self._found[key]
        made = make()
        with self._lock:
            return self._found.setdefault(key, made)


class UnreadableEntryError(Exception):
    """An entry that is cut short or was written by something else; it is made anew."""


@dataclass(frozen=True)
class Format(Generic[T]):
    """A way to write a result and to read it back.

    Attributes:
        suffix: ending of the file's name.
        pack: bytes of a result; raises UnreadableEntryError where this result cannot be written.
        unpack: result from bytes; raises UnreadableEntryError where they are no such result.
    """

    suffix: str
    pack: Callable[[T], bytes]
    unpack: Callable[[bytes], T]


def cached_on_disk(name: str, facts: tuple[object, ...], make: Callable[[], T], form: Format[T], most: int = 100) -> T:
    """Result of `make`, from an earlier call with the same facts where there was one.

    A result that was made now is packed and unpacked too, so that the first reader sees what later ones see.

    Args:
        name: of the folder in the user's cache.
        facts: everything that the result depends on besides what is installed; their `repr` must say it.
        form: how the result is written.
        most: number of entries kept, the newest ones.
    """
    path = cache_folder(name) / f"{hashlib.sha256(repr((installed(), facts)).encode()).hexdigest()[:32]}{form.suffix}"
    try:
        return form.unpack(_unsealed(read_own(path)))
    except (OSError, UnreadableEntryError):
        pass
    made = make()
    try:
        content = form.pack(made)
        again = form.unpack(content)
    except UnreadableEntryError:
        return made
    _store(path, _sealed(content), form.suffix, most)
    return again


def _sealed(content: bytes) -> bytes:
    """Content of an entry with its hash at the end: a compiler's bytes, for one, do not show that they were cut."""
    return content + hashlib.sha256(content).digest()


def _unsealed(entry: bytes) -> bytes:
    """Content of an entry as it was written.

    Raises:
        UnreadableEntryError: it was cut short or changed.
    """
    size = hashlib.sha256().digest_size
    content, seal = entry[:-size], entry[-size:]
    if hashlib.sha256(content).digest() != seal:
        raise UnreadableEntryError("its hash is another")
    return content


def read_own(path: Path) -> bytes:
    """Content of a file that the user alone can write, in a folder that the user alone can write.

    Raises:
        OSError: there is no such file, it is no plain file, or somebody else owns it or may write it.
    """
    for place, right in ((path.parent, stat.S_ISDIR), (path, stat.S_ISREG)):
        found = place.lstat()
        others = bool(found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))
        if not right(found.st_mode) or (hasattr(os, "geteuid") and (found.st_uid != os.geteuid() or others)):
            raise PermissionError(f"{place} can be written by others")
    return path.read_bytes()


def _store(path: Path, content: bytes, suffix: str, most: int) -> None:
    """Write an entry and remove the oldest ones; a cache that cannot be written is passed over."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, content, force=True)
        # Never the one just written, though others may seem newer: a clock can be set back.
        others = [(file.stat().st_mtime, file) for file in path.parent.glob(f"*{suffix}") if file != path]
        for _, old in sorted(others)[: max(0, len(others) + 1 - most)]:
            old.unlink(missing_ok=True)
    except (OSError, HeadwayError):
        pass


def pack_arrays(arrays: Arrays) -> bytes:
    """Arrays by name as an npz archive.

    Raises:
        UnreadableEntryError: an array of Python objects, which only a pickle could hold.
    """
    if any(np.asarray(array).dtype.hasobject for array in arrays.values()):
        raise UnreadableEntryError("arrays of objects cannot be written")
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **dict(arrays))
    return buffer.getvalue()


def unpack_arrays(content: bytes) -> dict[str, npt.NDArray[Any]]:
    """Arrays by name from an npz archive; arrays of Python objects are refused.

    Raises:
        UnreadableEntryError: the content is no such archive.
    """
    try:
        open_archive(content, MOST_ARRAYS).close()
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except DamagedArchiveError as error:
        raise UnreadableEntryError(str(error)) from error
    except (*FAULTS, AttributeError) as error:
        raise UnreadableEntryError("it is no archive of plain arrays") from error


ARRAYS: Format[Any] = Format(".npz", pack_arrays, unpack_arrays)
SCRIPT: Format[bytes] = Format(".js", bytes, bytes)


def typed_json(kind: type[T]) -> Format[T]:
    """Format of a dataclass or a pydantic model as JSON, checked against its fields when it is read."""
    from pydantic import TypeAdapter, ValidationError
    from pydantic_core import PydanticSerializationError

    adapter = TypeAdapter(kind)

    def pack(made: T) -> bytes:
        try:
            plain = _without_minus_nothing(adapter.dump_python(made, mode="json", warnings="none"))
            return json.dumps(plain, ensure_ascii=False).encode()
        except (PydanticSerializationError, ValueError, TypeError) as error:
            raise UnreadableEntryError(str(error)) from error

    def unpack(content: bytes) -> T:
        try:
            return adapter.validate_python(json.loads(content))
        except ValidationError as error:
            first = error.errors()[0]
            raise UnreadableEntryError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
        except (ValueError, RecursionError) as error:
            raise UnreadableEntryError(str(error)) from error

    return Format(".json", pack, unpack)


def _without_minus_nothing(value: Any) -> Any:
    """Plain data in which nothing is 0.0 and never −0.0, whose sign differs between numbers of cores."""
    if isinstance(value, dict):
        return {key: _without_minus_nothing(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_minus_nothing(one) for one in value]
    return value + 0.0 if isinstance(value, float) else value


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
def source_hash(*rooms: str) -> str:
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
    files = [(file.relative_to(root).as_posix(), found.st_size, found.st_mtime_ns) for file, found in stats]
    versions = sorted(found.name for place in sys.path for found in Path(place or ".").glob("*.dist-info"))
    return hashlib.sha256(repr((files, versions)).encode()).hexdigest()
