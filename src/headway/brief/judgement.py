"""The judgement: a country's brief as one argument of five to seven sentences, every clause of it a traced number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from headway.brief import prospects, reasons
from headway.brief.held import HeldFindings, JudgementClause
from headway.findings import Finding

Step = Literal["answer", "distance", "long run", "because", "but", "so", "how sure"]

_STEPS: tuple[tuple[Step, Callable[[HeldFindings], list[JudgementClause]]], ...] = (
    ("answer", prospects.answer),
    ("distance", prospects.distance),
    ("long run", prospects.long_run),
    ("because", reasons.because),
    ("but", reasons.but),
    ("so", reasons.so),
    ("how sure", reasons.sure),
)


@dataclass(frozen=True, slots=True)
class JudgementSentence:
    """One sentence; `step` is its part in the argument."""

    step: Step
    clauses: tuple[JudgementClause, ...]

    @property
    def text(self) -> str:
        """The sentence with its full stop."""
        return "".join(clause.text for clause in self.clauses).rstrip(".") + "."

    @property
    def findings(self) -> tuple[str, ...]:
        """Ids of the findings that it rests on, in the order of its clauses."""
        return tuple(dict.fromkeys(name for clause in self.clauses for name in clause.findings))


def judge(
    findings: Iterable[Finding], name: str, code: str, rivals: Mapping[str, str]
) -> tuple[JudgementSentence, ...]:
    """The judgement on a country from the findings of its brief.

    Args:
        name: of the country, with its article.
        rivals: names with article by code, of the countries compared with.
    """
    held = HeldFindings(findings, name, code, dict(rivals))
    told = ((step, make(held)) for step, make in _STEPS)
    return tuple(JudgementSentence(step, tuple(clauses)) for step, clauses in told if clauses)


def paragraph(sentences: Iterable[JudgementSentence]) -> str:
    """The judgement as running text."""
    return " ".join(sentence.text for sentence in sentences)
