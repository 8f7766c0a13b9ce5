"""Briefs made before, kept in the user's cache folder: the same code, evidence and question give the same brief.

A brief costs seconds of simulation; the terminal, the page, the PDF and the JSON of one country show the same one.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import cast

import headway
from headway.brief.compose import Brief
from headway.errors import HeadwayError
from headway.files import cache_folder, write_atomically
from headway.findings import Context

MOST = 100  # briefs kept, the newest ones
_UNUSABLE = (OSError, pickle.UnpicklingError, EOFError, ValueError, AttributeError, ImportError, IndexError, TypeError)


def kept(context: Context, compose: Callable[[Context], Brief]) -> Brief:
    """The brief of `context`, composed unless it was kept before; a cache that cannot be used is passed over."""
    path = folder() / f"{_key(context)}.pickle"
    try:
        return cast(Brief, pickle.loads(path.read_bytes()))
    except _UNUSABLE:
        brief = compose(context)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, pickle.dumps(brief), force=True)
        for old in sorted(path.parent.glob("*.pickle"), key=lambda file: file.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)
    except (OSError, HeadwayError, pickle.PicklingError):
        pass
    return brief


def folder() -> Path:
    """Where briefs are kept."""
    return cache_folder("briefs")


def _key(context: Context) -> str:
    """Hash of all that a brief depends on: code and data of the package, other packages, evidence, question."""
    scenario = Path(context.scenario or "")
    facts = (
        _installed(), *context.evidence.identity,
        context.country, context.against, context.scenario, context.seed,
        scenario.read_bytes() if scenario.is_file() else b"",
    )  # fmt: skip
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _installed() -> str:
    """Hash of the package's files by size and time of change, and of the versions of all that is installed."""
    root = Path(headway.__file__).parent
    stats = ((file, file.stat()) for file in sorted(root.rglob("*")) if file.suffix != ".pyc" and file.is_file())
    files = [(file.relative_to(root).as_posix(), stat.st_size, stat.st_mtime_ns) for file, stat in stats]
    versions = sorted(found.name for place in sys.path for found in Path(place or ".").glob("*.dist-info"))
    return hashlib.sha256(repr((files, versions)).encode()).hexdigest()
