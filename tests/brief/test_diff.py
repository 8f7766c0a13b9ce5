"""What changed between two briefs, and why."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import made_brief as made
import pytest

from headway.brief.compose import Brief
from headway.brief.diff import Diff, FindingChange, diff, key, own_evidence_changes, report
from headway.brief.document import Document, text
from headway.core.errors import InputError
from headway.findings import Finding

EARLIER = dt.date(2026, 5, 1)


def document(brief: Brief) -> Document:
    return Document.model_validate(json.loads(text(brief)))


def compare(changed: dict[str, Any], *, old: Brief | None = None, **context: Any) -> Diff:
    """The diff after the lag finding was changed."""
    after: list[Finding] = [
        replace(finding, **changed) if finding.quantity == "lag" else finding for finding in made.findings()
    ]
    return diff(document(old or made.brief()), made.brief(after, **context))


def only(found: Diff) -> FindingChange:
    (change,) = found.changes
    return change


def test_nothing_changed() -> None:
    found = compare({})
    assert not found.changes
    assert not found.causes
    assert found.unchanged == len(made.findings())
    assert "nothing differs" in report(found, 100)


def test_a_later_date_is_the_same_finding() -> None:
    old = made.brief(made.findings(EARLIER), as_of=EARLIER)
    found = diff(document(old), made.brief())
    assert not found.changes
    assert found.causes == ("date: 1 May 2026 → 22 November 2026",)


def test_a_moved_number_says_whether_it_left_its_interval() -> None:
    small = only(compare({"value": 21}))
    assert (small.kind, small.outside) == ("moved", False)
    assert small.before == "19 months (90%: 14–25)"
    assert small.after == "21 months (90%: 14–25)"
    assert only(compare({"value": 40, "high": 50})).outside


def test_a_modelled_number_can_be_moved_by_model_evidence_or_scenario() -> None:
    old = made.brief(as_of=made.AS_OF, snapshot_hash="00000000aaaaaaaa")
    change = only(compare({"value": 21, "posterior": "11112222"}, old=old))
    assert change.reasons == ("new evidence", "new model")


def test_the_model_cannot_move_what_was_counted() -> None:
    findings = [replace(f, posterior="11112222") if f.quantity == "lag" else f for f in made.findings()]
    findings = [replace(f, value=26) if f.quantity == "rank" else f for f in findings]
    found = diff(document(made.brief(snapshot_hash="00000000aaaaaaaa")), made.brief(findings))
    (rank,) = (change for change in found.changes if change.kind == "moved")
    assert rank.reasons == ("new evidence",)


def test_new_and_gone_findings() -> None:
    fewer = [finding for finding in made.findings() if finding.quantity != "lag"]
    assert only(diff(document(made.brief()), made.brief(fewer))).kind == "gone"
    assert only(diff(document(made.brief(fewer)), made.brief())).kind == "new"


def test_a_sentence_may_change_without_its_number() -> None:
    assert only(compare({"sentence": "It lags by 19 months."})).kind == "reworded"


def test_briefs_of_two_countries_are_not_compared() -> None:
    other = document(made.brief()).model_copy(update={"country": "FRA"})
    with pytest.raises(InputError, match="compare like with like"):
        diff(other, made.brief())


def test_the_report_marks_what_left_its_interval_and_says_why() -> None:
    said = report(compare({"value": 40, "high": 50}, snapshot_hash="ffffffff00000000"), 100)
    assert "! Lag: 19 months (90%: 14–25) → 40 months" in said
    assert "outside its former interval" in said
    assert "evidence: 3fa81c2e → ffffffff" in said
    assert max(map(len, said.split("\n"))) <= 100


def test_what_own_evidence_changed_is_told_with_the_largest_move() -> None:
    changes = {"lag": 38, "rank": 25}
    after = [replace(f, value=changes[f.quantity]) if f.quantity in changes else f for f in made.findings()]
    said = own_evidence_changes(made.brief(), made.brief(after))
    assert said.startswith(f"own evidence changed 2 of {len(after)} findings of the brief of ")
    assert "; the largest move: “Lag”, 19 months (90%: 14–25) before and 38 months" in said
    assert "changed no finding" in own_evidence_changes(made.brief(), made.brief())


def test_the_key_leaves_date_and_user_hash_away() -> None:
    assert key("RUS:gap.lag:USA@2026-11-22~no-exodus+0123abcd") == "RUS:gap.lag:USA~no-exodus"


def test_old_files_of_a_user_are_read_from_disk(tmp_path: Path) -> None:
    from headway.brief.document import read

    path = tmp_path / "old.json"
    path.write_text(text(made.brief()), "utf-8")
    assert diff(read(path), made.brief()).unchanged == len(made.findings())
