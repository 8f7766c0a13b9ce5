"""Words of a finding on a page: title, number with interval, likelihood and tier, for HTML and for type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from headway.brief.annex import AnnexTable, caveat_numbers, covered_by_tables, plain_table
from headway.brief.compose import Brief, Chapter
from headway.brief.judgement import JudgementSentence, judge
from headway.core import wording
from headway.core import wording as plain
from headway.findings import Finding, FindingId, FindingTier

TIERS: dict[FindingTier, tuple[str, str]] = {
    FindingTier.OBSERVED: ("●", "a publisher’s figure as it stands"),
    FindingTier.CODED: ("◌", "words of a document, read as a number by a stated rule"),
    FindingTier.DERIVED: ("◐", "arithmetic on publishers’ figures"),
    FindingTier.MODELLED: ("○", "drawn from the fitted model"),
    FindingTier.SCENARIO: ("◇", "depends on a choice of the reader"),
}
"""Mark and meaning of each tier, as legends print them."""


def title(finding: Finding) -> str:
    """A short label: the finding's own, else its quantity."""
    text = finding.title or finding.quantity.replace("_", " ")
    return text[:1].upper() + text[1:]


def number(finding: Finding) -> str:
    """The number with its unit, `19 months`; empty where the finding has none."""
    if finding.value is None or isinstance(finding.value, str):
        return finding.value or ""
    return wording.amount(finding.value, finding.unit, finding.low, finding.high)


def interval(finding: Finding) -> str:
    """`90% interval: 14–25 months`; empty where there is none."""
    if finding.low is None or finding.high is None or finding.level is None:
        return ""
    return f"{100 * finding.level:g}% interval: {wording.interval(finding.low, finding.high, finding.unit)}"


def likelihood(finding: Finding) -> str:
    """The word of the stated scale for a probability; empty for anything else."""
    if finding.unit != "probability" or not isinstance(finding.value, float | int):
        return ""
    return wording.likelihood(float(finding.value))


def spoken(finding: Finding, *, short: bool = False) -> str:
    """The sentence, with the word for a probability where it does not say it itself; or the short one, as it stands."""
    if short and finding.short:
        return wording.sentence(finding.short)
    sentence = wording.sentence(finding.sentence)
    word = likelihood(finding)
    if not word or word in sentence:
        return sentence
    return f"{sentence.rstrip().removesuffix('.')} ({word})."


_TILES = 5
_SPLIT = re.compile(r"^(\S*\d\S*(?: (?:million|billion|trillion))?)(?: .+)?$")


@dataclass(frozen=True, slots=True)
class Item:
    """A finding in words; `notes` are runs of source numbers, `columns` and `rows` its table, if it has one.

    `caveat_number` is that of its caveat in the list of the annex, 0 where it has none.
    """

    finding: Finding
    anchor: str
    id: str
    title: str
    sentence: str
    number: str
    interval: str
    likelihood: str
    period: str
    tier: str
    mark: str
    caveat: str
    caveat_number: int
    coverage: str
    notes: Sequence[tuple[int, int]]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def figure(self) -> str:
        """The number as a headline shows it, large: `$20.5 billion`, `19`."""
        return _SPLIT.sub(r"\1", self.number)

    @property
    def unit(self) -> str:
        """Unit after the headline number, in small print: `months`, `in 100`."""
        return self.number.removeprefix(self.figure).strip()

    @property
    def range(self) -> str:
        """Range printed below a headline number."""
        return "; ".join(filter(None, (self.likelihood, self.interval or self.period)))


def item(finding: Finding, brief: Brief) -> Item:
    """The finding in words, with the numbers of its sources."""
    columns, rows = plain_table(finding.table)
    return Item(
        finding=finding,
        anchor=anchor(finding.id),
        id=finding.id,
        title=title(finding),
        sentence=spoken(finding),
        number=number(finding),
        interval=interval(finding),
        likelihood=likelihood(finding),
        period="" if finding.period == finding.as_of.isoformat() else plain.period(finding.period),
        tier=str(finding.tier),
        mark=TIERS[finding.tier][0],
        caveat=finding.caveat,
        caveat_number=caveat_numbers(brief).get(finding.caveat, 0),
        coverage=finding.coverage,
        notes=runs(brief.marks.get(finding.id, ())),
        columns=columns,
        rows=rows,
    )


def items(chapter: Chapter, brief: Brief) -> tuple[list[Item], list[Item]]:
    """The chapter's findings: those to be read, and the details that a reader may unfold.

    A caveat that several findings share stands at the first of them only.
    """
    said: set[str] = set()
    told: list[Item] = []
    for finding in chapter.findings:
        one = item(finding, brief)
        told.append(replace(one, caveat="") if one.caveat in said and finding.picture is None else one)
        said.add(one.caveat)
    details = [one for one in told[1:] if one.finding.weight >= 3]
    return [one for one in told if one not in details], details


