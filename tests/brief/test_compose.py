"""A brief runs every recipe, survives the ones that cannot run, and numbers its sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import made_brief as made
import pytest

from headway.brief.compose import PARTS, compose
from headway.core.errors import EvidenceError
from headway.findings import Context, Finding, Recipe


def test_parts_stand_in_order_and_findings_by_weight() -> None:
    brief = made.brief()
    assert [chapter.part.number for chapter in brief.chapters] == list(range(1, 10))
    for chapter in brief.chapters:
        weights = [finding.weight for finding in chapter.findings]
        assert weights == sorted(weights)
    assert {finding.id for finding in brief.findings} == {finding.id for finding in made.findings()}


def test_a_recipe_that_cannot_run_leaves_a_note_in_its_part() -> None:
    def broken(_: Context) -> Iterator[Finding]:
        raise EvidenceError("chips.parquet is missing")

    brief = compose(made.context(), [Recipe("gap.compute_stock", broken), *made.recipes()])
    (gap,) = (chapter for chapter in brief.chapters if chapter.part.key == "gap")
    assert gap.notes == ("Compute stock is not available: chips.parquet is missing",)
    assert len(gap.findings) == 2


def test_a_fault_in_a_recipe_is_not_hidden() -> None:
    def faulty(_: Context) -> Iterator[Finding]:
        raise KeyError("value")

    with pytest.raises(KeyError):
        compose(made.context(), [Recipe("gap.compute_stock", faulty)])


def test_two_findings_cannot_share_an_id() -> None:
    one = made.findings()[0]
    with pytest.raises(ValueError, match=r"ambition\.goal"):
        made.brief([one, one])


def test_a_derived_fact_is_cited_by_the_publisher_it_comes_from() -> None:
    brief = made.brief()
    publishers = {note.number: note.reference.publisher for note in brief.footnotes}
    assert sorted(publishers.values()) == ["A Ministry", "Epoch AI", "World Bank"]
    (rank,) = (finding for finding in brief.findings if finding.quantity == "rank")
    assert {publishers[n] for n in brief.marks[rank.id]} == {"Epoch AI", "World Bank"}
    (epoch,) = (note for note in brief.footnotes if note.reference.publisher == "Epoch AI")
    assert [identifier for identifier, _ in epoch.facts] == [made.RUN]
    assert "Q3 2024" in epoch.facts[0][1]
    assert "published 2024-10-02" in epoch.facts[0][1]


def test_footnotes_are_numbered_in_order_of_first_use() -> None:
    brief = made.brief()
    seen: list[int] = []
    for finding in brief.findings:
        seen += [n for n in brief.marks.get(finding.id, ()) if n not in seen]
    assert seen == [note.number for note in brief.footnotes] == list(range(1, len(seen) + 1))


def test_the_recipe_names_what_took_part() -> None:
    recipe = made.brief(user_hash="0123abcd").recipe
    assert (recipe.snapshot, recipe.posterior, recipe.user) == ("3fa81c2e77aa0b1c", "9f31c2aa", "0123abcd")
    assert recipe.scenario is None


def test_an_empty_brief_says_of_every_part_what_it_needs() -> None:
    brief = made.brief([])
    assert all(chapter.part.needs for chapter in brief.chapters if chapter.part.key != "sources")
    assert len(brief.chapters) == len(PARTS)
    assert not brief.footnotes


def test_a_picture_without_rows_is_dropped_and_the_subject_stands_out() -> None:
    one = made.findings()[3]
    assert one.picture is not None
    empty = replace(one, picture=replace(one.picture, rows=()))
    assert made.brief([empty]).findings[0].picture is None
    named = replace(one, picture=replace(one.picture, rows=({"label": "Russia", "date": "2024", "value": 1.0},)))
    drawn = made.brief([named]).findings[0].picture
    assert drawn is not None
    assert drawn.rows[0]["highlight"] is True
