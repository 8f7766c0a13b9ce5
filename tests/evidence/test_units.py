import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.core.errors import InputError
from headway.evidence.catalogue import indicators
from headway.evidence.units import convert, factor


@pytest.mark.parametrize(
    ("value", "given", "wanted", "expected"),
    [
        (2.5, "billion USD", "USD", 2.5e9),
        (0.02, "fraction of GDP", "% of GDP", 2.0),
        (3.0, "thousand H100e", "H100e", 3000.0),
        (1e25, "FLOP", "log10 FLOP", 25.0),
        (10.0, "petaFLOP", "log10 FLOP", 16.0),
        (24.0, "log10 FLOP", "FLOP", 1e24),
        (1.0, "GWh", "TWh", 1e-3),
        (7.0, "people", "persons", 7.0),
        (7.0, "articles per million people", "articles per million people", 7.0),
    ],
)
def test_units_that_measure_the_same(value: float, given: str, wanted: str, expected: float) -> None:
    assert convert(np.array([value]), given, wanted)[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("given", "wanted", "times"),
    [
        ("US dollars", "USD", 1),
        ("$", "USD", 1),
        ("current US$", "USD", 1),
        ("US$ bn", "USD", 1e9),
        ("$bn", "USD", 1e9),
        ("USD m", "USD", 1e6),
        ("USD (million)", "USD", 1e6),
        ("millions of US$", "USD", 1e6),
        ("trillion US dollars", "USD", 1e12),
        ("constant 2015 US$", "USD of 2015", 1),
        ("US$ per capita", "USD per person", 1),
        ("thousand", "persons", 1e3),
        ("million people", "persons", 1e6),
        ("thousand H100e", "H100e", 1e3),
        ("per 100 people", "per hundred persons", 1),
        ("per cent", "% of GDP", 1),
        ("%", "% of GDP", 1),
        ("% GDP", "% of GDP", 1),
        ("percent of GDP", "% of GDP", 1),
        ("share of GDP (%)", "% of GDP", 1),
        ("share of GDP", "% of GDP", 100),
        ("per cent per annum", "%/year", 1),
    ],
)
def test_units_as_people_write_them(given: str, wanted: str, times: float) -> None:
    assert convert(np.array([2.0]), given, wanted)[0] == pytest.approx(2.0 * times)


def test_a_misspelt_unit_is_put_right_in_words_only() -> None:
    with pytest.raises(InputError, match=r"unit 'bilion USD' does not fit; did you mean 'billion USD'\?"):
        convert(np.array([1.0]), "bilion USD", "USD")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("USD", "USD of 2015"),
        ("USD", "USD per person"),
        ("H100e", "H100e per million persons"),
        ("", "USD"),
        ("articles", "patents"),
        ("% of exports", "% of GDP"),
        ("kg", "USD"),
        ("EUR", "USD"),
        ("persons", "log10 FLOP"),
        ("x y z", "USD"),
        ("__import__('os')", "USD"),
    ],
)
def test_units_that_do_not(given: str, wanted: str) -> None:
    with pytest.raises(InputError, match="does not fit"):
        convert(np.array([1.0]), given, wanted)


def test_a_logarithm_needs_a_positive_value() -> None:
    with pytest.raises(InputError, match="above zero"):
        convert(np.array([0.0]), "FLOP", "log10 FLOP")


@given(st.floats(1e-6, 1e6), st.sampled_from([("billion USD", "USD"), ("GWh", "TWh"), ("FLOP", "log10 FLOP")]))
def test_there_and_back(value: float, pair: tuple[str, str]) -> None:
    there = convert(np.array([value]), *pair)
    assert convert(there, pair[1], pair[0])[0] == pytest.approx(value)


@pytest.mark.parametrize("unit", sorted({entry.unit for entry in indicators().values()}))
def test_every_unit_of_the_catalogue_is_itself(unit: str) -> None:
    assert factor(unit, unit) == 1.0
