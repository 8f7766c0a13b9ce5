"""Subjects of statements that only the text around them names: by "we", "the kingdom", "its", or by nothing at all.

The rules, in the order in which they are asked:

1. "We", "our", "here" and "this country" stand for the home of the text: the country that it tells of most, counting
   its first twice and its money, and less those that are held against "us".
2. "The kingdom", "the republic", "the city-state" stand for the last country named that is one.
3. "The country", "it", "its", "there" stand for the subject of the last sentence that had one country as its subject.
   Firms, a bloc within which something stands and a list of several countries are no such subject.
4. Where the words before a comparison name no country ("… than Spain"), the subject is that of rule 1 to 3 too.
5. A sentence that names no country and points to none is about the country of which the text tells most, if there is
   a clear one, else about that of the sentence before; unless it speaks of the world, of a region or of no country.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from headway.claims.reader.roles import BOUND_FOR, PIVOT, comparison_roles
from headway.claims.reader.verbs import finite_verb
from headway.claims.reader.words import lexicon, main_part
from headway.evidence.catalogue import blocs
from headway.evidence.countries import resolve

if TYPE_CHECKING:
    from headway.claims.reader.slots import Mention
    from headway.claims.reader.statements import ArticleStatement

OURS = re.compile(r"\b(?:[Ww]e|[Oo]ur|[Oo]urs|us|(?:this|our own) country|(?<!up )here(?= |,|\.))\b")
"""Words of the writer's own country."""

_ANAPHOR = re.compile(
    r"\b(?:the (?:country|nation|regime|government|state|economy|islands?|union|bloc)|its|their|it"
    r"|there(?! (?:is|are|was|were)\b)|(?<!gross )domestic|national|homegrown)\b",
    re.IGNORECASE,
)
_THE_COUNTRY = re.compile(r"\bthe (?:country|nation|state|government)\b", re.IGNORECASE)
_POINTER = re.compile(
    r"\b(?:[Ii]t|[Tt]hey|[Tt]he (?P<noun>[\w-]+))\b(?!['’])(?! (?:is|was) (?:\w+ )?(?:that|to|true|clear)\b)"
)
_CARRIED_ON = re.compile(  # the sentence goes on about the one before, whomever else it names
    r"(?:(?:And|But|Yet|Still|Today|Now|Even so|At present),? )?"
    r"(?:[Ii]ts?|[Tt]heir|[Tt]hey|The (?:country|nation|kingdom|republic|federation)(?:['’]s)?)\b"
    r"(?! (?:is|was|would be|will be|may be|might be|seems?|has been|took|takes|follows|turns out) (?:\w+ )?"
    r"(?:that|to|for|true|clear|likely|unlikely|possible|hard|difficult|easy|time|no|not|in|the|a|an|American|Chinese|Western)\b)"
)
IN_PLACE = re.compile(r"\bin (?:the )?$")
"""Words before a country in which something else happens: "it fell in Hungary"."""

_FOREMOST_IN = 1.5
"""How many times the mentions of the next country make one the text's own, which a sentence naming it is about."""

_OURS_AND = re.compile(  # "we lose them to …", "we came third, before …"
    rf"{OURS.pattern}.* (?:to|for|from|than|with|by|before|after|behind|ahead of|over|in) (?:the )?$"
)
_PASSAGE = 3
"""Sentences on one country from which on "the country" is that one, and not the one of which the text tells most."""

_OWN_VOICE = 2
"""Statements with "we" or "our" from which on a text speaks for its home, and is about it."""

_NAMES_ITS_OWN = re.compile(rf"{OURS.pattern}|\b[Tt]he (?:country|nation|state|government)\b")
_BESIDE = re.compile(r"[Ii]n (?:the )?[A-Z]\w+(?: [A-Z]\w+)?,? (?:it|the (?:figure|share|number|rate|sum|total))\b")
"""A figure of another country, told beside that of the subject: "in Spain it is three in five"."""

_NAME = r"(?:[Tt]he )?[A-Z]\w+(?: [A-Z]\w+)?"
_LISTED = re.compile(rf"^\W*{_NAME}(?:, {_NAME})*,? and {_NAME} (?![A-Z])")  # "Spain and Peru together have …"
_OURS_NAMED = re.compile(r"\b(?:[Uu]s|[Ww]e|[Oo]urs?) (?:in |as )?(?:the )?$")


