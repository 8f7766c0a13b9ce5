"""Reading a ledger: every complaint names the line and the field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from headway.claims.ledger.model import Ledger
from headway.core import yaml_files
from headway.core.errors import InputError


def read_ledger(path: str | Path) -> Ledger:
    """Read the file `path`, or the shipped ledger of that name.

    Raises:
        InputError: missing, not YAML, or an entry breaks a rule; the message names file, line and field.
    """
    shipped = shipped_ledgers()
    if str(path) in shipped and not Path(path).exists():
        return parse_ledger(shipped[str(path)], f"{path}.yaml")
    try:
        text = yaml_files.read_text(Path(path))
    except InputError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            words = f"{path}: no such file, and no shipped ledger of that name ({', '.join(shipped)})"
            raise InputError(words) from error
        raise
    return parse_ledger(text, str(path))


def parse_ledger(text: str, name: str) -> Ledger:
    """Read a ledger from its text; `name` is what messages call it.

    Raises:
        InputError: as `read_ledger`.
    """
    document = yaml_files.document(text, name)
    if not isinstance(document.value, dict):
        raise InputError(f"{name}, line 1: a ledger is a YAML mapping with `ledger`, `title` and `claims`")
    try:
        ledger = Ledger.model_validate(_normal(document.value))
    except ValidationError as error:
        raise InputError(_complaints(error, document)) from None
    return _checked(ledger, document)


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


def _checked(ledger: Ledger, document: yaml_files.Document) -> Ledger:
    """Rules that join several fields or look things up: ids, countries, dates, quantities."""
    from headway.claims.ledger.names import check_names

    seen: dict[str, int] = {}
    for number, claim in enumerate(ledger.claims):
        line = document.line(("claims", number, "id"))
        if claim.id in seen:
            raise InputError(f"{document.name}, line {line}, id: '{claim.id}' is used already in line {seen[claim.id]}")
        seen[claim.id] = line
    for where, complaint in check_names(ledger):
        raise InputError(f"{document.name}, {_place(where, document)}: {complaint}")
    return ledger


def _complaints(error: ValidationError, document: yaml_files.Document) -> str:
    texts = []
    for item in error.errors()[:5]:
        where = tuple(part for part in item["loc"] if isinstance(part, (str, int)))
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            message = "no such field"
        texts.append(f"{document.name}, {_place(where, document)}: {message}")
    more = error.error_count() - len(texts)
    return "\n".join(texts) + (f"\n… and {more} more" if more > 0 else "")


def _place(where: yaml_files.Location, document: yaml_files.Document) -> str:
    field = ".".join(str(part + 1 if isinstance(part, int) else part) for part in where) or "top"
    return f"line {document.line(where)}, {field}"


@lru_cache(maxsize=1)
def shipped_ledgers() -> Mapping[str, str]:
    """Texts of the ledgers that come with the package, by name."""
    folder = files("headway.claims").joinpath("ledgers")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): folder.joinpath(name).read_text("utf-8") for name in names}


def ledgers_of(country: str) -> tuple[str, ...]:
    """Names of the shipped ledgers of a country or bloc, by code; only their heads are read."""
    heads = {
        name: yaml_files.document(text.split("\nclaims:", 1)[0], name).value for name, text in shipped_ledgers().items()
    }
    return tuple(name for name, head in heads.items() if head["country"] == country)
