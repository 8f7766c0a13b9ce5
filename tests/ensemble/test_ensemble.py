"""Whole questions: labelled results, members that stay the same, runs that resume, every parameter felt."""

from __future__ import annotations

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr
from hypothesis import given as supposing
from hypothesis import settings
from hypothesis import strategies as st

from headway.core.errors import InputError
from headway.ensemble import export
from headway.ensemble import summary as summaries
from headway.ensemble.export import stream
from headway.ensemble.inputs import assemble, draw, streams, world_arrays, world_index
from headway.ensemble.question import ask, world
from headway.ensemble.simulation import BLOCK, Ensemble, MemberBlock
from headway.ensemble.summary import dataset
from headway.evidence import open_evidence
from headway.model import Status, simulate
from headway.model.derive import outlook
from headway.model.niches import NicheParameters, domain_assets, outcome
from headway.scenarios.registry import registry
from headway.scenarios.world import build_world
from headway.scenarios.world.choose import modelled

SERIES = (
    "compute", "talent", "level", "sovereign", "accessible", "available", "lag", "lag_censored", "available_lag",
    "rank",
)  # fmt: skip
FOCAL = "RUS"  # a country under controls, with an exodus: every mechanism has something to do


def question(scenario: str = "baseline", seed: int = 0) -> Ensemble:
    return ask(
        open_evidence(),
        scenario,
        focal=[FOCAL],
        countries=[FOCAL, "USA"],
        series=SERIES,
        until="2031",
        seed=seed,
        posterior=None,
    )


@pytest.fixture(scope="module")
def baseline() -> xr.Dataset:
    return dataset(question(), range(BLOCK))


def test_the_result_is_labelled_with_axes_units_and_recipe(baseline: xr.Dataset) -> None:
    assert dict(baseline.sizes) == {"quarter": 41, "country": 2, "member": BLOCK}
    assert baseline["compute"].attrs["units"] == "H100e"
    assert str(baseline["date"].values[0])[:10] == "2021-12-31"
    for fact in ("version", "snapshot", "registry", "posterior", "scenario", "seed", "key", "draws_from"):
        assert fact in baseline.attrs
    assert (baseline["status"] == Status.OK).all()
    assert all(np.isfinite(baseline[name]).all() for name in SERIES)


def test_the_history_passes_through_the_evidence(baseline: xr.Dataset) -> None:
    world = question().world
    row = world.countries.index("USA")
    past = baseline.isel(quarter=slice(0, world.known)).sel(country="USA")
    seen = xr.apply_ufunc(np.log, past["compute"]).median("member").values
    np.testing.assert_allclose(seen, world.log_compute[:, row], atol=0.1)
    scores = world.frontiers.path[world.frontiers.first :, row]
    shown = past["sovereign"].values[world.frontiers.first :]
    np.testing.assert_allclose(np.median(shown, axis=-1), np.maximum.accumulate(scores), atol=1.0)


def test_members_keep_their_paths_when_the_ensemble_grows_and_in_any_order(baseline: xr.Dataset) -> None:
    ensemble = question()
    more = dataset(ensemble, range(2 * BLOCK), threads=2)
    late = dataset(ensemble, range(100, BLOCK + 44), threads=1)
    for name in SERIES:
        np.testing.assert_array_equal(more[name].values[..., :BLOCK], baseline[name].values, err_msg=name)
        np.testing.assert_array_equal(more[name].values[..., 100 : BLOCK + 44], late[name].values, err_msg=name)
    assert late["member"].values[0] == 100


def test_a_shorter_world_is_a_part_of_the_usual_one() -> None:
    evidence = open_evidence()
    part = world(evidence, "2029Q2")
    made = build_world(evidence, registry(), part.countries[:-1], "2029Q2")
    assert part.countries == made.countries
    assert part.grid == made.grid
    for name, path in made.drivers.paths.items():
        np.testing.assert_array_equal(part.drivers.paths[name], path, err_msg=name)
    assert all((part.drivers.effort[niche] == path).all() for niche, path in made.drivers.effort.items())