@dataclass(slots=True)
class _Focus:
    """Countries to which words may point at a place of a text.

    Attributes:
        main: the country of which the text tells most; `first` says that no other has as many mentions, `single` that
            it is far ahead.
        home: the country of "we".
        own: whether the text speaks for its home.
        last: the subject of the last statement that had one; `topic` is that of the first part of its sentence,
            and `run` counts the sentences that have had it.
        clause: the subject of the last clause of the same sentence.
        named: the countries named so far, the last one at the end.
    """

    main: str
    first: bool
    single: bool
    home: str
    own: bool = False
    last: str | None = None
    topic: str = ""
    clause: str = ""
    run: int = 0
    named: tuple[str, ...] = ()


def home_of(statements: Sequence[ArticleStatement]) -> str:
    """Code of the country that "we" stands for; empty where the text names none."""
    counts = _counts(statements)
    for statement in statements:
        for mention in statement.mentions:
            before = statement.text[: mention.start]
            if _OURS_NAMED.search(before):
                counts[mention.code] += 3
            elif len(statement.countries) == 1 and (
                OURS.search(before) or _THAN_US.search(statement.text, mention.end)
            ):
                counts[mention.code] -= 1  # whom "we" are held against, or go to
        for code in _countries_of_money(statement):
            counts[code] += 2
    return max(counts, key=lambda code: counts[code]) if counts else ""


_THAN_US = re.compile(r"\b(?:than|ahead of|behind|past|overtak\w+|overtook|like|unlike|outspen\w+) (?:us|we|ours?)\b")
_MONEY_OF_MANY = frozenset({"USD", "EUR"})


def _countries_of_money(statement: ArticleStatement) -> Iterator[str]:
    """Countries in whose money a statement that names none tells a sum: writers need not say whose kronor they mean.

    The first two letters of a currency's code (ISO 4217) are those of its country (ISO 3166).
    """
    if statement.mentions:
        return
    for unit in dict.fromkeys(amount.unit for amount in statement.amounts):
        if re.fullmatch(r"[A-Z]{3}", unit) and unit not in _MONEY_OF_MANY:
            yield resolve(unit[:2]).code


def _counts(statements: Sequence[ArticleStatement]) -> Counter[str]:
    """Statements that name each country, the first one counted twice."""
    named = [code for statement in statements for code in statement.countries if is_named(statement, code)]
    return Counter([*named[:1], *named])


def _focus(statements: Sequence[ArticleStatement]) -> _Focus:
    ranked = _counts(statements).most_common(2)
    if not ranked:
        return _Focus("", False, False, "")
    second = ranked[1][1] if len(ranked) > 1 else 0
    code, most = ranked[0]
    far = not second or most > max(_FOREMOST_IN * second, second + 1)
    home = home_of(statements)
    if sum(OURS.search(statement.text) is not None for statement in statements) >= _OWN_VOICE:
        return _Focus(home, True, far and home == code, home, own=True)
    return _Focus(code, most > second, far, home)


def with_subjects(statements: Sequence[ArticleStatement]) -> Iterator[ArticleStatement]:
    """The statements, each with the country that it is about, where the text says which."""
    focus = _focus(statements)
    before: ArticleStatement | None = None
    sentence = ""
    for statement in statements:
        before = _settled(statement, before, focus)
        focus.named += tuple(mention.code for mention in statement.mentions if mention.sort != "organisations")
        focus.last = _subject_after(statement, before, focus)
        if statement.sentence != sentence or not sentence:
            sentence = statement.sentence
            focus.run = focus.run + 1 if focus.last == focus.topic else 1
            focus.topic = focus.last or ""
            focus.clause = ""
        if before.countries and finite_verb(before.text) is not None:
            focus.clause = before.countries[0]
        yield before


