"""Precision and recall of the reader's steps, counted by hand on sentences whose reading is given."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from headway.claims import measure
from headway.core.errors import EvidenceError, InputError

NOTHING: dict[str, Any] = {
    "countries": (), "periods": (), "amounts": (), "negated": False, "hedged": False, "attributed": False,
    "direction": None, "topic": None, "kind": "none",
}  # fmt: skip
UNLABELLED: dict[str, Any] = {
    "countries": [], "dates": [], "amounts": [], "negated": False, "hedged": False, "attributed": False,
    "direction": None, "quantity": None, "kind": "none",
}  # fmt: skip


def scored(monkeypatch: pytest.MonkeyPatch, *pairs: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    """Right, found and labelled of every step, from what was labelled and what was read of each sentence."""
    read = {str(number): SimpleNamespace(**(NOTHING | found)) for number, (_, found) in enumerate(pairs)}
    monkeypatch.setattr(measure, "read_sentence", read.__getitem__)
    labels = [{"text": str(number), **UNLABELLED, **label} for number, (label, _) in enumerate(pairs)]
    return {one.step: (one.right, one.found, one.wanted) for one in measure.scores(labels)}


def test_every_step_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = scored(
        monkeypatch,
        (
            {"countries": ["FRA", "DEU"], "dates": ["2024"], "amounts": [[1.00004, "usd"]], "negated": True,
             "direction": "up", "quantity": "gdp", "kind": "fact"},
            {"countries": ("FRA", "FRA", "USA"), "periods": ("2024", "2025"),
             "amounts": (SimpleNamespace(value=1.00003, unit="usd"),), "negated": True, "hedged": True,
             "direction": "down", "topic": "gdp", "kind": "fact"},
        ),
        ({"hedged": True, "kind": "opinion"}, {"attributed": True, "kind": "forecast"}),
        ({"kind": "advice", "attributed": True}, {"attributed": True, "kind": "advice"}),
    )  # fmt: skip
    assert found["countries and actors"] == (1, 3, 2)
    assert found["dates"] == (1, 2, 1)
    assert found["amounts and units"] == (1, 1, 1), "four digits count"
    assert found["negation"] == (1, 1, 1)
    assert found["hedges"] == (0, 1, 1)
    assert found["attribution"] == (1, 2, 1)
    assert found["direction"] == (0, 1, 1)
    assert found["topic"] == (1, 1, 1)
    assert found["is it checkable"] == (1, 2, 1), "facts and forecasts are, opinions and advice are not"
    assert found["kind: fact"] == (1, 1, 1)
    assert found["kind: forecast"] == (0, 1, 0)
    assert found["kind: opinion"] == (0, 0, 1)
    assert found["kind, all"] == (2, 3, 3)


def test_shares_and_the_table() -> None:
    half, none = measure.StepScore("dates", 3, 6, 4), measure.StepScore("hedges", 0, 0, 0)
    assert (half.precision, half.recall) == (0.5, 0.75)
    assert (none.precision, none.recall) == (None, None)
    assert measure.table([half, none]).splitlines()[2:] == ["| dates | 4 | 0.50 | 0.75 |", "| hedges | 0 | – | – |"]


def test_labels_are_read_line_by_line_and_as_they_were_frozen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(json.dumps({"text": "a"}) + "\n{\n")
    with pytest.raises(InputError, match=r"labels\.jsonl, line 2: not JSON"):
        measure.read_labels(file)
    file.write_text("")
    assert measure.read_labels(file) == []
    frozen = file.with_suffix(".sha256")
    frozen.write_text(hashlib.sha256(b"").hexdigest() + "  labels.jsonl\n")
    assert measure.main([str(file)]) == 0
    assert "**labels.jsonl**, 0 sentences" in capsys.readouterr().out
    frozen.write_text("0" * 64)
    with pytest.raises(EvidenceError, match="changed since it was frozen"):
        measure.read_labels(file)
    assert measure.main([str(file)]) == 3
    assert measure.main([]) == 2
