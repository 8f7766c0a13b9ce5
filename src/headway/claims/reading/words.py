"""The packaged word lists, compiled once. Rules live in code, words in `lexicon/*.toml`, which anyone can amend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=8)
def lexicon(name: str) -> Mapping[str, Any]:
    """The tables of `lexicon/<name>.toml`."""
    return tomllib.loads(files("headway.claims.reading").joinpath("lexicon", f"{name}.toml").read_text("utf-8"))


def alternatives(entries: Iterable[str]) -> re.Pattern[str]:
    """One pattern that finds any of `entries` as whole words; "~" at the end of a word stands for more letters."""
    body = "|".join(f"(?:{entry.replace('~', chr(92) + 'w*')})" for entry in entries)
    return re.compile(rf"(?<![\w’'-])(?:{body})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=64)
def cues(section: str, key: str = "cues") -> re.Pattern[str]:
    """The compiled list `key` of `[section]` in the cue lexicon."""
    return alternatives(lexicon("cues")[section][key])


@lru_cache(maxsize=8)
def loose_cues(section: str, key: str = "cues") -> re.Pattern[str]:
    """As `cues`, for entries that carry their own borders, such as anchors."""
    return re.compile("|".join(f"(?:{entry})" for entry in lexicon("cues")[section][key]), re.IGNORECASE)
