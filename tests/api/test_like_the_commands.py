"""What Python gives is what the command of the same name prints; errors have the same words."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import headway as hw
from headway.cli.app import app
from headway.core.errors import InputError


def printed(*arguments: str) -> Any:
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def refused(*arguments: str) -> str:
    error = CliRunner().invoke(app, list(arguments)).exception
    assert isinstance(error, InputError)
    return str(error)


def test_standing_is_that_of_the_command() -> None:
    wanted = printed("standing", "--domain", "compute", "--top", "5")
    found = hw.standing("compute")
    assert found.ranks.head(5).reset_index().to_dict("records") == wanted["standing"]
    assert str(found.as_of) == wanted["as_of"]
    assert found.alternatives == wanted["alternatives"]


def test_trace_is_that_of_the_command() -> None:
    identifier = "KOR:gap.training_compute:USA@2026-11-22"
    wanted = printed("trace", identifier)
    assert json.loads(json.dumps(hw.trace(identifier).json(), default=str)).items() <= wanted.items()


def test_members_are_those_of_the_command_and_drawn_from_the_posterior() -> None:
    question = ("--countries", "KOR,USA", "--series", "lag", "--until", "2030", "--draws", "16", "--seed", "3")
    wanted = printed("simulate", "--scenario", "collaboration", *question)
    run = hw.simulate("collaboration", countries=["Korea", "USA"], series="lag", until=2030, draws=16, seed=3)
    assert {key: run.attrs[key] for key in wanted["recipe"]} == wanted["recipe"]
    assert run.attrs["draws_from"] == "posterior"
    median = run["lag"].sel(country="KOR", quarter=wanted["quarters"]).median("member").values
    np.testing.assert_allclose(median, wanted["countries"]["KOR"]["quantiles"]["lag"]["q50"], rtol=1e-4)


def test_evidence_of_a_day_knows_nothing_later() -> None:
    early = hw.evidence("2020-06-30")
    assert early.series("rd_share_gdp")["published_on"].max() <= pd.Timestamp("2020-06-30")
    assert hw.standing(evidence=early).as_of == early.as_of


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        (lambda: hw.brief("Koera"), ("brief", "Koera")),
        (lambda: hw.brief("KOR", against="KOR"), ("brief", "KOR", "--against", "KOR")),
        (lambda: hw.brief("KOR", scenario="nowhere"), ("brief", "KOR", "--scenario", "nowhere")),
        (lambda: hw.evidence("2999-01-01"), ("brief", "KOR", "--as-of", "2999-01-01")),
        (lambda: hw.standing("nothing"), ("standing", "--domain", "nothing")),
        (lambda: hw.simulate("nowhere"), ("simulate", "--scenario", "nowhere")),
        (lambda: hw.simulate(series="nothing"), ("simulate", "--series", "nothing")),
        (lambda: hw.explain("KOR", "USA,CHN"), ("explain", "KOR", "--against", "USA,CHN")),
        (lambda: hw.strategy("KOR", budget=50), ("strategy", "KOR", "--budget", "50")),
        (lambda: hw.check("nothing"), ("claims", "check", "nothing")),
        (lambda: hw.trace("KOR"), ("trace", "KOR")),
    ],
)
def test_errors_have_the_words_of_the_command_and_the_names_of_parameters(
    call: Any, arguments: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as error:
        call()
    told = refused(*arguments)
    assert not str(error.value).startswith("--")
    assert str(error.value) in (told, re.sub(r"^--[a-z-]+", lambda one: one[0][2:].replace("-", "_"), told))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: hw.evidence("30.06.2024"), "as_of '30.06.2024' is no day"),
        (lambda: hw.evidence("2024-02-30"), "write it as 2024-06-30"),
        (lambda: hw.brief("KOR", seed=-1), "seed -1: give a whole number from 0 to 4,294,967,295"),
        (lambda: hw.explain("KOR", draws=5), "draws 5: give a whole number from 20 to 1,000,000"),
        (lambda: hw.simulate(draws=True), "draws True: give a whole number"),
        (lambda: hw.brief("KOR", evidence=hw.evidence(), as_of="2024-06-30"), "give either evidence="),
    ],
)
def test_python_checks_what_the_options_of_the_command_check(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()
