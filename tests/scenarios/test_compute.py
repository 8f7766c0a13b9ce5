"""Counts of owned compute: own rows enter wherever they begin and end, and figures stay finite."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headway.core.errors import InputError
from headway.evidence import open_evidence
from headway.evidence.layout import OwnFiles, Reading
from headway.scenarios.country_table import country_table
from headway.scenarios.registry import registry
from headway.scenarios.world import World, build_world
from headway.scenarios.world.choose import by_weight, modelled

COUNTRIES = modelled(by_weight(open_evidence()))
OUTSIDE = "TUV"  # a country that no question models unless it is asked about


def own(folder: Path, *rows: tuple[str, str, float]) -> Path:
    """An own evidence file with counts (country, quarter, H100e)."""
    file = folder / "mine.csv"
    lines = [f"compute_stock_h100e,{country},{quarter},{value},H100e,mine" for country, quarter, value in rows]
    file.write_text("\n".join(["indicator,country,period,value,unit,source", *lines]) + "\n")
    return file


def made(folder: Path, *rows: tuple[str, str, float], include: str = "DEU") -> World:
    evidence = (
        open_evidence(None, OwnFiles([own(folder, *rows)], Reading(accept_outliers=True))) if rows else open_evidence()
    )
    return build_world(evidence, registry(), modelled(by_weight(evidence), [include]), "2040Q4")


def stock(world: World, country: str) -> dict[str, float]:
    logs = world.log_compute[:, world.countries.index(country)]
    return dict(zip(world.grid.names, np.exp(logs), strict=False))


COUNTED = ("USA", "CHN")  # in every quarter: one row of many is not the whole stock


@pytest.mark.parametrize(
    ("country", "quarter"), [("USA", "2024Q4"), ("DEU", "2022Q1"), (OUTSIDE, "2024Q4"), (OUTSIDE, "2025Q4")]
)
def test_one_count_is_met_and_leaves_all_figures_finite(tmp_path: Path, country: str, quarter: str) -> None:
    world = made(tmp_path, (country, quarter, 50_000.0), include=country)
    assert np.isfinite(world.log_compute).all()
    if country not in COUNTED:
        assert 49_999 < stock(world, country)[quarter] < 55_000  # what came through other channels is on top


def test_a_count_of_every_country_is_met(tmp_path: Path) -> None:
    world = made(tmp_path, *((country, "2024Q4", 50_000.0) for country in COUNTRIES))
    assert np.isfinite(world.log_compute).all()
    found = {country: stock(world, country)["2024Q4"] for country in COUNTRIES if country not in COUNTED}
    assert min(found.values()) > 49_999
    assert max(found.values()) < 55_000


def test_before_and_after_its_counts_a_country_moves_as_it_would_without_them(tmp_path: Path) -> None:
    plain, with_row = (stock(made(tmp_path, *rows), "DEU") for rows in ((), (("DEU", "2024Q4", 50_000.0),)))
    for quarter in ("2021Q4", "2023Q2", "2025Q4"):
        expected = 50_000 * plain[quarter] / plain["2024Q4"]
        assert with_row[quarter] == pytest.approx(expected)


def test_a_quarter_left_out_between_two_counts_buys_nothing_twice(tmp_path: Path) -> None:
    found = stock(made(tmp_path, ("DEU", "2024Q2", 40_000.0), ("DEU", "2024Q4", 60_000.0)), "DEU")
    assert 40_000 < found["2024Q3"] < found["2024Q4"] < 60_000


@pytest.mark.parametrize("value", [0.0, 1e-12])
def test_a_count_of_nothing_is_a_small_stock(tmp_path: Path, value: float) -> None:
    found = stock(made(tmp_path, ("DEU", "2024Q4", value)), "DEU")
    assert found["2024Q4"] == 1.0
    assert np.isfinite(np.log(list(found.values()))).all()


def test_a_count_of_a_year_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"compute_stock_h100e.*by quarter.*'2024' is not a quarter"):
        made(tmp_path, ("DEU", "2024", 50_000.0))


def test_own_counts_come_before_the_estimates_of_the_country_table(tmp_path: Path) -> None:
    assert country_table()["RUS"].compute
    assert 123_455 < stock(made(tmp_path, ("RUS", "2025Q4", 123_456.0), include="RUS"), "RUS")["2025Q4"] < 130_000
