"""Country names as they stand inside a sentence."""

from __future__ import annotations

import re

_WITH_ARTICLE = re.compile(
    r"^(United|Netherlands|Philippines|Bahamas|Gambia|Maldives|Seychelles|European|Gulf|Eurasian|Association|Commonwealth)\b"
    r"|\b(Islands|Republic|Emirates|Union|Federation)$"
)


def the(name: str) -> str:
    """The name with its article: `the United States`, `France`."""
    return f"the {name}" if _WITH_ARTICLE.search(name) else name


def of(name: str) -> str:
    """The possessive: `Russia’s`, `the United States’`."""
    whole = the(name)
    return whole + ("’" if whole.endswith("s") else "’s")
