"""Standard output that cannot be written: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from headway.cli import program
from headway.cli.app import main

TOLD = {">/dev/full": "cannot be written: No space left on device", ">&-": "standard output is closed"}
LONG = "from headway.cli import app\n@app.app.command()\ndef long():\n    print('x' * 100_000)\napp.program()"


def run(redirected: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with standard streams as a shell redirects them."""
    if "/dev/full" in redirected and not Path("/dev/full").exists():
        pytest.skip("NO /dev/full: it stands for a full disk")
    shell = ["sh", "-c", f'"$@" {redirected}', "sh", sys.executable, *arguments]
    return subprocess.run(shell, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("redirected", list(TOLD))
@pytest.mark.parametrize("arguments", [("-m", "headway", "--version"), ("-c", LONG, "long")], ids=["short", "long"])
def test_output_that_is_lost_is_bad_input(redirected: str, arguments: tuple[str, ...]) -> None:
    """A short output fails when it is written at the end, a long one in the middle of a command."""
    done = run(redirected, *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("error: standard output")
    assert TOLD[redirected] in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_disk_that_takes_a_part_is_told(unbuffered: str, tmp_path: Path) -> None:
    """A disk that fills up takes what fits and says nothing; only the next write fails."""
    shell = ["sh", "-c", f'ulimit -f 16; PYTHONUNBUFFERED={unbuffered} "$@" > {tmp_path}/out', "sh"]
    done = subprocess.run([*shell, sys.executable, "-c", LONG, "long"], capture_output=True, text=True, check=False)
    assert 0 < (tmp_path / "out").stat().st_size < 100_000
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("error: standard output cannot be written")


@pytest.mark.parametrize("printed", ["print('x' * 100_000)", "console().print('x ' * 100_000)"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_is_no_fault(printed: str, unbuffered: str) -> None:
    long = LONG.replace("print('x' * 100_000)", f"from headway.cli.common import console\n    {printed}")
    shell = ["sh", "-c", f'{{ PYTHONUNBUFFERED={unbuffered} "$@"; echo "ended $?" >&2; }} | head -c 10', "sh"]
    done = subprocess.run([*shell, sys.executable, "-c", long, "long"], capture_output=True, text=True, check=False)
    assert done.stderr == "ended 0\n"
    assert len(done.stdout) == 10


class Interrupted:
    """A module during whose loading the user interrupts."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_an_interrupt_while_the_commands_load_is_told_in_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "headway.cli.app", Interrupted())
    with pytest.raises(SystemExit) as ended:
        program()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_folder_that_may_not_be_entered_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def closed(*_: object, **__: object) -> bool:
        raise PermissionError(13, "Permission denied", "closed/a.html")

    monkeypatch.setattr(Path, "is_dir", closed)
    monkeypatch.setattr(sys, "argv", ["headway", "brief", "FRA", "--html", "closed/a.html"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "error: closed/a.html: Permission denied\n"


@pytest.mark.parametrize("given", ["2023-13-31", "31.12.2023", "2023"])
def test_a_day_that_is_none_is_told_with_one_that_is(given: str) -> None:
    done = run("", "-m", "headway", "brief", "FRA", "--as-of", given)
    assert done.returncode == 2
    assert f"'{given}' is no day such as 2023-12-31" in done.stderr


def test_a_closed_standard_error_loses_words_only() -> None:
    done = run("2>&-", "-m", "headway", "--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "headway")
    done = run("2>&-", "-m", "headway", "trace", "nonsense")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_reader_who_leaves_is_no_fault() -> None:
    done = run("| head -c 3", "-c", LONG, "long")
    assert (done.returncode, done.stdout, done.stderr) == (0, "xxx", "")
