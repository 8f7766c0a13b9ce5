"""The scorer of whole texts: spans, slots, judgements kept by hand, and verdicts without a label that bears them."""

import json
from pathlib import Path

import pytest

from headway.claims import check as module
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.measure_articles import (
    LabelledClaim,
    article_scores,
    contradicts,
    judged_proposals,
    main,
    read_judgements,
    read_texts,
)
from headway.claims.proposer.draft import draft
from headway.claims.reader.article import Article
from headway.core.errors import EvidenceError

TEXT = (
    "Germany spends more of its GDP on R&D than Italy. The weather was fine. "
    "Italy spends about 9.2 percent of GDP on R&D."
)
FIRST = {"span": "Germany spends more of its GDP on R&D than Italy", "kind": "comparison", "subject": ["DEU"]}
LAST = {"span": "Italy spends about 9.2 percent of GDP on R&D", "kind": "level", "subject": ["ITA"], "value": 9.2}
PLAIN = {"object": [], "relation": "=", "value": None, "negated": False, "checkable": True}
SENTENCES = [
    {
        "n": 1,
        "sentence": "Germany spends more of its GDP on R&D than Italy.",
        "claims": [{**PLAIN, **FIRST, "object": ["ITA"], "relation": ">"}],
    },
    {"n": 2, "sentence": "The weather was fine.", "claims": []},
    {"n": 3, "sentence": "Italy spends about 9.2 percent of GDP on R&D.", "claims": [{**PLAIN, **LAST}]},
]


def test_scores_count_what_was_found_and_what_is_sensible(
    shipped: EvidenceLookup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "set.json"
    file.write_text(json.dumps([{"id": "t", "text": TEXT, "sentences": SENTENCES}]))
    texts = read_texts(file)
    assert [TEXT[one.start : one.end] for one in texts[0].claims] == [FIRST["span"], LAST["span"]]
    found = article_scores(texts, shipped, {})
    assert (found.checkable, found.found, found.drafted, found.right) == (2, 2, 2, 2)
    assert (found.kind, found.subject, found.with_subject) == (2, 2, 2)
    assert (found.offered, found.first, found.among, found.drafts) == (2, 0, 0, 0)
    asked = [(one["text"], one["claim"], one["test"]) for one in found.unjudged]
    assert [one[1] for one in asked] == ["1.1", "3.1"]
    judged = article_scores(texts, shipped, dict.fromkeys(asked, True))
    assert (judged.first, judged.among, judged.unjudged) == (2, 2, [])
    ranked = judged_proposals(texts[0], draft(Article(TEXT), shipped), dict.fromkeys(asked, True))
    assert [right[0] for _, right in ranked] == [True, True]
    monkeypatch.setattr(module, "LEAST_ASSUMED_CONFIDENCE", 0.1)
    assert article_scores(texts, shipped, {}).wrongly_against == 1
    right = article_scores(texts, shipped, dict.fromkeys(asked, True))
    assert (right.against, right.wrongly_against) == (1, 0)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("indicator(rd_share_gdp, DEU, 2023) > indicator(rd_share_gdp, ITA, 2023)", False),
        ("indicator(rd_share_gdp, ITA) < indicator(rd_share_gdp, DEU)", False),
        ("not indicator(rd_share_gdp, DEU) < indicator(rd_share_gdp, ITA)", False),
        ("indicator(rd_share_gdp, DEU) < indicator(rd_share_gdp, ITA)", True),
        ("indicator(rd_share_gdp, ITA) > indicator(rd_share_gdp, DEU)", True),
        ("indicator(rd_share_gdp, FRA) > indicator(rd_share_gdp, ITA)", True),
        ("indicator(rd_share_gdp, DEU) > indicator(rd_share_gdp, FRA)", True),
        ("rank(rd_share_gdp, DEU) <= 3", False),
        ("gap.training_trend(DEU, USA, 3y) > 0", False),
    ],
)
def test_slots_rule_out_only_what_they_can(test: str, expected: bool) -> None:
    label = LabelledClaim("a", "", 0, 1, True, "comparison", frozenset({"DEU"}), frozenset({"ITA"}), "more")
    assert contradicts(test, label) is expected


def test_another_number_and_a_changed_set_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label = LabelledClaim("c", "", 0, 1, True, "level", frozenset({"ITA"}), values=(1.5,))
    assert contradicts("indicator(rd_share_gdp, ITA) ~ 9 % within 15 %", label)
    assert not contradicts("indicator(rd_share_gdp, ITA) ~ 1.5 % within 15 %", label)
    file = tmp_path / "set.json"
    file.write_text("[]")
    assert main([str(file)]) == 0
    (tmp_path / "SHA256").write_text("0" * 64)
    with pytest.raises(EvidenceError, match="changed since it was frozen"):
        read_texts(file)
    assert main([str(file)]) == 3
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err


FROZEN = Path(__file__).parent / "frozen" / "set.json"
SECOND = FROZEN.parent / "second" / "set.json"
THIRD = FROZEN.parent / "third" / "set.json"
FOURTH = FROZEN.parent / "fourth" / "set.json"
PAGE = Path(__file__).parents[2] / "docs" / "claims-scores.md"


@pytest.mark.parametrize("file", [FROZEN, SECOND, THIRD, FOURTH])
def test_the_frozen_sets_are_as_they_were_labelled(file: Path) -> None:
    texts = read_texts(file)
    assert len(texts) == 12
    for text in texts:
        for claim in text.claims:
            assert text.text[claim.start : claim.end] == claim.words


def printed_scores(name: str) -> dict[str, list[str]]:
    """Numbers of a frozen set in the table of the documentation: what was counted, how many, and of how many."""
    table = PAGE.read_text("utf-8").split("| what | first |")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in ("| what | first |" + table).splitlines()]
    column = rows[0].index(name)
    return {row[0]: row[column].split(" of ") for row in rows[2:]}


@pytest.mark.parametrize(("file", "name"), [(SECOND, "second"), (THIRD, "third"), (FOURTH, "fourth")])
def test_the_printed_figures_of_a_set_follow_from_its_labels_and_judgements(file: Path, name: str) -> None:
    printed = printed_scores(name)
    texts, judgements = read_texts(file), file.with_name("judgements.jsonl")
    lines = [json.loads(line) for line in judgements.read_text("utf-8").splitlines()]
    later = [one for one in lines if one.get("scored") == "afterwards"]
    mended = {(one["text"], one["claim"], one["test"]) for one in later}
    judged = {key: right for key, right in read_judgements(judgements).items() if key not in mended}
    labels = {(text.id, claim.id): claim for text in texts for claim in text.claims}
    checkable = str(sum(claim.checkable for claim in labels.values()))
    assert printed["checkable claims found"][1] == checkable
    sensible = {key[:2] for key, right in judged.items() if right}
    assert printed["one of three proposals sensible"][0] == str(len(sensible))
    assert all(labels[key[:2]].checkable and not contradicts(key[2], labels[key[:2]]) for key in judged)
    assert printed["with `--assume-first`: against a claim, by a test that is not sensible"] == ["0", "0"]


@pytest.mark.slow
@pytest.mark.parametrize("file", [FROZEN, SECOND, THIRD, FOURTH])
def test_no_verdict_against_a_claim_of_somebody_else_rests_on_a_wrong_test(shipped: EvidenceLookup, file: Path) -> None:
    found = article_scores(read_texts(file), shipped, read_judgements(file.with_name("judgements.jsonl")))
    assert found.drafts == 0
    assert found.wrongly_against == 0
