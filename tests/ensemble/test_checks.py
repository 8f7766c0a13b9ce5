"""The shipped model checks hold, and a mistake in a file of checks is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.core.errors import InputError
from headway.ensemble.checks import Check, CheckOutcome, page, read_checks, run_checks
from headway.evidence import open_evidence
from headway.inference.posterior import chosen_for

GOOD = """checks:
- check: one
  says: One.
  scenario: baseline
  country: USA
  series: sovereign
  at: 2027Q4
  expect: between
  between: [0, 1]
  members: 1.0
"""


@pytest.fixture(scope="module", params=["prior", "posterior"])
def outcomes(request: pytest.FixtureRequest) -> dict[str, CheckOutcome]:
    evidence = open_evidence()
    fit = None if request.param == "prior" else chosen_for(evidence)
    return {outcome.check: outcome for outcome in run_checks(evidence, read_checks(), posterior=fit)}


@pytest.mark.parametrize("check", read_checks(), ids=lambda check: check.check)
def test_the_shipped_checks_hold(check: Check, outcomes: dict[str, CheckOutcome]) -> None:
    outcome = outcomes[check.check]
    assert outcome.passed, f"{check.says} It holds in {outcome.share:.1%} of members, needed {outcome.needed:.0%}."


def test_the_page_shows_what_moved(outcomes: dict[str, CheckOutcome]) -> None:
    chosen = list(outcomes.values())[:2]
    text = page(chosen, {chosen[0].check: chosen[0].median - 1})
    assert "+1" in text
    assert "new" in text


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("between: [0, 1]", "against: baseline"), 2, "goes with"),
        (("expect: between", "expect: bigger"), 8, "expect"),
        (("members: 1.0", "members: 2"), 10, "members"),
        (("series: sovereign", "serie: sovereign"), 6, "serie"),
    ],
)
def test_a_mistake_in_a_file_of_checks_is_named(tmp_path: Path, change: tuple[str, str], line: int, words: str) -> None:
    path = tmp_path / "checks.yaml"
    path.write_text(GOOD.replace(*change), "utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_checks(path)
    assert f"line {line}" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing"):
        read_checks(tmp_path / "nothing.yaml")
