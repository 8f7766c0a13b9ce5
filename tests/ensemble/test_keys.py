"""A stored run is carried on only where nothing has changed that its numbers depend on: no file, no row, no code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from headway.ensemble.engine import Ensemble, origin
from headway.ensemble.question import ask
from headway.evidence import open_evidence

FOCAL = "USA"


def question(scenario: str = "baseline") -> Ensemble:
    return ask(open_evidence(), scenario, focal=[FOCAL], until="2031", posterior=None)


def test_a_change_in_a_file_that_a_scenario_extends_changes_the_key(tmp_path: Path) -> None:
    head = "title: made\ndescription: made\n"
    (tmp_path / "mine.yaml").write_text(f"scenario: mine\n{head}extends: base.yaml\n")
    keys = set()
    for body in ("", "investment: [{multiply: {2027-01-01: 2}}]", "parameters: {slope: 10.0}"):
        (tmp_path / "base.yaml").write_text(f"scenario: base\n{head}{body}\n")
        keys.add(question(str(tmp_path / "mine.yaml")).key)
    assert len(keys) == 3


def test_own_rows_change_the_key_where_they_move_no_driver() -> None:
    world = question().world
    for field in ("log_compute", "compute_sd", "talent", "pay", "closeness"):
        moved = replace(world, **{field: getattr(world, field) * 1.01})
        known = question().registry
        assert origin(moved, known, None) != origin(world, known, None), field


def test_changed_equations_change_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = question().key
    monkeypatch.setattr("headway.ensemble.engine.source", lambda *rooms: "0" * 8)
    assert question().key != before
