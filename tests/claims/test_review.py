"""Review in the terminal: choices confirm claims, are kept, and order what is shown later."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.claims.ledger import Claim, read_ledger
from headway.claims.review import NONE_FITS, choice_of, form, keep_choice, ordered, read_choices
from headway.cli.app import app
from headway.core.errors import InputError

SHARE = "indicator(rd_share_gdp, FRA, 2020) > 2 % of GDP"
SUM = "indicator(rd_spending_usd, FRA) > 5 USD"
STANDS = "rank(imo_score, FRA) <= 10"


def claim(id: str = "c", kind: str = "fact") -> dict[str, object]:
    offers = [
        {"words": "checks whether the share is above two", "test": SHARE, "covers": 1.0, "confidence": 0.6},
        {"words": "checks whether the sum is above five", "test": SUM, "covers": 0.5, "leaves_out": ["the share"]},
        {"words": "checks whether it ranked", "test": STANDS, "covers": 0.5, "proxy": "six pupils stand for all"},
    ]
    return {"id": id, "claim": f"France {id}.", "kind": kind, "status": "proposed", "proposals": offers}


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.yaml"
    claims = [claim("one"), claim("two"), claim("three"), claim("four")]
    file.write_text("ledger: try\ntitle: A try\nclaims:\n" + "".join(f"  - {json.dumps(one)}\n" for one in claims))
    return file


def review(draft: Path, answers: str) -> str:
    kept = str(draft.with_name("choices.jsonl"))
    result = CliRunner().invoke(app, ["claims", "review", str(draft), "--choices", kept], input=answers)
    assert result.exit_code == 0, result.output
    return result.output


def test_what_is_most_worth_checking_is_asked_first(draft: Path) -> None:
    book = [{**claim(id), "worth": worth} for id, worth in (("one", 0.2), ("two", 1.0), ("three", 0.5))]
    draft.write_text("ledger: try\ntitle: A try\nclaims:\n" + "".join(f"  - {json.dumps(one)}\n" for one in book))
    review(draft, "1\nq\n")
    assert [one.id for one in read_ledger(draft).claims if not one.awaits_choice] == ["two"]


def test_a_review_confirms_what_was_chosen_and_leaves_the_rest(draft: Path) -> None:
    shown = review(draft, "9\n2\nn\ns\n3\n")
    assert "“9” is no answer here" in shown
    assert "checks whether the sum is above five – covers 50 % of the claim; it leaves out the share" in shown
    one, two, three, four = read_ledger(draft).claims
    assert (one.test, one.status, one.awaits_choice) == (SUM, "confirmed", False)
    assert (two.test, two.no_data, two.status) == (None, NONE_FITS, "confirmed")
    assert three.awaits_choice
    assert (four.test, four.proxy) == (STANDS, "six pupils stand for all")
    assert "3 claims confirmed, 1 still proposed" in shown
    assert len(read_choices(draft.with_name("choices.jsonl"))) == 3


def test_a_part_of_a_sentence_is_asked_with_the_sentence_it_stands_in(draft: Path) -> None:
    offer = {"words": "checks whether the share is above two", "test": SHARE, "covers": 1.0, "confidence": 0.6}
    one = {**claim("one"), "sentence": "The whole sentence.", "proposals": [offer]}
    draft.write_text(f"ledger: try\ntitle: A try\nclaims:\n  - {json.dumps(one)}\n")
    shown = review(draft, "2\n1\n")
    assert "  in the sentence: The whole sentence.\n" in shown
    assert "\n1, n(one)" in shown
    assert "“2” is no answer here: give 1, n, s or q" in shown
    assert "1 claim confirmed, 0 still proposed" in shown


def test_the_end_of_the_input_keeps_what_was_chosen(draft: Path) -> None:
    review(draft, "1\n")
    assert [one.awaits_choice for one in read_ledger(draft).claims] == [False, True, True, True]


def test_choices_order_later_proposals_and_proxies_stay_last(draft: Path) -> None:
    shown = review(draft, "2\nq\n")
    second = shown.split("2 of 4")[1]
    assert second.index("the sum is above five") < second.index("the share is above two") < second.index("it ranked")


def test_choices_count_for_claims_of_their_kind_whatever_the_country(tmp_path: Path) -> None:
    one = Claim.model_validate(claim())
    keep_choice(tmp_path / "kept" / "c.jsonl", choice_of(one, one.offered[1]))
    choices = read_choices(tmp_path / "kept" / "c.jsonl")
    assert [offer.test for offer in ordered(one, choices)] == [SUM, SHARE, STANDS]
    assert [offer.test for offer in ordered(Claim.model_validate(claim(kind="trend")), choices)] == [SHARE, SUM, STANDS]
    assert form(one.offered[0]) == "indicator:rd_share_gdp"


def test_a_broken_file_of_choices_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text('{"kind": "fact", "offered": [], "chosen": ""}\nnot this\n')
    with pytest.raises(InputError, match=r"c\.jsonl, line 2"):
        read_choices(file)


def test_a_shipped_ledger_is_not_reviewed_in_place() -> None:
    result = CliRunner().invoke(app, ["claims", "review", "russia-ai-race"])
    assert isinstance(result.exception, InputError)
