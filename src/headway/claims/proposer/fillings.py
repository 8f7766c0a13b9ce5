"""Ranked fillings of the slots of a statement that its words leave uncertain: subject, other side, period, number.

Each filling is the statement as it reads with the slot so filled, with a weight and the rule that makes it plausible.
The first has weight 1: the statement as it was read, unless a rule says that another is the more plausible. Nothing is
offered that no rule stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from headway.claims.proposer.candidates import LAST_YEAR
from headway.claims.proposer.skeleton import skeleton
from headway.claims.reader.kinds import SIDE_BY_SIDE
from headway.claims.reader.roles import PIVOT
from headway.claims.reader.slots import Mention, dates, mentions
from headway.claims.reader.statements import ArticleStatement
from headway.claims.reader.words import blanked, cues, lexicon
from headway.core.wording import the
from headway.evidence.catalogue import blocs
from headway.evidence.countries import resolve

MOST_FILLINGS = 12
"""Combinations of fillings that are tried, the most plausible first."""

_SURPASSED = 0.7
"""Weight of what was read where a rule says that another filling is the more plausible."""

_EARLIER = 0.7
"""Weight of a subject that stands before the clause in its sentence."""

_FOREMOST, _BEFORE = 0.65, 0.6
"""Weights of what the text tells most of, and of what the sentence before is about."""

_BYSTANDER = 0.6
"""Weight of a subject from elsewhere where the only country named stands behind a verb and a preposition."""

_ELLIPSIS = 0.7
_SENTENCE_YEAR, _LATER_YEAR, _LAST_YEAR, _NEWEST = 0.8, 0.6, 0.7, 0.6
_POINTS = 0.7


@dataclass(frozen=True, slots=True)
class FilledStatement:
    """A statement with a slot filled in one of the ways that its words allow.

    Attributes:
        statement: as it reads when the slot is filled so.
        weight: how plausible that is beside the statement as it was read, 0 to 1.
        notes: what was taken for what, by which rule; empty for the statement as it was read.
        slots: names of the slots that are filled otherwise than read.
        alone: whether it may be offered where the evidence has nothing on the statement as it was read: what is lacking
            on a country or year that was read is not sought elsewhere.
        only_alone: whether it may be offered only there.
    """

    statement: ArticleStatement
    weight: float = 1.0
    notes: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    alone: bool = True
    only_alone: bool = False


def fillings(statement: ArticleStatement) -> tuple[FilledStatement, ...]:
    """Combinations of ranked fillings of every uncertain slot, the most plausible first, at most `MOST_FILLINGS`."""
    found = [FilledStatement(statement)]
    for fill in (_subjects, _others, _periods, _numbers):
        found = [filled for one in found for filled in _filled(one, tuple(fill(one.statement)))]
        found = sorted(found, key=lambda one: -one.weight)[:MOST_FILLINGS]
    return tuple(found)


def _filled(one: FilledStatement, ways: tuple[FilledStatement, ...]) -> Iterator[FilledStatement]:
    """The filling as it is and with a slot filled in each of these ways; one of weight 1 goes before what was read."""
    surpassed = any(way.weight >= 1.0 for way in ways)
    yield replace(one, weight=round(one.weight * _SURPASSED, 3)) if surpassed else one
    yield from (_joined(one, way) for way in ways)


def _joined(one: FilledStatement, other: FilledStatement) -> FilledStatement:
    return FilledStatement(
        other.statement,
        round(one.weight * other.weight, 3),
        one.notes + other.notes,
        one.slots + other.slots,
        one.alone and other.alone,
        one.only_alone or other.only_alone,
    )


def _name(code: str) -> str:
    return the(resolve(code).name)


@dataclass(frozen=True, slots=True)
class _NearCountry:
    """A country told of near a statement, how plausible it is as what the statement leaves unsaid, and where it is."""

    code: str
    weight: float
    where: str


def _told_near(statement: ArticleStatement) -> tuple[_NearCountry, ...]:
    """Countries told of near the statement, the most plausible as what it leaves unsaid first."""
    found: dict[str, _NearCountry] = {}

    def add(code: str, weight: float, where: str) -> None:
        if code not in found or found[code].weight < weight:
            found[code] = _NearCountry(code, weight, where)

    head, _ = statement.around
    for text, weight, where in (
        (head, _EARLIER, "in the same sentence"),
        (statement.before, _BEFORE, "in the sentence before"),
    ):
        if code := _told_of(text):
            add(code, weight, where)
    if statement.home and _OURS.search(head):
        add(statement.home, _EARLIER, "as “we” in the same sentence")
    elif statement.home:
        add(statement.home, _FOREMOST, "most often in the text")
    return tuple(sorted(found.values(), key=lambda one: -one.weight))


_OURS = re.compile(r"\b(?:we|us|our|ours)\b", re.IGNORECASE)
_LISTED = re.compile(r"(?:['’]s)?(?:,? (?:and|or|nor) |, )(?:the |in |of )*")


def _told_of(text: str) -> str:
    """Code of the country that a text is about: the first that it names itself; empty for a list, a bloc or none.

    What stands behind "than", "behind" or "against" is only held against it.
    """
    pivot = PIVOT.search(text)
    told = [one for one in mentions(text) if one.sort != "organisations" and (not pivot or one.start < pivot.start())]
    if not told or told[0].code in blocs():
        return ""
    listed = len(told) > 1 and told[1].code != told[0].code and _LISTED.fullmatch(text, told[0].end, told[1].start)
    return "" if listed else told[0].code


def _subjects(statement: ArticleStatement) -> Iterator[FilledStatement]:
    """Other countries as the subject, where it is not named in the clause or stands for the writer's own."""
    if re.search(r"\bH\b", skeleton(statement).text):
        return  # "we" and "our" say whose it is
    if statement.inferred and (not _is_carried(statement) or statement.countries[:1] == (statement.home,)):
        return  # what the text tells most of needs no other
    if statement.inferred:
        read, rest = statement.countries[:1], statement.countries[1:]
        for told in _told_near(statement):
            if told.code not in (*read, *rest):
                filled = replace(statement, countries=(told.code, *rest), inferred=True)
                own = told.code == statement.home and read[0] in blocs()  # a bloc is where things are, seldom who does
                yield FilledStatement(
                    filled, 1.0 if own else told.weight, (_subject_note(told),), ("subject",), alone=False
                )
        return
    bystander = _bystander(statement)
    if bystander is None:
        return
    for told in _told_near(statement):
        if told.code != bystander.code:
            against = _HELD_AGAINST.search(statement.text[: bystander.start]) is not None
            filled = replace(statement, countries=(told.code, *statement.countries), inferred=True)
            if not against:
                filled = replace(_without(statement, bystander), countries=(told.code,), inferred=True)
            yield FilledStatement(filled, _BYSTANDER * told.weight / _EARLIER, (_subject_note(told),), ("subject",))


