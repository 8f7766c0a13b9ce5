"""What a block of members is given: arrays of a world, rows of a posterior, and the past, by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from headway.core.periods import quarter_number
from headway.ensemble import inputs
from headway.ensemble.inputs import Fitted, History, Members, WorldArrays, WorldIndex
from headway.model import Paths
from headway.model.algorithms import AlgorithmParameters
from headway.model.capability import CapabilityParameters
from headway.model.spending import SpendingParameters
from headway.model.state import Shocks
from headway.model.stock import StockParameters
from headway.model.supply import SupplyParameters
from headway.model.talent import TalentParameters
from headway.scenarios import draws

LOG10_E = math.log10(math.e)
KNOWN, AHEAD, COUNTRIES, MEMBERS = 6, 3, 4, 2
YEARS = 2020.0 + np.arange(KNOWN + AHEAD) / 4
FIRST, REFERENCE, LEADER = 1, 0, 1
MARKS = WorldIndex(KNOWN, FIRST, REFERENCE, LEADER, 1)
WEAR, GDP, PRICE, SHARE = 0.2, 1e12, 30_000.0, 0.5
DRIVERS = (
    "gdp", "rents", "investment", "controls", "grey", "partner", "domestic", "graduates", "push", "exodus", "openness",
    "collaboration", "open_weights", "rented", "rented_use", "one_provider",
)  # fmt: skip


def close(one: Any, other: Any, tolerance: float = 2e-5) -> None:
    np.testing.assert_allclose(np.asarray(one, float), np.asarray(other, float), rtol=tolerance, atol=tolerance)


def test_members_walk_through_every_row_of_a_posterior() -> None:
    for rows in (1, 10, 1000, 4000):
        walk = inputs.row_of(np.arange(3 * rows), rows)
        assert walk.tolist() == [*walk[:rows]] * 3
        assert sorted(walk[:rows]) == [*range(rows)]
    assert np.abs(np.diff(inputs.row_of(np.arange(1000), 1000))).min() > 300, "neighbours of a chain lie apart"


def world(**more: Any) -> Any:
    """A world whose arrays of drivers are told apart by their values."""
    paths = {
        name: np.full((KNOWN + AHEAD, COUNTRIES), 2.0**k) + YEARS[:, None] - 2020 for k, name in enumerate(DRIVERS)
    }
    history = np.arange(KNOWN * COUNTRIES, dtype=float).reshape(KNOWN, COUNTRIES)
    line = np.arange(1.0, COUNTRIES + 1)
    return SimpleNamespace(
        grid=SimpleNamespace(years=YEARS, first=quarter_number("2020Q1")),
        known=KNOWN,
        countries=("AAA", "BBB", "CCC", "DDD"),
        frontiers=SimpleNamespace(
            first=FIRST, reference=REFERENCE, leader=LEADER, path=history, run=line, open_gap=2 * line
        ),
        drivers=SimpleNamespace(paths=paths),
        log_compute=history + 1,
        compute_sd=3 * line,
        talent=4 * line,
        pay=np.exp(line),
        closeness=np.eye(COUNTRIES),
        served=np.ones((COUNTRIES, COUNTRIES)),
        gdp_year=2021,
        **more,
    )


def test_the_arrays_of_a_world_by_hand() -> None:
    base = world()
    drivers = SimpleNamespace(
        paths={name: path + 1 for name, path in base.drivers.paths.items()}, partners=np.eye(COUNTRIES) / 2,
        provider=np.eye(COUNTRIES) / 4,
    )  # fmt: skip
    drivers.paths["investment"][:, 0] = 0.0
    found = inputs.world_arrays(base, cast(Any, drivers))
    line = np.arange(1.0, COUNTRIES + 1)[:, None]
    assert found.log_compute.shape == (KNOWN, COUNTRIES, 1)
    close(found.log_pay, line)
    close([found.run, found.open_gap, found.compute_sd, found.talent], [line, 2 * line, 3 * line, 4 * line])
    close(found.gdp[:, 0, 0], 1 + YEARS[:KNOWN] - 2020)
    close(found.controls[:, 0, 0], 8 + YEARS[:KNOWN] - 2020)
    close(found.rents, np.full((COUNTRIES, 1), 2 + YEARS[KNOWN - 1] - 2020))
    close(found.partners, np.eye(COUNTRIES) / 2)
    close(found.provider, np.eye(COUNTRIES) / 4)
    assert found.years.dtype == "float32"

    path = found.scenario
    close(path.year[:, 0, 0], YEARS, 1e-7)
    close(path.price_age[:, 0, 0], YEARS - 2026)
    close(path.anchored[:, 0, 0], (np.arange(KNOWN + AHEAD) - (KNOWN - 1)) / 4)
    close(path.projected[:, 0, 0], [0] * 7 + [0.25, 0.5])  # from the middle of the last year that is known on
    close(path.lever[0], np.log([[1e-9]] + [[5.0]] * 3))
    plain = {
        "log_gdp": np.log(2.0), "rents": 3, "controlled": 9, "capacity": 16 + 32 + 64 + 3, "graduates": 129,
        "push": 257, "shock": 513, "openness": 1025, "depth": 2049, "published": 4097, "rented": 8193,
        "rented_use": 16385, "one_provider": 32769,
    }  # fmt: skip
    for name, value in plain.items():
        close(getattr(path, name)[0], np.full((COUNTRIES, 1), value))
    close(found.baseline.rents[0], np.full((COUNTRIES, 1), 2))
    drivers.paths["collaboration"][:] = 0.0
    assert inputs.world_arrays(base, cast(Any, drivers)).partners is None


def test_a_year_that_has_begun_needs_its_own_shocks() -> None:
    base = SimpleNamespace(
        frontiers=SimpleNamespace(first=3, reference=1, leader=2), known=5, grid=range(13)
    )  # eight quarters ahead, and one more row of shocks for the date on which the last year ends
    assert inputs.world_index(cast(Any, base)) == WorldIndex(5, 3, 1, 2, 3)


class Posterior:
    """Three draws on axes of its own: other countries, in another order, at other dates."""

    countries = ("CCC", "AAA", "ZZZ")
    quarters = ("2019Q4", "2020Q1", "2021Q2", "2021Q3")

    def __init__(self) -> None:
        shape = (3, 3, 4)
        self.log10_compute = np.arange(36.0).reshape(shape)
        self.level, self.log10_run = self.log10_compute + 100, self.log10_compute + 200
        self.discrepancy = np.arange(9.0).reshape(3, 3)
        self.values = {"slope": np.arange(3.0), "intercept": np.ones(3), "unknown": np.ones(3)}

    def __len__(self) -> int:
        return 3


def test_a_posterior_is_laid_on_the_countries_and_dates_of_a_world() -> None:
    posterior, registry = cast(Any, Posterior()), cast(Any, SimpleNamespace(hash="h", parameters={"slope": 1, "no": 2}))
    base = world()
    found = inputs.fitted(posterior, base, registry)
    assert {*found.values} == {"slope", "intercept"}
    wanted = np.full((KNOWN, COUNTRIES, 3), np.nan)
    for draw in range(3):
        for row, theirs in ((0, 1), (5, 2)):  # the quarters before and after are not of this world's history
            wanted[row, 0, draw] = 12 * draw + 4 + theirs  # AAA is their second country
            wanted[row, 2, draw] = 12 * draw + theirs
    np.testing.assert_array_equal(found.log10_compute, wanted)
    np.testing.assert_array_equal(found.level, wanted + 100)
    np.testing.assert_array_equal(found.log10_run, wanted + 200)
    np.testing.assert_array_equal(found.discrepancy, [[1, 4, 7], [np.nan] * 3, [0, 3, 6], [np.nan] * 3])
    assert inputs.fitted(posterior, base, registry) is found
    assert inputs.fitted(cast(Any, Posterior()), base, registry) is not found


def test_a_member_is_drawn_from_its_row_and_from_the_prior_where_the_row_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prior = {"slope": np.full(3, 9.0), "boom": np.arange(3.0), "ceiling": np.full(3, 5.0)}
    noise = np.arange(COUNTRIES * 2 * 3.0).reshape(COUNTRIES, 2, 3)
    monkeypatch.setattr(draws, "sample", lambda *given: prior)
    monkeypatch.setattr(draws, "normal", lambda streams, members, seed, each: noise[:, :each])
    blank = np.zeros((KNOWN, COUNTRIES, 5), np.float32)
    fit = Fitted(
        {"slope": np.array([10.0, 11, np.nan, 13, 14]), "intercept": np.arange(5.0)},  # type: ignore[dict-item]
        *cast(Any, (blank + np.arange(5), blank, blank, blank[0])),
    )
    given = cast(Any, SimpleNamespace(values=None, shocks=None))
    numbers = cast(Any, np.arange(3))
    found = inputs.draw(cast(Any, None), given, numbers, seed=cast(Any, 0), years=2, fit=fit)
    rows = [0, 617 % 5, 2 * 617 % 5]  # the third lies in the silent row
    assert rows == [0, 2, 4]
    close(found.values["slope"], [10, 9, 14])
    close(found.values["intercept"], rows)
    close(found.values["boom"], [0, 1, 2])
    assert found.history is not None
    close(found.history.log10_compute[0, 0], rows)
    assert found.noise.shape == (2, COUNTRIES, 3)
    close(found.noise[1, 2], noise[2, 1])
    alone = inputs.draw(cast(Any, None), given, numbers, seed=cast(Any, 0), years=2, fit=None)
    assert alone.history is None
    close(alone.values["slope"], [9, 9, 9])

    held = inputs.holding(alone, {"boom": 7.0})
    close(held.values["boom"], [7, 7, 7])
    close(held.values["ceiling"], [5, 5, 5])
    close(alone.values["boom"], [0, 1, 2])


KINDS: tuple[Any, ...] = (
    SpendingParameters, SupplyParameters, StockParameters, TalentParameters, AlgorithmParameters, CapabilityParameters,
)  # fmt: skip


def values(**more: Any) -> dict[str, Any]:
    """A value of every parameter, each another; the errors of countries are nothing but where `more` says so."""
    fields = dict.fromkeys(field for kind in KINDS for field in kind._fields)
    fields.pop("intercept")  # no registry has one: only a fit does
    every = {field: np.full(MEMBERS, 2.0 + k / 10) for k, field in enumerate(fields)}
    nothing = {
        f"{name}_error": np.zeros((COUNTRIES, MEMBERS))
        for name in ("compute", "concentration", "frontier", "talent", "open_gap")
    }
    rest = {
        "length_growth": np.full(MEMBERS, 0.4), "length_end": np.full(MEMBERS, 2100.0),
        "unscored_level": np.full((COUNTRIES, MEMBERS), -0.5), "depreciation": np.full(MEMBERS, WEAR),
        "chip_price": np.full(MEMBERS, PRICE), "price_performance": np.full(MEMBERS, 0.3),
        "chip_share": np.full(MEMBERS, SHARE), "slope": np.full(MEMBERS, 10.0), "boom": np.array([0.1, 0.2]),
        "boom_deviation": np.full((COUNTRIES, MEMBERS), 0.05), "level_noise": np.array([1.0, 2.0]),
    }  # fmt: skip
    return {**every, **nothing, **rest, **more}


def arrays(**more: Any) -> WorldArrays:
    """Stocks that never change (1e6, 1e5, 1e4 and 1e4 H100e); the last two countries are controlled from q2 and q0."""
    stock = np.log([1e6, 1e5, 1e4, 1e4])
    path = np.array([100.0, 110, 105, np.nan])
    controls = np.zeros((KNOWN, COUNTRIES, 1))
    controls[:, 1], controls[2, 2], controls[0, 3] = 0.01, 0.5, 0.02
    plain: dict[str, Any] = {
        "years": YEARS,
        "log_compute": np.tile(stock[:, None], (KNOWN, 1, 1)),
        "compute_sd": np.full((COUNTRIES, 1), 0.2),
        "path": path[:, None] + np.arange(KNOWN)[:, None, None],
        "run": np.array([25.0, 24, np.nan, np.nan])[:, None],
        "open_gap": np.array([3.0, 1, 0, 0])[:, None],
        "talent": np.array([1e4, 2e4, 1e3, 1e3])[:, None],
        "gdp": np.full((KNOWN, COUNTRIES, 1), GDP),
        "controls": controls,
        "rents": np.array([0.0, 0.1, 0.2, 0.3])[:, None],
        "log_pay": np.ones((COUNTRIES, 1)),
        "closeness": np.eye(COUNTRIES),
        "partners": None,
        "served": np.ones((COUNTRIES, COUNTRIES)),
        "provider": np.zeros((COUNTRIES, COUNTRIES)),
        "baseline": "baseline",
        "scenario": "scenario",
    }
    return WorldArrays(**{**plain, **more})


def members(history: Any = None, **more: Any) -> Members:
    noise = np.arange(2.0 * COUNTRIES * MEMBERS).reshape(2, COUNTRIES, MEMBERS)
    return Members(values(**more), cast(Any, noise), history)


def test_the_past_agrees_with_the_evidence_it_is_made_from() -> None:
    error = np.linspace(-1, 1, COUNTRIES * MEMBERS).reshape(COUNTRIES, MEMBERS)
    given = arrays()
    past = inputs.reconstruct(
        given, MARKS, members(compute_error=error, concentration_error=-error, frontier_error=2 * error,
                              talent_error=3 * error)
    )  # fmt: skip
    compute = np.asarray(given.log_compute)[0] + 0.2 * error
    close(past.log_compute, np.broadcast_to(compute, (KNOWN, COUNTRIES, MEMBERS)))
    close(past.talent, np.asarray(given.talent) * np.exp(0.3 * 3 * error))
    lived = 0.4 * (YEARS[:KNOWN] - YEARS[FIRST])  # OOM by which runs became longer
    run = LOG10_E * np.asarray(past.log_compute) + np.asarray(past.concentration) + lived[:, None, None]
    close(run[-1, :2], np.array([[25.0], [24.0]]) - 0.15 * error[:2])  # the largest run that is known
    close(past.concentration[2:], np.asarray(past.concentration[:2]).mean(axis=0) - 0.5 * error[2:])  # else typical
    close(past.run_reference, run[FIRST, REFERENCE])
    close(past.compute_reference, compute[REFERENCE])

    close(past.discrepancy, np.where(np.arange(COUNTRIES)[:, None] < 3, 2 * error, 0.0))
    close(past.intercept, 100 + FIRST - 2 * error[REFERENCE])  # the level is measured from the reference country
    level = np.asarray(past.level)
    close(level[FIRST, REFERENCE], [0, 0], 1e-4)
    score = np.asarray(past.intercept) + 10 * (level + run - np.asarray(past.run_reference)) + 2 * error
    close(score[:, :3], np.broadcast_to(np.asarray(given.path)[:, :3], score[:, :3].shape), 1e-4)
    close(level[:, 3], level[:, LEADER] - 0.5)  # of whom nothing is known


def test_a_fit_takes_the_place_of_evidence_and_the_prior_leads_up_to_it() -> None:
    fitted = np.full((KNOWN, COUNTRIES, MEMBERS), np.nan)
    fitted[2:, 0] = np.arange(4)[:, None] + np.array([5.0, 6.0])  # from the third date on
    run = np.full((KNOWN, COUNTRIES, MEMBERS), np.nan)
    run[:, 0] = 26.0
    discrepancy = np.full((COUNTRIES, MEMBERS), np.nan)
    discrepancy[0] = 4.0
    history = SimpleNamespace(log10_compute=fitted, level=fitted / 2, log10_run=run, discrepancy=discrepancy)
    rising = arrays(log_compute=np.asarray(arrays().log_compute) + np.arange(KNOWN)[:, None, None])
    fit = inputs.reconstruct(rising, MARKS, members(history, intercept=np.full(MEMBERS, 90.0)))
    prior = inputs.reconstruct(rising, MARKS, members(intercept=np.full(MEMBERS, 90.0)))
    close(fit.log_compute[2:, 0], fitted[2:, 0] / LOG10_E)
    close(np.diff(fit.log_compute[:3, 0], axis=0), [[1, 1], [1, 1]], 1e-4)
    close(fit.log_compute[:, 1:], prior.log_compute[:, 1:])
    close(fit.level[2:, 0], fitted[2:, 0] / 2)
    close(fit.intercept, [90, 90])
    close(fit.discrepancy, [[4, 4], [0, 0], [0, 0], [0, 0]])
    lived = 0.4 * (YEARS[KNOWN - 1] - YEARS[FIRST])
    close(fit.concentration[0], 26 - fitted[-1, 0] - lived)
    close(fit.concentration[1], prior.concentration[1])


def test_spending_is_what_the_chips_that_arrived_have_cost() -> None:
    """A stock that stays replaces its wear; the first flow, which nobody saw, also makes it grow by 0.9 a year.

    The mean of a year holds that first flow for four quarters. Controls hide the flow: the country keeps the place
    against the reference country that it had before, or on the first date, also after they end.
    """
    spent = np.exp(np.asarray(inputs.reconstruct(arrays(), MARKS, members()).log_spending))
    stock = np.array([1e6, 1e5, 1e4, 1e4])
    flow = WEAR + 0.9 * np.array([1, 1 / 2, 1 / 3, 1 / 4, 0, 0])
    price = PRICE * np.exp(-0.3 * (YEARS[:KNOWN] - 2026))
    wanted = flow[:, None] * stock * (price / SHARE / GDP)[:, None]
    close(spent[..., 0], wanted, 1e-4)  # here place and flow agree, since no country changes its place

    fell = np.asarray(arrays().log_compute).copy()
    fell[3:, [0, 2, 3]] -= 0.5  # a stock that halves in a quarter has bought a twentieth of itself all the same
    fell[1:, 3] += 2.0
    spent = np.exp(np.asarray(inputs.reconstruct(arrays(log_compute=fell), MARKS, members()).log_spending))[..., 0]
    shown = np.exp(fell[..., 0])
    bought = np.full(KNOWN, WEAR)
    bought[0] += 0.9
    bought = bought * shown[:, 0]
    bought[3] = 0.05 * shown[3, 0]
    mean = [bought[max(0, k - 3) : k + 1].mean() for k in range(KNOWN)]
    leader = np.array(mean) * price / SHARE / GDP
    close(spent[:, 0], leader, 1e-4)
    close(spent[2:, 2], leader[2:] / 100, 1e-4)  # a hundredth, as on the two free dates
    close(spent[:, 3], leader / 100, 1e-4)  # as on the first date, although its stock grew
    close(spent[:, 1], wanted[:, 1], 1e-4)  # a hundredth of demand under control hides nothing


def test_the_place_that_is_kept_under_controls_is_the_mean_of_the_free_dates() -> None:
    rose = np.asarray(arrays().log_compute).copy()
    rose[1:, 2] += 1.0
    spent = np.asarray(inputs.reconstruct(arrays(log_compute=rose), MARKS, members()).log_spending)[..., 0]
    apart = spent[:, 2] - spent[:, REFERENCE]
    assert abs(apart[1] - apart[0]) > 0.1
    close(apart[2:], np.full(KNOWN - 2, apart[:2].mean()), 1e-4)


def test_parameters_of_a_block_by_name() -> None:
    given, held = (
        arrays(),
        members(open_gap_error=np.full((COUNTRIES, MEMBERS), -2.0), talent_error=np.full((4, 2), 1.0)),
    )
    past = inputs.reconstruct(given, MARKS, held)
    found, v = inputs.parameters(given, MARKS, held, past), held.values
    drag = np.asarray(v["resource_drag"])
    close(
        found.spending.log_level,
        np.asarray(past.log_spending)[-1] + drag * np.asarray(given.rents) + np.array([0.1, 0.2]) + 0.05,
    )
    close(found.capability.open_gap[:, 0], [1, 0, 0, 0])
    assert found.capability.intercept is past.intercept
    assert found.capability.discrepancy is past.discrepancy
    special = {"log_level", "open_gap", "intercept", "discrepancy", "training_scale"}
    for group in (found.spending, found.supply, found.stock, found.talent, found.algorithms, found.capability):
        for field, value in cast(Any, group)._asdict().items():
            assert field in special or value is v[field], field
    close(found.talent.training_scale, np.full((4, 2), np.asarray(v["training_scale"])[0] * np.exp(0.3)))
    assert found.training_run.concentration is past.concentration
    close(found.training_run.length_end, v["length_end"])
    close(found.reference.year, [YEARS[FIRST]], 1e-7)
    close(found.reference.log_talent, np.log(1e4) + np.full(2, 0.3))
    close(found.reference.log_run, past.run_reference)
    close(found.reference.log_compute, past.compute_reference)


def test_a_block_starts_at_its_past_and_its_shocks_end_at_the_anchor(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    explained = np.arange((KNOWN + AHEAD) * COUNTRIES * MEMBERS, dtype=float).reshape(-1, COUNTRIES, MEMBERS) + 1000

    def abduct(quiet: Any, *past: Any) -> Shocks:
        asked.append((quiet, past))
        return Shocks(level=cast(Any, explained))

    monkeypatch.setattr(inputs, "abduct", abduct)
    given, held = arrays(), members()
    found = inputs.assemble(given, MARKS, held)
    past: History = inputs.reconstruct(given, MARKS, held)
    ((quiet, (spending, compute, level)),) = asked
    for name in ("log_pay", "closeness", "partners", "served", "provider"):
        assert getattr(found.geography, name) is getattr(given, name), name
    assert (quiet.paths, found.paths) == cast(tuple[Paths, Paths], ("baseline", "scenario"))
    close(spending, past.log_spending)
    close(np.log(compute), past.log_compute)
    close(level, past.level)
    for state, path in (
        (quiet.initial.log_spending, past.log_spending), (np.log(quiet.initial.compute), past.log_compute),
        (quiet.initial.level, past.level),
    ):  # fmt: skip
        close(state, path[0])
    close(quiet.initial.talent, past.talent)
    close(quiet.initial.distance, np.zeros((COUNTRIES, MEMBERS)))
    assert found.shocks.level is not None
    assert found.shocks.level.shape == explained.shape
    close(found.shocks.level[: KNOWN - 1], explained[: KNOWN - 1])
    scaled = np.asarray(held.noise) * np.array([1.0, 2.0])  # by the noise of each member; one draw a year
    close(found.shocks.level[KNOWN - 1 :], np.repeat(scaled[:1], AHEAD + 1, axis=0))
