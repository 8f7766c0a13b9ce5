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
    ("given", "wanted"),
    [
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
