"""Settings that the user writes beside their tables, in TOML or YAML: groups, indicators of their own, and a mapping.

`[indicators.SLUG]` declares an indicator, `[map]` says which column holds which field, `accept_outliers = true` takes
values far from all known ones; every other table is a group of countries (`headway.evidence.blocs`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from headway.core.errors import InputError
from headway.evidence.blocs import groups_in, parse
from headway.evidence.catalogue import Bloc, Indicator
from headway.evidence.layout import checked_mapping


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """Groups, indicators and mapping of the user, from all their files; a later file goes before an earlier one."""

    groups: Mapping[str, Bloc] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    accept_outliers: bool = False


def read_settings(files: Sequence[Path], shipped: Mapping[str, Indicator]) -> OwnSettings:
    """Settings of all `files`.

    Args:
        shipped: indicators that may not be declared anew.

    Raises:
        InputError: names file, entry and field, and what would be right.
    """
    groups: dict[str, Bloc] = {}
    indicators: dict[str, Indicator] = {}
    mapping: dict[str, str] = {}
    accept = False
    for path in files:
        entries = parse(path)
        if not isinstance(entries, dict) or not entries:
            raise InputError(
                f"{path}: write one table per group (a code of capital letters with name and members), "
                "[indicators.SLUG] for an indicator of your own, or [map]"
            )
        entries = dict(entries)
        indicators |= _indicators(entries.pop("indicators", {}), path, shipped)
        mapping |= _mapping(entries.pop("map", {}), path)
        taken = entries.pop("accept_outliers", False)
        if not isinstance(taken, bool):
            raise InputError(f"{path}: accept_outliers is {taken!r}: write true or false")
        accept |= taken
        groups |= groups_in(entries, path)
    return OwnSettings(groups, indicators, mapping, accept)


def _indicators(entries: Any, path: Path, shipped: Mapping[str, Indicator]) -> dict[str, Indicator]:
    if not isinstance(entries, dict):
        raise InputError(f"{path}: [indicators]: write one table per indicator, as [indicators.chip_fabs]")
    words: list[str] = []
    found: dict[str, Indicator] = {}
    for slug, fields in entries.items():
        if slug in shipped:
            words.append(f"[indicators.{slug}] is an indicator of Headway's; choose another name")
        elif not isinstance(fields, dict):
            words.append(f"[indicators.{slug}]: give name, unit, kind and direction")
        else:
            base = {"slug": slug, "domain": "own", "description": str(fields.get("name", slug)), "bloc": "none"}
            try:
                found[slug] = Indicator.model_validate({**base, **fields})
            except ValidationError as error:
                words += [
                    f"[indicators.{slug}] {'.'.join(map(str, entry['loc']))}: {entry['msg']}"
                    for entry in error.errors()
                ]
    known = {**shipped, **found}
    for slug, entry in found.items():
        for name in (entry.weight, entry.denominator):
            if name is not None and (name not in known or known[name].kind != "scale"):
                words.append(f"[indicators.{slug}] names {name}, which is no scale indicator")
    if words:
        raise InputError(f"{path}: " + "\n  ".join(words))
    return found


def _mapping(entries: Any, path: Path) -> dict[str, str]:
    if not isinstance(entries, dict) or not all(isinstance(text, str | int) for text in entries.values()):
        raise InputError(f'{path}: [map]: write FIELD = "COLUMN", as country = "Code"')
    return checked_mapping({str(name): str(text) for name, text in entries.items()}, f"{path}: [map]")
