"""The lines under a chart give again what the page shows, and what a command writes is what the server sends."""

from __future__ import annotations

import io
import json
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from headway.cli.app import app as commands
from headway.core.errors import InputError
from headway.explorer.ask import state_of

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def again(client: TestClient, address: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, Any, Path]:
    """The CSV that the command of an address writes, the table that its Python gives, and the lines."""
    monkeypatch.chdir(folder)
    lines = client.get(address.replace("?", ".json?", 1)).json()["reproduce"]
    program, *words = shlex.split(lines["command"])
    assert program == "headway"
    done = CliRunner().invoke(commands, words)
    assert done.exit_code == 0, done.output
    known: dict[str, Any] = {}
    exec(lines["python"], known)
    file = folder / words[-1]
    assert known["table"].shape == pd.read_csv(_without_notes(file)).shape
    return file.read_bytes(), known["table"], file


def _without_notes(file: Path) -> Any:
    return io.StringIO("".join(line for line in file.read_text("utf-8").splitlines(True) if line[0] != "#"))


def test_the_lines_under_a_chart_give_its_table_again(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in ("world?domain=compute&country=FRA&top=10", "standing?country=FRA&compute=3"):
        path, query = page.split("?")
        written, table, file = again(client, f"/{page}", tmp_path, monkeypatch)
        assert written == client.get(f"/{path}.csv?{query}").content
        shown = client.get(f"/{path}.json?{query}").json()["tables"][0]["rows"]
        assert table.to_dict("records") == [{key: row[key] for key in table.columns} for row in shown]
    if shutil.which("Rscript"):
        line = client.get("/standing.json?country=FRA&compute=3").json()["reproduce"]["r"]
        code = f"{line}; cat(nrow(table), names(table)[1:3], table$country[1])"
        said = subprocess.run(
            ["Rscript", "--vanilla", "-e", code],
            cwd=file.parent,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert said.stdout == f"{len(table)} code country rank {table['country'].iloc[0]}"


@pytest.mark.slow
def test_the_lines_under_a_chart_of_the_model_give_its_table_again(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from headway.explorer import session

    monkeypatch.setattr(session.ExplorerSession.__init__, "__defaults__", ((), 256))  # as many draws as the fixture has
    page = "/whatif?country=FRA&spending=2&until=2030"
    written, _, _ = again(client, page, tmp_path, monkeypatch)
    assert written == client.get(page.replace("?", ".csv?")).content


def test_a_command_writes_every_form_and_refuses_what_is_no_answer(client: TestClient, tmp_path: Path) -> None:
    for shape in ("json", "svg", "parquet", "png"):
        out = tmp_path / f"answer.{shape}"
        assert (
            CliRunner().invoke(commands, ["answer", "http://a.example/world?top=10", "--out", str(out)]).exit_code == 0
        )
        sent = client.get(f"/world.{shape}?top=10").content
        assert json.loads(out.read_bytes()) == json.loads(sent) if shape == "json" else out.read_bytes() == sent
    for words, said in (
        (["/nowhere"], "is the address of no answer; give one such as /world"),
        (["/world?top=9"], "top: input should be greater than or equal to 10"),
        (["/world", "--out", "a.doc"], "write .json, .csv"),
    ):
        error = CliRunner().invoke(commands, ["answer", *words]).exception
        assert isinstance(error, InputError)
        assert said in str(error)
    assert state_of("http://127.0.0.1:8321/world?top=10#x") == state_of("/world?top=10")
