"""YAML files, read within limits and checked; whatever is wrong is refused with its line.

No other module reads YAML.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.representer import SafeRepresenter
from ruamel.yaml.scanner import Scanner

from headway.core import files
from headway.core.errors import InputError

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
MAX_ALIASES = 10
MAX_DIGITS = 30

Kind = TypeVar("Kind", bound=BaseModel)
Location = tuple[int | str, ...]

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(0b[01][01_]*|0o[0-7][0-7_]*|0x[0-9a-fA-F][0-9a-fA-F_]*|[0-9][0-9_]*)")
_FLOAT = re.compile(r"[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
# Words and numbers of YAML 1.1 that 1.2 reads as text: booleans, sexagesimal and binary numbers, the keys = and <<.
_OLD_WORD = re.compile(
    r"y|n|yes|no|on|off|=|<<|[-+]?0b[01_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?", re.IGNORECASE
)
_ABSENT: Any = object()


@dataclass(frozen=True)
class YamlDocument:
    """The contents of a YAML file, and the line of each part.

    Attributes:
        name: file name that errors give.
        value: plain data: dictionaries, lists, text, numbers, true or false, null. Dates stay text.
        lines: line by location (keys as text, positions in lists); 1 is the first.
    """

    name: str
    value: Any
    lines: Mapping[Location, int]

    def line(self, location: Sequence[int | str]) -> int:
        """Line of the deepest part of `location` (keys and positions) that the document has; 1 is the first."""
        found: Location = ()
        for step in location:
            # A step that is in no file is a name that the schema added, such as the branch of a union.
            found = next((at for at in ((*found, step), (*found, str(step))) if at in self.lines), found)
        return self.lines.get(found, 1)

    def refusal(self, location: Sequence[int | str], message: str, field: str = "") -> InputError:
        """Error that names file, line and field; `field` stands in where the location is the whole file."""
        named = ".".join(str(step) for step in location) or field
        return InputError(f"{self.name}, line {self.line(location)}: {f'{named}: ' if named else ''}{message}")


def read(kind: type[Kind], path: Path, context: Mapping[str, Any] | None = None) -> Kind:
    """Object of `kind` from a file; `context` is what its validators may look names up in.

    Raises:
        InputError: missing, not YAML, or malformed; names file, line and field.
    """
    return parse(kind, read_text(path), path, context)


def parse(kind: type[Kind], text: str, path: Path, context: Mapping[str, Any] | None = None) -> Kind:
    """Object of `kind` that `text` describes; `path` is named in errors.

    Raises:
        InputError: not YAML or malformed; names file, line and field.
    """
    found = document(text, path)
    if not isinstance(found.value, dict):
        fields = ", ".join(kind.model_fields)
        raise InputError(f"{path}, line 1: the file must be a mapping with the fields {fields}")
    try:
        return kind.model_validate(found.value, context=dict(context or {}))
    except ValidationError as error:
        location, message = _first_fault(kind, error)
        raise found.refusal(location, message, next(iter(kind.model_fields))) from error


def validated(kind: type[Kind], value: Any, name: str, context: Mapping[str, Any] | None = None) -> Kind:
    """Object of `kind` from plain data that stand in no file; `name` is what errors call them.

    Raises:
        InputError: malformed; names the field.
    """
    try:
        return kind.model_validate(value, context=dict(context or {}))
    except ValidationError as error:
        location, message = _first_fault(kind, error)
        raise InputError(": ".join((name, *filter(None, (".".join(map(str, location)),)), message))) from error


def _first_fault(kind: type[BaseModel], error: ValidationError) -> tuple[list[int | str], str]:
    """Place and words of the fault to mend first: the deepest, and a misspelt field before one that is missing."""
    first = max(error.errors(), key=lambda found: (len(found["loc"]), found["type"] != "missing"))
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = f"unknown field; known are {', '.join(_schema(kind, first['loc'][:-1]).model_fields)}"
    return [step for step in first["loc"] if step != "[key]"], message


def read_text(path: Path) -> str:
    """Text of a file of at most 1 MB.

    Raises:
        InputError: missing, larger, or not UTF-8.
    """
    return files.read_text(path, MAX_BYTES)


def document(text: str, name: str | Path, *, allow_nan: bool = False) -> YamlDocument:
    """The plain data in `text`; `name` is the file that errors name.

    Args:
        allow_nan: `.nan` is a value, as in paths where it ends a change; infinite numbers never are.

    Raises:
        InputError: not YAML, or over a limit: 1 MB, 50 levels, 10 aliases (none of lists or mappings), integers of 30
            digits, finite numbers; a key that is given twice or is not a single value, a tag, a second document.
    """
    if len(text) > MAX_BYTES:
        raise InputError(f"{name}: larger than 1 MB; split the file")
    reader = YAML(typ="safe", pure=True)
    reader.Scanner = _BoundedScanner
    builder = _Builder(str(name), allow_nan)
    try:
        for event in reader.parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InputError(f"{name}{place}: not valid YAML ({error.problem or error.context})") from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        words = f"character #x{ord(text[error.position]):04x} is not allowed"
        raise InputError(f"{name}, line {line}: not valid YAML ({words})") from error
    except (YAMLError, ValueError, OverflowError) as error:  # such as an escape beyond the last Unicode character
        raise InputError(f"{name}, line {builder.reached}: not valid YAML ({error})") from error
    return YamlDocument(str(name), builder.value, builder.lines)


def dump(value: Any) -> str:
    """YAML text of plain data: keys in the order given, no aliases, lines of at most about 110 characters.

    Readers of YAML 1.1 and of 1.2 find the same values in it.
    """
    writer = YAML(typ="safe", pure=True)
    writer.Representer = _Representer
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.width = 110
    writer.representer.sort_base_mapping_type_on_output = False
    stream = io.StringIO()
    writer.dump(value, stream)
    return re.sub(" +$", "", stream.getvalue(), flags=re.MULTILINE)  # the writer leaves a blank where it folds a line


class _Representer(SafeRepresenter):
    """Representer that quotes text which YAML 1.1 reads as a boolean or a number, and that writes no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_str(self, data: str) -> Any:
        style = "'" if _OLD_WORD.fullmatch(data) else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Representer.add_representer(str, _Representer.represent_str)