def annex_items(chapter: Chapter, brief: Brief) -> tuple[list[Item], list[Item]]:
    """The chapter's findings without those that a table of the annex shows: to be read, and details."""
    shown = covered_by_tables(chapter.findings)
    told = [item(finding, brief) for finding in chapter.findings if finding.id not in shown]
    told = [replace(one, columns=(), rows=()) if _sums_up_verdicts(one, shown) else one for one in told]
    details = [one for one in told[1:] if one.finding.weight >= 3]
    return [one for one in told if one not in details], details


def _sums_up_verdicts(one: Item, shown: set[str]) -> bool:
    """Whether the item sums up verdicts that a table of the annex shows goal by goal."""
    return bool(shown) and FindingId.parse(one.id).recipe == "ambition.verdict"


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """Row of a table of the annex in words, with the marks of the findings behind it."""

    cells: tuple[str, ...]
    items: tuple[Item, ...]
    notes: Sequence[tuple[int, int]]
    caveats: tuple[int, ...]


def annex_lines(table: AnnexTable, brief: Brief) -> list[AnnexLine]:
    """Rows of a table with the numbers of their sources and caveats."""
    lines = []
    for row in table.rows:
        items = tuple(item(finding, brief) for finding in row.findings)
        sources = {number for finding in row.findings for number in brief.marks.get(finding.id, ())}
        caveats = sorted({one.caveat_number for one in items} - {0})
        lines.append(AnnexLine(row.cells, items, runs(sources), tuple(caveats)))
    return lines


def anchor(identifier: str) -> str:
    """A finding's place in the page: its id without country and date, `gap.training_compute.USA`."""
    return re.sub(r"[^A-Za-z0-9_-]+", ".", identifier.partition(":")[2].partition("@")[0])


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive numbers: 3, 4, 5, 9 → (3, 5), (9, 9); a run of two is two runs."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return [
        pair
        for first, last in found
        for pair in ([(first, first), (last, last)] if last == first + 1 else [(first, last)])
    ]


def judgement(brief: Brief) -> tuple[JudgementSentence, ...]:
    """The brief as one argument, on top of every surface."""
    rivals = dict(zip(brief.against, brief.rivals, strict=True))
    return judge(brief.findings, plain.the(brief.name), brief.country, rivals)


def headlines(chapters: Iterable[Chapter]) -> list[tuple[Chapter, str]]:
    """The first sentence of every part that has one."""
    return [
        (chapter, spoken(chapter.findings[0]))
        for chapter in chapters
        if chapter.findings and chapter.part.key != "sources"
    ]


def tiles(brief: Brief, count: int = _TILES) -> list[Item]:
    """Headline numbers in the order of the parts: one to a part, then a second where there is room.

    What a country declares is no measurement, so a goal's number is none of them.
    """
    numbers = [[f for f in chapter.findings if f.weight == 1 and _is_measured(f)] for chapter in brief.chapters]
    turns = [found[place] for place in (0, 1) for found in numbers if len(found) > place][:count]
    return [item(finding, brief) for found in numbers for finding in found if finding in turns]


def cell(value: Any) -> str:
    """One cell of a table."""
    if value is None or value != value:
        return ""
    return plain.number(float(value), 4) if isinstance(value, float) else str(value)


def dateline(brief: Brief) -> list[str]:
    """Date, rivals, scenario, and whether the reader's own evidence took part."""
    parts = [f"As of {plain.day(brief.as_of)}"]
    parts += [f"Compared with {plain.listing(brief.rivals)}"] if brief.rivals else []
    parts += [f"Scenario: {brief.recipe.scenario}" if brief.recipe.scenario else "Baseline scenario"]
    return parts + (["With the reader’s own evidence"] if brief.recipe.user else [])


def citation(brief: Brief) -> str:
    """How to cite the brief."""
    made = brief.recipe
    model = f", {made.model}" if made.model else ""
    return (
        f"Headway {made.version}, “{brief.name}: AI brief as of {plain.day(brief.as_of)}”, "
        f"evidence {made.snapshot[:12]}{model}, seed {made.seed}."
    )


def _is_measured(finding: Finding) -> bool:
    number = isinstance(finding.value, float | int) and not isinstance(finding.value, bool)
    return number and not (finding.section == "ambition" and finding.tier in (FindingTier.OBSERVED, FindingTier.CODED))
