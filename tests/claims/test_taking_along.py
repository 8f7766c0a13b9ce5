"""Ledgers as tables, verdicts as ClaimReview, corrections, and verdicts watched from one edition to the next."""

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.brief.edition import EditionKey, packed
from headway.claims.check import CheckedClaim, ClaimJudgement, LedgerReport, Verdict, check
from headway.claims.claim_review import claim_reviews
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import Ledger, parse_ledger, read_ledger, shipped_ledgers
from headway.claims.page import ledger_page
from headway.claims.record import report_record
from headway.claims.spreadsheet import ledger_from_table, ledger_table
from headway.claims.watch import earlier_verdicts, verdict_changes
from headway.cli.app import app
from headway.core.errors import InputError

LEDGER = """\
ledger: small
title: A small ledger
said: {title: An op-ed, publisher: The Paper, date: 2024-05, url: "https://example.org/op-ed"}
claims:
  - {id: high, claim: "Andorra spends </script> over one percent on research.", kind: fact, status: confirmed,
     test: "indicator(rd_share_gdp, AND, 2023) > 1 % of GDP", said: {who: A Minister, title: A speech},
     corrections: [{date: 2025-01-02, words: The year was wrong.}, {date: 2025-03-04, words: A better source.}]}
  - {id: low, claim: Andorra spends over nine percent on research., kind: fact,
     test: "indicator(rd_share_gdp, AND, 2023) > 9 % of GDP"}
  - {id: silent, claim: It spent much in 1999., kind: fact, test: "indicator(rd_share_gdp, AND, 1999) > 1"}
  - {id: draft, claim: Andorra spends nine percent., kind: fact, status: proposed,
     proposals: [{words: checks whether, test: "indicator(rd_share_gdp, AND, 2023) > 9", covers: 1, confidence: 0.9}]}
  - {id: proxy, claim: Andorra lacks AI research., kind: fact, proxy: all research,
     test: "indicator(rd_share_gdp, AND, 2023) > 9"}
  - {id: advice, claim: It should spend more., kind: advice, test: "indicator(rd_share_gdp, AND, 2023) < 3"}
  - {id: pity, claim: "=A pity", kind: opinion}
  - {id: unread, claim: It is where it is., kind: fact, not_read: no test fits}
"""


@pytest.fixture(scope="module")
def report(lookup: EvidenceLookup) -> LedgerReport:
    return check(parse_ledger(LEDGER, "small.yaml"), lookup)


def unchecked(book: Ledger) -> LedgerReport:
    judged = ClaimJudgement(Verdict.UNDECIDED, 0.5, 0.5, 0.5, "")
    return LedgerReport(
        book, dt.date(2026, 1, 1), "", tuple(CheckedClaim(claim, judged, (), (), (), (), "") for claim in book.claims)
    )


@pytest.mark.parametrize("name", sorted(shipped_ledgers()))
def test_a_ledger_comes_back_from_its_table_as_it_was(name: str) -> None:
    book = read_ledger(name)
    assert ledger_from_table(ledger_table(unchecked(book)).encode(), "t.csv", "other") == book


def test_a_table_holds_verdicts_and_no_formulas(report: LedgerReport, tmp_path: Path) -> None:
    text = ledger_table(report)
    first, *rows = text.splitlines()
    assert first.startswith("id,claim,kind,status,countries,speaks_of,test")
    assert any(row.startswith("low,") and ",contradicted," in row for row in rows)
    assert any(row.startswith("pity,'=A pity,") for row in rows)
    file = tmp_path / "small.csv"
    file.write_text(text)
    assert read_ledger(file) == report.ledger


def test_a_spreadsheet_needs_three_columns_and_takes_the_usual_dialects(tmp_path: Path) -> None:
    file = tmp_path / "My claims.csv"
    file.write_text(
        "id;claim;kind;countries;test\nrd;It spends little.;fact;FRA, DEU;indicator(rd_share_gdp, FRA) < 2\n"
    )
    book = read_ledger(file)
    assert (book.ledger, book.claims[0].countries) == ("my-claims", ("FRA", "DEU"))


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("id,claim\na,Something.", "no column 'kind'"),
        ("id,claim,kind,tset\na,Something.,fact,x", "unknown column 'tset'"),
        ("id,claim,kind,test\na,Something.,fact,indicator(gdp_usd\n", "row 2, test"),
        (
            'id,claim,kind,test\na,Bare.,opinion,\nb,Something.,fact,"indicator(gdp, FRA) > 1"\n',
            "row 3, test: unknown quantity",
        ),
        ("id,claim,kind\na,Bare.,opinion\na,Again.,opinion\n", "row 3, id: 'a' is used already in row 2"),
        ('id,claim,kind,readings\na,Something.,fact,"[1,"\n', "row 2, readings: not JSON"),
        ("id,claim,kind,ledger.thresholds\na,Bare.,opinion,5\n", "row 2, ledger.thresholds"),
        ("id,claim,kind,said,said.who\na,Bare.,opinion,x,y\n", "keep one of the two"),
    ],
)
def test_faults_of_a_table_name_row_and_column(table: str, complaint: str) -> None:
    with pytest.raises(InputError) as caught:
        ledger_from_table(table.encode(), "t.csv", "t")
    assert str(caught.value).startswith("t.csv")
    assert complaint in str(caught.value)


