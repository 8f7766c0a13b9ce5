"""YAML files as checked objects; a refusal names the file, the line and the field."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from headway.core.errors import InputError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where PyYAML was built with libyaml


class _Strict(_Loader):  # type: ignore[misc]
    """SafeLoader that refuses a key given twice, where YAML would silently take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key}' is given twice", key_node.start_mark)
            seen.add(key)
        return dict(super().construct_mapping(node, deep))


def parse_nodes(text: str, path: Path) -> tuple[Any, yaml.Node | None]:
    """The document and its node tree.

    Raises:
        InputError: not YAML, or a key is given twice; names file, line and column.
    """
    try:
        loader = _Strict(text)
        node = loader.get_single_node()
        return None if node is None else loader.construct_document(node), node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InputError(f"{path}{place}: {error.problem or 'not YAML'}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(f"{path}: not YAML: {error}") from error


def line_of(node: yaml.Node | None, location: Sequence[int | str]) -> int:
    """Line of the deepest part of `location` (keys and positions) that the document has; 1 is the first."""
    found = 1 if node is None else node.start_mark.line + 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            match = [(key, value) for key, value in node.value if str(key.value) == str(step)]
            if not match:
                continue  # a name that the schema added, such as the branch of a union
            found, node = match[0][0].start_mark.line + 1, match[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            found = node.start_mark.line + 1
    return found


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
    document, node = parse_nodes(text, path)
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
    return f"{path}, line {line_of(node, location)}: {named}: {message}"


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
