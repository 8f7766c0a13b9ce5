"""Files of earlier versions are read, or refused with what to do: each of these was written by such a version.

They were cut to a few entries and are as they were otherwise: findings of a brief, one brief of an edition, two claims,
four draws of a posterior, two quarters of a forecast.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from headway.brief import document
from headway.core.errors import EvidenceError
from headway.evidence import open_evidence
from headway.evidence.catalogue import indicators, sources
from headway.evidence.snapshot import TABLES, open_snapshot, read_table, write_snapshot
from headway.evidence.store import snapshot_folder
from headway.scenarios.world.choose import by_weight

sys.path.append(str(Path(__file__).parents[1] / "bad_input"))  # where the runner of commands lies
import runner

OLD = Path(__file__).with_name("old")
BEGUN = "computing began"
LACKING = "it holds no complements; fit all parts by "


@pytest.fixture(scope="module", autouse=True)
def nothing_computed() -> Iterator[None]:
    """Long computations stop where they begin, which is after a file has been read."""
    with pytest.MonkeyPatch.context() as patch:
        runner.stop_before_computing(patch)
        yield


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("scenarios scenario.yaml", 0, ""),
        ("simulate --scenario scenario.yaml --focal KOR --draws 2 --prior", 0, BEGUN),
        ("brief FRA --recompute --diff brief.json", 0, BEGUN),
        ("claims check ledger.yaml --no-then", 2, "claim gap-widens: gap.training_trend(RUS, USA, 5y) is not what "),
        ("edition show edition.zip", 0, ""),
        ("edition show edition.zip --gate", 1, ""),
        ("diff edition.zip edition.zip", 0, ""),
        ("site --edition edition.zip --out site", 3, "than is installed: make a new one with `headway edition build`"),
        ("simulate --posterior posterior.npz --draws 2", 0, BEGUN),
        ("simulate --posterior posterior-parts.npz --draws 2", 2, LACKING),
        ("forecast tilt posterior-parts.npz --out out.npz", 2, LACKING),
        (
            "forecast freeze --posterior posterior-parts.npz --out out.json",
            2,
            LACKING,
        ),
        ("forecast score --forecast forecast.json", 0, ""),
    ],
)
def test_a_file_of_an_earlier_version_is_read_or_refused_with_what_to_do(
    words: str, code: int, told: str, tmp_path: Path
) -> None:
    for path in OLD.iterdir():
        shutil.copy(path, tmp_path)
    before = runner.contents(tmp_path)
    found = runner.run(words.split(), tmp_path)
    assert not found.crash
    assert found.code == code, found.message
    assert told in found.message
    assert found.output or told or code == 1
    assert runner.contents(tmp_path) == before


def test_what_moved_between_versions_of_a_brief_is_read_at_its_new_place() -> None:
    """Titles lay among the details in schema version 1."""
    read = document.read(OLD / "brief.json")
    assert read.schema_version == 1
    lag = next(one for one in read.findings if ":gap.lag_observed@" in one.id)
    assert lag.value is not None
    assert lag.sentence
    assert not {"title", "short", "posterior", "coverage", "table"} & set(lag.details)


def test_a_snapshot_that_lacks_what_the_model_needs_is_told(tmp_path: Path) -> None:
    """Such was the first snapshot of all; here today's, without all that countries are chosen by."""
    shipped = open_snapshot(snapshot_folder())
    tables = {name: read_table(shipped, name) for name in TABLES}
    tables["observations"] = tables["observations"].query("indicator in ('gdp_usd', 'population')")
    write_snapshot(tables, tmp_path, shipped.date, indicators(), sources())
    with pytest.raises(EvidenceError, match="make the snapshot anew by `headway evidence build`"):
        by_weight(open_evidence(None, (), tmp_path))
