"""An outlook is remembered for what a scenario says, not for what its file is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.evidence import open_evidence
from headway.inference import outlook as room


def test_a_changed_file_below_the_scenario_is_another_outlook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[object] = []
    monkeypatch.setattr(room, "_outlook", lambda key, *rest: asked.append(key))
    head = "title: made\ndescription: made\n"
    mine, base = tmp_path / "mine.yaml", tmp_path / "base.yaml"
    mine.write_text(f"scenario: mine\n{head}extends: base.yaml\n")
    for factor in (2, 2, 3):
        base.write_text(f"scenario: base\n{head}investment: [{{multiply: {{2027-01-01: {factor}}}}}]\n")
        room.outlook(open_evidence(), ["USA"], str(mine))
    assert asked[0] == asked[1] != asked[2]
