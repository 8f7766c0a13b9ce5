"""A user's own scores weigh the draws of a fit as a fit with them in it would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from headway.ensemble.question import PosteriorDraws
from headway.evidence import open_evidence
from headway.inference.mechanistic import NUGGET
from headway.inference.own_scores import ERROR, LEAST, SPREAD, OwnScores, sentence, weighed

QUARTERS = tuple(f"{year}Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4))


def draws(count: int = 4000, discrepancy: float = np.nan) -> PosteriorDraws:
    """A fit of two countries whose capability is 140 ± 5 for FRA, at every quarter; USA is the reference."""
    rng = np.random.default_rng(4)
    level = np.zeros((count, 2, len(QUARTERS)))
    level[:, 1] = rng.normal(0.0, 0.5, count)[:, None]
    return PosteriorDraws(
        hash="0123456789abcdef",
        countries=("USA", "FRA"),
        quarters=QUARTERS,
        reference="USA",
        values={"intercept": np.full(count, 140.0), "slope": np.full(count, 10.0)},
        log10_compute=np.zeros_like(level),
        level=level,
        log10_run=np.full_like(level, 25.0),
        discrepancy=np.stack([np.zeros(count), np.full(count, discrepancy)], axis=1),
    )


def own(tmp_path: Path, *rows: str, fit: PosteriorDraws) -> OwnScores | None:
    path = tmp_path / "mine.csv"
    lines = "".join(f"capability_level,{row},ECI points\n" for row in rows)
    path.write_text("indicator,country,period,value,unit\n" + lines)
    return weighed(open_evidence(user_files=[path]), fit)


def capability(fit: PosteriorDraws) -> np.ndarray:
    return 140.0 + 10.0 * fit.level[:, 1, -1]


def test_one_score_moves_the_capability_as_two_normals_combine(tmp_path: Path) -> None:
    found = own(tmp_path, "FRA,2025Q4,150", fit=draws())
    assert found is not None
    prior, data = 5.0**2, SPREAD**2 + ERROR**2 + NUGGET
    mean, sd = 140 + (150 - 140) * prior / (prior + data), (prior * data / (prior + data)) ** 0.5
    assert capability(found.draws).mean() == pytest.approx(mean, abs=0.15)
    assert capability(found.draws).std() == pytest.approx(sd, rel=0.06)
    # The discrepancy takes its share of what is left, so that both together come near the score.
    whole = capability(found.draws) + found.draws.discrepancy[:, 1]
    assert whole.mean() == pytest.approx(140 + 10 * (prior + SPREAD**2) / (prior + data), abs=0.2)
    assert found.power == 1
    assert found.rows == 1


def test_two_scores_of_one_quarter_apart_count_less_than_two_countries_would(tmp_path: Path) -> None:
    """The discrepancy is shared: the second reading tells less than the first."""
    one = own(tmp_path, "FRA,2025Q4,146", fit=draws())
    two = own(tmp_path, "FRA,2025Q3,146", "FRA,2025Q4,146", fit=draws())
    assert one is not None
    assert two is not None
    narrowed = capability(two.draws).std() / capability(one.draws).std()
    assert 0.75 < narrowed < 1


def test_a_discrepancy_that_published_scores_told_is_kept_for_older_rows_and_replaced_by_newer(tmp_path: Path) -> None:
    older = own(tmp_path, "FRA,2024Q4,150", fit=draws(discrepancy=4.0))
    newest = own(tmp_path, "FRA,2025Q4,150", fit=draws(discrepancy=4.0))
    assert older is not None
    assert newest is not None
    assert (older.draws.discrepancy[:, 1] == 4.0).all()
    assert newest.draws.discrepancy[:, 1].std() > 0.5


def test_a_score_far_from_the_fit_leaves_the_least_share_of_draws_and_is_said(tmp_path: Path) -> None:
    found = own(tmp_path, "FRA,2025Q4,220", fit=draws())
    assert found is not None
    assert found.effective == pytest.approx(LEAST, rel=0.01)
    assert found.power < 1
    assert "lies so far" in sentence(found)
    assert capability(found.draws).mean() > norm.ppf(0.95, 140, 5)


def test_rows_that_the_fit_does_not_cover_weigh_nothing(tmp_path: Path) -> None:
    assert own(tmp_path, "BRA,2025Q4,150", "FRA,2026Q1,150", fit=draws()) is None
    assert weighed(open_evidence(), draws()) is None


def test_other_draws_have_another_hash(tmp_path: Path) -> None:
    found = own(tmp_path, "FRA,2025Q4,150", fit=draws())
    assert found is not None
    assert found.draws.hash != draws().hash
    assert len(found.draws.hash) == 16
