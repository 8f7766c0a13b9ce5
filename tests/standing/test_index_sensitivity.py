"""Sensitivity indices against functions whose indices are known."""

import numpy as np
import pytest
from indexes import flat, pillars, sample, table
from scipy.stats import qmc

from headway.core.errors import InputError
from headway.standing.ensemble import prepare
from headway.standing.sensitivity import (
    enumerated_indices,
    lead_of,
    mean_rank_shift,
    rank_of,
    saltelli_jansen,
    sensitivity,
)
from headway.standing.settings import Robustness

CHOICES = {
    "scale": {"minmax": {}, "rank": {"normalise": {"method": "rank"}}, "z": {"normalise": {"method": "zscore"}}},
    "weights": {"even": {}, "left": {"top": {"weights": {"left": 9, "right": 1}}}},
}


def test_enumeration_by_hand() -> None:
    """y = 2 a + b + a b over a, b in {0, 1}: means 0, 1, 2, 4; variance 2.1875."""
    design = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([0.0, 1.0, 2.0, 4.0])
    first, total = enumerated_indices(design, y)
    variance, of_a, of_b, both = 2.1875, 1.25**2, 0.75**2, 0.25**2
    np.testing.assert_allclose(first, [of_a / variance, of_b / variance])
    np.testing.assert_allclose(total, [(of_a + both) / variance, (of_b + both) / variance])


def test_the_ishigami_function() -> None:
    """First 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437 (a = 7, b = 0.1)."""
    u = qmc.Sobol(6, seed=0).random(2**13)
    a, b = u[:, :3], u[:, 3:]

    def f(x: np.ndarray) -> np.ndarray:
        z = np.pi * (2 * x - 1)
        return np.sin(z[:, 0]) + 7 * np.sin(z[:, 1]) ** 2 + 0.1 * z[:, 2] ** 4 * np.sin(z[:, 0])

    mixed = []
    for j in range(3):
        ab = a.copy()
        ab[:, j] = b[:, j]
        mixed.append(f(ab))
    first, total = saltelli_jansen(f(a), f(b), np.stack(mixed))
    np.testing.assert_allclose(first, [0.3139, 0.4424, 0], atol=0.02)
    np.testing.assert_allclose(total, [0.5576, 0.4424, 0.2437], atol=0.02)


def test_discrete_assumptions_are_exact_and_a_sample_agrees() -> None:
    data = table(sample(15, 4), "abcd")
    spec = pillars([{"normalise": {"lower": 1}}])
    exact = prepare(spec, data, Robustness(choices=CHOICES))
    found = sensitivity(exact, mean_rank_shift(exact))
    assert found.exact
    assert not found.first_error.any()
    assert found.assumptions == ("scale", "weights")
    assert (found.first <= found.total + 1e-12).all()
    assert found.first.sum() <= 1 + 1e-12
    with_noise = prepare(spec, data, Robustness(choices=CHOICES, measurement={"default": 1e-12}))
    sampled = sensitivity(with_noise, mean_rank_shift(with_noise), points=1024)
    assert not sampled.exact
    np.testing.assert_allclose(sampled.total[:2], found.total, atol=0.08)
    assert sampled.total[2] == pytest.approx(0, abs=1e-6)


def test_one_unit_and_a_pair() -> None:
    data = table(sample(12, 4), "abcd")
    made = prepare(pillars(), data, Robustness(choices=CHOICES))
    assert sensitivity(made, rank_of(made, "u003")).exact
    lead = lead_of(made, "u001", "u002")(np.array([[0.0, 3.0, 2.0] + [1.0] * 9]))
    assert lead.tolist() == [1]
    with pytest.raises(InputError, match="'zzz' is not among the units"):
        rank_of(made, "zzz")


def test_leaving_out_takes_part_in_the_enumeration() -> None:
    made = prepare(pillars(), table(sample(12, 4), "abcd"), Robustness(choices=CHOICES, leave_out=True))
    found = sensitivity(made, mean_rank_shift(made))
    assert found.exact
    assert found.assumptions == ("scale", "weights", "leave_out")


def test_clashing_choices_are_one_assumption() -> None:
    choices = {**CHOICES, "mean": {"arithmetic": {}, "geometric": {"nodes": {"aggregate": "geometric"}}}}
    made = prepare(pillars(), table(sample(12, 4), "abcd"), Robustness(choices=choices, weights={"nodes": ["left"]}))
    found = sensitivity(made, mean_rank_shift(made), points=64)
    assert found.assumptions[0] == "scale × weights × mean"
    assert "count as one assumption with 10 legal options" in found.remark


def test_nothing_to_measure_is_said() -> None:
    made = prepare(flat(2), table(sample(6, 2)))
    with pytest.raises(InputError, match="varies nothing"):
        sensitivity(made, mean_rank_shift(made))
    noisy = prepare(flat(2), table(sample(6, 2)), Robustness(weights={}))
    with pytest.raises(InputError, match="power of two"):
        sensitivity(noisy, mean_rank_shift(noisy), points=100)


def test_an_output_that_does_not_vary_has_no_indices() -> None:
    x = np.array([[3.0, 3.0], [2.0, 2.0], [1.0, 1.0]])
    made = prepare(flat(2), table(x), Robustness(weights={}))
    assert np.isnan(sensitivity(made, mean_rank_shift(made), points=16).first).all()
