"""Word lists of the reader, sentences with their places in the text, and cues of negation, hedging and attribution.

Rules live in code, words in `lexicon/*.toml`, which anyone can amend.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any


@cache
def lexicon(name: str) -> Mapping[str, Any]:
    """The tables of `lexicon/<name>.toml`."""
    return tomllib.loads(files("headway.claims.reader").joinpath("lexicon", f"{name}.toml").read_text("utf-8"))


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
    """Compiled list like that of `cues`, for entries with borders of their own, such as anchors."""
    return re.compile("|".join(f"(?:{entry})" for entry in lexicon("cues")[section][key]), re.IGNORECASE)


_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"


@lru_cache(maxsize=1)
def units() -> Mapping[str, Any]:
    """Tables of `lexicon/units.toml`."""
    return lexicon("units")


def alternation(words: Iterable[str]) -> str:
    """Alternatives for a pattern, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def number() -> str:
    """A pattern (without groups) for a number in digits or words."""
    words = alternation(word for word in units()["words"] if word not in ("hundred", "zero"))
    below = rf"(?:(?:{_TENS})-(?:{_ONES})|{words})"
    hundreds = rf"(?:(?:{_ONES}) |an? |the )?hundred and {below}"
    halves = rf"(?:{_ONES}) and a half(?! (?:year|decade)s?\b)"
    spelled = rf"(?:{halves}|{hundreds}|{below}|an?(?= (?:hundred|thousand|million|billion|trillion)))"
    power = r"10\s?\^\s?\d+|10\*\*\d+|\d+(?:\.\d+)?e\+?\d+|\d+(?:\.\d+)?\s?[x×]\s?10\^?\d+"
    digits = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    return rf"(?:{power}|{digits}|{spelled})"


@lru_cache(maxsize=1)
def scale() -> str:
    """A pattern (without groups) for what may multiply a number: million, bn, crore, or nothing."""
    words = alternation(units()["scale"])
    return rf"(?:(?:[\s-]|(?<=\d))(?:{words}|[mbk](?!\w))(?:[\s-](?:{words}))?)?"