class _BoundedScanner(Scanner):
    """Scanner that counts open levels itself: it reads far ahead of the events, slowly where levels are many."""

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:
        super().fetch_flow_collection_start(TokenClass, to_push)
        self._count()

    def add_indent(self, column: int) -> bool:
        added = super().add_indent(column)
        self._count()
        return added

    def _count(self) -> None:
        if len(self.flow_context) + len(self.indents) > MAX_DEPTH:
            words = f"nested deeper than {MAX_DEPTH} levels; flatten the lists and mappings"
            raise MarkedYAMLError(problem=words, problem_mark=self.reader.get_mark())


class _Open:
    """A list or mapping that has not ended yet; `key` is the key whose value comes next."""

    def __init__(self, value: Any, at: Location) -> None:
        self.value, self.at, self.key = value, at, _ABSENT
        self.seen: set[str] = set()


class _Builder:
    """Plain data made of parser events one after the other, without recursion."""

    def __init__(self, name: str, allow_nan: bool) -> None:
        self.name, self.allow_nan = name, allow_nan
        self.value: Any = None
        self.lines: dict[Location, int] = {}
        self.reached = 1
        self._open: list[_Open] = []
        self._anchors: dict[str, Any] = {}
        self._aliases = self._documents = 0

    def take(self, event: Any) -> None:
        """Add the key, value, beginning or end that one event stands for.

        Raises:
            InputError: over a limit or not plain data; names file, line and, where there is one, field.
        """
        self.reached = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._refused("a second document starts here; one file holds one, without `---` inside")
        elif isinstance(event, (SequenceEndEvent, MappingEndEvent)):
            self._open.pop()
        elif isinstance(event, NodeEvent):
            self._node(event)

    def _node(self, event: Any) -> None:
        parent = self._open[-1] if self._open else None
        if getattr(event, "tag", None) is not None:
            raise self._refused(f"the tag {event.tag} is not read here; write plain values without tags")
        if isinstance(event, AliasEvent):
            value = self._aliased(event.anchor)
        elif isinstance(event, ScalarEvent):
            value = self._scalar(event.value) if event.implicit[0] else event.value
        else:
            value = {} if isinstance(event, MappingStartEvent) else []
        collection = isinstance(event, (MappingStartEvent, SequenceStartEvent))
        if event.anchor and not isinstance(event, AliasEvent):
            self._anchors[event.anchor] = _ABSENT if collection else value
        if parent is not None and isinstance(parent.value, dict) and parent.key is _ABSENT:
            self._key(parent, value, collection)
            return
        at = self._location()
        self.lines.setdefault(at, self.reached)  # a value in a mapping has the line of its key
        if parent is None:
            self.value = value
        elif isinstance(parent.value, dict):
            parent.value[parent.key], parent.key = value, _ABSENT
        else:
            parent.value.append(value)
        if collection:
            self._open.append(_Open(value, at))

    def _key(self, parent: _Open, key: Any, collection: bool) -> None:
        if collection or (isinstance(key, float) and math.isnan(key)):
            raise self._refused("a key must be a single value, such as a name or a date")
        if str(key) in parent.seen:
            raise self._refused(f"'{key}' is given twice; keep one of the two")
        parent.seen.add(str(key))
        parent.key = key
        self.lines[(*parent.at, str(key))] = self.reached

    def _location(self) -> Location:
        """Location of the next value."""
        if not self._open:
            return ()
        parent = self._open[-1]
        if isinstance(parent.value, list):
            return (*parent.at, len(parent.value))
        return parent.at if parent.key is _ABSENT else (*parent.at, str(parent.key))

    def _aliased(self, anchor: str) -> Any:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            raise self._refused(f"more than {MAX_ALIASES} aliases; write the values out")
        if anchor not in self._anchors:
            raise self._refused(f"the alias *{anchor} refers to no anchor above; write the value out")
        if self._anchors[anchor] is _ABSENT:
            raise self._refused(f"the alias *{anchor} refers to a list or mapping; write it out")
        return self._anchors[anchor]

    def _scalar(self, text: str) -> Any:
        """Value of a plain scalar by the core rules of YAML 1.2; `yes`, `NO` and dates are text."""
        if text in _NULL:
            return None
        if text in _BOOLEAN:
            return _BOOLEAN[text]
        if _INTEGER.fullmatch(text):
            return self._integer(text)
        if _FLOAT.fullmatch(text) or _NOT_FINITE.fullmatch(text):
            return self._finite(
                float(text.lower().replace("_", "").replace(".inf", "inf").replace(".nan", "nan")), text
            )
        return text

    def _integer(self, text: str) -> int:
        digits = text.replace("_", "").lstrip("+-")
        if len(digits) > MAX_DIGITS:
            raise self._refused(f"a whole number of {len(digits)} digits; at most {MAX_DIGITS} are read")
        base = {"0b": 2, "0o": 8, "0x": 16}.get(digits[:2], 10)
        return int(digits, base) * (-1 if text.startswith("-") else 1)

    def _finite(self, value: float, text: str) -> float:
        if math.isinf(value) or (math.isnan(value) and not self.allow_nan):
            raise self._refused(f"{text[:40]} is not a finite number; give one")
        return value

    def _refused(self, message: str) -> InputError:
        field = ".".join(str(step) for step in self._location())
        return InputError(f"{self.name}, line {self.reached}: {f'{field}: ' if field else ''}{message}")


def _schema(kind: type[BaseModel], location: Sequence[int | str]) -> type[BaseModel]:
    """Schema that the part of a document at `location` is checked against."""
    for step in location:
        field = kind.model_fields.get(str(step))
        kind = kind if field is None else next(schema_models(field.annotation), kind)
    return kind


def schema_models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Models that a type is built of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from schema_models(part)
