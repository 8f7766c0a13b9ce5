"""The page: self-contained, linked both ways, safe with any text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import made_brief as made
import pytest

from headway.brief.front import front_pictures
from headway.brief.html import index, page
from headway.brief.view import anchor, runs


class Reader(HTMLParser):
    """What a page is made of: ids, links, tags in order, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def html() -> str:
    return page(made.brief())


@pytest.fixture(scope="module")
def read(html: str) -> Reader:
    return Reader(html)


def test_nothing_is_asked_of_any_host(html: str, read: Reader) -> None:
    loading = [
        given for tag, given in read.tags if tag in {"script", "link", "img", "iframe", "object", "video", "audio"}
    ]
    assert not loading
    assert not re.search(r"@import|url\((?!data:)(?!#)", html)
    assert "default-src 'none'" in html


def test_every_inner_link_leads_somewhere_and_ids_are_unique(read: Reader) -> None:
    inner = {link[1:] for link in read.links if link.startswith("#")}
    assert inner <= set(read.ids)
    assert max(Counter(read.ids).values()) == 1


def test_a_footnote_names_the_grade_of_a_typed_row_and_where_it_was_read(read: Reader) -> None:
    assert (
        "Grade: press, a newspaper or news agency; read in https://example.org/news and https://example.net/agency."
        in "".join(read.text)
    )
    assert "".join(read.text).count("Grade:") == 1  # the other sources are publishers' own tables


def test_footnotes_link_both_ways(read: Reader) -> None:
    for note in made.brief().footnotes:
        assert f"#note-{note.number}" in read.links
    (rank,) = (finding for finding in made.findings() if finding.quantity == "rank")
    assert read.links.count(f"#{anchor(rank.id)}") == 2  # two sources lead back


def test_every_finding_is_there_with_sentence_tier_and_id(html: str) -> None:
    for finding in made.findings():
        assert finding.id in html
        assert finding.sentence.rstrip(".") in html
        assert f'class="tier {finding.tier}"' in html


def test_headings_step_down_one_at_a_time_and_landmarks_exist(read: Reader) -> None:
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    tags = [tag for tag, _ in read.tags]
    assert {"header", "nav", "main", "footer"} <= set(tags)


def test_each_picture_has_a_name_and_its_data_as_a_table(read: Reader) -> None:
    pictures = [given for tag, given in read.tags if tag == "svg"]
    front = len(front_pictures(made.brief()))  # these are drawn once, for half a page
    assert front > 0
    assert len(pictures) == 2 * len(made.PICTURES) - front
    assert all(given["role"] == "img" and given["aria-labelledby"] for given in pictures)
    assert sum(tag == "table" for tag, _ in read.tags) >= len(made.PICTURES)


def test_interval_and_coverage_stand_beside_a_number(html: str) -> None:
    assert "90% interval: 14–25 months" in html
    assert "In the hindcast 93% of 21 outcomes fell inside 90% intervals." in html


def test_hostile_text_stays_text() -> None:
    bad = '<script>alert("x")</script>'
    one = replace(made.findings()[3], sentence=f"{bad}.", caveat=bad, title=bad, table=({bad: bad},))
    assert one.picture is not None
    one = replace(one, picture=replace(one.picture, title=bad, alternative=bad, source=bad))
    text = page(made.brief([one]))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_a_part_without_findings_says_what_it_needs() -> None:
    text = page(made.brief([]))
    assert "Strategies need a fitted model" in text
    assert "No finding of this brief rests on a cited fact." in text


def test_the_same_brief_gives_the_same_page(html: str) -> None:
    assert page(made.brief()) == html


def test_the_index_leads_to_each_brief() -> None:
    read = Reader(index([made.brief(), made.brief([])]))
    assert {"RUS.html", "RUS.json"} <= set(read.links)


def test_source_numbers_are_gathered_in_runs() -> None:
    assert runs([9, 3, 4, 5]) == [(3, 5), (9, 9)]
    assert runs([1, 2]) == [(1, 1), (2, 2)]
    assert runs([]) == []
