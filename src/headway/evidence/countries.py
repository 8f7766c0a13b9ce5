"""Country names as publishers write them, and the one policy that turns them into codes (docs/countries.md)."""

from __future__ import annotations

import difflib
import html
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from headway.core.errors import InputError
from headway.evidence.catalogue import Bloc, blocs

Kind = Literal["country", "bloc"]


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory with an ISO 3166-1 code (or Kosovo, XKX), or a bloc of them.

    `members` are ISO codes, empty for a country.
    """

    code: str
    name: str
    kind: Kind = "country"
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotACountry:
    """A name that publishers put in the country column and that names no country: a region, a class, many at once."""

    text: str
    reason: str


def fold(text: str) -> str:
    """Form in which names are compared: no case, accents, marks of footnotes, or punctuation."""
    bare = html.unescape(re.sub(r"<sup>.*?</sup>", "", text)).replace("’", "'")
    plain = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", " ", plain.casefold().replace("'", "").replace("&", " and ")).split()
    return " ".join(word for word in words if word != "the")


@lru_cache(maxsize=1)
def countries() -> Mapping[str, Country]:
    """All countries and territories of ISO 3166-1 and XKX, by code, named as `aliases.toml` prefers."""
    import pycountry

    names = _aliases()["names"]
    table = {}
    for entry in pycountry.countries:
        plain = getattr(entry, "common_name", entry.name)
        table[entry.alpha_3] = Country(entry.alpha_3, names.get(entry.alpha_3, plain))
    table["XKX"] = Country("XKX", names["XKX"])
    return dict(sorted(table.items()))


@lru_cache(maxsize=1)
def _aliases() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("headway.evidence").joinpath("catalogue", "aliases.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _index() -> Mapping[str, str]:
    """Codes by folded spelling."""
    import pycountry

    index: dict[str, str] = {}
    for entry in pycountry.countries:
        spellings = (entry.alpha_2, entry.alpha_3, entry.numeric, entry.name)
        further = (getattr(entry, "official_name", ""), getattr(entry, "common_name", ""))
        for spelling in (*spellings, *filter(None, further)):
            index.setdefault(fold(spelling), entry.alpha_3)
    for code, country in countries().items():
        index[fold(code)] = code
        index[fold(country.name)] = code
    for spelling, code in _aliases()["spellings"].items():
        index[fold(spelling)] = code
    return index


@lru_cache(maxsize=1)
def other_names() -> Mapping[str, str]:
    """Codes by names that people say besides the one printed, such as `Britain`, without publishers' shorthands."""
    plain = re.compile(r"[A-Z][a-z]+( [A-Za-z]+)*")
    told = {name: code for name, code in _aliases()["spellings"].items() if plain.fullmatch(name)}
    return {name: code for name, code in told.items() if fold(name) != fold(countries()[code].name)}


@lru_cache(maxsize=1)
def _not_countries() -> Mapping[str, str]:
    return {fold(name): reason for reason, names in _aliases()["not_countries"].items() for name in names}


@lru_cache(maxsize=1)
def _bloc_index() -> Mapping[str, Bloc]:
    return {fold(name): bloc for bloc in blocs().values() for name in (bloc.slug, bloc.name, *bloc.aliases)}


@lru_cache(maxsize=16384)
def classify(text: str) -> Country | NotACountry:
    """Country, bloc or aggregate that a publisher's country cell with one name in it means.

    Exact look-up only: a name that nearly matches is never taken for a country.

    Raises:
        InputError: neither a country, a bloc nor a known aggregate; the message suggests what may be meant.
    """
    key = fold(text)
    code = _index().get(key)
    if code is not None:
        return countries()[code]
    if key in _bloc_index():
        bloc = _bloc_index()[key]
        return Country(bloc.slug, bloc.name, "bloc", bloc.members)
    if key in _not_countries():
        return NotACountry(text.strip(), _not_countries()[key])
    raise InputError(f"'{text.strip()}' is not a country, territory or bloc that we know{_suggestion(key)}")


def resolve(text: str) -> Country:
    """Country or bloc that a user means by a code or a name, in any case and most spellings.

    Raises:
        InputError: unknown (with suggestions), or the name of a region or class of countries.
    """
    found = classify(text)
    if isinstance(found, NotACountry):
        raise InputError(f"'{found.text}' is not a country: {found.reason}; name a country or a bloc ({_bloc_codes()})")
    return found


def code_of(text: str) -> str | None:
    """ISO code of one country name in a publisher's table; None for aggregates and blocs, which we compute ourselves.

    Raises:
        InputError: the name is unknown; an unknown name is never dropped in silence.
    """
    found = classify(text)
    return found.code if isinstance(found, Country) and found.kind == "country" else None


def codes_in(cell: str) -> tuple[str, ...]:
    """Codes of a cell that lists one country per organisation, in its order and without repeats.

    Entries are parted by a semicolon, or by a comma; names may hold a comma and a blank themselves ("Iran, Islamic
    Rep."), so that there the longest known name wins. Aggregates ("Multinational") yield nothing.

    Raises:
        InputError: a part of the cell is no known name.
    """
    found: dict[str, None] = {}
    for entry in re.split(r",(?!\s)|;", cell):
        parts = [part for part in re.split(r"\s*,\s*", entry.strip()) if part]
        while parts:
            taken = next((n for n in range(len(parts), 1, -1) if _known(", ".join(parts[:n]))), 1)
            code = code_of(", ".join(parts[:taken]))
            if code is not None:
                found.setdefault(code)
            parts = parts[taken:]
    return tuple(found)


def _known(name: str) -> bool:
    key = fold(name)
    return key in _index() or key in _not_countries()


def _suggestion(key: str) -> str:
    table = countries()
    numbers = key.isdigit()  # a number is no misspelling of another
    named = {spelling: f"{table[code].name} ({code})" for spelling, code in _index().items() if not numbers}
    named |= {spelling: f"{bloc.name} ({bloc.slug})" for spelling, bloc in _bloc_index().items()}
    words = [spelling for spelling in named if len(spelling) > 3 or len(key) < 4]
    near = difflib.get_close_matches(key, words, n=8, cutoff=0.72)
    near += [spelling for spelling in named if len(key) > 3 and key in spelling.split()]
    shown = list(dict.fromkeys(named[spelling] for spelling in near))[:3]
    return f"; did you mean {' or '.join(shown)}?" if shown else "; give an ISO 3166 code such as FRA, or a name"


def _bloc_codes() -> str:
    return ", ".join(blocs())
