"""A brief as JSON from which the very same brief is made again, for Headway itself.

`headway.brief.document` is the form for readers: there tuples are lists, and what is not finite is null. Here every
kind of value keeps its kind, under a tag of its own.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields
from typing import Any

import numpy as np

from headway.brief.compose import Brief, Chapter, Making
from headway.brief.footnotes import Footnote, Reference
from headway.brief.sections import PARTS, Part
from headway.findings import Finding, Picture, Tier

_RECORDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Brief, Making, Chapter, Finding, Picture, Footnote, Reference)
}
_PARTS = {part.key: part for part in PARTS}


def write(brief: Brief) -> bytes:
    """The file of a brief.

    Raises:
        TypeError: it holds a value that is neither text, number, date nor a sequence or mapping of such.
    """
    return json.dumps(_plain(brief), ensure_ascii=False, separators=(",", ":")).encode()


def read(content: bytes) -> Brief:
    """The brief of a file that `write` made.

    Raises:
        ValueError, TypeError, LookupError, AttributeError, InputError: it is the file of nothing, or of something else.
    """
    brief = _made(json.loads(content))
    if not isinstance(brief, Brief):
        raise ValueError(f"the file holds a {type(brief).__name__}, not a brief")
    return brief


def _plain(value: Any) -> Any:
    """The value as JSON has it: a list for a list, and a mapping of one entry, a tag, for every other compound."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, Tier):
        return {"tier": value.value}
    if isinstance(value, Part):
        return {"part": value.key}
    if type(value).__name__ in _RECORDS and type(value) is _RECORDS[type(value).__name__]:
        return {type(value).__name__: {field.name: _plain(getattr(value, field.name)) for field in fields(value)}}
    if type(value) is list:
        return [_plain(item) for item in value]
    if type(value) is tuple:
        return {"tuple": [_plain(item) for item in value]}
    if type(value) is dict and all(type(key) is str for key in value):
        return {"dict": {key: _plain(item) for key, item in value.items()}}
    if type(value) is dt.date:
        return {"date": value.isoformat()}
    if isinstance(value, np.bool_ | np.integer | np.floating):
        return value.item()
    raise TypeError(f"a brief with a {type(value).__name__} in it cannot be kept")


def _made(plain: Any) -> Any:
    """What `_plain` was given."""
    if isinstance(plain, list):
        return [_made(item) for item in plain]
    if not isinstance(plain, dict):
        return plain
    ((tag, held),) = plain.items()
    if tag in _RECORDS:
        return _RECORDS[tag](**{name: _made(item) for name, item in held.items()})
    if tag == "tuple":
        return tuple(_made(item) for item in held)
    if tag == "dict":
        return {key: _made(item) for key, item in held.items()}
    return {"date": dt.date.fromisoformat, "tier": Tier, "part": _PARTS.__getitem__}[tag](held)
