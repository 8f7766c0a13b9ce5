"""The brief of a country: every recipe is run, findings are ordered into nine parts, sources are numbered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import get_args

from headway import __version__
from headway.brief.footnotes import Footnote, footnotes
from headway.core.cache import Format, cached_on_disk, typed_json
from headway.core.errors import HeadwayError, ModelError
from headway.core.plugins import plugins_hash
from headway.findings import Context, Finding, Recipe
from headway.findings.finding import FindingId, Section
from headway.findings.recipe import recipes, scenario_name
from headway.findings.rivals import rivals
from headway.scenarios.scenario import content


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


@dataclass(frozen=True, slots=True)
class Provenance:
    """Inputs that made a brief, so that it can be made again.

    Attributes:
        version: of the package.
        snapshot: hash of the evidence; `posterior` of the fitted model, None where it took no part.
        scenario: None is the baseline. `user` is the hash of the user's own evidence, if any.
    """

    version: str
    snapshot: str
    posterior: str | None
    scenario: str | None
    seed: int
    user: str | None

    @property
    def model(self) -> str:
        """Source of the modelled findings: `posterior 9f31c2aa`, `prior alone`, or nothing."""
        if self.posterior is None:
            return ""
        return "prior alone" if self.posterior == "prior" else f"posterior {self.posterior[:12]}"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part of the brief with what there is to say, most prominent first, and why something is missing."""

    part: BriefPart
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """One country's brief; every surface prints this and computes nothing.

    Attributes:
        against: codes of the countries compared with, and `rivals` their names with article.
        marks: footnote numbers by finding id.
    """

    country: str
    name: str
    as_of: dt.date
    against: tuple[str, ...]
    rivals: tuple[str, ...]
    recipe: Provenance
    chapters: tuple[Chapter, ...]
    footnotes: tuple[Footnote, ...]
    marks: Mapping[str, tuple[int, ...]]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings in the order of the parts."""
        return tuple(finding for chapter in self.chapters for finding in chapter.findings)


def compose(context: Context, chosen: Iterable[Recipe] | None = None) -> Brief:
    """The brief of `context.country` from all registered recipes, or from `chosen` ones.

    A recipe that finds no evidence or cannot use the input leaves an honest note in its part.

    Raises:
        ModelError: the model failed, for whichever part.
    """
    found: list[Finding] = []
    notes: dict[str, list[str]] = {}
    for recipe in recipes().values() if chosen is None else chosen:
        try:
            made = tuple(recipe(context))
        except ModelError:
            raise  # the parts rest on one model: where it fails for one, none of them can be trusted
        except HeadwayError as error:
            notes.setdefault(recipe.name.partition(".")[0], []).append(
                f"{_plain(recipe.name)} is not available: {error}"
            )
            continue
        found += made
    _no_twins(found)
    found = [drawable(finding, context) for finding in found]
    chapters = tuple(
        Chapter(
            part,
            tuple(sorted((f for f in found if f.section == part.key), key=partial(_prominence, part))),
            tuple(notes.get(part.key, ())),
        )
        for part in PARTS
    )
    ordered = [finding for chapter in chapters for finding in chapter.findings]
    numbered, marks = footnotes(ordered, context.evidence)
    others = rivals(context)
    return Brief(
        country=context.country,
        name=context.name(context.country),
        as_of=context.as_of,
        against=others,
        rivals=tuple(context.the(code) for code in others),
        recipe=_making(context, ordered),
        chapters=chapters,
        footnotes=numbered,
        marks=marks,
    )


@lru_cache(maxsize=1)
def brief_format() -> Format[Brief]:
    """Format of a brief in the cache; its checker is built once, for several briefs of one command."""
    return typed_json(Brief)


def composed_once(context: Context, compose: Callable[[Context], Brief] = compose) -> Brief:
    """The brief of `context`, composed unless an earlier one of the same evidence and question is in the cache.

    Terminal, page, PDF and JSON of one country thus show the same brief.

    Raises:
        InputError: the scenario, or one that it extends, cannot be read.
    """
    facts = (
        *context.evidence.identity,
        context.country, context.against, scenario_name(context.scenario), context.seed,
        content(context.scenario or "baseline"), plugins_hash(),
    )  # fmt: skip
    return cached_on_disk("briefs", facts, lambda: compose(context), brief_format())


def _making(context: Context, findings: Iterable[Finding]) -> Provenance:
    posteriors = sorted({f.posterior for f in findings if f.posterior})
    return Provenance(
        version=__version__,
        snapshot=context.evidence.snapshot_hash,
        posterior="+".join(posteriors) or None,
        scenario=scenario_name(context.scenario),
        seed=context.seed,
        user=context.evidence.user_hash,
    )


def _prominence(part: BriefPart, finding: Finding) -> tuple[int, bool, bool]:
    """By weight; of like weight, the answered before the unanswered, and what opens the part before the rest."""
    return finding.weight, finding.value is None, FindingId.parse(finding.id).recipe != part.opens


def _plain(recipe: str) -> str:
    words = recipe.partition(".")[2].replace("_", " ")
    return words[:1].upper() + words[1:]


def _no_twins(findings: Iterable[Finding]) -> None:
    seen: set[str] = set()
    for finding in findings:
        if finding.id in seen:
            raise ValueError(f"two findings share the id {finding.id}")
        seen.add(finding.id)


def drawable(finding: Finding, context: Context) -> Finding:
    """Make the picture ready: none without rows, the subject's rows stand out, a source slug becomes its publisher."""
    picture = finding.picture
    if picture is None:
        return finding
    if not picture.rows:
        return replace(finding, picture=None)
    source = context.evidence.sources().get(picture.source)
    named = f"{source.publisher} ({source.licence})" if source else picture.source
    rows = picture.rows
    if not any(row.get("highlight") for row in rows):
        subject = context.name(context.country)
        rows = tuple({**row, "highlight": True} if row.get("label") == subject else row for row in rows)
    return replace(finding, picture=replace(picture, rows=rows, source=named))
