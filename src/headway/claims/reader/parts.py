"""Parts of a sentence that each say something: clauses, second predicates, asides and tails, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from headway.claims.reader.words import Sentence, alternation, cues, number, units

Role = Literal["clause", "predicate", "gapped", "aside", "tail"]


@dataclass(frozen=True, slots=True)
class SentencePart:
    """Part of a sentence: "predicate" has the subject of the clause before it, "aside" and "tail" that of the whole.

    A "gapped" part has its own subject and figure, and goes on with the verb before it ("and China some 15 percent").
    """

    text: str
    start: int
    end: int
    role: Role = "clause"


_JOINT = re.compile(r"; (?:and |but |yet )?|,? (?:and|but|yet) |, (?:while|whereas|although|though) |: ")
_PREDICATE = re.compile(
    r"\b(?:look|seem|remain|fade|dwindle|grow|rise|fall|shrink|widen|attract|lag|lead|stay|draw|keep|spend|invest|pour)s?\b"
)
_NO_SUBJECT = re.compile(r"(?:\W|\b(?:\w+ly|also|still|now|then|thus|even|so|not|never|yet|today|both|only|just)\b)*")
_FIGURE = re.compile(
    rf"{number()}|\b(?:{alternation(units()['fractions'])}|{alternation(units()['multiples'])}|dozens?|hundreds?|thousands?|"
    r"millions?|billions?)\b",
    re.IGNORECASE,
)
_GAPPED = re.compile(
    rf"(?:the |in )?[A-Z][\w’'-]*(?: [A-Z]\w+)* (?:[a-z]+ ){{0,3}}(?i:{_FIGURE.pattern})[^,;]{{0,30}}$"
)


def clauses(sentence: Sentence) -> tuple[SentencePart, ...]:
    """Clauses of a sentence, joined by "and", "but", "yet", ";" or ":", each with a subject of its own.

    A second predicate of the same subject is a part of its own where both tell a figure, a comparison or a change. All
    else without a verb or a subject stays with the clause before; so does what stands in quotation marks, and what
    somebody says stays with who says it.
    """
    text, start = sentence.text, 0
    role: Role = "clause"
    pieces: list[SentencePart] = []
    for match in _JOINT.finditer(text):
        left, right = text[start : match.start()], text[match.end() :]
        quoted = left.count("“") > left.count("”") or left.count('"') % 2 == 1 or left.count("(") > left.count(")")
        told = match[0] == ": " and cues("attribution").search(left)
        next_role = _role(match[0], left, right)
        whole = next_role == "gapped" or _verb(left) or _verbless(match[0], left, right)
        if quoted or told or next_role is None or not whole:
            continue
        pieces.append(SentencePart(left, sentence.start + start, sentence.start + match.start(), role))
        start, role = match.end(), next_role
    return (*pieces, SentencePart(text[start:], sentence.start + start, sentence.end, role))


def _role(joint: str, left: str, right: str) -> Role | None:
    """Role of what stands behind a joint; None where it stays with the clause before."""
    clause = re.split(r"[,;:]\s", right, maxsplit=1)[0]
    verb = _verb(clause)
    if _verbless(joint, left, right):
        return "clause"
    if verb is None:
        return "gapped" if joint[0] != ":" and _FIGURE.search(left) and _GAPPED.match(clause.rstrip(".")) else None
    if _NO_SUBJECT.fullmatch(clause[: verb.start()]):
        return "predicate" if joint[0] in ", " and _tells(left) and _tells(clause) else None
    return "clause" if joint[0] in ",;:" else None


def _verbless(joint: str, left: str, right: str) -> bool:
    """Whether two notes without a verb each tell a figure: "Public R&D: 0.4%; total R&D: 1.6% of GDP"."""
    figures = _FIGURE.search(left) and _FIGURE.search(right)
    return bool(figures) and joint[0] in "; " and _verb(left) is None and _verb(right) is None


def _tells(text: str) -> bool:
    """Whether words tell a figure, a comparison or a change."""
    told = (cues("comparison"), cues("comparison", "explicit"), cues("trend", "up"), cues("trend", "down"))
    return _FIGURE.search(text) is not None or any(pattern.search(text) for pattern in told)


def _verb(text: str) -> re.Match[str] | None:
    """The first finite verb."""
    found = [*cues("finite").finditer(text), *_PREDICATE.finditer(text)]
    return min((match for match in found if match[0].lower() != "its"), key=lambda match: match.start(), default=None)


_PLAN = re.compile(  # a plan with its sum: "Canada's C$2 billion compute plan would …"
    rf"\b(?:[A-Z][\w.]+['’]s|[Tt]he (?:\w+['’]s )?|[Ii]ts|"
    rf"[Oo]ur) ?(?:[\w-]+ ){{0,3}}?(?:[A-Z]{{0,2}}[$€£₹] ?)?(?i:{_FIGURE.pattern})[^,;.:]{{0,45}}?"
    r"\b(?:plan|fund|programme|program|mission|strategy|budget|package|scheme|initiative|campus|project|announced|pledged)\b"
    r"(?: announced| in [A-Z]\w+| of \w+)*"
)


def plans(sentence: Sentence) -> tuple[SentencePart, ...]:
    """Plans told with their sum inside a sentence that says something else of them."""
    return tuple(_part(sentence, match, "clause") for match in _PLAN.finditer(sentence.text))


_ASIDE = re.compile(
    r"(?<=, )(?:with|whose) [^,;]{8,90}(?=,)|^With [^,;]{8,90}(?=,)"
    r"|(?<=, )an? (?:\w+ )?(?:nation|country|state|land|economy|republic|kingdom) of [^,;]{3,50}(?=,)"
)
_APPOSED = re.compile(  # "its R&D spending, 1.7 percent of GDP, is …"
    rf"(?<=, )(?:about |roughly |at |just |now |some |nearly |only )*(?:[A-Z]{{0,2}}[$€£₹] ?)?(?:{_FIGURE.pattern})"
    r"(?:[ -]?(?:%|per ?cent|billion|million|trillion|bn|m)\b|%)[^,;]{0,30}(?=, )",
    re.IGNORECASE,
)
_DEGREE = (
    r"(?:(?:slightly|well|just|far|still|way|a little|comfortably|not|but|and|yet|much|even|roughly|"
    r"about|or|some|nearly|"
    r"almost|over|more than|less than|barely|thus|thereby) )*"
)
_TAIL = re.compile(
    rf"(?<=, ){_DEGREE}(?:"
    r"(?:above|below|ahead of|behind|short of|level with|second (?:only )?to) (?:only )?"
    r"(?:the |those of |that of )?(?-i:[A-Z])"
    r"|(?:a |the )?(?:more|less|fewer|higher|lower|larger|smaller|greater|twice|double|half|bigger) "
    r"[^,;]*?\b(?:than|as|of|that)\b"
    rf"|(?:{_FIGURE.pattern})(?: times)?(?:-fold)? (?:as (?:much|many|large|big|high)|that of|those of|"
    rf"of what|what|of the \w+ figure) "
    rf"|both (?:under|over|above|below|about|with|at) (?:{_FIGURE.pattern})"
    r"|(?:a|one)[- ](?:\w+th|third|half|quarter|fifth) of (?:(?-i:[A-Z])|that|those|what|the )"
    rf"|(?:{_FIGURE.pattern})(?: times)? the (?:figure|level|number|rate|share|total|sum|average|proportion) "
    r"|part of (?:a|an|the) |an? (?:\w+ )?(?:increase|rise|fall|drop|decline|gain|jump) of|of (?:whom|which) "
    r"|(?:surpassing|overtaking|exceeding|outpacing|trailing|topping) (?-i:[A-Z]|the )"
    r"|(?:up|down) from|against|compared with|with more than|with (?:less|fewer) than|with (?:over|under|about|nearly) "
    r"|an? (?:figure|share|position|proportion|number|level|sum|rate) (?:that|which) "
    r")[^,;]*(?:, [^,;]*(?: and| or) [^,;]*)?(?=[,;.]|$)",
    re.IGNORECASE,
)


def asides(sentence: Sentence) -> tuple[SentencePart, ...]:
    """Asides and tails that may say something of the subject of the sentence.

    Examples: "A, with fewer than two million people, has …", "… 12 percent, up from 5 percent in 2019".
    """
    found = [_part(sentence, match, "aside") for match in _ASIDE.finditer(sentence.text)]
    found += [_part(sentence, match, "tail") for match in _APPOSED.finditer(sentence.text)]
    found += [_part(sentence, match, "tail") for match in _TAIL.finditer(sentence.text)]
    kept: list[SentencePart] = []
    for part in sorted(found, key=lambda one: one.start):
        if not kept or part.start >= kept[-1].end:
            kept.append(part)
    return tuple(kept)


def _part(sentence: Sentence, match: re.Match[str], role: Role) -> SentencePart:
    return SentencePart(match[0], sentence.start + match.start(), sentence.start + match.end(), role)
