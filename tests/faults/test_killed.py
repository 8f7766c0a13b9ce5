"""What is written is written whole or not at all, whenever the process is killed, and the next one clears up."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import steps

from headway.brief import edition
from headway.brief.compose import Brief, compose
from headway.core.cache import ARRAYS, cached_on_disk
from headway.core.files import temporary_file, temporary_folder, write_atomically
from headway.evidence import build, open_evidence, refresh
from headway.evidence.fetch import Manifest, ManifestFile
from headway.evidence.snapshot import TABLES, open_snapshot, read_table
from headway.evidence.store import snapshot_folder
from headway.findings import Context
from headway.site import folder as site
from headway.strategy.outcomes import OUTCOMES
from headway.strategy.run import WorkUnit, open_store

DAY = dt.date(2026, 11, 22)
CODES = ("FRA",)


def nothing(folder: Path) -> None:
    """A folder as it is."""


def earlier_file(folder: Path) -> None:
    (folder / "table.csv").write_text("earlier\n")


def write_file(folder: Path) -> None:
    write_atomically(folder / "table.csv", "new\n", force=True)


def earlier_site(folder: Path) -> None:
    with site.filled(folder / "site", force=False) as made:
        made.add("index.html", "earlier")
        made.add("old/page.html", "earlier")


def write_site(folder: Path) -> None:
    with site.filled(folder / "site", force=True) as made:
        made.add("index.html", "new")
        made.add("page/a.html", "new")


def keep_entry(folder: Path) -> None:
    pytest.MonkeyPatch().setattr("headway.core.cache.cache_folder", lambda name: folder / name)
    cached_on_disk("arrays", ("a",), lambda: {"a": np.arange(3.0)}, ARRAYS)


def keep_outcomes(folder: Path) -> None:
    shelf = open_store((3, 1, 10), {"seed": 0}, "key", folder)
    for piece in shelf.missing([WorkUnit(h, range(10), range(3)) for h in range(1)]):
        numbers = np.full((3, len(OUTCOMES), 10), piece.happening, np.float32)
        shelf.put(piece, numbers, np.zeros((3, 10), np.int8))


@cache
def tables() -> dict[str, pd.DataFrame]:
    snapshot = open_snapshot(snapshot_folder())
    return {name: read_table(snapshot, name).tail(40) for name in TABLES}


def earlier_snapshot(folder: Path) -> None:
    build.replace_snapshot(tables(), folder / "data", folder / "data", DAY - dt.timedelta(1))


def build_snapshot(folder: Path) -> None:
    build.replace_snapshot(tables(), folder / "data", folder / "data", DAY)


def renew_files(folder: Path) -> None:
    """A refresh whose publishers serve nothing new but one file."""

    def assemble(parts: object) -> dict[str, pd.DataFrame]:
        return tables()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh, "assemble", assemble)
        patch.setattr(refresh, "read_group", lambda *words: None)
        file = ManifestFile(
            path="a/b.csv", role="all", adapter="imo", source="imo", url="https://example.org", sha256="0" * 64,
            retrieved_on=DAY,
        )  # fmt: skip
        out = folder / "data"
        refresh.refresh(folder / "cache", out, out, Manifest(snapshot_date=DAY, files=(file,)), DAY, download=served)


def served(file: ManifestFile, folder: Path) -> Path:
    (folder / file.path).parent.mkdir()
    (folder / file.path).write_text("served\n")
    return folder / file.path


@cache
def briefs() -> dict[str, Brief]:
    return {code: compose(Context(open_evidence(), code), ()) for code in CODES}


def build_edition(folder: Path) -> None:
    pytest.MonkeyPatch().setattr(edition, "cache_folder", lambda name: folder / "cache" / name)
    key = edition.EditionKey(**{field.name: "0" for field in fields(edition.EditionKey)} | {"as_of": DAY})
    contexts = [Context(open_evidence(), code) for code in CODES]
    parts = edition.parts_folder(key)
    made = dict(edition.built(contexts, parts, lambda context: briefs()[context.country]))
    write_atomically(folder / "edition.zip", edition.packed(key, made), force=True)
    edition.remove_parts(parts)


def load_edition(folder: Path) -> None:
    briefs()  # made once, before any process is split off


ACTIONS: dict[str, tuple[steps.Action, steps.Action]] = {
    "a file, replaced": (earlier_file, write_file),
    "a site, replaced": (earlier_site, write_site),
    "an entry of a cache": (nothing, keep_entry),
    "outcomes of strategies (`--store`)": (nothing, keep_outcomes),
    "an edition with its finished briefs": (load_edition, build_edition),
    "a snapshot of the evidence, replaced": (earlier_snapshot, build_snapshot),
    "a refresh of the evidence": (earlier_snapshot, renew_files),
}
LONG = ("a snapshot of the evidence, replaced", "a refresh of the evidence")


@pytest.mark.parametrize(
    ("prepare", "act"),
    [pytest.param(*ACTIONS[name], marks=pytest.mark.slow if name in LONG else (), id=name) for name in ACTIONS],
)
def test_killed_before_each_write_and_done_again(prepare: steps.Action, act: steps.Action, tmp_path: Path) -> None:
    found = list(steps.faults(prepare, act, tmp_path))
    assert len(found) > 2, "it writes"
    assert [(step, wrong) for step, wrong in found if wrong] == []


def test_the_earlier_file_stands_until_the_new_one_is_whole(tmp_path: Path) -> None:
    earlier_file(tmp_path)
    for step in range(1, 20):
        if steps.in_a_process(write_file, tmp_path, step) == 0:
            break
        assert (tmp_path / "table.csv").read_text() in {"earlier\n", "new\n"}
    assert (tmp_path / "table.csv").read_text() == "new\n"


@pytest.mark.parametrize("make", [temporary_file, temporary_folder])
def test_what_a_living_process_fills_is_left_alone(
    make: Callable[[Path], AbstractContextManager[Path]], tmp_path: Path
) -> None:
    """Another process that writes beside it takes only what nobody fills any more."""
    with make(tmp_path / "a") as mine:
        (tmp_path / ".b.headway-gone").write_text("of a killed process")
        (tmp_path / ".hidden").write_text("of the user")
        assert steps.in_a_process(write_file, tmp_path) == 0
        assert mine.exists()
        assert not (tmp_path / ".b.headway-gone").exists()
    assert {path.name for path in tmp_path.iterdir()} == {".hidden", "table.csv"}


def test_a_new_file_taken_for_abandoned_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its making and its lock a file looks like one that a killed process left."""
    true_lock, taken = fcntl.flock, []

    def flock(handle: int, way: int) -> None:
        if not taken:
            (path,) = tmp_path.glob(".table.csv.*")
            path.unlink()
            taken.append(path.name)
        true_lock(handle, way)

    monkeypatch.setattr(fcntl, "flock", flock)
    write_file(tmp_path)
    assert taken
    assert os.listdir(tmp_path) == ["table.csv"]
