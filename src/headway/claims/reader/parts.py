"""Parts of a sentence that each say something, with their places: one set of rules for all of them.

A sentence is cut at its marks (; : , – and "and", "but", "while" …) into pieces. A piece becomes a part of its own if

1. "clause": it has a subject and a finite verb ("…, but Spain has overtaken it"),
2. "predicate": it has a verb alone, and it and the part before both tell a figure, a comparison or a change,
3. "gapped": it goes on with the verb before it ("…, China some 15 percent", "… and 15 in China"),
4. "relative": it begins with "which", "whose", "where" … and tells something,
5. "participle": it begins with a form in -ing and tells something ("…, leaving it behind Austria"),
6. "tail": it has no verb, follows the verb and tells something ("…, three times the sum of 2020"),
7. "aside": the same between subject and verb ("Latvia, with two million people, has …"); the clause goes on behind it.

All else stays with the part before it: lists, times, sources, and what stands in quotation marks or brackets.
A part is only cut off a clause that is complete, that is, which has a verb outside of any subordinate clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from headway.claims.reader.slots import dates
from headway.claims.reader.verbs import finite_verb
from headway.claims.reader.words import Sentence, alternation, blanked, cues, lexicon, main_part, number, units

Role = Literal["clause", "predicate", "gapped", "relative", "participle", "tail", "aside"]


@dataclass(frozen=True, slots=True)
class SentencePart:
    """Part of a sentence.

    Attributes:
        text: its words; what stands within and is a part of its own is blanked, so that all places stay.
        host: place, among the parts, of the one that it is said of or goes on about; None for the first.
    """

    text: str
    start: int
    end: int
    role: Role = "clause"
    host: int | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words between two marks.

    Attributes:
        mark, joint: what stands before it: a mark (empty for none) and a conjunction in lower case.
        ahead: its words and those behind commas, up to the next mark that may begin a clause.
        quoted: whether it begins within quotation marks or brackets.
    """

    mark: str
    joint: str
    start: int
    end: int
    text: str
    ahead: str
    quoted: bool


@dataclass(slots=True)
class _GrowingPart:
    """A part while it is put together: its role, its host, the places of its pieces, and those that name a speaker."""

    role: Role
    host: int | None
    places: list[tuple[int, int]]
    speakers: list[tuple[int, int]] = field(default_factory=list)

    def text(self, sentence: str, mark: str = " ") -> str:
        """Its words, with what stands between them and who says them blanked; a `mark` stands where it is cut."""
        start, end = self.places[0][0], self.places[-1][1]
        words = [" "] * (end - start)
        for begin, stop in self.places:
            words[begin - start : stop - start] = sentence[begin:stop]
            if stop < end and sentence[stop] != " ":
                words[stop - start] = mark
        return "".join(words)


_JOINT = r"and|but|yet|while|whereas|although|even though|though|so(?! that)|nor|or"
_MARK = re.compile(
    rf"(?P<mark>[;:](?=\s)|,(?=\s)|\s[–—-](?=\s)|—)\s*(?:(?P<joint>{_JOINT})(?=[\s,])\s?)?"
    r"|(?:(?<!\d)|(?<=(?:19|20)\d\d))\s(?=(?:against|compared with|compared to|versus) (?:[a-z]+ ){0,3}[$€£₹]?\d)"
    r"|\s(?P<bare>and(?! (?:19|20)\d\d\b)|while|whereas|although|though|yet"
    r"|(?<!\ball )(?<!nothing )(?<!none )(?<!anything )but)\s"
)


@lru_cache(maxsize=16)
def _words(key: str) -> str:
    """A pattern (without groups) for any of the words `key` of the lexicon of parts."""
    return f"(?:{'|'.join(lexicon('parts')[key])})"