def test_only_what_a_person_chose_is_published(report: LedgerReport, lookup: EvidenceLookup) -> None:
    found = claim_reviews(report, lookup, "A desk", "https://example.org/page")
    rated = {one["url"]: one["reviewRating"].get("ratingValue") for one in found}
    assert rated == {
        f"https://example.org/page#{id}": value for id, value in (("high", 5), ("low", 1), ("silent", None))
    }
    first, second, third = found
    assert first["itemReviewed"]["author"] == {"@type": "Person", "name": "A Minister"}
    assert second["itemReviewed"]["datePublished"] == "2024-05"
    assert second["itemReviewed"]["appearance"]["url"] == "https://example.org/op-ed"
    assert third["reviewRating"]["alternateName"] == "Data cannot decide"
    assert (first["version"], second["version"]) == (3, 1)
    assert [one["text"] for one in first["correction"]] == ["The year was wrong.", "A better source."]
    assumed = check(report.ledger, lookup, assume_first=True)
    assert len(claim_reviews(assumed, lookup, "A desk", "https://example.org/page")) == len(found)


def test_the_page_shows_corrections_and_holds_the_markup(report: LedgerReport, lookup: EvidenceLookup) -> None:
    page = ledger_page(report, lookup, reviews=claim_reviews(report, lookup, "A desk", "https://example.org/p"))
    _, _, rest = page.partition('<script type="application/ld+json">')
    script, _, body = rest.partition("</script>")
    assert [one["@type"] for one in json.loads(script)] == ["ClaimReview"] * 3
    assert "A better source." in body
    assert "(version 3)" in body
    assert "ld+json" not in ledger_page(report, lookup)


def test_corrections_stand_in_order() -> None:
    with pytest.raises(InputError, match="the oldest first"):
        parse_ledger(LEDGER.replace("2025-03-04", "2024-03-04"), "small.yaml")


def test_changed_verdicts_are_told_with_what_moved_them(report: LedgerReport) -> None:
    after = report_record(report)
    claims = {claim["id"]: claim for claim in after["claims"]}
    old = {**claims["low"], "verdict": "supported", "probability": 0.95}
    old["used"] = [{**used, "value": used["value"] + 5} for used in old["used"]]
    before = {**after, "claims": [claims["high"], old, {**claims["pity"], "id": "gone"}]}
    found = {change.id: change for change in verdict_changes(before, after)}
    assert "high" not in found
    assert {change.kind for id, change in found.items() if id not in ("low", "gone")} == {"new"}
    assert found["gone"].kind == "gone"
    words = found["low"].told(["new evidence"])
    assert words.startswith("low: supported → contradicted (95 in 100 → ")
    assert "\n  now Andorra’s research" in words
    assert words.endswith("[new evidence]")
    assert not found["low"].rewritten
    with pytest.raises(InputError, match="those of other"):
        verdict_changes({**before, "ledger": "other"}, after)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ([], "the whole"),
        ({"as_of": "once"}, "as_of"),
        ({"claims": 3}, "claims"),
        ({"claims": [{"id": "c"}]}, "claims.0.claim"),
        ({"claims": [{"id": "c", "claim": "c", "verdict": "x", "probability": 7, "readings": [], "used": []}]},
            "claims.0.probability"),
    ],
)  # fmt: skip
def test_kept_verdicts_that_are_none_are_refused(change: object, place: str, report: LedgerReport) -> None:
    record = json.loads(json.dumps(report_record(report)))
    assert len(earlier_verdicts(record, "kept.json")["claims"]) == len(report.claims)
    with pytest.raises(InputError, match=rf"^kept\.json, {place}: .*claims check --json"):
        earlier_verdicts({**record, **change} if isinstance(change, dict) else change, "kept.json")


def test_a_ledger_is_watched_from_an_edition_and_from_kept_verdicts(tmp_path: Path) -> None:
    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["claims", *arguments])
        refused = isinstance(result.exception, InputError)
        assert (2 if refused else result.exit_code) == code, result.output
        return result.stdout

    ledger = tmp_path / "small.yaml"
    test = "indicator(rd_share_gdp, FRA, 2022) > 1"
    claim = {"id": "c", "claim": "France spends over one percent.", "kind": "fact", "test": test}
    ledger.write_text(f"ledger: small\ntitle: t\nclaims:\n  - {json.dumps(claim)}")
    old = tmp_path / "old.zip"
    old.write_bytes(packed(EditionKey(dt.date(2020, 1, 1), "e" * 64, "m" * 64, "c" * 64, "s" * 64), {}))
    told = run("watch", str(ledger), "--since", str(old))
    assert told.startswith("c: data cannot decide → supported\n")
    run("watch", str(ledger), "--since", str(old), "--fail-on-change", code=1)
    kept = tmp_path / "kept.json"
    kept.write_text(run("check", str(ledger), "--json"))
    assert json.loads(run("watch", str(ledger), "--since", str(kept), "--json", "--fail-on-change"))["changes"] == []
    kept.write_text("[]")
    run("watch", str(ledger), "--since", str(kept), code=2)
    run("export", str(ledger), "--format", "claimreview", code=2)  # nobody is named who publishes it
    reviews = run(
        "export", str(ledger), "--format", "claimreview", "--author", "A desk", "--url", "https://example.org"
    )
    assert json.loads(reviews)[0]["reviewRating"]["ratingValue"] == 5
    table = tmp_path / "small.csv"
    run("export", str(ledger), "--out", str(table))
    assert "supported" in run("check", str(table))
    assert "test: indicator(rd_share_gdp, FRA, 2022) > 1" in run("export", str(table), "--format", "yaml")
