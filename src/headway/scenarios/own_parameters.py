"""The user's own distributions in place of those of the parameter registry, from a TOML file.

One table per parameter, named by its key (or as in the shipped file, `[mechanism.key]`); it holds a `distribution` and
says where that comes from:

    [slope]
    distribution = { kind = "normal", mean = 9.0, sd = 1.0 }
    rationale = "Our own regression on the scores of 2025."
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from headway.core.errors import InputError
from headway.core.files import read_text
from headway.scenarios.distributions import Choice
from headway.scenarios.registry import EvidenceTier, Grade, Parameter, Registry, registry

if TYPE_CHECKING:
    from headway.evidence import Evidence

LIMIT = 1 << 20  # bytes; the shipped registry is a twentieth of it


class OwnParameter(BaseModel):
    """The user's entry of one parameter: a distribution with a rationale, or with a citation, its address and grade."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    distribution: dict[str, Any]
    rationale: str = ""
    citation: str = ""
    url: str = ""
    grade: Grade | None = None
    note: str = ""


def registry_for(evidence: Evidence) -> Registry:
    """The registry of a question about this evidence: the shipped one with the user's own distributions, if any.

    Raises:
        InputError: the user's file breaks a rule; names file, key and what would be right, all faults at once.
    """
    if evidence.own is None or (path := evidence.own.parameters) is None:
        return registry()
    return evidence.once("own parameters", lambda: with_own(registry(), path))


def own_distributions(evidence: Evidence) -> dict[str, dict[str, Any]]:
    """The user's own distributions that differ from the shipped ones, by key, as plain data."""
    own, shipped = registry_for(evidence).parameters, registry().parameters
    return {
        key: parameter.distribution.model_dump()
        for key, parameter in own.items()
        if parameter.distribution != shipped[key].distribution
    }


def with_own(base: Registry, path: Path) -> Registry:
    """The registry with the distributions of a file in place of its own.

    Raises:
        InputError: the file cannot be read, is not TOML, or an entry breaks a rule; all faults at once.
    """
    faults: list[str] = []
    own: dict[str, Parameter] = {}
    for key, entry in _entries(_read(path), base):
        if key not in base.parameters:
            near = get_close_matches(key, base.parameters, 3)
            hint = f"did you mean {' or '.join(near)}?" if near else "`headway parameters` lists the keys"
            faults.append(f"[{key}] is no parameter of the model; {hint}")
            continue
        try:
            own[key] = _changed(base.parameters[key], OwnParameter.model_validate(entry))
        except ValidationError as error:
            for fault in error.errors():
                where = ".".join((key, *(str(part) for part in fault["loc"])))
                faults.append(f"[{where}] {fault['msg'].removeprefix('Value error, ')}")
        except ValueError as error:
            faults.append(f"[{key}.distribution] {error}")
    if faults:
        raise InputError(f"--parameters {path}: " + "; ".join(faults))
    groups = {group: {key: own.get(key, p) for key, p in members.items()} for group, members in base.groups.items()}
    return base.model_copy(update={"groups": groups})


def _entries(tables: Mapping[str, Any], base: Registry) -> Iterator[tuple[str, Any]]:
    """Entries by key, whether the file names the mechanism, as the shipped one does, or not."""
    for name, table in tables.items():
        if name in base.groups and name not in base.parameters and isinstance(table, dict):
            yield from table.items()
        else:
            yield name, table


def _read(path: Path) -> dict[str, Any]:
    try:
        entries = tomllib.loads(read_text(path, LIMIT))
    except InputError as error:
        raise InputError(f"--parameters {error}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"--parameters {path}: not TOML in UTF-8: {error}") from error
    if not entries:
        raise InputError(f"--parameters {path}: it sets no parameter; write a table [KEY] with a distribution")
    return entries


def _changed(shipped: Parameter, own: OwnParameter) -> Parameter:
    """The shipped parameter with the user's distribution, its tier by what the user says of the source."""
    cited = bool(own.citation)
    kept = EvidenceTier.PRIOR if shipped.tier is EvidenceTier.SCENARIO else shipped.tier
    facts = own.model_dump() | {"tier": kept if cited else EvidenceTier.SCENARIO}
    changed = Parameter.model_validate(shipped.model_dump() | facts)
    before, after = shipped.distribution, changed.distribution
    if isinstance(before, Choice) != isinstance(after, Choice):
        raise ValueError("a choice between structures stays a choice, and a number stays a number")
    if isinstance(before, Choice) and isinstance(after, Choice) and before.values != after.values:
        raise ValueError(f"the values stay {list(before.values)}; the weights may change")
    return changed