_FIGURE = re.compile(
    rf"(?<![\w.-])(?:{number()}|{alternation(units()['fractions'])}|{alternation(units()['multiples'])}|dozens?|"
    r"hundreds?|thousands?|millions?|billions?|none|no|nothing|never|neither|nor|\w+fold)(?:bn|tn|[mkx])?(?!\w)",
    re.IGNORECASE,
)
_NO_FIGURE = re.compile(  # durations, and "one" where it stands for a thing
    rf"\b(?:(?:{number()}|a|several|few|first|last|past|next) (?:more )?(?:years?|months?|weeks?|days?|decades?)\b"
    r"|(?:first|last|past|next|second|third) quarters?\b|first time|the (?:\w+ )?ones?\b|one of (?:the|its|their)\b"
    r"|no one|no doubt|one (?:another|day))",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"\b(?:more|fewer|less|most|fewest|least|behind|ahead of|above|below|level with"
    r"|(?:pass|overtak|surpass|exceed|beat|topp)ing"
    r"|on top|at the (?:top|bottom)|an? (?:share|level|figure|rate|sum|position|number|proportion) (?:that|which)"
    r"|(?:first|second|third|fourth|fifth|last)(?= (?:in|place|after|worldwide|behind|by|on)\b|,|\W*$)"
    r"|(?:larg|small|high|low|great|bigg|fast|slow|rich|poor|cheap|strong|weak)e(?:r|st))\b"
)
_MONEY = r"(?:[A-Z]{0,2}[$€£₹] ?)?"
_ABOUT = rf"(?:{_words('about')} )*"
_ADVERBS = re.compile(rf"(?:\W|\b(?:\w+ly|{_words('adverbs')})\b)*", re.IGNORECASE)
_ADVERBIAL = re.compile(rf"\W*{_words('adverbial')}\b", re.IGNORECASE)
_CONCESSION = re.compile(r"\W*(?:while|although|though|whereas|even though)\b", re.IGNORECASE)
_SUBORDINATE = re.compile(rf"\W*{_words('subordinate')}(?!\w)", re.IGNORECASE)
_OPENER = re.compile(
    r"\b(?:that|which|who|whose|if|because|where|when|than|what|how|whether|between(?! (?:19|20)\d\d)|both)\b"
)
_RELATIVE = re.compile(
    r"(?:(?:[Oo]f|[Ii]n|[Ff]or|[Tt]o|[Bb]y|[Ww]ith) )?(?:which|whom)\b|(?:whose|where|who)\b"
    r"|(?:\w+ ){1,5}of (?:which|whom)\b"
)
_PARTICIPLE = re.compile(
    r"(?:(?:\w+ly|thereby|thus|not|also|while) )?(?!during|according|including|regarding|being)\w{2,}ing\b"
)
_APPOSED = re.compile(
    rf"(?:with|whose|an?|home to|at|up|down|hardly|{_words('about')}|{_MONEY}{_FIGURE.pattern})\b", re.IGNORECASE
)
_SPEAKS = _words("speaks")
_SOURCE = re.compile(
    rf"\W*(?:according to|as (?:\w+ ){{1,4}}{_SPEAKS})\b|\W*{_SPEAKS}\b"
    rf"|\W*(?:\S+ ){{1,5}}{_SPEAKS}\b(?:\W*$| (?:on|in|at|last)\b)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\W*(?:it|they|we|he|she|its|their|our|the|this|that|these|those|[A-Z]\w*|\d\S*)\b")
