"""What took seconds to make, kept in the user's cache folder: the same package asked the same gives the same."""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

import headway
from headway.core.errors import HeadwayError
from headway.core.files import cache_folder, write_atomically

T = TypeVar("T")
_UNUSABLE = (OSError, pickle.UnpicklingError, EOFError, ValueError, AttributeError, ImportError, IndexError, TypeError)


def kept(name: str, facts: tuple[object, ...], make: Callable[[], T], most: int = 100) -> T:
    """What `make` gives, made unless it was kept before; a cache that cannot be used is passed over.

    Args:
        name: of the folder. facts: all that the result depends on besides what is installed; their `repr` must say it.
        most: how many are kept, the newest ones.
    """
    path = cache_folder(name) / f"{hashlib.sha256(repr((installed(), facts)).encode()).hexdigest()[:32]}.pickle"
    try:
        return cast(T, pickle.loads(path.read_bytes()))
    except _UNUSABLE:
        pass
    made = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, pickle.dumps(made), force=True)
        for old in sorted(path.parent.glob("*.pickle"), key=lambda file: file.stat().st_mtime)[:-most]:
            old.unlink(missing_ok=True)
    except (*_UNUSABLE, HeadwayError, pickle.PicklingError):
        pass
    return made


@lru_cache(maxsize=1)
def installed() -> str:
    """Hash of the package's files by size and time of change, and of the versions of all that is installed."""
    root = Path(headway.__file__).parent
    stats = ((file, file.stat()) for file in sorted(root.rglob("*")) if file.suffix != ".pyc" and file.is_file())
    files = [(file.relative_to(root).as_posix(), stat.st_size, stat.st_mtime_ns) for file, stat in stats]
    versions = sorted(found.name for place in sys.path for found in Path(place or ".").glob("*.dist-info"))
    return hashlib.sha256(repr((files, versions)).encode()).hexdigest()
