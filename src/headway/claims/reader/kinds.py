"""Kind of a sentence (fact, comparison, trend, cause, forecast, advice, opinion, none) and the reach of a denial.

The rules are tried in a fixed order; the first that holds decides, and its name is kept, so that a reader can see why.
A denial denies its own clause, and nothing that another clause says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from headway.claims.reader.words import (
    alternatives,
    clause_around,
    clause_spans,
    cues,
    denied_clauses,
    loose_cues,
    main_part,
)

if TYPE_CHECKING:
    from headway.claims.reader.statements import ArticleStatement

Kind = Literal["fact", "comparison", "trend", "cause", "forecast", "advice", "opinion", "none"]
Direction = Literal["up", "down", "flat", "more", "less", "equal"]

_ADJECTIVE_POSITION = re.compile(  # "limited access", "is being drained": a participle, no cause
    r"(?:\b(?:with|a|an|and|at|in|of|is|are|was|were|be|been|being|its|their|the|by|to|only|such|some)|,)\s+$",
    re.IGNORECASE,
)
_NO_OBJECT = re.compile(  # "slowed to 2 percent", "fell by": a change of its own
    r"\s*(?:$|[.,;:]|(?:to|by|in|since|at|from|over|down|sharply|and|between|after|during|on|for|with|until)\b|\d)"
)


_PASSIVE_LOSS = re.compile(r"(?:drawn|lured|enticed|pulled|tempted|poached)\b(?!.* by )", re.IGNORECASE)
_TAIL = re.compile(r", (?:\w+ly )?[a-z]+ing\b (?=[a-z]+ )[^,.;]*")
SIDE_BY_SIDE = "two figures set side by side"
NOTHING_SPOKEN_OF = "nothing that evidence speaks of"


@dataclass(frozen=True, slots=True)
class SentenceKind:
    """The kind, the rule that decided, and the direction of change or comparison, where there is one."""

    kind: Kind
    rule: str
    direction: Direction | None = None


def classify(sentence: str, *, places: int, numbers: int, topic: str | None, dated: int = 0) -> SentenceKind:
    """Kind of a sentence, from its words and the numbers of countries, amounts and dates found in it."""
    text = _without_purpose(sentence.strip())
    main = main_part(text)
    if text.endswith("?"):
        return SentenceKind("none", "a question")
    told = numbers or (places and re.search(r"[:=] ", text) and cues("comparison").search(text))
    figure = bool(topic and told)
    if not figure and not re.search(r"[.!?…:;,][\"”’')\]]*$", text) and not cues("finite").search(text):
        return SentenceKind("none", "a heading without a verb")
    if loose_cues("none").search(text):
        return SentenceKind("none", "a caption, courtesy or note")
    if advice := _advice(text, main):
        return SentenceKind("advice", f"“{advice}”")
    judgement = cues("opinion").search(text)
    if judgement and not (numbers and (places or topic)):
        return SentenceKind("opinion", f"“{judgement[0]}”")
    plan = cues("plan").search(main)
    if ahead := _forecast(main, plan):
        return SentenceKind("forecast", f"“{ahead}”", _change(main) or _change(text) or _comparison(main))
    cause, change, compared = _cause(text, main, places), _change(main), _comparison(text)
    related = cues("comparison", "related").search(text)
    side_by_side = places > 1 and numbers > 1 and not related and cues("contrast").search(text) is not None
    explicit = _explicit(text) or side_by_side
    if compared and not explicit and _describes_an_event(text):
        compared = None
    if cause and (not explicit or cues("cause", "connectives").search(text)):
        return SentenceKind("cause", f"“{cause}”", change or _effect(cause, text))
    if side_by_side and not cause:
        return SentenceKind("comparison", SIDE_BY_SIDE, "more")
    if compared and not change and cues("comparison", "not_explicit").search(text):
        return SentenceKind("trend", "against its own past", "down" if compared == "less" else "up")
    if compared and (explicit or not (change or plan)):
        return SentenceKind("comparison", "a comparison", compared)
    if change and not plan:
        return SentenceKind("trend", "a change", change)
    if not topic and (places or numbers or dated) and cues("domain").search(text):
        return SentenceKind("fact", "a statement without a quantity", change if plan else None)
    if not (topic or (places and numbers) or (numbers and dated)):
        return SentenceKind("none", NOTHING_SPOKEN_OF)
    return SentenceKind("fact", "a statement", change if plan else None)


def _without_purpose(text: str) -> str:
    """The sentence without an opening clause of purpose: "To keep up with X, Y has …"."""
    return re.sub(r"^To [a-z]+ [^,]*, ", "", text)


def _advice(text: str, main: str) -> str:
    if cues("advice", "not_advice").search(text):
        return ""
    found = cues("advice").search(main) or loose_cues("advice", "imperative").search(text)
    return found[0] if found else ""


def _forecast(main: str, plan: re.Match[str] | None) -> str:
    """A word about the future; after a plan ("pledged to …") only a plain "will" makes a forecast."""
    found = cues("forecast").search(main)
    if found and not (plan and plan.start() < found.start() and not re.match(r"will|won|look|can", found[0])):
        return found[0]
    modal = cues("forecast", "modal").search(main)
    if modal is None or re.search(r"\bwhat\b[^,.;]*$", main[: modal.start()]):
        return ""
    if re.search(r"\w, and (?:this|that|it|they|so)\b", main[: modal.start()]):
        return ""  # "X is so, and this may …": the first clause is what is claimed
    return modal[0]


def _cause(text: str, main: str, places: int) -> str:
    for key in ("connectives", "passive_by", "nouns", "purpose"):
        if found := cues("cause", key).search(text):
            return found[0]
    for found in cues("cause", "verbs").finditer(text):
        before, after, verb = text[: found.start()], text[found.end() :], found[0].split()[0].lower()
        if re.search(r"\b(?:a|an|the|its|their|of|no|to|would|will)\s+$", before, re.IGNORECASE):
            continue  # a noun, or what someone plans to do
        if _PASSIVE_LOSS.match(found[0]) and re.search(r"\b(?:is|are|was|were|been|being) (?:\w+ly )?$", before):
            continue  # "is being drawn away": nobody is said to have caused it
        if verb == "closed" and places:
            continue  # a country that closed a gap changed; a success that closed it caused
        if verb.endswith("ing") and re.search(r",\s+$", before) and _change(before):
            continue  # "fell, raising doubts": the fall is what is told
        participle = verb.endswith("ed") and " " not in found[0] and _ADJECTIVE_POSITION.search(before)
        if participle and not after.startswith(" by"):
            continue
        alone = " " not in found[0]
        if alone and cues("cause", "needs_object").fullmatch(found[0]) and _NO_OBJECT.match(after):
            continue
        return found[0]
    return ""


def _explicit(text: str) -> bool:
    """Whether two things are set against each other outright ("more than its rival"), not a thing against its past."""
    with_its_past = cues("comparison", "not_explicit").search(text)
    return cues("comparison", "explicit").search(text) is not None and with_its_past is None


def _comparison(text: str) -> Direction | None:
    found = cues("comparison", "explicit").search(text) or cues("comparison").search(text)
    if found is None:
        return None
    if re.match(r"trail|lag", found[0], re.IGNORECASE) and not re.match(r" by\b", text[found.end() :]):
        return "less"
    if cues("negation", "superlative").search(text):
        return "more"
    if re.match(r"ahead of|outspen|outpac|outstrip|outperform|outrank|surpass|dwarf", found[0], re.IGNORECASE):
        passive = (
            re.search(r"\b(?:is|are|was|were|been|being) (?:\w+ )?$", text[: found.start()]) and found[0][0] in "odsOD"
        )
        return "less" if passive and re.match(r" by\b", text[found.end() :]) else "more"
    text = clause_around(text, found.start())
    if cues("comparison", "hard_less").search(text):
        return "less"
    if cues("comparison", "more").search(text):
        return "more"
    if cues("comparison", "equal").search(text):
        return "equal"
    return "less" if cues("comparison", "less").search(text) else "more"


def _describes_an_event(text: str) -> bool:
    """Whether the superlative only describes what was opened, bought or built: "launched its largest cluster"."""
    deed, superlative = cues("plan", "events").search(text), cues("comparison").search(text)
    return deed is not None and superlative is not None and deed.end() < superlative.start()


def _change(text: str) -> Direction | None:
    """The direction of the first verb of change, standstill before others; a tail (", raising doubts") says nothing."""
    text = _TAIL.sub("", text)
    if cues("trend", "flat").search(text):
        return "flat"
    up, down = cues("trend", "up").search(text), cues("trend", "down").search(text)
    if up and (not down or up.start() < down.start()):
        return "up"
    return "down" if down else None


def _effect(cause: str, text: str) -> Direction | None:
    for where in (cause, text):
        for direction in ("down", "up"):
            if cues("effect", direction).search(where):
                return "down" if direction == "down" else "up"
    return None


_DEGREE = re.compile(
    r"\b(?:far|well|way|much|significantly|substantially|a long way|long|markedly|hopelessly|dramatically) "
    r"(?:behind|ahead|below|above|more|less|fewer|larger|bigger|smaller|higher|lower|stronger|weaker|better|worse)\b",
    re.IGNORECASE,
)
_WIDENING = ("growing", "shrinking")


def is_denied(statement: ArticleStatement, measure: Mapping[str, Any], words: Iterable[str]) -> bool | None:
    """Whether the denial or doubt in the sentence reaches the quantity that `measure` tests; None if that is unsure.

    The clauses are those of the words that decide the test: of the gap, the change, the comparison or the amount,
    else the `words` that named the topic. Where they stand in clauses of which one is denied and another is not, the
    reach is unsure.
    """
    text = statement.text
    if cues("unsure").search(text):
        return None  # "hopes of a lead look remote", "far from clear that it leads": said to be neither so nor not so
    within = clause_spans(text)
    negative = denied_clauses(text)
    if len(within) == 1 or not negative:
        return statement.negated
    places = _deciding(statement, measure)
    if not places:
        named = [at for word in words for at in _ends(text, word)]
        first = text.find("; ")  # what stands before a semicolon is what is claimed
        places = [at for at in named if at < first] or named
    found = {(start, end) in negative for place in places for start, end in within if start <= place < end}
    return found.pop() if len(found) == 1 else None


def is_partial_denial(statement: ArticleStatement, test: str) -> bool:
    """Whether a denial says too little to turn `test` round.

    Who is "not far behind" or "no laggard" may still be behind; "none in France" denies one of several figures.
    """
    if statement.rule == SIDE_BY_SIDE or _DEGREE.search(statement.text):
        return True
    return test.endswith("> 0 months") and re.search(r"\bbehind\b|\btrail|\blags?\b", statement.text) is None


def has_denial_beside(text: str) -> bool:
    """Whether a denial stands in one of several clauses."""
    return len(clause_spans(text)) > 1 and bool(denied_clauses(text))


def _deciding(statement: ArticleStatement, measure: Mapping[str, Any]) -> list[int]:
    """Last characters of the words on which the test turns."""
    text = statement.text
    if statement.kind in ("trend", "cause", "forecast"):
        if "widening" in measure:
            for key in _WIDENING:
                if match := cues("gap", key).search(text):
                    return [match.end() - 1]
        changes = [match for key in ("flat", "up", "down") if (match := cues("trend", key).search(text))]
        if changes:
            return [min(changes, key=lambda match: match.start()).end() - 1]
    if statement.kind == "comparison":
        match = cues("comparison", "explicit").search(text) or cues("comparison").search(text)
        return [match.end() - 1] if match else []
    units = {unit for entry in measure.get("measure", ()) for unit in entry.get("units", ())}
    return [amount.end - 1 for amount in statement.amounts if amount.unit in units][:1]


def _ends(text: str, word: str) -> list[int]:
    return [match.end() - 1 for match in alternatives([re.escape(word)]).finditer(text)]
