"""Reading a ledger: every complaint names the line and the field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from headway.claims.ledger.model import Ledger
from headway.core.errors import InputError

_MAX_BYTES = 1_000_000
Path_ = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """Plain values only: dates stay text, so that an impossible one is reported with its line."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_ledger(path: str | Path) -> Ledger:
    """Read the file `path`, or the shipped ledger of that name.

    Raises:
        InputError: missing, not YAML, or an entry breaks a rule; the message names file, line and field.
    """
    shipped = shipped_ledgers()
    if str(path) in shipped and not Path(path).exists():
        return parse_ledger(shipped[str(path)], f"{path}.yaml")
    file = Path(path)
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path}: larger than 1 MB; split the ledger")
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file, and no shipped ledger of that name ({', '.join(shipped)})") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text (byte {error.start}); a ledger is a YAML file") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    return parse_ledger(text, str(path))


def parse_ledger(text: str, name: str) -> Ledger:
    """Read a ledger from its text; `name` is what messages call it.

    Raises:
        InputError: as `read_ledger`.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
        lines = _lines(node, name) if node is not None else {}
        record = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise InputError(f"{name}{where}: not valid YAML ({problem})") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: not valid YAML ({error})") from error
    if not isinstance(record, dict):
        raise InputError(f"{name}: a ledger is a YAML mapping with `ledger`, `title` and `claims`")
    try:
        ledger = Ledger.model_validate(_normal(record))
    except ValidationError as error:
        raise InputError(_complaints(error, lines, name)) from None
    return _checked(ledger, lines, name)


def _normal(record: dict[str, Any]) -> dict[str, Any]:
    """`said: general public debate` and years without quotes are understood."""

    def said(value: Any) -> Any:
        if isinstance(value, str):
            return {"title": value}
        if isinstance(value, dict) and isinstance(value.get("date"), int):
            return {**value, "date": str(value["date"])}
        return value

    claims = record.get("claims")
    if isinstance(claims, list):
        claims = [
            {
                key: said(value)
                if key == "said"
                else str(value)
                if key == "speaks_of" and isinstance(value, int)
                else value
                for key, value in claim.items()
            }
            if isinstance(claim, dict)
            else claim
            for claim in claims
        ]
    return {**record, "claims": claims, **({"said": said(record["said"])} if "said" in record else {})}


def _checked(ledger: Ledger, lines: Mapping[Path_, int], name: str) -> Ledger:
    """Rules that join several fields or look things up: ids, countries, dates, quantities."""
    from headway.claims.ledger.names import check_names

    seen: dict[str, int] = {}
    for number, claim in enumerate(ledger.claims):
        line = lines.get(("claims", number, "id"), 0)
        if claim.id in seen:
            raise InputError(f"{name}, line {line}, id: '{claim.id}' is used already in line {seen[claim.id]}")
        seen[claim.id] = line
    for where, complaint in check_names(ledger):
        raise InputError(f"{name}, {_place(where, lines)}: {complaint}")
    return ledger


def _complaints(error: ValidationError, lines: Mapping[Path_, int], name: str) -> str:
    texts = []
    for item in error.errors()[:5]:
        where = tuple(part for part in item["loc"] if isinstance(part, (str, int)))
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            message = "no such field"
        texts.append(f"{name}, {_place(where, lines)}: {message}")
    more = error.error_count() - len(texts)
    return "\n".join(texts) + (f"\n… and {more} more" if more > 0 else "")


def _place(where: Path_, lines: Mapping[Path_, int]) -> str:
    path = where
    while path and path not in lines:
        path = path[:-1]
    field = ".".join(str(part + 1 if isinstance(part, int) else part) for part in where) or "top"
    return f"line {lines.get(path, 1)}, {field}"


def _lines(node: yaml.Node, name: str, path: Path_ = ()) -> dict[Path_, int]:
    """The line of every field, by its path; a key that stands twice is an error."""
    found: dict[Path_, int] = {path: node.start_mark.line + 1}
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            word = str(key.value)
            if word in seen:
                raise InputError(f"{name}, line {key.start_mark.line + 1}: `{word}` stands twice")
            seen.add(word)
            found |= _lines(value, name, (*path, word))
            found[(*path, word)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            found |= _lines(value, name, (*path, number))
    return found


@lru_cache(maxsize=1)
def shipped_ledgers() -> Mapping[str, str]:
    """Texts of the ledgers that come with the package, by name."""
    folder = files("headway.claims").joinpath("ledgers")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): folder.joinpath(name).read_text("utf-8") for name in names}


def ledgers_of(country: str) -> tuple[str, ...]:
    """Names of the shipped ledgers of a country or bloc, by code; only their heads are read."""
    heads = {name: yaml.load(text.split("\nclaims:", 1)[0], Loader=_Loader) for name, text in shipped_ledgers().items()}
    return tuple(name for name, head in heads.items() if head["country"] == country)
