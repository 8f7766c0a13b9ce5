"""A draft is proposals: no verdict before a person chose, and what may be said without a choice."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.claims.backtranslation import plain_words
from headway.claims.check import Verdict, check
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import Ledger, parse_ledger, read_ledger, shipped_ledgers
from headway.claims.page import ledger_page
from headway.claims.proposer.draft import as_yaml, draft
from headway.claims.reader.article import Article
from headway.cli.app import app
from headway.core.errors import InputError

HEAD = "ledger: try\ntitle: A try\nclaims:\n"
WRONG = "indicator(rd_share_gdp, FRA) > 9 % of GDP"


def one(**fields: object) -> Ledger:
    claim = {"id": "c", "claim": "France spends over nine percent.", "kind": "fact", **fields}
    return parse_ledger(HEAD + f"  - {json.dumps(claim)}\n", "try.yaml")


def offer(**fields: object) -> dict[str, object]:
    return {"words": "checks whether", "test": WRONG, "covers": 1.0, "confidence": 0.9, **fields}


def verdict(book: Ledger, lookup: EvidenceLookup, assume_first: bool = False) -> Verdict:
    return check(book, lookup, assume_first=assume_first).claims[0].judgement.verdict


def test_a_proposal_has_no_verdict_and_no_evidence_against(shipped: EvidenceLookup) -> None:
    found = check(one(status="proposed", proposals=[offer()]), shipped).claims[0]
    assert found.judgement.verdict is Verdict.PROPOSED
    assert found.judgement.probability is None
    assert (found.readings, found.points_for, found.points_against) == ((), (), ())
    assert [one.test for one in found.offered] == [WRONG]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"test": WRONG}, Verdict.CONTRADICTED),  # an older ledger, written by hand
        ({"test": WRONG, "status": "confirmed", "confidence": 0.4}, Verdict.CONTRADICTED),
        ({"test": WRONG, "status": "proposed"}, Verdict.PROPOSED),
        ({"test": WRONG, "confidence": 0.4}, Verdict.PROPOSED),  # an older draft, touched by nobody
        ({"test": WRONG, "status": "confirmed", "proposals": [offer()]}, Verdict.CONTRADICTED),
        ({"no_data": "none fits", "status": "confirmed", "proposals": [offer()]}, Verdict.CANNOT_DECIDE),
        ({"test": WRONG, "status": "confirmed", "proxy": "all research"}, Verdict.CANNOT_DECIDE),
    ],
)
def test_what_counts_as_confirmed(fields: dict[str, object], expected: Verdict, shipped: EvidenceLookup) -> None:
    assert verdict(one(**fields), shipped) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Verdict.CONTRADICTED),
        ({"covers": 0.8}, Verdict.NOT_SETTLED),
        ({"confidence": 0.7}, Verdict.NOT_SETTLED),
        ({"confidence": None}, Verdict.NOT_SETTLED),
        ({"confidence": None, "proxy": "all research"}, Verdict.NOT_SETTLED),
        ({"test": "indicator(rd_share_gdp, FRA) > 1 % of GDP", "covers": 0.5}, Verdict.NOT_SETTLED),
        ({"test": "indicator(rd_share_gdp, FRA) > 1 % of GDP", "confidence": 0.7}, Verdict.NOT_SETTLED),
        ({"test": "indicator(rd_share_gdp, FRA) > 1 % of GDP"}, Verdict.SUPPORTED),
        ({"test": "indicator(rd_share_gdp, FRA) > 1 % of GDP", "confidence": None, "proxy": "x"}, Verdict.NOT_SETTLED),
    ],
)
def test_a_verdict_that_nobody_chose_needs_all_slots_and_confidence(
    fields: dict[str, object], expected: Verdict, shipped: EvidenceLookup
) -> None:
    book = one(status="proposed", proposals=[offer(**fields)])
    found = check(book, shipped, assume_first=True).claims[0]
    assert found.judgement.verdict is expected
    assert found.assumed
    if expected is Verdict.NOT_SETTLED:
        assert (found.readings, found.points_against, found.judgement.probability) == ((), (), None)


def test_a_confirmed_claim_is_never_marked_as_assumed(shipped: EvidenceLookup) -> None:
    found = check(one(status="confirmed", test=WRONG), shipped, assume_first=True).claims[0]
    assert not found.assumed


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"status": "confirmed", "proposals": [offer()]}, "needs the `test`"),
        ({"proposals": [offer(proxy="all research")]}, "a proxy has no `confidence`"),
        ({"proposals": [{"words": "checks"}]}, "a proposal needs a `test` or `readings`"),
        ({"proposals": [offer(test="indicator(rd_share, FRA) > 9")]}, "unknown quantity 'rd_share'"),
        ({"status": "sure", "test": WRONG}, "status"),
        ({"kind": "opinion", "proposals": [offer()]}, "an opinion has no test"),
    ],
)
def test_complaints(fields: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=r"try\.yaml, line 4") as caught:
        one(**fields)
    assert complaint in str(caught.value)


def test_shipped_ledgers_are_confirmed() -> None:
    assert {claim.status for name in shipped_ledgers() for claim in read_ledger(name).claims} == {"confirmed"}


def test_a_draft_has_no_verdict_anywhere(shipped: EvidenceLookup, tmp_path: Path) -> None:
    drafted = draft(
        Article("France spends about 9.2 percent of GDP on R&D. China has more AI researchers than Japan."), shipped
    )
    file = tmp_path / "draft.yaml"
    file.write_text(as_yaml(drafted))
    book = read_ledger(file)
    assert [len(claim.proposals) > 0 and claim.awaits_choice for claim in book.claims] == [True, True]
    assert [bool(one.proxy) for claim in book.claims for one in claim.proposals] == [False, True]
    page = ledger_page(check(book, shipped), shipped)
    assert page.count("Nobody has chosen") == 2
    assert "contradicted</p>" not in page.lower()
    shown = CliRunner().invoke(app, ["claims", "check", str(file)])
    assert "proposed" in shown.stdout
    assert "contradicted" not in shown.stdout
    assumed = CliRunner().invoke(app, ["claims", "check", str(file), "--assume-first", "--json"])
    claims = json.loads(assumed.stdout)["claims"]
    assert [claim["assumed"] for claim in claims] == [True, True]
    assert {claim["verdict"] for claim in claims} == {"not settled"}
    assert "--assume-first" not in shown.stderr


def test_every_assumed_line_says_so(tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    good = offer(test="indicator(rd_share_gdp, FRA) > 1 % of GDP")
    claims = [
        {"id": f"c{n}", "claim": f"France {n}.", "kind": "fact", "status": "proposed", "proposals": [one]}
        for n, one in enumerate([good, offer(), offer(covers=0.5)])
    ]
    file.write_text(HEAD + "".join(f"  - {json.dumps(claim)}\n" for claim in claims))
    table = CliRunner().invoke(app, ["claims", "check", str(file), "--assume-first"]).stdout
    for words in ("supported (assumed)", "contradicted (assumed)", "not settled (assumed)"):
        assert words in table
    gate = ["claims", "check", str(file), "--fail-on", "contradicted"]
    assert CliRunner().invoke(app, gate).exit_code == 0
    assert CliRunner().invoke(app, [*gate, "--assume-first"]).exit_code == 1


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (
            "indicator(ai_private_investment_usd, USA, 2024) > indicator(ai_private_investment_usd, CHN, 2024)",
            "checks whether the United States’ private investment in AI was above that of China in 2024",
        ),
        (
            "not trend(gdp_usd, POL, 2015, 2022) > 0",
            "checks whether Poland’s GDP did not rise from 2015 to 2022",
        ),
        ("rank(gdp_usd, NOR) <= 1", "checks whether Norway ranked first by GDP"),
        (
            "ratio(gdp_usd, USA, FRA) > 5",
            "checks whether the United States’ GDP was more than 5 times that of France",
        ),
        (
            "gap.eci_trend(FRA, USA) < 0",
            "checks whether France’s gap to the United States on the Capabilities Index narrowed",
        ),
        ("statement(goal, FRA)", "checks whether it is on record that France has set itself a goal"),
        (
            "indicator(ai_articles, CHN) > indicator(ai_articles, IND)",
            "checks whether China had more AI articles than India, by the newest figures",
        ),
        (
            "statement(event, CHN, chips, 2022)",
            "checks whether it is on record that rules touch China and concern chips (since 2022)",
        ),
        (
            "not indicator(resource_rents_share, NOR) > 10 % of GDP",
            "checks whether Norway’s natural resource rents were not above 10% of GDP, by the newest figure",
        ),
        (
            "change(fuel_exports_share, SAU, 2014, 2024) < -10",
            "checks whether Saudi Arabia’s fuel exports as a share of merchandise exports fell "
            "by more than 10 percentage points "
            "from 2014 to 2024",
        ),
        (
            "gap.lag_sovereign(ARE) > 24 months",
            "checks whether the United Arab Emirates’ own best model, as the model infers it, was more than "
            "24 months behind the leader",
        ),
        (
            "why.attribution(RUS, USA, talent_loss) > 1 months",
            "checks whether the loss of talent accounts for more than 1 month of Russia’s lag behind the United "
            "States, by the equations of the model",
        ),
        (
            "indicator(ai_private_investment_usd, USA) / indicator(ai_private_investment_usd, FRA) > 10",
            "checks whether the United States’ private investment in AI was more than 10 times that of France",
        ),
        (
            "indicator(rd_share_gdp, FRA, 2020) ~ 2 % of GDP within 10 %",
            "checks whether France’s research and development spending was about 2% of GDP in 2020 (within 10 %)",
        ),
    ],
)
def test_back_translations(test: str, words: str) -> None:
    assert plain_words(test).replace(" ", " ") == words


@pytest.mark.parametrize("name", sorted(shipped_ledgers()))
def test_every_shipped_test_has_a_back_translation(name: str) -> None:
    for claim in read_ledger(name).claims:
        for reading in claim.tests:
            words = plain_words(reading.test)
            assert words.startswith("checks whether ")
            assert "indicator(" not in words
