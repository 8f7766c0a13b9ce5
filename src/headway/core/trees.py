"""Trees of tuples, lists, mappings and named tuples over whole numbers, as JSON can hold them: no pickle is needed."""

from __future__ import annotations

import sys
from typing import Any

from headway.core.cache import UnreadableEntryError


def describe_tree(tree: Any, package: str) -> Any:
    """Description of a tree in lists, mappings and numbers.

    Args:
        tree: tuples, lists, mappings and named tuples over whole numbers and None; a key is a text or texts in a tuple.
        package: beginning of the module names of the named tuples that may occur, such as `headway.`.

    Raises:
        UnreadableEntryError: a node of another kind.
    """
    if tree is None or isinstance(tree, int):
        return tree
    if isinstance(tree, dict):
        return {"mapping": [[_described_key(key), describe_tree(value, package)] for key, value in tree.items()]}
    if isinstance(tree, tuple | list):
        parts = [describe_tree(value, package) for value in tree]
        kind = type(tree)
        if kind in (tuple, list):
            return {kind.__name__: parts}
        if _is_named_tuple(kind, package):
            return {"class": f"{kind.__module__}:{kind.__qualname__}", "fields": parts}
    raise UnreadableEntryError(f"a tree of the kind {type(tree).__name__} cannot be written")


def build_tree(described: Any, package: str) -> Any:
    """Tree from its description; no class is made but named tuples of `package`, whose modules are imported already.

    Raises:
        UnreadableEntryError: no such description.
    """
    if described is None or isinstance(described, int):
        return described
    if isinstance(described, dict):
        if "mapping" in described:
            return {_built_key(key): build_tree(value, package) for key, value in described["mapping"]}
        if "tuple" in described:
            return tuple(build_tree(value, package) for value in described["tuple"])
        if "list" in described:
            return [build_tree(value, package) for value in described["list"]]
        if "class" in described:
            module, _, name = str(described["class"]).partition(":")
            kind = getattr(sys.modules.get(module), name, None)
            if isinstance(kind, type) and _is_named_tuple(kind, package):
                return kind(*(build_tree(value, package) for value in described["fields"]))
    raise UnreadableEntryError("not the description of a tree")


def _described_key(key: object) -> str | list[str]:
    if isinstance(key, str):
        return key
    if isinstance(key, tuple) and all(isinstance(part, str) for part in key):
        return list(key)
    raise UnreadableEntryError(f"a key of the kind {type(key).__name__} cannot be written")


def _built_key(described: str | list[str]) -> str | tuple[str, ...]:
    return described if isinstance(described, str) else tuple(described)


def _is_named_tuple(kind: type, package: str) -> bool:
    return issubclass(kind, tuple) and hasattr(kind, "_fields") and kind.__module__.startswith(package)