_AGAINST = re.compile(  # heads of what is held against something
    rf"{_ABOUT}(?:{_words('against')}|(?:{_FIGURE.pattern}) times"
    r"|(?:a|one)[ -]\w+ (?:of|the size of) (?:that|those|the|what|(?-i:[A-Z])\w+['’]s))\b",
    re.IGNORECASE,
)
_WHAT_OTHERS_DO = re.compile(r"\b(?:what|that|which|than (?=[A-Z]|(?:it|they|we|the)\b))")
_SHARE = re.compile(rf"{_ABOUT}{_MONEY}(?:{_FIGURE.pattern})(?: per ?cent| percent| ?%)", re.IGNORECASE)
_TRANSITIVE = re.compile(r"(?:ran|runs|has|have|had|own(?:s|ed)|ma(?:kes|de)|trains|built|builds|is|are|was|were)")
_NAMED_FIGURE = re.compile(  # "China some 15 percent"
    rf"(?:the |in )?[A-Z][\w’'-]*(?: [A-Z]\w+)*,? (?:[a-z]+ ){{0,3}}{_MONEY}(?i:{_FIGURE.pattern})[^,;]{{0,30}}$"
)
_COUNTED = re.compile(  # "has 200 million people and only some 1,000 researchers"
    rf"{_ABOUT}{_MONEY}(?!twice|double|half)(?:{_FIGURE.pattern})(?! times| as| that| those)(?: [a-z-]+){{1,8}}",
    re.IGNORECASE,
)
_COUNTED_BEFORE = re.compile(rf"(?i:{_FIGURE.pattern}) (?!to\b)[a-z-]+(?: \w+){{0,8}}\W*$")
_PLACED_FIGURE = re.compile(  # "15 in China", "fourfold in Iran", "in ten per cent of Iran's"
    rf"(?:in |to |by |for )?{_ABOUT}{_MONEY}(?!twice|double|half|third|quarter|\w+th\b)(?i:{_FIGURE.pattern})"
    r"(?! times| as| that| those)(?: \w+){0,3}? "
    r"(?:in|of|for|among) (?:us in )?(?!the [A-Z]\w+ [a-z])(?:the )?"
    r"(?:[A-Z][\w-]+(?!['’\w])|(?<=cent of )[A-Z][\w-]+['’]s\W*$)"
)


def parts(sentence: Sentence) -> tuple[SentencePart, ...]:
    """Parts of a sentence, in the order in which they begin."""
    text, pieces = sentence.text, _pieces(sentence.text)
    notes = finite_verb(text) is None
    first = _GrowingPart("clause", None, [(pieces[0].start, pieces[0].end)])
    found = [first]
    main = last = 0
    for piece in pieces[1:]:
        if _SOURCE.match(piece.text) and not _FIGURE.search(piece.text):
            found[last].speakers.append((piece.start, piece.end))
            continue
        role = _role(piece, found[main], text, notes)
        if role is None:
            whole = found[main].role == "gapped" or _is_complete(found[main].text(text, ","), notes)
            last = last if whole else main
            found[last].places.append((piece.start, piece.end))
            continue
        found.append(_GrowingPart(role, main, [(piece.start, piece.end)]))
        last = len(found) - 1
        if role in ("clause", "predicate", "gapped"):
            main = last
    return tuple(_closed(one, sentence, found) for one in found)


def _closed(part: _GrowingPart, sentence: Sentence, found: Sequence[_GrowingPart]) -> SentencePart:
    """The finished part; the marks within it stand again where nothing was cut out there."""
    text = sentence.text
    first, *rest = sorted((*part.places, *part.speakers))
    joined = [first]
    others = [place for one in found if one is not part for place in one.places]
    for begin, end in rest:
        if any(joined[-1][1] <= start < begin for start, _ in others):
            joined.append((begin, end))
        else:
            joined[-1] = (joined[-1][0], end)
    words = _GrowingPart(part.role, part.host, joined).text(text)
    start = sentence.start + joined[0][0]
    return SentencePart(words, start, start + len(words), part.role, part.host)


def _pieces(text: str) -> tuple[_Piece, ...]:
    """The sentence, cut at its marks and conjunctions."""
    marks = [match for match in _MARK.finditer(text) if match.end() < len(text)]
    starts = [0, *(match.end() for match in marks)]
    ends = [*(match.start() for match in marks), len(text)]
    found = []
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        match = marks[place - 1] if place else None
        mark = (match["mark"] or "").strip() if match else ""
        joint = (match["joint"] or match["bare"] or "").lower() if match else ""
        bare = match is not None and match["bare"] is not None
        stops = (
            one.start() for one in marks[place:] if one["joint"] or one["mark"] in (";", ":") or (bare and one["bare"])
        )
        ahead = text[start : next(stops, len(text))]
        found.append(_Piece(mark, joint, start, end, text[start:end], ahead, _is_quoted(text, start)))
    return tuple(found)


