"""Contributions of other packages: found by entry points, loaded when they are asked for (docs/extending.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from headway.core.errors import InputError

SOURCES, RECIPES, NICHES, MECHANISMS = "headway.sources", "headway.recipes", "headway.niches", "headway.mechanisms"
_GROUPS = (SOURCES, RECIPES, NICHES, MECHANISMS)
_READ = {".py", ".toml", ".yaml", ".csv"}


@lru_cache(maxsize=len(_GROUPS))
def plugins(group: str) -> Mapping[str, EntryPoint]:
    """Entry points of other packages in a group, by name, in order of name.

    Raises:
        InputError: two packages contribute under one name.
    """
    found: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=group), key=lambda entry: (entry.name, entry.value)):
        if entry.module.partition(".")[0] == "headway":
            continue
        if entry.name in found:
            raise InputError(f"{group}: {_package(found[entry.name])} and {_package(entry)} both add '{entry.name}'")
        found[entry.name] = entry
    return found


def loaded(group: str, name: str) -> Any:
    """Object that the entry point `name` of a group stands for.

    Raises:
        InputError: no installed package adds it, or it cannot be loaded.
    """
    known = plugins(group)
    if name not in known:
        there = f"installed are {', '.join(known)}" if known else "no installed package adds any"
        raise InputError(f"{group}: there is no '{name}'; {there}")
    try:
        return known[name].load()
    except Exception as error:  # whatever a module of somebody else does while it is imported
        raise InputError(f"{group}: '{name}' of {_package(known[name])} cannot be loaded: {error}") from error


@lru_cache(maxsize=1)
def plugins_hash() -> str:
    """Hash of the files of all packages that contribute, 64 hex digits; empty where none does."""
    entries = [(group, entry) for group in _GROUPS for entry in plugins(group).values()]
    if not entries:
        return ""
    digest = hashlib.sha256(repr([(group, entry.name, entry.value) for group, entry in entries]).encode())
    for package in sorted({entry.module.partition(".")[0] for _, entry in entries}):
        for file in _files(package):
            digest.update(f"{file.name} {file.stat().st_size} ".encode() + file.read_bytes())
    return digest.hexdigest()


def _files(package: str) -> Iterator[Path]:
    """Source and tables of a package or of a single module."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return
    places = spec.submodule_search_locations
    found = [Path(spec.origin)] if places is None else [path for place in places for path in Path(place).rglob("*")]
    yield from sorted(path for path in found if path.suffix in _READ)


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else entry.module
