"""The file of levers: what ships, and what a stranger may get wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.core.errors import InputError
from headway.strategy.levers import levers, levers_under, read_levers

GOOD = """\
levers:
  - lever: head_on
    title: Head-on
    phrase: money
    delay: 1
    build_up: 0
    effects:
      - {kind: spending, each: 0.8, spread: 1.3, rationale: a guess}
"""


def read(tmp_path: Path, text: str) -> str:
    """The message that a file is refused with."""
    file = tmp_path / "levers.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_levers(file)
    return str(refused.value)


def test_shipped_levers_are_the_eight_and_each_is_accounted_for() -> None:
    found = levers()
    assert found.names == (
        "head_on", "talent", "education", "domestic_chips", "partner_compute", "openness", "niche", "diversification",
    )  # fmt: skip
    assert all(effect.rationale or effect.citation for _, effect in found.effects)
    assert len(set(found.effect_names)) == len(found.effects)


def test_a_lever_of_access_is_there_where_a_scenario_takes_what_it_raises() -> None:
    assert levers_under({"controls", "open_weights"}) == levers()
    assert levers_under({"rented"}).names == (*levers().names, "agreements")
    assert levers_under({"one_provider"}).names == (*levers().names, "provider_agreement")
    assert levers_under({"rented", "rented_use"}).names == (*levers().names, "agreements", "reserved_capacity")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("each: 0.8", "each: 1.8", 8, "less than or equal to 1"),
        (", rationale: a guess", "", 8, "needs a rationale"),
        ("delay: 1", "delay: -1", 5, "greater than or equal to 0"),
        ("kind: spending", "kind: magic", 8, "magic"),
        ("title: Head-on", "titel: Head-on", 3, "unknown field"),
    ],
)
def test_a_refusal_names_file_line_and_field(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    message = read(tmp_path, GOOD.replace(old, new))
    assert f"levers.yaml, line {line}:" in message
    assert words in message


def test_two_levers_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "twice: head_on" in read(tmp_path, GOOD + GOOD.split("\n", 1)[1])


def test_not_a_mapping_is_refused(tmp_path: Path) -> None:
    assert "must be a mapping with the fields levers" in read(tmp_path, "- 1\n")
