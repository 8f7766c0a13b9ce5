"""The language of tests: what it accepts, what it refuses, and that printing and reading agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.claims.language import (
    And,
    Arithmetic,
    Comparison,
    IsTrue,
    Not,
    Number,
    Or,
    Term,
    countries_in,
    leaves,
    parse_test,
    periods_in,
    terms,
)
from headway.core.errors import InputError

COUNTRIES = st.sampled_from(["RUS", "USA", "CHN", "EU"])
PERIODS = st.sampled_from(["2023", "2024Q3", "2024-05"])
TERMS = st.one_of(
    st.builds(lambda c, p: Term("indicator", ("rd_share_gdp", c, p)), COUNTRIES, PERIODS),
    st.builds(lambda c, d: Term("gap.training_trend", (c, d, "3y")), COUNTRIES, COUNTRIES),
)
NUMBERS = st.builds(
    Number, st.integers(0, 10**6).map(float), st.sampled_from(["", "months", "% of GDP", "billion USD"])
)
VALUES = st.recursive(
    st.one_of(TERMS, NUMBERS),
    lambda inner: st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
    max_leaves=3,
)
LEAVES = st.one_of(
    st.builds(Comparison, VALUES, st.sampled_from([">", ">=", "<", "<="]), VALUES, st.none() | PERIODS),
    st.builds(lambda t, n: Comparison(t, "~", n, None, 0.15), TERMS, NUMBERS),
    st.builds(lambda c: IsTrue(Term("statement", ("goal", c))), COUNTRIES),
)
NODES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner.filter(lambda n: not isinstance(n, And)), min_size=2, max_size=3).map(lambda p: And(tuple(p))),
        st.lists(inner.filter(lambda n: not isinstance(n, Or)), min_size=2, max_size=3).map(lambda p: Or(tuple(p))),
    ),
    max_leaves=4,
)


@given(NODES)
def test_reading_what_was_printed_gives_the_same_test(node: object) -> None:
    assert parse_test(str(node)) == node


def test_the_example_of_the_documentation_reads_as_meant() -> None:
    node = parse_test(
        "gap.lag_sovereign(RUS, USA) > 12 months at 2025Q4 and not trend(rd_share_gdp, RUS, 2015, 2024) > 0"
    )
    assert isinstance(node, And)
    first, second = node.parts
    assert first == Comparison(Term("gap.lag_sovereign", ("RUS", "USA")), ">", Number(12.0, "months"), "2025Q4")
    assert isinstance(second, Not)
    assert [str(term) for term in terms(node)] == [
        "gap.lag_sovereign(RUS, USA)",
        "trend(rd_share_gdp, RUS, 2015, 2024)",
    ]
    assert len(leaves(node)) == 2


def test_not_binds_tighter_than_and_and_and_tighter_than_or() -> None:
    node = parse_test("not statement(goal, RUS) and statement(goal, USA) or statement(goal, CHN)")
    assert isinstance(node, Or)
    assert isinstance(node.parts[0], And)
    assert isinstance(node.parts[0].parts[0], Not)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "indicator(rd_share_gdp, RUS) >",
        "> 3",
        "__import__('os')",
        "indicator(rd_share_gdp, RUS) > 1; drop",
        "indicator(rd_share_gdp, RUS) > 1 and",
        "(indicator(rd_share_gdp, RUS) > 1",
        "indicator rd_share_gdp > 1",
        "1 ~ 2",
        "lambda: 1",
        "x > 1" * 500,
    ],
)
def test_everything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"one looks like|longer than"):
        parse_test(text)


def test_deep_nesting_is_refused_without_a_traceback() -> None:
    with pytest.raises(InputError):
        parse_test("(" * 990 + "statement(goal, RUS)" + ")" * 989)


def test_slots_name_the_countries_and_periods_of_a_term() -> None:
    assert countries_in(Term("ratio", ("gdp_usd", "USA", "RUS", "2024"))) == ("USA", "RUS")
    assert periods_in(Term("trend", ("gdp_usd", "USA", "2010", "2020"))) == ("2010", "2020")
    assert countries_in(Term("gap.eci", ("CHN", "USA"))) == ("CHN",)
