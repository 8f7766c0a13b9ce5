"""What `--help` says: every option explained, whole sentences, and examples that parse."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from headway.cli.app import app
from headway.cli.examples import EXAMPLES

ROOT: Any = typer.main.get_command(app)


def commands(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        yield f"{above}{name}", command
        if hasattr(command, "commands"):
            yield from commands(command, f"{above}{name} ")


COMMANDS = dict(commands(ROOT))
LEAVES = [name for name, command in COMMANDS.items() if not hasattr(command, "commands")]


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_has_examples_and_explains_each_option(name: str) -> None:
    assert EXAMPLES.get(name), "give an example in headway/cli/examples.py"
    silent = [one.name for one in COMMANDS[name].params if one.name != "help" and not getattr(one, "help", None)]
    assert not silent
    said = CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "80"})
    assert said.exit_code == 0
    lines = said.output.splitlines()
    for rest in EXAMPLES[name]:
        assert f"    headway {name} {rest}".rstrip() in lines, "an example stands in one line, as it is typed"


@pytest.mark.parametrize(("name", "rest"), [(name, rest) for name in EXAMPLES for rest in EXAMPLES[name]])
def test_every_example_parses(name: str, rest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    command = COMMANDS[name]
    with command.make_context(name, shlex.split(rest), resilient_parsing=False) as context:
        assert context.command is command


def test_examples_are_of_commands_that_exist() -> None:
    assert set(EXAMPLES) <= set(COMMANDS)


@pytest.mark.parametrize("name", ["", *(name for name in COMMANDS if name not in LEAVES)])
def test_a_list_of_commands_cuts_no_sentence(name: str) -> None:
    said = CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "80"})
    assert "..." not in said.output.partition("\n")[2]
    assert max(map(len, said.output.splitlines())) <= 80
