"""Mistakes in a specification in words: all of them at once, with the nearest known name for one that is misspelt."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from headway.core.yaml_files import schema_models

Location = tuple[int | str, ...]

MOST = 20
"""Most mistakes that one message lists."""


def nearest(name: object, known: Iterable[str]) -> str:
    """Suggestion of the known name that is spelt most alike, as the end of a sentence; empty where none is near."""
    near = difflib.get_close_matches(str(name), list(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


def some(names: Sequence[str], most: int = 12) -> str:
    """First names of a list, and whether there are more."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def several(where: str, words: Sequence[str], joint: str = ": ") -> str:
    """One message for all mistakes in a file: a single one on the line that names the file, more as a list.

    Args:
        joint: what stands between the file and a single mistake.
    """
    if len(words) == 1:
        return f"{where}{joint}{words[0]}"
    more = [f"and {len(words) - MOST} more"] if len(words) > MOST else []
    return "\n  ".join([f"{where}: {len(words)} mistakes", *words[:MOST], *more])


def mistakes(kind: type[BaseModel], error: ValidationError) -> list[tuple[Location, str]]:
    """Location and words of every mistake that a schema found, misspelt options with a suggestion."""
    found: list[tuple[Location, str]] = []
    for entry in error.errors():
        location = tuple(part for part in entry["loc"] if part != "[key]")
        lines = _words(kind, entry, location).split("\n")
        found += [(location, line) for line in lines]
    return found


def _words(kind: type[BaseModel], entry: Mapping[str, Any], location: Location) -> str:
    given, context = entry.get("input"), entry.get("ctx", {})
    if entry["type"] == "extra_forbidden":
        known = list(_schema(kind, location[:-1]).model_fields)
        listed = f"; known are {', '.join(known)}"
        return f"unknown option{nearest(location[-1], known) or listed}"
    if entry["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"'{given}' is none of {', '.join(allowed)}{nearest(given, allowed)}" if allowed else str(entry["msg"])
    if entry["type"] == "union_tag_invalid":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected_tags", "")))
        tag = context.get("tag")
        return f"'{tag}' is no step; steps are {', '.join(allowed)}{nearest(tag, allowed)}"
    return str(entry["msg"]).removeprefix("Value error, ")


def _schema(kind: type[BaseModel], location: Location) -> type[BaseModel]:
    """Schema that the part at `location` is checked against."""
    options: list[type[BaseModel]] = []
    for part in location:
        field = kind.model_fields.get(str(part))
        if field is not None:
            options = list(schema_models(field.annotation))
            kind = options[0] if options else kind
        else:  # a position, a key, or the name of a branch of a union
            kind = next((option for option in options if option.__name__.lower() == str(part)), kind)
    return kind