def test_a_country_that_is_modelled_anyway_makes_no_other_world() -> None:
    evidence = open_evidence()
    usual = world(evidence, "2041Q4")
    assert world(evidence, "2041Q4", (usual.countries[0],)) is usual


def test_another_seed_is_another_future(baseline: xr.Dataset) -> None:
    other = dataset(question(seed=1), range(BLOCK))
    assert not np.array_equal(other["level"].values, baseline["level"].values)
    assert other.attrs["key"] != baseline.attrs["key"]


def test_without_controls_compute_grows_from_2022_on_and_only_there(baseline: xr.Dataset) -> None:
    free = dataset(question("no-controls-since-2022"), range(BLOCK))
    gain = (free["compute"] / baseline["compute"]).median("member")
    assert float(gain.sel(country=FOCAL, quarter="2021Q4")) == 1
    assert float(gain.sel(country=FOCAL, quarter="2025Q4")) > 2
    np.testing.assert_allclose(gain.sel(country="USA"), 1, rtol=1e-3)
    assert float((free["lag"] - baseline["lag"]).sel(country=FOCAL, quarter="2030Q4").median()) < 0


def test_a_cut_of_what_is_rented_leaves_what_a_country_runs_itself_and_no_more(baseline: xr.Dataset) -> None:
    cut = dataset(question("api-cut"), range(BLOCK))
    for name in ("sovereign", "accessible", "lag", "rank"):
        np.testing.assert_array_equal(cut[name].values, baseline[name].values, err_msg=name)
    assert (baseline["available"] >= baseline["accessible"]).all()
    assert (baseline["accessible"] >= baseline["sovereign"]).all()
    assert (baseline["available_lag"] <= baseline["lag"] + 1e-3).all()
    after, before = {"country": FOCAL, "quarter": cut["quarter"] >= "2027Q1"}, {"quarter": cut["quarter"] < "2026Q4"}
    np.testing.assert_array_equal(cut["available"].sel(after).values, cut["accessible"].sel(after).values)
    np.testing.assert_array_equal(cut["available"].sel(before).values, baseline["available"].sel(before).values)
    assert float((cut["available"] < baseline["available"]).sel(country=FOCAL, quarter="2028Q4").mean()) > 0.9


def test_one_providers_cut_leaves_at_least_what_a_whole_cut_does_and_names_its_provider(baseline: xr.Dataset) -> None:
    ensemble = question("api-cut-one")
    cut, row = dataset(ensemble, range(BLOCK)), ensemble.world.countries.index(FOCAL)
    served, provider = ensemble.world.served[row], ensemble.drivers.provider[row]
    best = np.where(served > 0, np.nan_to_num(ensemble.world.frontiers.path[-1]), 0)
    assert provider.tolist() == np.eye(len(best))[best.argmax()].tolist()
    after, before = {"country": FOCAL, "quarter": cut["quarter"] >= "2027Q1"}, {"quarter": cut["quarter"] < "2026Q4"}
    for name in ("sovereign", "accessible"):
        np.testing.assert_array_equal(cut[name].values, baseline[name].values, err_msg=name)
    np.testing.assert_array_equal(cut["available"].sel(before).values, baseline["available"].sel(before).values)
    assert (cut["available"] >= cut["accessible"]).sel(after).all()
    assert (cut["available"] <= baseline["available"]).all()
    assert float((cut["available"] < baseline["available"]).sel(country=FOCAL, quarter="2028Q4").mean()) > 0.5


def test_a_zarr_run_resumes_extends_and_equals_one_in_memory(tmp_path: Path, baseline: xr.Dataset) -> None:
    path = tmp_path / "run.zarr"
    ensemble = question()
    stream(ensemble, path, 100)
    summary = stream(ensemble, path, BLOCK)
    stored = xr.open_zarr(path)
    for name in SERIES:
        np.testing.assert_array_equal(stored[name].values, baseline[name].values, err_msg=name)
    assert stored["date"].values[0] == baseline["date"].values[0]
    assert stored.attrs["key"] == ensemble.key
    np.testing.assert_allclose(
        summary.quantiles["compute"].quantile(0.5), baseline["compute"].median("member").values, rtol=1e-5
    )
    again = stream(ensemble, path, 50)
    assert again.members == 50, "a smaller question is answered from what is stored"


