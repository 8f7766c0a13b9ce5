"""What changed between two editions is told by country, and the feeds hold the sentences that changed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from xml.etree import ElementTree

import made_brief as made
import pytest

from headway.brief.compose import Brief, brief_format
from headway.brief.edition import Edition, EditionKey, opened, packed
from headway.brief.edition_diff import EditionDiff, atom, compare, json_feed, told

KEY = EditionKey(dt.date(2026, 11, 22), "e" * 64, "m" * 64, "c" * 64, "s" * 64)
ATOM = "{http://www.w3.org/2005/Atom}"


def edition(briefs: dict[str, Brief], **changed: str) -> Edition:
    return opened(packed(replace(KEY, **changed), {code: brief_format().pack(b) for code, b in briefs.items()}), "made")


@pytest.fixture(scope="module")
def found() -> EditionDiff:
    """The newer edition has another code; of its lag another number and sentence, of its rank another sentence."""
    after = [
        replace(f, value=21, sentence="Arland stands where the frontier stood 21 months ago & more.")
        if f.quantity == "lag"
        else replace(f, sentence="Arland ranks 27th.")
        if f.quantity == "rank"
        else f
        for f in made.findings()
    ]
    same = made.brief()
    old = edition({"RUS": same, "KOR": same, "TUV": same})
    return compare(old, edition({"KOR": same, "RUS": made.brief(after)}, code="d" * 64))


def test_changes_are_counted_by_country(found: EditionDiff) -> None:
    assert [diff.country for diff in found.countries] == ["RUS"]
    assert (found.unchanged, found.added, found.removed) == (1, (), ("TUV",))
    said = told(found, 100)
    assert "  code: cccccccc → dddddddd\n" in said
    assert "~ Lag: 19 months (90%: 14–25) → 21 months (90%: 14–25) [new version]" in said
    assert "only in the older: TUV" in said


def test_the_code_moves_what_was_counted_and_a_new_model_does_not() -> None:
    after = [replace(f, sentence="Arland ranks 27th.") if f.quantity == "rank" else f for f in made.findings()]
    found = compare(edition({"RUS": made.brief()}), edition({"RUS": made.brief(after)}, model="n" * 64, code="d" * 64))
    assert [change.reasons for change in found.sentences] == [("new version",)]


def test_feeds_hold_both_sentences_and_why(found: EditionDiff) -> None:
    items = json.loads(json_feed(found))["items"]
    entries = ElementTree.fromstring(atom(found)).findall(f"{ATOM}entry")
    assert len(items) == len(entries) == 2
    lag = next(item for item in items if ":gap.lag:" in item["_headway"]["finding"])
    assert lag["_headway"]["after"].endswith("21 months ago & more.")
    assert "14 to 25 months are plausible" in lag["_headway"]["before"]
    assert lag["tags"] == ["RUS", "new version"]
    assert "Why: new version." in lag["content_text"]
    assert {entry.findtext(f"{ATOM}id") for entry in entries} == {item["id"] for item in items}
    assert {entry.findtext(f"{ATOM}content") for entry in entries} == {item["content_text"] for item in items}
    assert {entry.findtext(f"{ATOM}updated") for entry in entries} == {"2026-11-22T00:00:00Z"}


def test_the_same_change_has_the_same_address_and_another_one_another(found: EditionDiff) -> None:
    again = replace(found.sentences[0], after="Something else.")
    first, other = (
        json.loads(json_feed(replace(found, sentences=(one,))))["items"][0]["id"] for one in (found.sentences[0], again)
    )
    assert first != other
    assert json_feed(found) == json_feed(found)


def test_headlines_alone(found: EditionDiff) -> None:
    same, moved = made.findings(), [replace(f, sentence=f"{f.sentence} So.") for f in made.findings()]
    headlines = compare(edition({"RUS": made.brief(same)}), edition({"RUS": made.brief(moved)}), weight=1).sentences
    assert {change.weight for change in headlines} == {1}
    assert len(headlines) < len(same)