def _settled(statement: ArticleStatement, before: ArticleStatement | None, focus: _Focus) -> ArticleStatement:
    """The statement with its subject in front of its countries."""
    if statement.inferred:  # a part, about the country of its own sentence
        return statement
    if statement.subjectless:
        ours = before is not None and OURS.match(before.text)
        code = focus.home if ours else before.countries[0] if before is not None and before.countries else ""
        return _about(statement, code)
    if statement.countries:
        return (
            _about(statement, _subject_of_named(statement, focus))
            if lacks_subject(statement)
            else _other(statement, focus)
        )
    if statement.kind == "none":
        return statement
    part = before is not None and bool(statement.sentence) and before.sentence == statement.sentence
    return _about(statement, _pointed_to(statement.text, focus) or _default(statement.text, focus, part))


def _about(statement: ArticleStatement, code: str) -> ArticleStatement:
    if not code or code in statement.countries:
        return replace(statement, inferred=True) if statement.subjectless else statement
    return replace(statement, countries=(code, *statement.countries), inferred=True)


def _subject_of_named(statement: ArticleStatement, focus: _Focus) -> str:
    """Code of the subject of a statement that names others only."""
    front = statement.text[: statement.mentions[0].start]
    if OURS.search(front):
        return focus.home
    return _of_form(front, focus) or focus.last or focus.main


def _pointed_to(text: str, focus: _Focus) -> str:
    """Code of the country to which words of a statement without one point; empty for none."""
    if OURS.search(text):
        return focus.home
    if code := _of_form(text, focus):
        return code
    if focus.first and _THE_COUNTRY.search(text):
        return focus.topic if focus.run >= _PASSAGE else focus.main
    return focus.last if focus.last and _ANAPHOR.search(text) and not _is_about_no_country(text) else ""


def _default(text: str, focus: _Focus, part: bool) -> str:
    """Code of the country that a statement without any pointer is about; a later part goes on about its sentence."""
    if _is_about_no_country(text):
        return ""
    if part:
        return focus.clause or focus.last or focus.main
    return focus.main if focus.single or focus.own else focus.topic or focus.main


def _is_about_no_country(text: str) -> bool:
    """Whether the subject is the world, a region, or no country."""
    return re.match(rf"\W*{lexicon('actors')['elsewhere']['subjects']}", text) is not None


def _of_form(text: str, focus: _Focus) -> str:
    """Code of the last country named that is what "the kingdom" or "the city-state" says; empty for none."""
    for word in re.findall(r"\b[Tt]he ([\w-]+)\b", text):
        fitting = _forms().get(word.lower(), frozenset())
        for code in (focus.last or "", focus.main, *reversed(focus.named)):
            if code in fitting:
                return code
    return ""


@lru_cache(maxsize=1)
def _forms() -> Mapping[str, frozenset[str]]:
    """Words for a form of state, each with the codes of those that are one by their official names or the lexicon."""
    import pycountry

    official = {one.alpha_3: f"{getattr(one, 'official_name', '')} {one.name}" for one in pycountry.countries}
    words = {"kingdom": "Kingdom", "republic": "Republic", "federation": "Feder", "emirates": "Emirates",
             "sultanate": "Sultanate", "principality": "Principality", "duchy": "Duchy"}  # fmt: skip
    found = {word: {code for code, name in official.items() if said in name} for word, said in words.items()}
    for word, codes in lexicon("actors")["forms"].items():
        found[word] = found.get(word, set()) | set(codes)
    return {word: frozenset(codes) for word, codes in found.items()}


def _subject_after(statement: ArticleStatement, settled: ArticleStatement, focus: _Focus) -> str | None:
    """Code of the subject to which the next sentence may point."""
    if settled.countries and not statement.countries and _NAMES_ITS_OWN.search(statement.text):
        return settled.countries[0]
    if not statement.countries or statement.inferred or statement.subjectless or _BESIDE.match(statement.text):
        return focus.last
    if settled.inferred:
        return settled.countries[0]
    if statement.sentence and finite_verb(statement.text) is None:
        return focus.last
    if focus.single and focus.main in statement.countries:
        return focus.main
    subjects = [code for code in comparison_roles(settled).subjects if is_named(statement, code)]
    if len(subjects) > 1 or _LISTED.search(statement.text):
        return focus.last
    code = subjects[0] if subjects else ""
    return code if code and not _is_place_only(statement, code) else focus.last


def _is_place_only(statement: ArticleStatement, code: str) -> bool:
    """Whether a bloc is only named as that within or against which something stands, and not as a subject in front."""
    named = [mention for mention in statement.mentions if mention.code == code]
    return code in blocs() and not any(re.fullmatch(r"\W*(?:[Tt]he )?", statement.text[: one.start]) for one in named)