def test_a_zarr_folder_with_another_run_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "run.zarr"
    stream(question(), path, 10)
    with pytest.raises(InputError, match="another recipe"):
        stream(question(seed=1), path, 10)
    (tmp_path / "mine.zarr").mkdir()
    (tmp_path / "mine.zarr" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="not a run"):
        stream(question(), tmp_path / "mine.zarr", 10)
    with pytest.raises(InputError, match="not a run"):
        stream(question(), tmp_path / "mine.zarr", 10, force=True)
    assert (tmp_path / "mine.zarr" / "notes.txt").read_text() == "mine"
    (path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"also holds notes\.txt"):
        stream(question(seed=1), path, 10, force=True)
    (path / "notes.txt").rename(tmp_path / "notes.txt")
    stream(question(seed=1), path, 10, force=True)
    assert xr.open_zarr(path).attrs["seed"] == 1


def test_the_record_and_the_tables_say_the_same(baseline: xr.Dataset) -> None:
    ensemble = question()
    summary = summaries.Summary(ensemble.series)
    for piece in ensemble.pieces(range(BLOCK)):
        summary.add(piece)
    record = summaries.record(ensemble, summary)
    median = record["countries"][FOCAL]["quantiles"]["sovereign"]["q50"][record["quarters"].index("2030Q4")]
    truth = float(baseline["sovereign"].sel(country=FOCAL, quarter="2030Q4").median())
    assert median == pytest.approx(truth, abs=0.01)
    within = record["countries"][FOCAL]["probabilities"]["rank_10"][-1]
    assert within == pytest.approx(float((baseline["rank"].sel(country=FOCAL)[-1] <= 10).mean()), rel=1e-4)
    long, wide = export.long(ensemble, summary), export.wide(ensemble, summary)
    assert list(long)[:5] == ["model", "scenario", "region", "variable", "unit"]
    row = wide[(wide["region"] == FOCAL) & (wide["variable"] == "AI|Capability|Sovereign|50.0th Percentile")]
    assert float(row["2030"].iloc[0]) == pytest.approx(truth, abs=0.01)
    assert not long["variable"].str.contains("censored").any()


def test_every_parameter_moves_some_output() -> None:
    """Each parameter moved a little from its draws, all else equal; openness is halved, so that its weight counts."""
    ensemble = question("collaboration")
    world, plan = ensemble.world, world_index(ensemble.world)
    half = np.full_like(world.drivers.paths["openness"], 0.5)
    shared = world_arrays(world, ensemble.drivers.with_path("openness", half))
    numbers, names = jnp.arange(64, dtype=jnp.uint32), streams(registry(), world.countries)
    members = draw(registry(), names, numbers, seed=jnp.uint32(0), years=plan.years, fit=None)
    chosen = [world.countries.index(FOCAL)]

    @jax.jit
    def run(values: dict[str, jnp.ndarray]) -> list[jnp.ndarray]:
        inputs = assemble(shared, plan, members._replace(values=values))
        found = simulate(inputs, ("compute", "effective_talent", "level", "sovereign", "spending_share"))
        seen = outlook(found.series, inputs.parameters, inputs.paths, countries=chosen, first_scored=plan.first)
        return [*found.series.values(), seen.accessible, seen.available, seen.least_use]

    still = run(dict(members.values))
    for key in (key for group, keys in registry().groups.items() if group != "niches" for key in keys):
        moved = run({**members.values, key: members.values[key] + 0.05})
        effect = max(float(jnp.max(jnp.abs(a - b) / (1e-6 + jnp.abs(b)))) for a, b in zip(moved, still, strict=True))
        assert effect > 1e-6, f"{key} moves nothing"


