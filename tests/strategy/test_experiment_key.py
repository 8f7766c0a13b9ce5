"""Outcomes on disk are taken for a question only where all that they depend on is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.evidence import open_evidence
from headway.strategy.question import ask


def key(scenario: Path) -> str:
    return ask(open_evidence(), "USA", scenario_name=str(scenario), draws=1, posterior=None).key


def test_parameters_that_a_scenario_below_holds_change_the_key(tmp_path: Path) -> None:
    head = "title: made\ndescription: made\n"
    mine, base = tmp_path / "mine.yaml", tmp_path / "base.yaml"
    mine.write_text(f"scenario: mine\n{head}extends: base.yaml\n")
    keys = set()
    for body in ("", "parameters: {slope: 10.0}", "parameters: {slope: 12.0}"):
        base.write_text(f"scenario: base\n{head}{body}\n")
        keys.add(key(mine))
    assert len(keys) == 3


def test_changed_equations_change_the_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("scenario: mine\ntitle: made\ndescription: made\n")
    before = key(mine)
    monkeypatch.setattr("headway.strategy.experiment.source", lambda *rooms: "0" * 8)
    assert key(mine) != before
