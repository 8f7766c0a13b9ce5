"""Findings of one country by recipe, clauses made from them, and the words that clauses share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from headway.core import wording
from headway.findings import Finding, FindingId

SHORT = 1.5  # months below which a gain or a cause is called nothing much


@dataclass(frozen=True, slots=True)
class JudgementClause:
    """Part of a sentence, with the ids of the findings it was made from."""

    text: str
    findings: tuple[str, ...]


class HeldFindings:
    """Findings of one country by recipe and arguments.

    Attributes:
        name: of the country, with its article, and `code` its code.
        rivals: names with article by code, of those it is compared with.
    """

    def __init__(self, findings: Iterable[Finding], name: str, code: str, rivals: dict[str, str]) -> None:
        self.name, self.code, self.rivals = name, code, rivals
        self._by_recipe: dict[str, dict[tuple[str, ...], Finding]] = {}
        for finding in findings:
            identity = FindingId.parse(finding.id)
            self._by_recipe.setdefault(identity.recipe, {})[identity.arguments] = finding

    def get(self, recipe: str, *arguments: str) -> Finding | None:
        """The finding of that recipe and those arguments, or None."""
        return self._by_recipe.get(recipe, {}).get(arguments)

    def number(self, recipe: str, *arguments: str) -> Finding | None:
        """The same, or None where it holds no number."""
        found = self.get(recipe, *arguments)
        return found if found is not None and is_number(found) else None

    def all(self, recipe: str, count: int = 1) -> dict[tuple[str, ...], Finding]:
        """Findings of the recipe with that many arguments, in the order of the brief."""
        return {key: found for key, found in self._by_recipe.get(recipe, {}).items() if len(key) == count}

    @property
    def leads(self) -> bool:
        """Whether the country's best model is ahead of all others: measured where it is, else modelled."""
        for recipe in ("gap.lag_observed", "gap.lag_sovereign"):
            if (found := self.number(recipe)) is not None:
                return float(found.details.get("share_leading") or 0) > 0.5
        return False


def clause(text: str, *findings: Finding | None) -> JudgementClause:
    """Clause of `text` made from `findings`."""
    return JudgementClause(text, tuple(dict.fromkeys(found.id for found in findings if found is not None)))


def is_number(found: Finding) -> bool:
    """Whether the finding holds a number."""
    return isinstance(found.value, float | int) and not isinstance(found.value, bool) and found.value == found.value


def value_of(found: Finding) -> float:
    """Number of a finding that holds one."""
    assert isinstance(found.value, float | int)
    return float(found.value)


def lag_of(found: Finding, behind: str = "behind", ahead: str = "ahead", *, turned: bool = False) -> str:
    """`28 months behind (90%: 22–40)`, with the words that follow the months on either side.

    `turned` tells it from the other's side, or is for a finding that counts a lead as positive.
    """
    value, low, high = value_of(found), found.low, found.high
    if turned:
        value, low, high = -value, None if high is None else -high, None if low is None else -low
    beyond = float(found.details.get("censored") or 0)
    return wording.lag(value, low, high, found.level, beyond=beyond, behind=behind, ahead=ahead)


def gain_of(found: Finding) -> str:
    """`17 months (90%: 1–37)`, of a gain in whole months."""
    text = wording.count_months(value_of(found))
    if found.low is None or found.high is None or found.level is None:
        return text
    return f"{text} ({round(100 * found.level)}%: {wording.whole_interval(found.low, found.high)})"


def futures_have(p: float) -> str:
    """`1 of 100 futures has`, `8 of 100 futures have`."""
    counted = wording.of_hundred(p)
    return f"{counted} futures {'has' if counted.startswith(('1 ', 'fewer than 1 ')) else 'have'}"


def lowered(text: str) -> str:
    """Text as it stands inside a sentence: the first letter small unless the word is an abbreviation."""
    first = text.partition(" ")[0]
    return text if any(letter.isupper() or letter.isdigit() for letter in first[1:]) else text[:1].lower() + text[1:]


def reason(found: Finding | None) -> str:
    """`, because the model runs countries, not groups`, from the sentence of a finding that has no number."""
    reason = found.sentence.partition(": ")[2].partition(";")[0].rstrip(".") if found is not None else ""
    return f", because {re.sub(', (?=[0-9]+ (is|are) needed)', ' and ', reason)}" if reason else ""
