"""Results in a notebook: the text, the picture and its specification, in a kernel that has nothing but itself."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from headway.api.index import index
from headway.api.notebook import VEGA_LITE
from headway.api.standing import CountryStanding
from headway.charts.marks import _SCHEMA
from headway.findings import Finding, Picture

# DuckDB takes any process in which IPython tells of a kernel for a notebook, and refuses settings without ipywidgets.
IN_A_KERNEL = """
import sys, types
kernel = types.ModuleType("IPython")
kernel.get_ipython = lambda: types.SimpleNamespace(config={"IPKernelApp": {}})
sys.modules["IPython"] = kernel
import headway as hw
print(len(hw.evidence().series("gdp_usd", ["FRA"])))
"""


def shown(picture: Picture | None) -> dict[str, object]:
    made = Finding(
        id="FRA:gap.lag_observed@2026-11-22", section="gap", quantity="lag <observed>", value=12.0, low=9.0, high=15.0,
        level=0.9, unit="months", as_of="2026-11-22", tier="derived", sentence="France is 12 months behind.",
        caveat="Silence is not stagnation.", picture=picture,
    )  # fmt: skip
    return made._repr_mimebundle_()


def test_a_finding_shows_what_it_rests_on() -> None:
    told = shown(None)
    assert told.keys() == {"text/plain", "text/html"}
    assert told["text/plain"] == "France is 12 months behind. [FRA:gap.lag_observed@2026-11-22]"
    page = str(told["text/html"])
    for words in ("lag &lt;observed&gt;", "derived · interval of 90% · as known on 22 November 2026", "Silence is not"):
        assert words in page
    assert "<svg" not in page


def test_a_fan_shows_its_picture_and_the_specification() -> None:
    rows = tuple({"label": "France", "date": f"{y}-12-31", "q05": 1.0, "q50": 2.0, "q95": 3.0} for y in (2026, 2027))
    told = shown(Picture("fan", "Months behind", rows, "", "months", "Months behind go on.", "us"))
    assert "<svg" in str(told["text/html"])
    assert "Months behind" in json.dumps(told[VEGA_LITE])


def test_the_media_type_is_that_of_the_specification() -> None:
    version = _SCHEMA.rpartition("/")[2].removesuffix(".json")
    assert f"application/vnd.vegalite.{version}+json" == VEGA_LITE


def test_an_index_and_a_standing_show_table_and_picture() -> None:
    table = pd.DataFrame({"unit": ["AUT", "BEL"], "roads": [1.0, 2.0], "rails": [2.0, 5.0]}).set_index("unit")
    nodes = {"links": {"children": ["roads", "rails"]}}
    spec = {"name": "links", "indicators": {"roads": {}, "rails": {}}, "nodes": nodes, "steps": ["normalise"]}
    row = {"country": "Austria", "rank": 1, "low": 1, "high": 2}
    standing = CountryStanding(
        "AI", pd.Timestamp("2026-11-22").date(), pd.DataFrame([row], ["AUT"]), 9, (), (), "Eurostat"
    )
    for made in (index(spec, table), standing):
        told = made._repr_mimebundle_()
        assert told["text/html"].index("</h3><svg") < told["text/html"].index("<table")
        assert told[VEGA_LITE]["$schema"] == _SCHEMA


@pytest.mark.slow
def test_evidence_opens_in_a_kernel_without_widgets() -> None:
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {source!r})\n{IN_A_KERNEL}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10