@lru_cache(maxsize=32)
def relation(key: str) -> re.Pattern[str]:
    """The compiled list `[key]` of the words that relate the slots of a clause."""
    table = lexicon("frames")[key]
    whole = [rf"\b(?:{'|'.join(table['words'])})\b"] if "words" in table else []
    return re.compile("|".join([*whole, *table.get("shapes", ())]), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its place: `text == article[start:end]`."""

    text: str
    start: int
    end: int


LIST_MARK = re.compile(r"(?:^|\n)[ \t]*(?:\(?\d{1,2}[.)/]|[•*·–-]|[QA]:)\s+")
"""Mark of an item of a list, or of a question and its answer, at the beginning of a line."""


def sentences(text: str) -> Iterator[Sentence]:
    """Sentences of `text` without marks of lists; blank lines divide paragraphs, a quotation stays with its speaker."""
    import sentencex

    for paragraph in re.finditer(r"[^\n](?:.|\n(?!\n))*", text):
        at = paragraph.start()
        items = (item for item in LIST_MARK.split(paragraph[0]) if item.strip())
        for piece in _rejoined([piece for item in items for piece in sentencex.segment("en", item)]):
            stripped = piece.strip()
            if stripped:
                start = text.index(stripped, at)
                yield Sentence(stripped, start, start + len(stripped))
                at = start + len(stripped)


def _rejoined(pieces: list[str]) -> list[str]:
    """Pieces split after an initial or inside a bracket or quotation are put together again."""
    whole: list[str] = []
    for piece in pieces:
        if whole and _unfinished(whole[-1], piece):
            whole[-1] += piece
        else:
            whole.append(piece)
    return whole


def _unfinished(before: str, after: str) -> bool:
    before, after = before.rstrip(), after.lstrip()
    if not after:
        return True
    if before.count("(") > before.count(")") and ")" in after:
        return True
    return after[0].islower() or re.search(r"\b(?:(?<!&)[A-Z]|No|Gen|Sen|Rep|Gov|St|vs|approx)\.$", before) is not None


_CONTRAST = re.compile(  # "a maker, not a taker" affirms the first
    r"[,;:—–] (?:and |but )?not (?:a|an|the|another|by|from|because|in|to|with|its|their|on|for)\b[^,;.]*",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _subordinators() -> re.Pattern[str]:
    return alternatives(lexicon("cues")["negation"]["subordinate"])


@lru_cache(maxsize=1)
def _reporting() -> re.Pattern[str]:
    """Words after which "that" opens what is said, not a remark on the side."""
    words = "|".join(word.replace("~", r"\w*") for word in lexicon("cues")["negation"]["content_after_that"])
    return re.compile(rf"\b(?:{words})\s+$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _approximate() -> re.Pattern[str]:
    words = "|".join(lexicon("cues")["hedge"]["before_number"])
    fractions = "half|third|quarter|fifth|tenth|year|month|decade|dozen|hundred|thousand|million|billion|trillion"
    no_number = rf"(?!\b(?:nearly|almost|about|roughly) (?:a|an|the) (?!{fractions}))"
    ahead = rf"(?=\s+(?:a |an |the |one |(?:US|C|A|S)?[$€£₽₹¥]?\s?\d|{number()}|half|twice|double|all|every|AED|Rs))"
    return re.compile(rf"{no_number}\b(?:{words}){ahead}", re.IGNORECASE)


@lru_cache(maxsize=1)
def _negators() -> re.Pattern[str]:
    entries = [entry for entry in lexicon("cues")["negation"]["cues"] if entry != "n't"]
    return re.compile(rf"(?:\b(?:{'|'.join(entries)})\b|n[’']t\b)", re.IGNORECASE)


_CLAUSES = re.compile(r"; |, (?:but|yet|though|although|while|whereas|and (?=\w+ (?:is|are|has|have|was|were)\b)) ?")


def clause_around(text: str, place: int) -> str:
    """The clause in which the character at `place` stands."""
    starts = [0, *(match.end() for match in _CLAUSES.finditer(text) if match.end() <= place)]
    ends = [match.start() for match in _CLAUSES.finditer(text) if match.start() > place]
    return text[starts[-1] : (ends or [len(text)])[0]]


def main_part(sentence: str) -> str:
    """The sentence with its subordinate clauses blanked; what someone is said to say counts as main."""
    text = re.sub(r"\([^)]*\)", _blank, sentence)
    out = text
    for match in _subordinators().finditer(text):
        word = match[0].lower()
        before = text[: match.start()]
        if word == "that" and (_reporting().search(before) or not before.strip()):
            continue
        if word in ("who", "what", "where", "when", "how") and not before.strip():
            continue
        if word in ("that", "before", "than") and re.match(
            r"\s+(?:of|the|last|20|19|\d|its|any|for|in|doubled|tripled|trebled|quadrupled|halved)\b",
            text[match.end() :],
        ):
            continue
        stop = _clause_end(text, match.start())
        out = blanked(out, match.start(), stop)
    return out


def _clause_end(text: str, start: int) -> int:
    comma = re.search(r"[,;:—–]\s", text[start + 1 :])
    if comma is None:
        return len(text)
    end = start + 1 + comma.start()
    return end if end < len(text) else len(text)


def blanked(text: str, start: int, end: int) -> str:
    """The text with blanks between two places, so that all other places stay."""
    return text[:start] + " " * (end - start) + text[end:]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


_BREAKS = re.compile(  # where a new clause may begin, with a subject of its own
    r"[;:]\s|\s[–—-]\s|[–—]|,? (?=because\b|since (?!(?:19|20)\d\d))"
    r"|, (?=(?:and|but|yet|so|or|nor|though|although|while|whereas|as|which)\b)|\. "
)


def clause_spans(sentence: str) -> list[tuple[int, int]]:
    """Start and end of each clause of a sentence; a list counts as several, which errs on the side of doubt."""
    inside = re.sub(r"\([^)]*\)", _blank, sentence)
    borders = [0, *(match.end() for match in _BREAKS.finditer(inside)), len(sentence)]
    return [(start, end) for start, end in pairwise(borders) if start < end]


def denied_clauses(sentence: str) -> set[tuple[int, int]]:
    """Clauses with a denial that does not cancel itself."""
    main = _without_idioms(main_part(_without_idioms(sentence)))
    return {(start, end) for start, end in clause_spans(sentence) if _odd(main[start:end])}


def negated(sentence: str) -> bool:
    """Whether the main statement is denied; "not only" denies nothing, and two neighbouring negations cancel.

    The first clause is what is claimed: what stands after a semicolon, or after a colon behind a whole clause, is told
    of it and denies something else.
    """
    first = re.split(r"; |(?<=\w{4}), (?:but|yet|though|although) ", sentence)[0]
    before, colon, _ = first.partition(": ")
    if colon and len(before.split()) > 3 and cues("finite").search(before):
        first = before
    return _odd(_without_idioms(main_part(_without_idioms(first))))


def _without_idioms(main: str) -> str:
    """The main part without phrases that look like a denial and are none."""
    main = _CONTRAST.sub(_blank, main)
    for pattern in (loose_cues("negation", "not_negation"), cues("negation", "superlative"), cues("trend", "flat")):
        main = pattern.sub(_blank, main)
    return main


def _odd(main: str) -> bool:
    """Whether denials are left once neighbours have cancelled each other."""
    places = [match.start() for match in _negators().finditer(main)]
    if not places:
        return False
    groups = [1]
    for first, second in pairwise(places):
        near = len(main[first:second].split()) <= 3 and "neither" not in main[first:second].lower()
        if near and not re.search(r"[,;]", main[first:second]):
            groups[-1] += 1
        else:
            groups.append(1)
    return any(size % 2 for size in groups)


def hedged(sentence: str) -> bool:
    """Whether the writer softens the statement or a number in it, or makes it depend on a condition."""
    if cues("hedge").search(main_part(sentence)) or _approximate().search(sentence):
        return True
    return cues("hedge", "conditional").search(sentence) is not None


def attributed(sentence: str) -> bool:
    """Whether the statement is reported as somebody's words or estimate."""
    text = cues("attribution", "not_attribution").sub(_blank, sentence)
    return cues("attribution").search(text) is not None
