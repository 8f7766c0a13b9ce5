"""Country: the findings of the brief, each with its number, its picture and the way back to its publishers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from headway.brief import edition, view
from headway.brief.compose import Brief, compose
from headway.brief.front import front_pictures
from headway.brief.judgement import JudgementSentence, paragraph
from headway.charts import Caption
from headway.explorer.address import CountryState, ParameterError, codes
from headway.explorer.answer import Answer, AnswerChart, AnswerTable, picture_chart
from headway.explorer.session import ExplorerSession
from headway.findings.recipe import recipes

if TYPE_CHECKING:
    from headway.findings import Context

LEAST_SENTENCES = 4  # of a judgement; fewer are no argument
COLUMNS = {
    "id": "Finding", "section": "Part", "title": "Title", "sentence": "Sentence", "value": "Value", "low": "Low",
    "high": "High", "level": "Level", "unit": "Unit", "period": "Period", "tier": "Tier", "caveat": "Caveat",
}  # fmt: skip


def answer(state: CountryState, desk: ExplorerSession) -> Answer:
    """The answer to a state.

    Raises:
        ParameterError: an unknown country, a country compared with itself, an unknown finding.
    """
    context = desk.context(state.country, codes(state.against))
    whole, brief = _whole_and_asked(context, state.part)
    argument = view.judgement(whole) if whole else ()
    parts = [_part(chapter, brief) for chapter in brief.chapters]
    items = [item for part in parts for item in (*part["body"], *part["more"])]
    if state.finding and not any(item["anchor"] == state.finding for item in items):
        raise ParameterError("finding", f"no finding '{state.finding}' in this part")
    rows = [_row(finding) for finding in brief.findings]
    title = f"{brief.name}: AI brief as of {view.dateline(brief)[0].removeprefix('As of ')}"
    sources = [
        {"number": note.number, "publisher": note.reference.publisher, "title": note.reference.title,
         "url": note.reference.url, "licence": note.reference.licence}
        for note in brief.footnotes
    ]  # fmt: skip
    return Answer(
        title,
        _said(brief, argument if state.part == "all" else ()) or title,
        desk.made(model=bool(brief.recipe.posterior)),
        "Every number opens its trace down to publisher, address and licence.",
        "; ".join(dict.fromkeys(note.reference.publisher for note in brief.footnotes)),
        tuple(note for chapter in brief.chapters for note in chapter.notes),
        _charts(brief, state.finding),
        (AnswerTable("findings", f"{len(rows)} findings", COLUMNS, rows),),
        {
            "country": brief.country,
            "name": brief.name,
            "against": list(brief.against),
            "judgement": [sentence.text for sentence in argument],
            "dateline": view.dateline(brief),
            "citation": view.citation(brief),
            "front": _front(whole or brief),
            "parts": parts,
            "sources": sources,
        },
    )


def _front(brief: Brief) -> list[dict[str, str]]:
    """Findings whose pictures stand beside the judgement, as in the brief, each with the part that holds it."""
    chosen = [finding.id for finding in front_pictures(brief)]
    part = {finding.id: chapter.part.key for chapter in brief.chapters for finding in chapter.findings}
    return [{"part": part[one], "finding": view.anchor(one)} for one in chosen]


def _whole_and_asked(context: Context, part: str) -> tuple[Brief | None, Brief]:
    """The whole brief, where it is at hand or asked for, and the part of it that is asked for.

    A brief that no edition holds is composed no further than it is asked for.
    """
    whole, _ = edition.stored(context)
    if whole is None and part == "all":
        whole = compose(context)
    if whole is not None:
        return whole, whole if part == "all" else _only(whole, part)
    chosen = [one for one in recipes().values() if one.name.partition(".")[0] == part]
    return None, _only(compose(context, chosen), part)


def _only(brief: Brief, part: str) -> Brief:
    """One part of a brief, with the footnotes of its findings."""
    chapters = tuple(chapter for chapter in brief.chapters if chapter.part.key == part)
    marks = {one.id: brief.marks.get(one.id, ()) for chapter in chapters for one in chapter.findings}
    cited = {number for numbers in marks.values() for number in numbers}
    return replace(
        brief, chapters=chapters, marks=marks, footnotes=tuple(one for one in brief.footnotes if one.number in cited)
    )


def _said(brief: Brief, argument: Sequence[JudgementSentence]) -> str:
    """The judgement where one is given and is an argument; else the first sentence."""
    if len(argument) >= LEAST_SENTENCES:
        return paragraph(argument)
    return next((sentence for _, sentence in view.headlines(brief.chapters)), "")


def _part(chapter: Any, brief: Brief) -> dict[str, Any]:
    body, more = view.items(chapter, brief)
    part = chapter.part
    return {
        "key": part.key,
        "number": part.number,
        "title": part.title,
        "question": part.question,
        "missing": [*chapter.notes, *([part.needs] if not body and part.needs else [])],
        "body": [_item(item) for item in body],
        "more": [_item(item) for item in more],
    }


def _item(item: view.Item) -> dict[str, Any]:
    return {
        "anchor": item.anchor,
        "id": item.id,
        "title": item.title,
        "sentence": item.sentence,
        "number": item.number,
        "interval": item.interval,
        "likelihood": item.likelihood,
        "period": item.period,
        "tier": item.tier,
        "mark": item.mark,
        "caveat": item.caveat,
        "coverage": item.coverage,
        "chart": item.finding.picture is not None,
        "columns": list(item.columns),
        "rows": [list(row) for row in item.rows],
    }


def _row(finding: Any) -> dict[str, Any]:
    plain = {key: getattr(finding, key) for key in COLUMNS if key != "title"}
    return {**plain, "title": view.title(finding), "tier": str(finding.tier)}


def _charts(brief: Brief, only: str) -> tuple[AnswerChart, ...]:
    made = []
    for finding in brief.findings:
        name = view.anchor(finding.id)
        if finding.picture is not None and only in ("", name):
            made.append(picture_chart(name, finding.picture, Caption(finding.as_of, finding.level, finding.caveat)))
    return tuple(made)
