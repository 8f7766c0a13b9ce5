"""The gate on frozen sentences: no verdict on a draft, and none against a claim that may hold."""

from pathlib import Path

import pytest

from headway.claims import check as module
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import ProposedTest
from headway.claims.measure import read_labels
from headway.claims.measure_proposals import main, proposal_scores, sensible, table

FROZEN = Path(__file__).parent / "labelled" / "proposals_held_out.jsonl"


def test_no_false_negative_verdict_at_the_shipped_settings(shipped: EvidenceLookup) -> None:
    labels = read_labels(FROZEN)
    assert len(labels) >= 60
    found = proposal_scores(labels, shipped)
    assert found.drafts == 0
    assert found.wrongly_against == 0
    assert found.first <= found.among <= found.offered
    assert f"| verdicts on the draft | 0 | {len(labels)} |" in table(found)


def test_the_gate_notices_a_wrong_verdict(shipped: EvidenceLookup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_ASSUMED_CONFIDENCE", 0.1)
    wrong = {"text": "France spends about 9.2 percent of GDP on R&D.", "checkable": True, "accept": [], "proxy": []}
    assert proposal_scores([{**wrong, "truth": "holds"}], shipped).wrongly_against == 1
    right = proposal_scores([{**wrong, "truth": "fails"}], shipped)
    assert (right.against, right.wrongly_against) == (1, 0)


def test_a_sensible_proxy_must_be_called_one() -> None:
    label = {"accept": [r"rank\(a, .*"], "proxy": [r"rank\(b, .*"]}
    for test, proxy, expected in (
        ("rank(a, FRA) < 2", "", True),
        ("rank(b, FRA) < 2", "", False),
        ("rank(b, FRA) < 2", "stands for a", True),
        ("rank(c, FRA) < 2", "stands for a", False),
    ):
        assert sensible(ProposedTest(words="checks", test=test, proxy=proxy), label) is expected


def test_without_a_file_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
