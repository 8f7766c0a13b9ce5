"""The documentation runs: its Python, its specification, its commands, and its pictures are there."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.standing.spec import parse_yaml

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "standing.md"


COINR = ROOT / "docs" / "standing-from-coinr.md"


def blocks(language: str, page: Path = PAGE) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


def test_the_python_runs_from_top_to_bottom(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    exec("\n".join(blocks("python")), {"__name__": "docs"})
    assert "Finland stands above Japan" in capsys.readouterr().out


def test_the_page_for_users_of_coinr_runs_from_top_to_bottom(capsys: pytest.CaptureFixture[str]) -> None:
    exec("\n".join(blocks("python", COINR)), {"__name__": "docs"})
    assert "(half_ranks), which the specification does not hold" in capsys.readouterr().out


def test_the_specification_is_one() -> None:
    (text,) = blocks("yaml")
    assert parse_yaml(text, "docs").tree.root == "index"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    _, *words = shlex.split(command)
    if "--out" in words:
        at = words.index("--out") + 1
        assert (ROOT / words[at]).is_file()
        words[at] = str(tmp_path / Path(words[at]).name)
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    if "--out" in words:
        drawn = Path(words[at]).read_text(encoding="utf-8")
        assert drawn.startswith("<svg")
        assert "<desc" in drawn
        assert "As of 10 July 2001" in drawn


def test_every_picture_is_shown() -> None:
    shown = set(re.findall(r"\(img/standing/([a-z]+)\.svg\)", PAGE.read_text(encoding="utf-8")))
    assert shown == {path.stem for path in (ROOT / "docs" / "img" / "standing").glob("*.svg")}