@pytest.mark.parametrize("key", ["niche_weight", "niche_yield", "niche_decay", "niche_returns"])
def test_every_niche_parameter_moves_the_niche(key: str) -> None:
    values = dict.fromkeys(("niche_weight", "niche_yield", "niche_decay", "niche_returns"), jnp.full((1,), 0.5))
    effort = jnp.full((9, 1, 1), 2.0)

    def worth(held: dict[str, jnp.ndarray]) -> jnp.ndarray:
        parameters = NicheParameters(*held.values())
        return outcome(parameters, jnp.full((9, 1), 100.0), domain_assets(parameters, effort, 0.25))[-1]

    assert float(worth({**values, key: jnp.full((1,), 0.6)})[0, 0]) != float(worth(values)[0, 0])


def test_held_parameters_are_held_and_unknown_ones_refused(tmp_path: Path) -> None:
    path = tmp_path / "held.yaml"
    text = "scenario: held\ntitle: Held\ndescription: Held.\nextends: baseline\nparameters: {KEY: 0.4}\n"
    path.write_text(text.replace("KEY", "depreciation"), "utf-8")
    assert question(str(path)).held == {"depreciation": 0.4}
    path.write_text(text.replace("KEY", "nothing"), "utf-8")
    with pytest.raises(InputError, match="no parameter 'nothing'"):
        question(str(path))


def test_a_question_is_checked_before_it_runs() -> None:
    with pytest.raises(InputError, match="group of countries"):
        ask(open_evidence(), countries=["EU"], posterior=None)
    with pytest.raises(InputError, match="later quarter"):
        ask(open_evidence(), until="2023", posterior=None)
    with pytest.raises(InputError, match="write 2040"):
        ask(open_evidence(), until="soon", posterior=None)
    with pytest.raises(InputError, match="no series 'colour'"):
        ask(open_evidence(), series=("colour",), posterior=None)


def test_a_small_country_can_be_asked_and_is_then_modelled() -> None:
    ensemble = ask(open_evidence(), countries=["Tuvalu"], until="2031", posterior=None)
    assert "TUV" in ensemble.world.countries
    assert ensemble.focal == ("TUV",)


@settings(max_examples=60)
@supposing(st.sets(st.sampled_from("ABCDEFGHIJKL"), max_size=12))
def test_those_asked_for_take_the_place_of_the_last_and_the_number_stays(asked: set[str]) -> None:
    chosen = modelled("ABCDEFGH", asked, count=6)
    assert asked <= set(chosen)
    assert len(chosen) == len(set(chosen)) == max(6, len(asked))
    kept = [code for code in "ABCDEF" if code in chosen and code not in asked]
    assert kept == [code for code in "ABCDEF" if code not in asked][: len(kept)]
    assert modelled("ABCDEFGH", (), count=6) == tuple("ABCDEF")


# ---------------------------------------------------------------------------------------------- sketch


def test_quantiles_are_exact_while_few_and_close_when_many() -> None:
    random = np.random.default_rng(0)
    values = random.normal([[0.0], [50.0]], [[1.0], [20.0]], (3, 2, 9000)).astype(np.float32)
    few, many = summaries.Quantiles(), summaries.Quantiles()
    few.add(values[..., :1000])
    for start in range(0, 9000, 250):
        many.add(values[..., start : start + 250])
    for probability in (0.05, 0.5, 0.95):
        truth = np.quantile(values[..., :1000], probability, axis=-1)
        np.testing.assert_allclose(few.quantile(probability), truth, rtol=1e-6)
        error = np.abs(many.quantile(probability) - np.quantile(values, probability, axis=-1))
        assert (error <= 0.0015 * np.ptp(values, axis=-1)).all()
    assert (many.quantile(0.0) >= values.min(axis=-1)).all()
    assert (many.quantile(1.0) <= values.max(axis=-1) + 1e-4).all()


def test_failed_members_are_counted_and_left_out() -> None:
    values = np.asarray([1.0, np.nan, 3.0], np.float32).reshape(1, 1, 3)
    summary = summaries.Summary(("lag",))
    summary.add(MemberBlock(range(3), {"lag": values}, np.asarray([0, 4, 0], np.int8)))
    assert summary.good == 2
    assert summary.members == 3
    assert summary.quantiles["lag"].quantile(0.5).item() == 2
    assert summary.frequency("at_frontier").item() == 0
    assert summary.frequency("within_6_months").item() == 1
