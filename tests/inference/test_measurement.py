"""Variance reduction against a linear Gaussian case, where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from headway.inference.findings.unknowns import RankedMeasurement, explained, ranked

RNG = np.random.default_rng(2)
A, B = RNG.standard_normal((2, 4000))
TARGET = 2.0 * A + B  # variance 5: 4/5 from A, 1/5 from B


def test_shares_of_a_linear_sum() -> None:
    assert explained(TARGET, A) == pytest.approx(0.8, abs=0.04)
    assert explained(TARGET, B) == pytest.approx(0.2, abs=0.04)


def test_what_does_not_matter_removes_nothing() -> None:
    assert explained(TARGET, RNG.standard_normal(4000)) < 0.01
    assert explained(TARGET, np.ones(4000)) == 0.0


def test_a_blunt_instrument_removes_less() -> None:
    shares = ranked(TARGET, {"sharp": RankedMeasurement("a", A, 0.01), "blunt": RankedMeasurement("b", A, 1.0)})
    assert list(shares) == ["sharp", "blunt"]
    assert shares["blunt"] == pytest.approx(0.4, abs=0.05)  # half of A's variance survives the error
