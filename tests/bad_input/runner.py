"""One command run in this process as a user would run it, and what it left behind."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import io
import os
import pkgutil
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pytest

MOST_SECONDS = 20
MOST_BYTES = 2 << 30

HEAVY = (
    "headway.brief.compose.compose",
    "headway.brief.edition.brief_of",
    "headway.ensemble.simulation.Ensemble.pieces",
    "headway.ensemble.checks.run_checks",
    "headway.explain.answer.explain_gap",
    "headway.explain.sensitivity.ask.SensitivityQuestion.answer",
    "headway.inference.calibrate.calibrate",
    "headway.inference.forecast.freeze",
    "headway.inference.tilting.tilt",
    "headway.strategy.run.run",
)
"""Where computing begins: a command that comes so far has accepted all that it was given."""


class ComputingBeganError(BaseException):
    """Raised in place of a long computation; no command catches it."""


class TooLongError(BaseException):
    """Raised by the clock in a command that has not ended."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a user sees of one command: exit code, text on both streams, seconds, a traceback if there was one."""

    code: int
    output: str
    message: str
    seconds: float
    crash: str = ""


def stop_before_computing(patch: pytest.MonkeyPatch) -> None:
    """Let every long computation raise `ComputingBeganError` in place of what it does.

    Its code is replaced, not its name: a module that is loaded meanwhile keeps what it imports after this ends.
    """

    def begun(*_: object, **__: object) -> None:
        from runner import ComputingBeganError  # the globals are those of what is replaced

        raise ComputingBeganError

    from typer.main import get_command

    from headway.cli import app as cli

    for name in HEAVY:
        patch.setattr(inspect.unwrap(pkgutil.resolve_name(name)), "__code__", begun.__code__)
    patch.setattr(cli, "app", get_command(cli.app))  # built once, which takes as long as most of these commands


def run(words: list[str], folder: Path, standard_input: str = "") -> Outcome:
    """`headway` with `words`, in `folder`; exit code 0 where it came to a long computation."""
    from headway.cli.app import main

    output, message = _stream(), _stream()
    began = time.perf_counter()
    code, crash = 0, ""
    before = Path.cwd(), sys.argv, sys.stdin
    os.chdir(folder)
    sys.argv, sys.stdin = ["headway", *words], io.StringIO(standard_input)
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(message), _clock():
            main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except ComputingBeganError:
        print("computing began", file=message)
    except TooLongError:
        crash = f"no end after {MOST_SECONDS} s"
    except Exception:
        code, crash = 1, "".join(traceback.format_exc().splitlines(keepends=True)[-5:])
    finally:
        os.chdir(before[0])
        sys.argv, sys.stdin = before[1:]
    spent = time.perf_counter() - began
    return Outcome(code, _text(output), _text(message), spent, crash)


def most_memory() -> int:
    """Most bytes that this process has held at one time."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def contents(folder: Path) -> dict[str, str]:
    """What lies in a folder, by path: a hash of each file, the aim of each link."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"link to {os.readlink(path)}"
        elif path.is_dir():
            found[name] = "folder"
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict", newline="")


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


@contextlib.contextmanager
def _clock() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLongError

    earlier = signal.signal(signal.SIGALRM, stop)
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, earlier)
