"""Country: the findings of the brief, each with its number, its picture and the way back to its publishers."""

from __future__ import annotations

from typing import Any

from headway.brief import view
from headway.brief.compose import Brief, compose
from headway.charts import Caption
from headway.explorer.address import CountryState, ParameterError, codes
from headway.explorer.answer import Answer, AnswerChart, AnswerTable, picture_chart
from headway.explorer.session import ExplorerSession
from headway.findings.recipe import recipes

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
    chosen = [one for one in recipes().values() if state.part in ("all", one.name.partition(".")[0])]
    brief = compose(context, chosen)
    parts = [_part(chapter, brief) for chapter in brief.chapters if state.part in ("all", chapter.part.key)]
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
        _said(brief) or title,
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
            "dateline": view.dateline(brief),
            "citation": view.citation(brief),
            "parts": parts,
            "sources": sources,
        },
    )


def _said(brief: Brief) -> str:
    """The judgement where the whole brief is asked for; of one part its first sentence."""
    from headway.brief import view
    from headway.brief.judgement import paragraph

    sentences = view.judgement(brief)
    if len(sentences) >= LEAST_SENTENCES:
        return paragraph(sentences)
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
    from headway.brief import view

    plain = {key: getattr(finding, key) for key in COLUMNS if key != "title"}
    return {**plain, "title": view.title(finding), "tier": str(finding.tier)}


def _charts(brief: Brief, only: str) -> tuple[AnswerChart, ...]:
    made = []
    for finding in brief.findings:
        name = view.anchor(finding.id)
        if finding.picture is not None and only in ("", name):
            made.append(picture_chart(name, finding.picture, Caption(finding.as_of, finding.level, finding.caveat)))
    return tuple(made)
