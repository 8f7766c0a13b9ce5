"""Dates, countries, numbers and paths on the command line, each refused with the word that names it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import runner

_COMMANDS = {
    "as-of": "evidence list --as-of {}",
    "brief": "brief {}",
    "countries": "simulate --prior --draws 2 --countries {}",
    "until": "simulate --prior --draws 2 --until {}",
    "draws": "simulate --prior --draws {}",
    "seed": "simulate --prior --draws 2 --seed {}",
    "budget": "strategy RUS --prior --draws 20 --budget {}",
    "trace": "trace {}",
    "out": "parameters --format csv --out {}",
    "scenario": "scenarios {}",
    "show": "evidence show gdp_usd {}",
}
_BAD = {
    "as-of": ("2025-02-30", "2025-13-01", "20250101", "yesterday", "1e9"),
    "brief": ("Atlantis", "", "XYZ", "RU5", "ＲＵＳ1", "USА1", "=1+1", "RUS;ls"),
    "countries": ("Atlantis", "RUS,Atlantis", ",", "X" * 5000),
    "until": ("1900", "9999", "2040Q5", "never", "-1", "1e3", "2040-13"),
    "draws": ("0", "-1", "1.5", "many", "nan", "inf", "1e3", "9" * 40),
    "seed": ("-1", "4294967296", "1.5", "nan", "zero"),
    "budget": ("0", "-1", "nan", "inf", "1e308", "much", "21"),
    "trace": ("", "RUS", "RUS:", "RUS:none.none@2026-11-22", "RUS:gap.training_compute:USA@2026-02-30", ":" * 999),
    "out": (".", "none/out.csv", "kept.csv", "/dev/full/x.csv", "kept.csv/out.csv"),
    "scenario": ("none", "../../etc/passwd", "/etc/passwd", ".", "basel\u0456ne"),
    "show": ("Atlantis", "", "FRA FRA"),
}


@pytest.fixture(autouse=True, scope="module")
def no_computing() -> Iterator[None]:
    """Long computations end where they begin."""
    with pytest.MonkeyPatch.context() as patch:
        runner.stop_before_computing(patch)
        yield


@pytest.mark.parametrize("name", _COMMANDS)
def test_a_word_is_refused_clearly(name: str, tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_text("mine\n", encoding="utf-8")
    before = runner.contents(tmp_path)
    wrong = []
    for word in _BAD[name]:
        found = runner.run([part.replace("{}", word) for part in _COMMANDS[name].split()], tmp_path)
        if found.crash or found.code not in (2, 3) or "rror" not in found.message:
            wrong.append(f"{word[:40]!r}: exit code {found.code}: {found.message[-300:]} {found.crash}")
        if runner.contents(tmp_path) != before:
            wrong.append(f"{word!r} changed files")
    assert not wrong, "\n".join(wrong)
