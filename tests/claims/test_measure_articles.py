"""The scorer of whole texts: spans, slots, judgements kept by hand, and verdicts without a label that bears them."""

import json
from pathlib import Path

import pytest

from headway.claims import check as module
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.measure_articles import LabelledClaim, agrees, article_scores, main, read_texts
from headway.core.errors import EvidenceError

TEXT = (
    "Germany spends more of its GDP on R&D than Italy. The weather was fine. "
    "Italy spends about 9.2 percent of GDP on R&D."
)
CLAIMS = [
    {
        "id": "a",
        "words": "Germany spends more of its GDP on R&D than Italy.",
        "checkable": True,
        "kind": "comparison",
        "subjects": ["DEU"],
        "objects": ["ITA"],
        "quantities": ["rd_share_gdp"],
        "relation": "more",
        "truth": "holds",
    },
    {"id": "b", "words": "The weather was fine.", "checkable": False, "kind": "fact"},
    {
        "id": "c",
        "words": "Italy spends about 9.2 percent of GDP on R&D.",
        "checkable": True,
        "kind": "fact",
        "subjects": ["ITA"],
        "truth": "holds",
    },
]


def test_scores_count_what_was_found_and_what_is_sensible(
    shipped: EvidenceLookup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "set.json"
    file.write_text(json.dumps({"texts": [{"id": "t", "text": TEXT, "claims": CLAIMS}]}))
    texts = read_texts(file)
    found = article_scores(texts, shipped, {})
    assert (found.checkable, found.found, found.drafted, found.right) == (2, 2, 2, 2)
    assert (found.kind, found.subject, found.with_subject) == (2, 2, 2)
    assert (found.offered, found.first, found.among, found.drafts) == (2, 1, 1, 0)
    (asked,) = {(one["text"], one["claim"], one["test"]) for one in found.unjudged}
    judged = article_scores(texts, shipped, {asked: True})
    assert (judged.first, judged.unjudged) == (2, [])
    monkeypatch.setattr(module, "LEAST_ASSUMED_CONFIDENCE", 0.1)
    assert article_scores(texts, shipped, {}).wrongly_against == 1


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("indicator(rd_share_gdp, DEU, 2023) > indicator(rd_share_gdp, ITA, 2023)", True),
        ("indicator(rd_share_gdp, ITA) < indicator(rd_share_gdp, DEU)", True),
        ("not indicator(rd_share_gdp, DEU) < indicator(rd_share_gdp, ITA)", True),
        ("indicator(rd_share_gdp, DEU) < indicator(rd_share_gdp, ITA)", False),
        ("indicator(rd_share_gdp, FRA) > indicator(rd_share_gdp, ITA)", False),
        ("indicator(rd_share_gdp, DEU) > 3 %", None),
        ("indicator(gdp_usd, DEU) > indicator(gdp_usd, ITA)", None),
        ("rank(rd_share_gdp, DEU) <= 3", None),
    ],
)
def test_slots_settle_only_what_they_can(test: str, expected: bool | None) -> None:
    label = LabelledClaim(
        "a", "", 0, 1, True, "comparison", frozenset({"DEU"}), frozenset({"ITA"}), frozenset({"rd_share_gdp"}), "more"
    )
    assert agrees(test, label) is expected


def test_another_number_and_a_changed_set_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label = LabelledClaim("c", "", 0, 1, True, "fact", frozenset({"ITA"}), values=(1.5,))
    assert agrees("indicator(rd_share_gdp, ITA) ~ 9 % within 15 %", label) is False
    file = tmp_path / "set.json"
    file.write_text('{"texts": []}')
    assert main([str(file)]) == 0
    (tmp_path / "SHA256").write_text("0" * 64)
    with pytest.raises(EvidenceError, match="changed since it was frozen"):
        read_texts(file)
    assert main([str(file)]) == 3
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
