"""Country names as they stand inside a sentence."""

from __future__ import annotations

import re

from headway.evidence.countries import resolve

_WITH_ARTICLE = re.compile(
    r"^(United|Netherlands|Philippines|Bahamas|Gambia|Maldives|Seychelles|European|Gulf|Eurasian|Association|Commonwealth)\b"
    r"|\b(Islands|Republic|Emirates|Union|Federation)$"
)


def name(code: str) -> str:
    """The short name of a country or bloc: `United States`."""
    return resolve(code).name


def the(code: str) -> str:
    """The name with its article: `the United States`, `France`."""
    plain = name(code)
    return f"the {plain}" if _WITH_ARTICLE.search(plain) else plain


def of(code: str) -> str:
    """The possessive: `Russia’s`, `the United States’`."""
    whole = the(code)
    return whole + ("’" if whole.endswith("s") else "’s")
