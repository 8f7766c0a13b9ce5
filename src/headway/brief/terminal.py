"""The brief on one screen: at most 45 lines, a sentence or two to each part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from headway.brief import view
from headway.brief.compose import Brief, Chapter
from headway.core import wording as plain
from headway.findings import Finding, FindingId

if TYPE_CHECKING:
    from rich.text import Text

LINES, COLUMNS, NARROWEST = 45, 100, 60
_LONGEST = 4  # lines of one sentence
_LABEL = 14
_SHORTEST = 8  # lines that the eight parts need below the judgement
_TURN = {"gap": 0, "outlook": 1, "why": 2, "change": 3, "standing": 4, "ambition": 5, "strengths": 6, "unknowns": 7}
_SHORT = {
    "ambition": "Ambition",
    "standing": "Standing",
    "gap": "Gap",
    "why": "Why",
    "strengths": "Strengths",
    "change": "What helps",
    "outlook": "Outlook",
    "unknowns": "Not known",
}


def summary(brief: Brief, columns: int = COLUMNS) -> Text:
    """The one-screen summary as styled text; `columns` is the width of the terminal."""
    from rich.text import Text

    width = max(NARROWEST, min(columns, COLUMNS))
    head, foot = _head(brief, width), _foot(brief, width)
    room = LINES - len(head) - len(foot)
    told = _judgement(brief, width, room - _SHORTEST)
    body = _body(brief, width, room - len(told))
    return Text("\n").join([*head, *told, *body, *foot])


def _judgement(brief: Brief, width: int, room: int) -> list[Text]:
    """The judgement with a blank line after it, each sentence on a line of its own, as many of them as fit."""
    from rich.text import Text

    sentences = view.judgement(brief)
    for count in range(len(sentences), 0, -1):
        lines = [line for sentence in sentences[:count] for line in _wrapped(sentence.text, width)]
        if len(lines) < room:
            return [*(Text(line) for line in lines), Text("")]
    return []


def _head(brief: Brief, width: int) -> list[Text]:
    from rich.text import Text

    date = f"AI brief · as of {plain.day(brief.as_of)}"
    name = brief.name.upper()
    gap = max(2, width - len(name) - len(date))
    made = [
        f"compared with {plain.listing(brief.rivals)}" if brief.rivals else "",
        f"evidence {brief.recipe.snapshot[:8]}",
    ]
    made += [brief.recipe.model] if brief.recipe.model else []
    made += [f"scenario {brief.recipe.scenario}"] if brief.recipe.scenario else []
    made += ["with your own evidence"] if brief.recipe.user else []
    lines = [Text.assemble((name, "bold"), " " * gap, (date, "dim"))]
    lines += [Text(line, style="dim") for line in _wrapped(" · ".join(filter(None, made)), width)]
    return [*lines, Text("─" * width, style="dim")]


def _body(brief: Brief, width: int, room: int) -> list[Text]:
    chapters = [chapter for chapter in brief.chapters if chapter.part.key in _SHORT]
    longest = max(1, min(_LONGEST, room // len(chapters)))
    chosen = choose(chapters, width - _LABEL - 2, room, longest)
    lines: list[Text] = []
    for chapter in chapters:
        lines += _part(chapter, chosen[chapter.part.key], width, longest)
    return lines


def choose(chapters: Sequence[Chapter], width: int, room: int, longest: int = _LONGEST) -> dict[str, list[Finding]]:
    """Findings that fit in `room` lines: the first of every part, then the next of each part in turn.

    A sentence takes `longest` lines at most. A second finding of one recipe waits until the part's other recipes have
    spoken; details (weight 3) stay away; a part without an answer takes what its lack needs.
    """
    chosen: dict[str, list[Finding]] = {chapter.part.key: [] for chapter in chapters}
    left = room - sum(len(_cut(_lack(chapter), width, longest)) for chapter in chapters if not chapter.findings)
    for finding, first in _queue(chapters):
        need = len(_clipped(finding, width, longest))
        if first or need <= left:
            chosen[finding.section].append(finding)
            left -= need
    return chosen


def _queue(chapters: Sequence[Chapter]) -> Iterator[tuple[Finding, bool]]:
    varied = sorted(
        ((_varied(chapter.findings), chapter.part.key) for chapter in chapters), key=lambda pair: _TURN[pair[1]]
    )
    depth = max((len(findings) for findings, _ in varied), default=0)
    for place in range(depth):
        for findings, _ in varied:
            if place < len(findings) and (place == 0 or findings[place].weight < 3):
                yield findings[place], place == 0


def _varied(findings: Sequence[Finding]) -> list[Finding]:
    """The same findings, each recipe's first before any recipe's second."""
    seen: dict[str, int] = {}
    order = []
    for finding in findings:
        recipe = FindingId.parse(finding.id).recipe
        order.append((finding.weight > 2, seen.get(recipe, 0)))
        seen[recipe] = seen.get(recipe, 0) + 1
    return [finding for _, finding in sorted(zip(order, findings, strict=True), key=lambda pair: pair[0])]


def _part(chapter: Chapter, findings: Sequence[Finding], width: int, longest: int) -> list[Text]:
    from rich.text import Text

    label = f"{chapter.part.number} {_SHORT[chapter.part.key]}"
    rows: list[tuple[str, str, str]] = []
    for finding in findings:
        mark = view.TIERS[finding.tier][0] if finding.value is not None else "–"
        style = "bold" if not rows and finding.value is not None else ""
        rows += [
            (mark if i == 0 else " ", line, style)
            for i, line in enumerate(_clipped(finding, width - _LABEL - 2, longest))
        ]
    if not findings:
        rows = [
            ("–" if i == 0 else " ", line, "dim")
            for i, line in enumerate(_cut(_lack(chapter), width - _LABEL - 2, longest))
        ]
    return [
        Text.assemble((f"{label if i == 0 else '':<{_LABEL}}", "bold cyan"), (f"{mark} ", "cyan"), (line, style))
        for i, (mark, line, style) in enumerate(rows)
    ]


def _lack(chapter: Chapter) -> str:
    return chapter.notes[0] if chapter.notes else chapter.part.needs


def _foot(brief: Brief, width: int) -> list[Text]:
    from rich.text import Text

    hidden = len(brief.findings)
    numbers = [f for f in brief.findings if f.observations and f.low is not None]
    legend = "   ".join(f"{mark} {tier}" for tier, (mark, _) in view.TIERS.items())
    more = [
        ("everything", f"headway brief {brief.country} --html {brief.country}.html"),
        *([("one number", f"headway trace {numbers[0].id}")] if numbers else []),
    ]
    lines = [Text("─" * width, style="dim")]
    lines += [
        Text(line, style="dim")
        for line in _wrapped(f"{legend}   ({hidden} findings, {len(brief.footnotes)} sources)", width)
    ]
    lines += [Text.assemble((f"{what:<{_LABEL}}", "dim"), (command, "green")) for what, command in more]
    return lines


def _clipped(finding: Finding, width: int, longest: int) -> list[str]:
    return _cut(view.spoken(finding, short=True), width, longest)


def _cut(text: str, width: int, longest: int) -> list[str]:
    lines = _wrapped(text, width)
    return lines if len(lines) <= longest else [*lines[: longest - 1], f"{lines[longest - 1][: width - 1].rstrip()}…"]


def _wrapped(text: str, width: int) -> list[str]:
    from textwrap import wrap

    return wrap(text, width, break_on_hyphens=False) or [""]
