"""YAML files as objects: read, checked, and refused with the line of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from headway.core import yaml_lines
from headway.core.errors import InputError

Kind = TypeVar("Kind", bound=BaseModel)


def read(kind: type[Kind], path: Path, context: Mapping[str, Any] | None = None) -> Kind:
    """The file as an object of `kind`; `context` is what its validators may look names up in.

    Raises:
        InputError: missing, not YAML, or malformed; names file, line and field.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    return parse(kind, text, path, context)


def parse(kind: type[Kind], text: str, path: Path, context: Mapping[str, Any] | None = None) -> Kind:
    """The object that `text` describes; `path` is named in errors.

    Raises:
        InputError: not YAML or malformed; names file, line and field.
    """
    document, node = yaml_lines.parse(text, path)
    if not isinstance(document, dict):
        fields = ", ".join(kind.model_fields)
        raise InputError(f"{path}, line 1: the file must be a mapping with the fields {fields}")
    try:
        return kind.model_validate(document, context=dict(context or {}))
    except ValidationError as error:
        # The deepest error is the one the writer can act on; a misspelt field is its own and not the missing one's.
        first = max(error.errors(), key=lambda found: (len(found["loc"]), found["type"] != "missing"))
        raise InputError(_words(first, kind, node, path)) from error


def _words(found: Any, kind: type[BaseModel], node: Any, path: Path) -> str:
    location = [_as_written(part) for part in found["loc"] if part != "[key]"]
    message = str(found["msg"]).removeprefix("Value error, ")
    if found["type"] == "extra_forbidden":
        message = f"unknown field; known are {', '.join(_schema(kind, found['loc'][:-1]).model_fields)}"
    named = ".".join(str(part) for part in location) or next(iter(kind.model_fields))
    return f"{path}, line {yaml_lines.line(node, location)}: {named}: {message}"


def _schema(kind: type[BaseModel], location: Sequence[int | str]) -> type[BaseModel]:
    """What the part of a document at `location` is checked against."""
    for step in location:
        field = kind.model_fields.get(str(step))
        kind = kind if field is None else next(_models(field.annotation), kind)
    return kind


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is built of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _as_written(part: int | str) -> int | str:
    """A key as it stands in the file: dates come out of the checker as Python writes them."""
    day = re.fullmatch(r"datetime\.date\((\d+), (\d+), (\d+)\)", str(part))
    return part if day is None else f"{int(day[1]):04}-{int(day[2]):02}-{int(day[3]):02}"
