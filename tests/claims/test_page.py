"""Which picture a claim gets: figures side by side, the series asked for, or none."""

import re

import numpy as np
import pytest

from headway.claims import page
from headway.claims.check import check, check_claim
from headway.claims.evaluate.known import KnownQuantity
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.evaluate.probability import EvaluatedLeaf
from headway.claims.language import Comparison, parse_test, terms
from headway.claims.ledger import Claim, Ledger, Thresholds
from headway.claims.page import drawn_cards, picture
from headway.findings import Picture


def drawn(test: str, lookup: EvidenceLookup) -> Picture | None:
    made = Claim.model_validate({"id": "c", "claim": "Something.", "kind": "fact", "test": test})
    return picture(check_claim(made, lookup, Thresholds()), lookup)


@pytest.mark.parametrize(
    ("test", "labels"),
    [
        ("indicator(rd_share_gdp, AND, 2023) > 1.5", ["Andorra", "test limit"]),
        ("indicator(rd_share_gdp, AND, 2023) ~ 2 within 10 %", ["Andorra", "as claimed"]),
        ("indicator(rd_share_gdp, AND, 2023) < indicator(rd_share_gdp, SMR, 2023)", ["Andorra", "San Marino"]),
        ("growth(rd_share_gdp, AND, 2020, 2023) > 1", ["Andorra, 2020", "Andorra, 2023"]),
    ],
)
def test_few_figures_stand_side_by_side(test: str, labels: list[str], lookup: EvidenceLookup) -> None:
    found = drawn(test, lookup)
    assert found is not None
    assert found.kind == "intervals"
    assert [row["label"] for row in found.rows] == labels
    assert all(row["low"] <= row["value"] <= row["high"] for row in found.rows)
    assert found.source
    assert found.alternative.endswith(".")


def test_a_comparison_of_growth_shows_both_series(lookup: EvidenceLookup) -> None:
    found = drawn("growth(rd_share_gdp, FRA, 2012, 2022) < growth(rd_share_gdp, DEU, 2012, 2022)", lookup)
    assert found is not None
    assert found.kind == "lines"
    assert {row["label"] for row in found.rows} == {"France", "Germany"}


def test_amounts_on_record_stand_side_by_side(shipped: EvidenceLookup) -> None:
    found = drawn('amount("RUS-autonomous-vehicles-2026-01") > amount("RUS-autonomous-vehicles-2021-09")', shipped)
    assert found is not None
    assert [row["label"] for row in found.rows] == ["on record, January 2026", "on record, September 2021"]


def test_a_modelled_lag_is_drawn_with_the_rival_and_what_its_sign_means(
    lookup: EvidenceLookup,
) -> None:
    made = KnownQuantity(
        key="lag", family="gap.lag_to", words="lag", value=-6.0, low=-13.0, high=1.0, level=0.9, unit="months",
        quantiles=np.linspace(-13.0, 1.0, 21), period="2026Q2", finding="FRA:gap.lag_to:IND@2026-11-22",
        sentence="It is ahead.", title="Lag behind India",
    )  # fmt: skip
    node = parse_test("gap.lag_to(FRA, IND) > 0 months")
    assert isinstance(node, Comparison)
    found = page._intervals(EvaluatedLeaf(node, 0.06, 0.06, 0.06, (made,)), tuple(terms(node)), lookup)
    assert found is not None
    assert found.title == "Lag behind India, Q2 2026"
    assert found.x == "months (negative: ahead)"


def test_a_record_has_nothing_to_draw(lookup: EvidenceLookup) -> None:
    assert drawn("statement(goal, RUS, position)", lookup) is None
    assert drawn("indicator(ai_private_investment_usd, AND) > 1", lookup) is None


def test_two_claims_that_share_a_picture_share_no_ids(lookup: EvidenceLookup) -> None:
    test = "indicator(rd_share_gdp, AND, 2023) > 1.5"
    claims = [{"id": one, "claim": f"{one}.", "kind": "fact", "test": test} for one in ("first", "second")]
    ledger = Ledger.model_validate({"ledger": "twice", "title": "Twice", "claims": claims})
    cards = drawn_cards(check(ledger, lookup, None), lookup)
    drawn_page = "".join(f"{card.wide}{card.narrow}" for card in cards)
    ids = re.findall(r'\bid="([^"]+)"', drawn_page)
    assert ids
    assert len(ids) == len(set(ids))
    for named in re.findall(r'aria-labelledby="([^"]+)"', drawn_page):
        assert set(named.split()) <= set(ids)
    assert {f"c{one}" for one in re.findall(r"url\(#c([^)]+)\)", drawn_page)} <= set(ids)
