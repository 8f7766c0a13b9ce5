"""A posterior comes back as it was stored, and nothing else passes for one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from made_data import posterior

from headway.core.errors import EvidenceError, InputError
from headway.inference import storage
from headway.inference.posterior import as_draws, shipped


def test_round_trip(tmp_path: Path) -> None:
    made = posterior()
    back = storage.read(storage.write(tmp_path / "posterior-2025-01-31.npz", made))
    assert back.data.countries == made.data.countries
    assert back.data.nvidia_share == made.data.nvidia_share
    assert back.as_of == dt.date(2025, 1, 31)
    np.testing.assert_allclose(back.draws["trend"]["drift"], made.draws["trend"]["drift"], rtol=1e-6)
    np.testing.assert_array_equal(back.data.frontier.value, made.data.frontier.value)
    assert len(back.hash) == 16


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    path = storage.write(tmp_path / "p.npz", posterior())
    with pytest.raises(InputError, match="exists already"):
        storage.write(path, posterior())


def test_other_files_are_refused(tmp_path: Path) -> None:
    for content in (b"", b"no archive", b"PK\x03\x04 cut off"):
        (tmp_path / "p.npz").write_bytes(content)
        with pytest.raises(EvidenceError, match="not a posterior"):
            storage.read(tmp_path / "p.npz")
    np.savez(tmp_path / "other.npz", a=np.ones(3))
    with pytest.raises(EvidenceError, match="not a posterior"):
        storage.read(tmp_path / "other.npz")
    with pytest.raises(InputError, match="cannot read"):
        storage.read(tmp_path / "none.npz")


def test_the_latest_posterior_not_after_a_date(tmp_path: Path) -> None:
    for day in ("2023-12-31", "2025-01-31"):
        storage.write(tmp_path / f"posterior-{day}.npz", posterior())
    assert shipped(dt.date(2023, 1, 1), tmp_path) is None
    assert shipped(dt.date(2024, 6, 1), tmp_path) is not None
    assert storage.dates(tmp_path) == [dt.date(2023, 12, 31), dt.date(2025, 1, 31)]


def test_draws_meet_the_last_scores(tmp_path: Path) -> None:
    """The curve plus its discrepancy is the published record, up to the error of a score."""
    made = posterior()
    draws = as_draws(made)
    assert draws.level.shape == (len(draws), len(draws.countries), len(draws.quarters))
    at = {code: draws.countries.index(code) for code in ("AAA", "BBB", "CCC")}
    run = draws.log10_run[:, :, -1] - draws.log10_run[:, [at["AAA"]], 0]
    curve = draws.values["intercept"][:, None] + draws.values["slope"][:, None] * (run + draws.level[:, :, -1])
    for code in ("AAA", "BBB"):
        adjusted = (curve + draws.discrepancy)[:, at[code]]
        known = made.data.frontier.of(made.data.countries.index(code)).value[-1]
        assert float(np.median(adjusted)) == pytest.approx(known, abs=1.5)
    assert np.isnan(draws.discrepancy[:, at["CCC"]]).all()
    assert np.isfinite(draws.level[:, at["CCC"], -1]).all()
