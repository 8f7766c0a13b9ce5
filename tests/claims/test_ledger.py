"""Ledgers: what is complained about, and where; the shipped ones read and check."""

from pathlib import Path

import pytest

from headway.claims.ledger import ledgers_of, parse_ledger, read_ledger, shipped_ledgers
from headway.core.errors import InputError

GOOD = """\
ledger: try
title: A try
country: RUS
thresholds: {supported: 0.9, leaning: 0.65}
claims:
  - id: one
    claim: Russia spends about one percent of GDP on research.
    kind: fact
    countries: [RUS]
    said: {title: A talk, date: 2024-05-17}
    speaks_of: 2024
    test: indicator(rd_share_gdp, RUS) ~ 1 % within 15 %
  - id: two
    claim: The gap is closing.
    kind: trend
    readings:
      - {reading: by compute, test: "gap.training_trend(RUS, USA, 3y) < 0"}
      - {reading: by research, test: "trend(rd_share_gdp, RUS, 2015, 2024) > 0"}
  - id: three
    claim: A pity.
    kind: opinion
"""


def test_a_good_ledger_reads() -> None:
    ledger = parse_ledger(GOOD, "try.yaml")
    assert [claim.id for claim in ledger.claims] == ["one", "two", "three"]
    assert ledger.claims[0].said.day is not None
    assert [reading.reading for reading in ledger.claims[1].tests] == ["by compute", "by research"]
    assert ledger.claims[2].tests == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "complaint"),
    [
        ("id: two", "id: one", 13, "id: 'one' is used already in line 6"),
        ("kind: fact", "kind: rumour", 8, "kind: Input should be"),
        ("2024-05-17", "2024-02-31", 10, "said.date: '2024-02-31' is not a period"),
        ("countries: [RUS]", "countries: [Atlantis]", 9, "countries"),
        ("speaks_of: 2024", "speaks_of: soon", 11, "speaks_of: 'soon' is not a period"),
        ("rd_share_gdp, RUS) ~", "rd_share, RUS) ~", 12, "unknown quantity 'rd_share'; did you mean rd_share_gdp"),
        ("gap.training_trend", "gap.traning_trend", 17, "unknown quantity 'gap.traning_trend'; did you mean"),
        ("within 15 %", "within", 12, "the test cannot be read"),
        ("title: A try", "title: A try\ntitle: B", 3, "'title' is given twice"),
        ("kind: opinion", "kind: fact", 19, "a claim needs a `test`"),
        ("    claim: A pity.\n", "", 19, "claim: Field required"),
        ("claim: A pity.", "claim: A pity.\n    test: statement(goal, RUS)", 19, "an opinion has no test"),
        ("thresholds: {supported: 0.9,", "thresholds: {supported: 0.4,", 4, "supported"),
        ("leaning: 0.65", "leaning: 0.95", 4, "must not be above"),
        ("country: RUS", "country: RUS\nsurprise: 1", 4, "no such field"),
        ("id: three", "id: Three claims", 19, "id: String should match"),
    ],
)
def test_complaints_name_line_and_field(old: str, new: str, line: int, complaint: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        parse_ledger(GOOD.replace(old, new), "try.yaml")
    assert f"try.yaml, line {line}" in str(caught.value)
    assert complaint in str(caught.value)


def test_unknown_quantities_list_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"Known ones: .*gap\.lag_observed"):
        parse_ledger(GOOD.replace("gap.training_trend(RUS, USA, 3y)", "zzz.yyy(RUS)"), "try.yaml")


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "claims: [", "just words", "ledger: &a [*a]\n"])
def test_what_is_no_ledger_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"try\.yaml"):
        parse_ledger(text, "try.yaml")


def test_files_that_are_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file, and no shipped ledger of that name \(.*russia"):
        read_ledger(tmp_path / "none.yaml")
    binary = tmp_path / "b.yaml"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InputError, match="not UTF-8"):
        read_ledger(binary)
    large = tmp_path / "large.yaml"
    large.write_text("#" * 1_100_000)
    with pytest.raises(InputError, match="larger than 1 MB"):
        read_ledger(large)


@pytest.mark.parametrize("name", sorted(shipped_ledgers()))
def test_shipped_ledgers_read_and_cite_only_whole_addresses(name: str) -> None:
    ledger = read_ledger(name)
    assert ledger.ledger == name
    assert ledgers_of(str(ledger.country)) == (name,)
    assert len({claim.claim for claim in ledger.claims}) == len(ledger.claims)
    for claim in ledger.claims:
        assert bool(claim.said.url) == bool(claim.said.publisher)
        assert claim.said.title


def test_three_ledgers_about_three_places_ship() -> None:
    assert {read_ledger(name).country for name in shipped_ledgers()} >= {"RUS", "FRA", "GCC"}
    assert len(read_ledger("russia-ai-race").claims) >= 20
