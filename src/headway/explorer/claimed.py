"""State of the view of one claim, with what a reader's own sentence and test may be: an address carries all of them."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal
from unicodedata import category

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from headway.claims.language import parse_test
from headway.core.errors import InputError
from headway.explorer.address import EightCodes, PageState

MOST_READINGS = 6
NOT_OURS = "Not by Headway: sentence and test were chosen by a reader."
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # signs that turn the direction of what follows


def _one_line(text: str) -> str:
    for sign in text:
        if category(sign) in ("Cc", "Cs", "Zl", "Zp") or sign in _TURNING:
            raise PydanticCustomError("line", f"give one line of text, without the sign U+{ord(sign):04X}")
    return text


def _sentence(text: str) -> str:
    if text and len(text) < 3:
        raise PydanticCustomError("sentence", "give a sentence of 3 letters or more")
    return _one_line(text)


def _readable(test: str) -> str:
    try:
        if test:
            parse_test(test)
    except InputError as error:
        raise PydanticCustomError("test", "{words}", {"words": str(error)}) from error
    return test


def readings_of(text: str) -> list[tuple[str, str]]:
    """Words and test of each reading in the parameter `readings`.

    Raises:
        ValueError: it is no JSON of such pairs.
    """
    found: Any = json.loads(text or "[]")
    if not isinstance(found, list):
        raise ValueError("no list")
    for one in found:
        if not isinstance(one, list) or [type(part) for part in one] != [str, str]:
            raise ValueError("no pair of texts")
    return [(words, test) for words, test in found]


def _readings(text: str) -> str:
    try:
        pairs = readings_of(text)
    except (ValueError, RecursionError):
        shape = '[["in these words", "this test"], ["or in these", "that test"]]'
        raise PydanticCustomError("readings", f"give JSON of readings: {shape}") from None
    if text and not 2 <= len(pairs) <= MOST_READINGS:
        raise PydanticCustomError("readings", f"give two to {MOST_READINGS} readings; one alone is a `test`")
    for words, test in pairs:
        if not 3 <= len(_one_line(words)) <= 200:
            raise PydanticCustomError("readings", "give each reading 3 to 200 letters of words")
        _readable(test or " ")
    return text


class ClaimState(PageState):
    """Verdict on a claim with the figures that decide it: one of a ledger that ships, or a sentence and its test."""

    path = "claim"
    ledger: Annotated[str, Field(pattern=r"^[a-z0-9-]*$", max_length=60, description="name of a ledger that ships")] = (
        ""
    )
    claim: Annotated[str, Field(pattern=r"^[a-z0-9-]*$", max_length=80, description="id of one of its claims")] = ""
    text: Annotated[
        str, Field(max_length=600, description="a sentence, in place of a ledger's claim"), AfterValidator(_sentence)
    ] = ""
    test: Annotated[
        str, Field(max_length=2000, description="what would have to hold if it is true"), AfterValidator(_readable)
    ] = ""
    readings: Annotated[
        str,
        Field(max_length=3000, description="in place of a test: JSON of readings, each its words and its test"),
        AfterValidator(_readings),
    ] = ""
    kind: Annotated[
        Literal["fact", "comparison", "trend", "cause", "forecast", "advice"], Field(description="what is claimed")
    ] = "fact"
    countries: Annotated[EightCodes, Field(description="codes of those that it is about")] = ""
    proxy: Annotated[
        str,
        Field(max_length=300, description="what the test measures in place of what is claimed; it decides nothing"),
        AfterValidator(_one_line),
    ] = ""