def _is_quoted(text: str, place: int) -> bool:
    before = text[:place]
    opened = (
        before.count("“") > before.count("”") or before.count('"') % 2 == 1 or before.count("(") > before.count(")")
    )
    return opened


def _role(piece: _Piece, main: _GrowingPart, sentence: str, notes: bool) -> Role | None:
    """Role of a piece behind the clause `main`; None where it stays with the part before it."""
    before = main.text(sentence, ",")
    if not re.search(r"\w", piece.text) or _is_verb_last(before):
        return None
    if piece.quoted and not (tells(before) and tells(piece.text)):
        return None
    if main.role == "gapped" or _is_complete(before, notes) or _concedes(before, piece):
        if role := _clause_role(piece, before):
            return role
        if role := _phrase_role(piece, before, notes):
            return role
        return None
    return _aside_role(piece, before)


def _is_verb_last(text: str) -> bool:
    """Whether a clause ends with its verb, so that its object follows: "it ran, until 2022, the fastest machine"."""
    verb = finite_verb(text)
    if verb is None or _TRANSITIVE.fullmatch(verb[0]) is None:
        return False
    rest = text[verb.end() :]
    return not rest.strip() or (rest.startswith((",", "  ")) and _ADVERBIAL.match(rest.strip(" ,")) is not None)


def _concedes(before: str, piece: _Piece) -> bool:
    """Whether a clause in front ("While A has three, B has five") ends before `piece`, and the main one begins."""
    return bool(_CONCESSION.match(before) and finite_verb(before) and piece.mark == "," and tells(before))


def _clause_role(piece: _Piece, before: str) -> Role | None:
    """Role of a piece with a finite verb."""
    words = piece.text if finite_verb(piece.text) else piece.ahead if piece.joint or piece.mark in ";:" else piece.text
    verb = finite_verb(words)
    if verb is None or _RELATIVE.match(words):
        return None
    if _AGAINST.match(words) and finite_verb(_WHAT_OTHERS_DO.split(words, maxsplit=1)[0]) is None:
        return None  # "a fifth of what Peru spends"
    if piece.mark == ":" and cues("attribution").search(before):
        return None
    if piece.joint == "or":
        return None
    if _ADVERBS.fullmatch(words[: verb.start()]):
        joined = piece.joint in ("and", "but", "yet") and piece.mark not in (";", ":")
        return "predicate" if joined and tells(before) and tells(words) else None
    if piece.joint in ("while", "whereas", "although", "even though", "though", "but", "yet", "so", "nor"):
        return "clause"
    if piece.mark in (";", ":") or (piece.mark and piece.joint):
        return "clause"
    told = tells(before) and tells(words)
    if _SUBJECT.match(words) and told and len(words[: verb.start()].split()) <= 7:
        return "clause"
    return None


def _phrase_role(piece: _Piece, before: str, notes: bool) -> Role | None:
    """Role of a piece without a finite verb of its own, behind a complete clause."""
    words = piece.text
    if piece.joint == "or" and _SHARE.match(words):
        return "tail"  # "2 million, or 3 percent of GDP"
    if not tells(words) or piece.joint == "or" or _SUBORDINATE.match(words):
        return None
    if _RELATIVE.match(words):
        return "relative" if piece.mark else None
    if _PARTICIPLE.match(words) and piece.mark:
        return "participle"
    if finite_verb(_OPENER.split(words, maxsplit=1)[0]):
        return None
    if piece.joint == "and" and _COUNTED.match(words) and _COUNTED_BEFORE.search(before):
        return "gapped"
    if names_own_figure(words) and (_FIGURE.search(before) or piece.mark == ":"):
        return "gapped"
    if notes and piece.mark == ";":
        return "clause" if ": " in words else "gapped"
    if piece.joint in ("and", "but", "yet") or not piece.mark:
        if notes and _FIGURE.match(words):
            return "gapped"
        return "tail" if _AGAINST.match(words) else None
    if piece.mark == ":" or piece.joint or re.fullmatch(r"\W*\w+\W*", words):
        return None
    return "tail"


