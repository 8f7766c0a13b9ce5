"""The line between two tables of one scale."""

from __future__ import annotations

import numpy as np
import pytest

from headway.inference.releases import rescaling

OLD = {f"m{k}": 100.0 + 2.0 * k for k in range(30)}


def test_a_shift_and_stretch_are_found_despite_a_corrected_score() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 30)
    new = {model: 3.0 + 0.98 * score + noise[k] for k, (model, score) in enumerate(OLD.items())}
    new["m3"] += 40.0
    found = rescaling(OLD, {**new, "of the new table alone": 150.0})
    assert found is not None
    assert found.models == 30
    assert found.slope == pytest.approx(0.98, abs=0.005)
    assert found.of(np.array([150.0])) == pytest.approx(3.0 + 0.98 * 150.0, abs=0.2)


def test_equal_tables_are_one_scale() -> None:
    found = rescaling(OLD, OLD)
    assert found is not None
    assert (found.intercept, found.slope) == (pytest.approx(0.0, abs=1e-6), pytest.approx(1.0))


def test_too_few_common_models_give_no_line() -> None:
    assert rescaling(OLD, dict(list(OLD.items())[:19])) is None
