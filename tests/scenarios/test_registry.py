"""The parameter registry: every number accounted for, every mistake named; draws that stay where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from headway.core.errors import InputError
from headway.scenarios import draws
from headway.scenarios.country_table import country_table
from headway.scenarios.distributions import Choice, Lognormal, Normal, transform
from headway.scenarios.registry import EvidenceTier, Grade, Registry, Scope, read_registry, registry
from headway.scenarios.tables import markdown

pytestmark = pytest.mark.usefixtures("kept_programs")

PARAMETER = """
[stock.depreciation]
symbol = "delta"
name = "depreciation"
meaning = "Share lost per year."
unit = "1/year"
scope = "world"
tier = "prior"
distribution = { kind = "lognormal", median = 0.2, spread = 1.6 }
grade = "read"
citation = "Somebody 2023"
url = "https://example.org"
"""


def members(count: int) -> jnp.ndarray:
    return jnp.arange(count, dtype=jnp.uint32)


@lru_cache(maxsize=1)
def compiled(countries: tuple[str, ...]) -> Callable[[jnp.ndarray, int], Mapping[str, jnp.ndarray]]:
    """Draws of the shipped registry by one compiled function, as every ensemble takes them."""
    return sampler(registry(), countries)


def sampler(known: Registry, countries: tuple[str, ...]) -> Callable[[jnp.ndarray, int], Mapping[str, jnp.ndarray]]:
    """Function that draws; operation by operation it would take ten times as long, and compiling it takes seconds."""
    streams = draws.streams_of(known, countries)
    return jax.jit(lambda numbers, seed: draws.sample(known, streams, numbers, seed))


PAIR = ("USA", "CHN")


@pytest.mark.parametrize("key", list(registry().parameters))
def test_every_parameter_has_a_citation_or_a_rationale(key: str) -> None:
    parameter = registry().parameters[key]
    assert parameter.meaning.endswith(".")
    assert parameter.unit
    if parameter.tier is EvidenceTier.SCENARIO:
        assert len(parameter.rationale) > 20
    else:
        assert parameter.citation
        assert parameter.url.startswith("http")
        assert isinstance(parameter.grade, Grade)


def test_the_page_of_parameters_names_every_parameter_and_every_country_fact() -> None:
    page = markdown(registry())
    for key, parameter in registry().parameters.items():
        assert f"`{key}`" in page
        assert parameter.unit in page
    assert all(f"| {code} |" in page for code in country_table())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('tier = "prior"', 'tier = "guess"'), "stock.depreciation.tier"),
        (('citation = "Somebody 2023"\n', ""), "needs citation, url and grade"),
        (('tier = "prior"', 'tier = "scenario"'), "needs a rationale"),
        (("spread = 1.6", "spread = 0.6"), "spread"),
        (("spread = 1.6", "spread = 1.6, minimum = 0.3, maximum = 0.1"), "must be below"),
        (('unit = "1/year"\n', ""), "stock.depreciation.unit"),
        (('url = "https://example.org"', 'url = "example.org"'), "url"),
        (("[stock.depreciation]", "[stock.depreciation"), "not TOML"),
        (('scope = "world"', 'scope = "world"\ncolour = "red"'), "colour"),
    ],
)
def test_a_mistake_in_a_registry_file_is_named(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    path = tmp_path / "parameters.toml"
    path.write_text('niche_names = ["language"]\n' + PARAMETER.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_registry(path)
    assert str(path) in str(caught.value)


def test_keys_must_be_unique_and_correlations_possible(tmp_path: Path) -> None:
    path = tmp_path / "parameters.toml"
    twice = PARAMETER + PARAMETER.replace("[stock.", "[supply.")
    path.write_text("niche_names = []\n" + twice, encoding="utf-8")
    with pytest.raises(InputError, match="unique"):
        read_registry(path)
    pair = '\n[[correlations]]\nparameters = ["depreciation", "nothing"]\nvalue = 0.5\nrationale = "why not"\n'
    path.write_text("niche_names = []\n" + PARAMETER + pair, encoding="utf-8")
    with pytest.raises(InputError, match="nothing"):
        read_registry(path)


# ---------------------------------------------------------------------------------------------- distributions


def test_distributions_have_the_quantiles_they_state() -> None:
    z = jnp.asarray([[-1.6448536, 0.0, 1.6448536]] * 3, jnp.float32)
    lognormal = Lognormal(kind="lognormal", median=2.0, spread=1.5)
    normal = Normal(kind="normal", mean=1.0, sd=2.0)
    values = transform([normal, lognormal, Normal(kind="normal", mean=0, sd=1, minimum=-0.5, maximum=2.0)], z)
    np.testing.assert_allclose(values[0], [1 - 3.2897, 1, 1 + 3.2897], rtol=1e-4)
    np.testing.assert_allclose(values[1], [2 / 1.5, 2, 3], rtol=1e-4)
    assert float(values[2].min()) >= -0.5
    assert float(values[2].max()) <= 2.0


def test_truncation_holds_far_out() -> None:
    z = jnp.asarray([[-30.0, -9.0, 9.0, 30.0]], jnp.float32)
    found = transform([Normal(kind="normal", mean=0, sd=1, minimum=-1, maximum=1)], z)[0]
    np.testing.assert_allclose(found, [-1, -1, 1, 1], atol=1e-3)


def test_a_choice_takes_each_value_as_often_as_it_says() -> None:
    z = draws.normal(draws.streams(["x"]), members(20_000), 0)[0]
    found = np.asarray(transform([Choice(kind="choice", values=(1.0, 5.0), weights=(0.3, 0.7))], z))
    assert set(np.unique(found)) == {1.0, 5.0}
    assert abs((found == 1.0).mean() - 0.3) < 0.01


# ---------------------------------------------------------------------------------------------- draws


def test_the_stream_of_a_name_never_changes() -> None:
    assert draws.stream("own_rate/") == 87821878
    first = draws.normal(draws.streams(["own_rate/"]), members(3), 0)
    np.testing.assert_allclose(first[0, 0], [-1.075925, 2.384063, -1.080771], atol=1e-4)


def test_member_i_keeps_its_draws_when_the_ensemble_grows() -> None:
    small, large, late = (compiled(PAIR)(numbers, 3) for numbers in (members(8), members(50), members(50)[20:28]))
    last_bit = 5e-7  # a compiled function may round it by the size of its block
    for key in small:
        np.testing.assert_allclose(small[key], large[key][..., :8], rtol=last_bit, err_msg=key)
        np.testing.assert_allclose(late[key], large[key][..., 20:28], rtol=last_bit, err_msg=key)


def test_draws_survive_a_new_country_and_a_new_parameter() -> None:
    before = compiled(PAIR)(members(8), 0)
    after = sampler(registry(), ("FRA", *PAIR))(members(8), 0)
    np.testing.assert_array_equal(before["compute_error"], after["compute_error"][1:])
    groups = {name: dict(group) for name, group in registry().groups.items()}
    groups["stock"] = {"extra": registry().parameters["depreciation"], **groups["stock"]}
    more = Registry(niche_names=registry().niche_names, groups=groups, correlations=registry().correlations)
    found = sampler(more, PAIR)(members(8), 0)
    for key in before:
        np.testing.assert_array_equal(before[key], found[key], err_msg=key)


def test_another_seed_gives_other_draws() -> None:
    one, two = (compiled(PAIR)(members(8), seed)["slope"] for seed in (0, 1))
    assert not np.allclose(one, two)


def test_draws_follow_their_distributions_and_correlations() -> None:
    found = compiled(PAIR)(members(4000), 0)
    slope, rate = np.asarray(found["slope"]), np.asarray(found["own_rate"])
    assert abs(slope.mean() - 8.5) < 0.15
    assert abs(np.corrcoef(slope, rate)[0, 1] + 0.6) < 0.05
    for key, parameter in registry().parameters.items():
        values = np.asarray(found[key])
        assert np.isfinite(values).all(), key
        shape = {Scope.WORLD: (4000,), Scope.COUNTRY: (2, 4000), Scope.NICHE: (7, 4000)}[parameter.scope]
        assert values.shape == shape, key
        low, high = (getattr(parameter.distribution, end, None) for end in ("minimum", "maximum"))
        assert low is None or values.min() >= low - 1e-4 * abs(low), key
        assert high is None or values.max() <= high + 1e-4 * abs(high), key
    between = np.corrcoef(found["compute_error"])[0, 1]
    assert abs(between) < 0.05, "countries draw by themselves"
