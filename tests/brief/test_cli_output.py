"""Standard output that cannot be written: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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


def test_a_closed_standard_error_loses_words_only() -> None:
    done = run("2>&-", "-m", "headway", "--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "headway")
    done = run("2>&-", "-m", "headway", "trace", "nonsense")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_reader_who_leaves_is_no_fault() -> None:
    done = run("| head -c 3", "-c", LONG, "long")
    assert (done.returncode, done.stdout, done.stderr) == (0, "xxx", "")