def main_country(statement: ArticleStatement) -> str:
    """The first country of the main clause: "While others race ahead, X falters" is about X."""
    main = main_part(statement.text)
    named = [mention.code for mention in statement.mentions if main[mention.start : mention.end].strip()]
    return (named or list(statement.countries))[0]


def lacks_subject(statement: ArticleStatement) -> bool:
    """Whether all countries that a statement names are others than its subject."""
    if not statement.mentions:
        return False
    front = statement.text[: statement.mentions[0].start]
    elsewhere = statement.kind == "trend" and IN_PLACE.search(front) is not None
    return bool(
        (_CARRIED_ON.match(statement.text) and not (elsewhere and statement.sentence))
        or re.match(r"\W*(?:Neither|Both|Each|None)\b(?! [A-Z]| of [A-Z])", statement.text)
        or all(_is_maker(statement, mention) for mention in statement.mentions)
        or (finite_verb(statement.text) is None and re.search(r"\b(?:from|to|after|with) (?:the )?$", front))
        or _MEASURED_AGAINST.search(front)
        or BOUND_FOR.search(front)
        or (not elsewhere and _has_subject(front))
        or _is_only_compared_with(statement, front)
        or (not elsewhere and _is_best_within(statement, front))
    )


def _is_maker(statement: ArticleStatement, mention: Mention) -> bool:
    """Whether a firm is only named as the maker of what others have: "it was built from Nvidia H200 cards"."""
    behind = statement.text[mention.end :]
    named = _HARDWARE.match(behind) or re.match(r" (?:campus|project|cloud|site|cluster|family|programme)\b", behind)
    if mention.sort == "organisations" and re.match(r"['’]s (?:\w+ )?(?:campus|project|site)\b", behind):
        return True
    made = mention.sort == "organisations" and named
    if made and re.search(r"\bof (?:the )?$", statement.text[: mention.start]):
        return True
    return bool(made) and finite_verb(statement.text[: mention.start]) is not None


_MEASURED_AGAINST = re.compile(
    r"\b(?:(?:gap|distance|lag|divide) (?:with|to|from|behind)|(?:imports?|purchases|arrivals) from"
    r"|(?:exports?|sales) to|belongs? to|(?:(?:is|are|was|were|been) \w+(?:ed|en|ught|ld|id|t)) by(?: an?)?"
    r"|trade with|(?:dependen\w+|relian\w+) (?:up)?on) (?:the )?$",
    re.IGNORECASE,
)
_HARDWARE = re.compile(
    r"(?:['’]s)? (?:[A-Z]+\d+\w*|(?:\w+ )?(?:chips?|GPUs?|processors?|accelerators?|hardware|cards?))\b"
)


def _has_subject(front: str) -> bool:
    """Whether the words before all countries hold a subject that points back: "we came third, before …"."""
    forms = (noun for noun in re.findall(r"\b[Tt]he ([\w-]+)\b(?! of)", front) if noun.lower() in _forms())
    if _OURS_AND.search(front) or any(forms):
        return True
    verb = finite_verb(front)
    if verb is None:
        return False
    subject = front[: verb.start()]
    pointers = [match for match in _POINTER.finditer(subject) if _is_country_word(match["noun"])]
    return bool(pointers) and len(subject[pointers[-1].end() :].split()) <= 1


def _is_country_word(noun: str | None) -> bool:
    """Whether a noun behind "the" stands for a country; a pronoun (None) may."""
    return noun is None or noun.lower() in ("country", "nation") or noun.lower() in _forms()


def _is_only_compared_with(statement: ArticleStatement, front: str) -> bool:
    """Whether all countries named stand behind what compares the subject with them."""
    fraction = _FRACTION.search(front)
    if fraction is not None and finite_verb(front[: fraction.start()]) is not None:
        return True
    pivots = [*PIVOT.finditer(front), *_AS_MANY.finditer(front), *_ABOVE.finditer(front)]
    if not pivots or (statement.kind not in ("comparison", "forecast") and not _ABOVE.search(front)):
        return False
    subject = front[: pivots[-1].start()].strip()
    return (
        bool(subject)
        and not _is_about_no_country(subject)
        and re.search(r"\b(?:any|every|no|all) other\b", front) is None
    )