_CLASS_NOUN = re.compile(
    r"\bthe (?:city-state|country|nation|kingdom|republic|federation|island|emirates?|monarchy|sultanate)\b",
    re.IGNORECASE,
)


_PRONOUN = re.compile(r"\b(?:its?|they|their|them)\b", re.IGNORECASE)


def _is_carried(statement: ArticleStatement) -> bool:
    """Whether the subject that was read stands in another sentence, or is only called a country or kingdom here."""
    pronoun = _PRONOUN.search(statement.text) and not _CLASS_NOUN.search(statement.text)
    if pronoun and statement.countries and statement.countries[0] not in blocs():
        return False  # "its" and "they" are of what was told last
    if not statement.inferred or not statement.sentence:
        return statement.inferred
    head, _ = statement.around
    return _CLASS_NOUN.search(statement.text) is not None or not mentions(head)


def _subject_note(told: _NearCountry) -> str:
    return f"the subject is taken to be {_name(told.code)}, named {told.where}"


_BESIDE = re.compile(
    r"\b(?:with|like|to|behind|against|alongside|beside|near|unlike|from|for) (?:the )?$", re.IGNORECASE
)
_HELD_AGAINST = re.compile(
    r"\b(?:than|as|of what|ahead of|behind|below|above|compared (?:with|to)) "
    r"(?:(?:in|that of|those of|of) )?(?:the )?$",
    re.IGNORECASE,
)


def _bystander(statement: ArticleStatement) -> Mention | None:
    """The only country named, where it is no subject: "… use the internet, on a level with Germany", "than Italy"."""
    if len(statement.countries) != 1 or len(statement.mentions) != 1:
        return None
    only = statement.mentions[0]
    before = statement.text[: only.start]
    if _HELD_AGAINST.search(before):
        return only
    return only if _BESIDE.search(before) and cues("finite").search(before) else None


def _without(statement: ArticleStatement, mention: Mention) -> ArticleStatement:
    """The statement without a country, whose words are blanked so that all places stay."""
    text = blanked(statement.text, mention.start, mention.end)
    return replace(statement, text=text, mentions=tuple(one for one in statement.mentions if one != mention))


_COMPLETE = re.compile(  # what it is compared with stands there: a year, all others, itself
    r"\bas (?:many|much|large|high|big|strong|fast)\b.* as\b|\b(?:any|every|others?|everybody|nobody|average)\b"
    r"|\b(?:ours|its own|than|since|earlier|ago|before)\b",
    re.IGNORECASE,
)
_COMPARATIVE = re.compile(r"\b(?:more|fewer|less|higher|lower|larger|smaller|bigger|as (?:many|much))\b", re.IGNORECASE)


