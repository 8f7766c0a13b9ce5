"""The annex: goals and ranks in one table each, caveats once by number, and pages with and without it."""

from __future__ import annotations

import re
from dataclasses import replace

import made_brief as made
import pytest

from headway.brief import html, pdf, view
from headway.brief.annex import annex_tables, caveat_numbers, plain_table
from headway.brief.compose import Brief, Chapter
from headway.brief.front import front_pictures
from headway.findings import Finding

TIGHT = "Values of countries may speak of different years."


def rank(domain: str, by: str, place: float | None) -> Finding:
    spread = {} if place is None else {"low": place - 2, "high": place + 9, "level": 0.9}
    view = {"by size": "scale", "by intensity": "intensity"}[by]
    return made.finding(
        "standing.domain", f"In {domain} {by}, it stands there.", domain, view,
        quantity=f"rank in {domain} {by}", value=place, unit="rank", weight=3, caveat=TIGHT,
        details={"countries": 131}, **spread,
    )  # fmt: skip


@pytest.fixture(scope="module")
def brief() -> Brief:
    goal = made.finding(
        "ambition.goal", "Plan of 2024: Lead.", "X-01", value=5.0, unit="rank", caveat="Our coding.",
        details={"text": "Lead", "document": "Plan", "declared_on": "1 March 2024"},
    )  # fmt: skip
    verdict = made.finding(
        "ambition.verdict", "“Lead”: in 4 of 100 futures.", "X-01", value=0.04, unit="probability", weight=3,
        caveat="Our coding.", details={"short": "4 in 100", "why": "In 4 of 100 futures"},
    )  # fmt: skip
    whole = made.finding("ambition.verdict", "Of 1 goal 1 has a chance.", weight=1, table=({"declared goal": "Lead"},))
    ranks = [rank("compute", "by size", 14.0), rank("compute", "by intensity", 26.0), rank("money", "by size", None)]
    return made.brief([goal, verdict, whole, *ranks, *made.findings()])


def chapter(brief: Brief, key: str) -> Chapter:
    return next(one for one in brief.chapters if one.part.key == key)


def test_goals_and_ranks_stand_in_one_table_each_and_nowhere_else(brief: Brief) -> None:
    (goals,) = annex_tables(chapter(brief, "ambition"))
    assert [row.cells for row in goals.rows] == [("Lead", "Plan 1 March 2024", "4 in 100", "In 4 of 100 futures")]
    (ranks,) = annex_tables(chapter(brief, "standing"))
    assert ranks.columns == ("domain", "by size", "by intensity")
    assert ranks.rows[0].cells == ("Compute", "14th (90%: 12th–23rd) of 131", "26th (90%: 24th–35th) of 131")
    assert ranks.rows[1].cells == ("Money", "nothing on record", "")
    body, more = view.annex_items(chapter(brief, "standing"), brief)
    assert not [one for one in (*body, *more) if ":standing.domain" in one.id]
    body, more = view.annex_items(chapter(brief, "ambition"), brief)
    summed = next(one for one in body if ":ambition.verdict" in one.id)
    assert summed.rows == ()  # the table that it carries is the one above


def test_every_finding_keeps_its_place_on_the_page(brief: Brief) -> None:
    page = html.page(brief)
    for finding in brief.findings:
        assert page.count(f'id="{view.anchor(finding.id)}"') == 1, finding.id
        assert finding.id in page


def test_a_caveat_is_said_once_and_carried_by_number(brief: Brief) -> None:
    numbers = caveat_numbers(brief)
    assert list(numbers.values()) == list(range(1, len(numbers) + 1))
    page = html.page(brief)
    assert page.count(TIGHT) == 1
    assert len(re.findall(rf'href="#caveat-{numbers[TIGHT]}"', page)) == 2  # both rows of ranks
    assert pdf.content(brief)["caveats"] == list(numbers)


def test_pages_without_annex_lead_nowhere_and_say_where_it_is(brief: Brief) -> None:
    alone = html.page(brief, annex=False)
    assert 'href="#' not in alone.replace('href="#main"', "")
    assert "headway brief RUS --html FILE" in alone
    assert alone.count("<svg") == len(front_pictures(brief)) > 0
    told = pdf.content(brief, annex=False)
    assert (told["parts"], told["notes"], told["caveats"]) == ([], [], [])
    assert len(told["front"]) == len(front_pictures(brief))
    assert pdf.pdf(brief, annex=False).startswith(b"%PDF")


def test_pictures_follow_the_judgement() -> None:
    names = ("change.robust", "why.attribution", "outlook.fan", "outlook.long_run", "gap.lag_observed", "standing.rank")
    found = [made.finding(name, "A finding.", picture=made.BARS) for name in names]
    front = front_pictures(made.brief(found))
    assert [one.id.split(":")[1].partition("@")[0] for one in front] == [
        "gap.lag_observed", "outlook.long_run", "why.attribution", "change.robust",
    ]  # fmt: skip
    assert front_pictures(made.brief([replace(one, picture=None) for one in found])) == ()


def test_a_table_has_plain_columns_and_an_interval_beside_its_number() -> None:
    rows = [{"cause": "Size", "eci": 12.9009, "eci_low": 10.0154, "eci_high": 16.3063, "months_alone": -0.0001}]
    assert plain_table(rows) == (
        ["cause", "capability points", "months if taken away alone"], [["Size", "13 (10–16)", "0"]],
    )  # fmt: skip
    rows = [{"structure": "compute decides", "weight": 0.7, "lag, months": 59.93, "low": 42.39, "high": 72.19, "of": 3}]
    assert plain_table(rows) == (
        ["structure", "weight", "lag, months", "of"], [["compute decides", "0.7", "60 (42–72)", "3"]],
    )  # fmt: skip
