from typing import Any

import pandas as pd
import pytest
import tiny

from headway.core.errors import EvidenceError
from headway.evidence.catalogue import indicators, sources
from headway.evidence.observations import (
    COLUMNS,
    FLOWS,
    MODELS,
    STATEMENTS,
    TableShape,
    tidy,
    tidy_facts,
    validate,
    validate_facts,
)

GOOD = tiny.row("gdp_usd", "FRA", "2021", 2.9e12, "2022-07-01")


def check(*rows: dict[str, Any]) -> pd.DataFrame:
    return validate(tiny.observations(*rows), indicators(), sources(), "table")


def test_a_good_row_is_returned_in_all_columns() -> None:
    table = check(GOOD)
    assert list(table.columns) == list(COLUMNS)
    assert table.loc[0, "id"] == "worldbank_wdi:gdp_usd:FRA:2021:2022-07-01"
    assert str(table["published_on"].dtype) == "datetime64[us]"


@pytest.mark.parametrize(
    ("wrong", "field", "right"),
    [
        ({"indicator": "gdp_eur"}, "indicator", "headway evidence list"),
        ({"country": "XXX"}, "country", "ISO 3166-1"),
        ({"country": "France"}, "country", "ISO 3166-1"),
        ({"period": "2021Q5"}, "period", "2024Q3"),
        ({"period": "1899"}, "period", "between 1950 and 2040"),
        ({"period": "2055", "flag": "target"}, "period", "between 1950 and 2040"),
        ({"value": float("nan")}, "value", "must not be empty"),
        ({"value": float("inf")}, "value", "finite"),
        ({"value": -1.0}, "value", "below what the indicator allows"),
        ({"unit": "EUR"}, "unit", "unit of the indicator"),
        ({"source": "somebody"}, "source", "headway evidence sources"),
        ({"low": 3e12, "high": 4e12, "level": 0.9}, "low", "not be above"),
        ({"low": 1e12, "high": 2e12, "level": 0.9}, "high", "not be below"),
        ({"low": 1e12}, "high", "both or none"),
        ({"level": 0.9}, "level", "needs low and high"),
        ({"low": 1e12, "high": 4e12, "level": 90.0}, "level", "in \\(0, 1\\)"),
        ({"published_on": "2020-12-31"}, "published_on", "before the period begins"),
        ({"flag": "guess"}, "flag", "estimate"),
    ],
)
def test_a_wrong_row_is_named_with_field_and_cure(wrong: dict[str, Any], field: str, right: str) -> None:
    with pytest.raises(EvidenceError, match=rf"table: [\s\S]*row 2 .*field '{field}'[^\n]*{right}"):
        check(tiny.row("gdp_usd", "DEU", "2021", 1.0, "2022-01-01"), GOOD | wrong)


def test_the_same_row_twice_is_an_error() -> None:
    with pytest.raises(EvidenceError, match=r"row 2 .*stand twice"):
        check(GOOD, GOOD)


def test_a_target_may_be_published_before_its_period() -> None:
    check(GOOD | {"period": "2030", "flag": "target"})


def test_only_the_first_problems_are_printed() -> None:
    rows = [GOOD | {"period": str(year), "published_on": "2025-01-01", "country": "ZZZ"} for year in range(2000, 2020)]
    with pytest.raises(EvidenceError, match="and 15 more"):
        check(*rows)


def test_tidy_orders_flags_and_keeps_ids_stable() -> None:
    table = tidy(pd.DataFrame([GOOD | {"flag": "pseudo,estimate,pseudo"}]), tiny.DAY)
    assert table.loc[0, "flag"] == "estimate,pseudo"
    assert tidy(table)["id"].tolist() == table["id"].tolist()


@pytest.mark.parametrize(
    ("shape", "rows", "wrong", "field"),
    [
        (MODELS, tiny.MODEL_ROWS, {"countries": "FRA;France"}, "countries"),
        (MODELS, tiny.MODEL_ROWS, {"eci": 100.0, "eci_low": 120.0, "eci_high": 130.0}, "eci_low"),
        (MODELS, tiny.MODEL_ROWS, {"source": "somebody"}, "source"),
        (FLOWS, tiny.FLOW_ROWS, {"origin": "EUX"}, "origin"),
        (FLOWS, tiny.FLOW_ROWS, {"value": float("inf")}, "value"),
        (STATEMENTS, tiny.STATEMENT_ROWS, {"country": "Narnia"}, "country"),
        (STATEMENTS, tiny.STATEMENT_ROWS, {"id": ""}, "id"),
    ],
)
def test_facts_are_checked_too(
    shape: TableShape, rows: tuple[dict[str, Any], ...], wrong: dict[str, Any], field: str
) -> None:
    validate_facts(tidy_facts(pd.DataFrame(rows), shape), shape, sources())
    bad = tidy_facts(pd.DataFrame([*rows[:-1], rows[-1] | wrong]), shape)
    with pytest.raises(EvidenceError, match=rf"{shape.name}: [\s\S]*field '{field}'"):
        validate_facts(bad, shape, sources())