def _aside_role(piece: _Piece, before: str) -> Role | None:
    """Role of a piece between the subject and the verb."""
    if piece.joint in ("although", "though", "while") and finite_verb(piece.text) and tells(piece.text):
        return "relative"
    if piece.joint or piece.mark not in (",", "–", "—", "-") or _ADVERBIAL.match(before) or not tells(piece.text):
        return None
    if _RELATIVE.match(piece.text):
        return "relative"
    short = re.fullmatch(r"\W*\w+\W*", piece.text)
    verbless = finite_verb(f"{before} {piece.text}") is None
    return "aside" if _APPOSED.match(piece.text) and not short and verbless else None


def names_speaker(words: str) -> bool:
    """Whether words begin with who says something, and nothing that is said follows: "Microsoft estimates."."""
    return re.match(rf"(?:\w+ )?\w+ {_SPEAKS}\b(?: (?:on|in|last)\b|\W*$)", words) is not None


def names_own_figure(words: str) -> bool:
    """Whether a phrase names its own subject and a figure."""
    return bool(_NAMED_FIGURE.match(words.rstrip(".")) or _PLACED_FIGURE.match(words))


def _is_complete(text: str, notes: bool) -> bool:
    """Whether a clause has its verb, outside of what is subordinate; in notes without verbs a figure will do."""
    if notes:
        return _FIGURE.search(text) is not None
    text = re.sub(r"^(\W*(?:(?:And|But|Yet|So) )?)([Tt])hat\b", r"\1\2hàt", text)  # a pronoun, which opens no clause
    text = re.sub(r"\b(from|of|in|to|with|at|for|by|on|than) that\b", r"\1 thàt", text)  # "from that source"
    openers = [match.end() for match in _OPENER.finditer(text)]
    if openers and finite_verb(text[openers[-1] :]) is None and not re.search(r"[,;:–]", text[openers[-1] :]):
        than = re.search(r"\b(?:than|both)\W*$", text[: openers[-1]])
        if than is None:
            return False
    main = main_part(text.replace("than", "thàn")).replace(
        "thàn", "than"
    )  # "more than tripled" is no subordinate clause
    return finite_verb(main) is not None


def tells(text: str) -> bool:
    """Whether words tell a figure, a comparison or a change."""
    words = text
    for _, start, end in dates(text):
        words = blanked(words, start, end)
    told = (_DEGREE, cues("comparison"), cues("comparison", "explicit"), cues("trend", "up"), cues("trend", "down"))
    return _FIGURE.search(_NO_FIGURE.sub(" ", words)) is not None or any(one.search(words) for one in told)


_PLAN = re.compile(  # a plan with its sum: "Canada's C$2 billion compute plan would …"
    rf"\b(?:[A-Z][\w.]+['’]s|[Tt]he (?:\w+['’]s )?|[Ii]ts|"
    rf"[Oo]ur) ?(?:[\w-]+ ){{0,3}}?(?:[A-Z]{{0,2}}[$€£₹] ?)?(?i:{_FIGURE.pattern})[^,;.:]{{0,45}}?"
    r"\b(?:plan|fund|programme|program|mission|strategy|budget|package|scheme|initiative|campus|project|announced|pledged)\b"
    r"(?: announced| in [A-Z]\w+| of \w+)*"
)


def plans(sentence: Sentence) -> tuple[SentencePart, ...]:
    """Plans told with their sum inside a sentence that says something else of them."""
    return tuple(
        SentencePart(match[0], sentence.start + match.start(), sentence.start + match.end())
        for match in _PLAN.finditer(sentence.text)
        if re.search(r"[$€£₹¥]|illion|\b(?:bn|tn|crore)\b|\d(?:bn|m)\b", match[0])
    )