def _other(statement: ArticleStatement, focus: _Focus) -> ArticleStatement:
    """The statement with the other side of a comparison, where it names none, or "us"."""
    told = statement.kind in ("comparison", "fact") and _is_open(statement.text)
    if told and len(statement.countries) == 1:
        code = next((one for one in (focus.last, focus.main) if one and one not in statement.countries), "")
        return _compared(statement, code) if code else statement
    pivot = PIVOT.search(statement.text) or _PASSED.search(statement.text)
    if len(statement.countries) != 1 or pivot is None or not focus.home or focus.home in statement.countries:
        return statement
    if _AGAINST_US.match(statement.text, pivot.end()) is None:
        return statement
    return _compared(statement, focus.home)


def _compared(statement: ArticleStatement, other: str) -> ArticleStatement:
    """The statement as a comparison with `other`."""
    less = re.search(r"\b(?:less|fewer|lower|smaller|half|behind|slower|weaker|cheaper)\b", statement.text) is not None
    direction = statement.direction or ("less" if less else "more")
    codes = (*statement.countries, other)
    return replace(statement, kind="comparison", direction=direction, countries=codes, inferred=True)


def _is_open(text: str) -> bool:
    """Whether a comparison leaves out with whom: "Spain has twice as many"."""
    return _OPEN_COMPARISON.search(text) is not None and _CLOSED.search(text) is None


_OPEN_COMPARISON = re.compile(
    r"\b(?:more|fewer|less|higher|lower|larger|smaller|bigger|greater|faster|better|stronger|cheaper|steeper)\b"
    r"(?! (?:than|and more))"
    r"|\b(?:twice|double|half|times) (?:as (?:many|much)|that\b|the \w+\b(?! of)|it\b)",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\bthan\b|\bas (?:many|much|large|high) (?:\S+ ){0,6}as\b|\b(?:no|once|any|ever|and) more\b|\bmore or less\b"
    r"|\b(?:the|most) \w+est\b|\b(?:19|20)\d\d\b|"
    r"\bof (?:that|those|what) (?:of|in)\b|\b(?:ahead of|behind|compared|against|average|earlier|before|ago)\b",
    re.IGNORECASE,
)
_AGAINST_US = re.compile(r"\W*(?:(?:in|that of|those of|with|what|all|for) ){0,2}(?:us|we|our|ours)\b")
_FRACTION = re.compile(r"\b(?:(?:half|third|quarter|\w+th|fraction) of (?:the )?|(?:half|twice|double|times) the )$")
_ABOVE = re.compile(r"\b(?:above|below) (?:that of |those of )?(?:the )?$")
_AS_MANY = re.compile(
    r"\b(?:no match for|level with|comparable (?:to|with)|similar to|short of) (?:the )?$|"
    r"\bas (?:many|much|high|large|big|low) (?:\S+ ){0,6}as (?:in |that of |those of |for )?(?:the )?$"
    r"|\b(?:half|twice|times|fraction|third|quarter|\w+th) (?:of )?(?:what|that of|those of) (?:the )?$"
)


def _is_best_within(statement: ArticleStatement, front: str) -> bool:
    """Whether the only countries named are a bloc within which something has a place: "the fastest in Europe"."""
    return finite_verb(front) is not None and all(_is_place_only(statement, code) for code in statement.countries)


_PASSED = re.compile(
    r"\b(?:overt(?:ook|akes?|aken)|pass(?:ed|es)|went past|outspen\w+|surpass\w+|beat\w*|double) (?=us\b|our)"
)


def is_named(statement: ArticleStatement, country: str) -> bool:
    """Whether a country is named itself, and not by its firms alone."""
    return any(one.code == country and one.sort != "organisations" for one in statement.mentions)


_THE_FIGURE = re.compile(
    r"(?:The|This|That|These|Those) (?:share|figure|number|total|sum|rate|proportion|ratio|gap|output|amount|level)s?\b"
)


def points_back(text: str) -> bool:
    """Whether words point to a country or a figure named before, or to the writer's own country."""
    return _THE_FIGURE.match(text) is not None or _ANAPHOR.search(text) is not None or OURS.search(text) is not None
