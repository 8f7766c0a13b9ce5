"""What a denial reaches: it denies its own clause, and nothing that another clause says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from headway.claims.reading.cues import clause_spans, denied_clauses
from headway.claims.reading.kinds import SIDE_BY_SIDE
from headway.claims.reading.read import ArticleStatement
from headway.claims.reading.words import alternatives, cues

_DEGREE = re.compile(
    r"\b(?:far|well|way|much|significantly|substantially|a long way|long|markedly|hopelessly|dramatically) "
    r"(?:behind|ahead|below|above|more|less|fewer|larger|bigger|smaller|higher|lower|stronger|weaker|better|worse)\b",
    re.IGNORECASE,
)
_WIDENING = ("growing", "shrinking")


def denied(statement: ArticleStatement, measure: Mapping[str, Any], words: Iterable[str]) -> bool | None:
    """Whether the denial in the sentence reaches what a test of `measure` would hold it to; None if nobody can tell.

    The clauses are those of the words that decide the test: of the gap, the change, the comparison or the amount,
    else the `words` that named the topic. Where they stand in clauses of which one is denied and another is not, the
    reach is unsure.
    """
    text = statement.text
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


def leaves_open(statement: ArticleStatement, test: str) -> bool:
    """Whether a denial says too little to turn `test` round.

    Who is "not far behind" or "no laggard" may still be behind; "none in France" denies one of several figures.
    """
    if statement.rule == SIDE_BY_SIDE or _DEGREE.search(statement.text):
        return True
    return test.endswith("> 0 months") and re.search(r"\bbehind\b|\btrail|\blags?\b", statement.text) is None


def several_clauses(text: str) -> bool:
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
