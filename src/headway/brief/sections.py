"""The nine parts of a brief: the question each answers, and what it needs where it has no answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from headway.findings.finding import Section


@dataclass(frozen=True, slots=True)
class BriefPart:
    """One part: `key` is the section of its findings, `opens` the recipe that speaks first among equals."""

    key: Section
    number: int
    title: str
    question: str
    needs: str
    opens: str = ""


_PARTS: dict[Section, tuple[str, str, str]] = {
    "ambition": (
        "The ambition",
        "What has the country said it would reach, by when, and will it?",
        "No declared goal with a source is in the evidence. Add one with --evidence FILE if you know of any.",
    ),
    "standing": (
        "Where it stands",
        "Which place does it take among all countries with data, and how robust is that place?",
        "Too few indicators of this country are in the evidence to place it.",
    ),
    "gap": (
        "The gap",
        "How far behind (or ahead of) the frontier and its rivals is it, and does the gap widen?",
        "No training run, score or compute stock of this country is in the evidence: its gap can be neither observed "
        "nor inferred.",
    ),
    "why": (
        "Why",
        "What does the gap consist of?",
        "Attribution needs a gap to explain and a fitted model that covers this country.",
    ),
    "strengths": (
        "Strengths",
        "What is the country better at than its size would suggest?",
        "No field, niche or tradition of this country can be told from the evidence.",
    ),
    "change": (
        "What would change it",
        "Which strategies would move the country, at what cost, and what could spoil them?",
        "Strategies need a fitted model that covers this country.",
    ),
    "outlook": (
        "Outlook",
        "Where will it be by 2035, under which assumptions?",
        "Projections need a fitted model that covers this country, fitted to what was known on the date of the brief.",
    ),
    "unknowns": (
        "What we don’t know",
        "What is missing, and which single measurement would help most?",
        "What is missing could not be computed.",
    ),
    "sources": (
        "Assumptions and sources",
        "What was supposed, and where do the figures come from?",
        "",
    ),
}

_OPENS: dict[Section, str] = {"why": "why.attribution"}

PARTS: tuple[BriefPart, ...] = tuple(
    BriefPart(key, number, *_PARTS[key], _OPENS.get(key, "")) for number, key in enumerate(get_args(Section), start=1)
)