def _others(statement: ArticleStatement) -> Iterator[FilledStatement]:
    """Countries that a comparison leaves unsaid: "Australians write twice as many" (as those told of before)."""
    multiple = any(amount.unit == "times" for amount in statement.amounts)
    if len(statement.countries) != 1 or statement.rule == SIDE_BY_SIDE or PIVOT.search(_unmultiplied(statement.text)):
        return
    bare = statement.kind == "comparison" and not statement.amounts
    if statement.kind == "trend" or statement.inferred or _COMPLETE.search(statement.text):
        return
    if not (multiple or bare) or _COMPARATIVE.search(statement.text) is None or _bystander(statement) is not None:
        return
    for told in _told_near(statement):
        if told.code not in statement.countries:
            note = f"compared with {_name(told.code)}, named {told.where}"
            weight = _ELLIPSIS * told.weight / _EARLIER
            yield FilledStatement(_completed(statement, told.code), weight, (note,), ("compared with",))


def _unmultiplied(text: str) -> str:
    return re.sub(r"\btimes\b", " ", text, flags=re.IGNORECASE)


def _completed(statement: ArticleStatement, code: str) -> ArticleStatement:
    """The statement with the country at its end that its comparison leaves unsaid."""
    bare = statement.text.rstrip(" .;,:")
    link = " as " if re.search(r"\bas (?:many|much|large|high)\b", bare, re.IGNORECASE) else " than "
    name = resolve(code).name
    mention = Mention(code, name, len(bare) + len(link), len(bare) + len(link) + len(name), "name")
    return replace(
        statement,
        text=f"{bare}{link}{name}.",
        kind="comparison",
        countries=(*statement.countries, code),
        mentions=(*statement.mentions, mention),
    )


_A_YEAR_AGO = re.compile(r"\b(?:last year|in the past year|the past year)\b", re.IGNORECASE)


def _periods(statement: ArticleStatement) -> Iterator[FilledStatement]:
    """Years for a statement that names none: that of its sentence, or the last whole year for "last year"."""
    alone = len(statement.countries) < 2 and any(amount.unit == "times" for amount in statement.amounts)
    if statement.kind == "trend" or alone:
        return  # a change has two years
    head, tail = statement.around
    if statement.periods:
        if statement.sentence and not dates(statement.text):  # taken from the sentence
            own = bool(dates(head))  # a year of a later clause need not be of this one
            note = "the year of the sentence is taken not to be meant: the newest figures"
            newest = replace(statement, periods=())
            yield FilledStatement(newest, _NEWEST if own else 1.0, (note,), ("period",), only_alone=own)
        return
    if _A_YEAR_AGO.search(statement.text):
        note = f"“last year” is taken for {LAST_YEAR}"
        yield FilledStatement(replace(statement, periods=(LAST_YEAR,)), _LAST_YEAR, (note,), ("period",))
        return
    when = dict.fromkeys(period for period, _, _ in dates(f"{head} {tail}") if period[:4] <= LAST_YEAR)
    if len(when) == 1:
        year = next(iter(when))
        note = f"the year is taken to be {year}, named in the same sentence"
        beside = cues("finite").search(statement.text) is None  # an apposition is of the year of what it stands beside
        weight = _LATER_YEAR if not dates(head) else 1.0 if beside else _SENTENCE_YEAR
        yield FilledStatement(replace(statement, periods=(year,)), weight, (note,), ("period",), alone=False)


_CHANGED_BY = re.compile(r"\bby (?:\w+ ){0,3}$", re.IGNORECASE)


def _numbers(statement: ArticleStatement) -> Iterator[FilledStatement]:
    """Percent as points, where a share is told to have changed by them: "its share rose by five percent"."""
    if statement.direction not in ("up", "down"):
        return
    for place, amount in enumerate(statement.amounts):
        if amount.unit == "percent" and _CHANGED_BY.search(statement.text[: amount.start]):
            points = (*statement.amounts[:place], replace(amount, unit="points"), *statement.amounts[place + 1 :])
            note = "the percentage is taken for points"
            yield FilledStatement(replace(statement, amounts=points), _POINTS, (note,), ("number",))


def other_senses(slug: str, clause: str) -> Iterator[tuple[str, float]]:
    """Other quantities that a clause about `slug` may mean, each with how plausible it is beside it (0 to 1)."""
    for entry in lexicon("senses")["sense"]:
        if entry["one"] == slug and re.search(rf"(?<![\w-])(?:{entry['unless']})(?!\w)", clause, re.IGNORECASE) is None:
            yield str(entry["other"]), float(entry["weight"])
