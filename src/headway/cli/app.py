"""The root command, its groups, and the one place where errors become exit codes."""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any, NoReturn

import typer

from headway import __version__
from headway.cli.common import SentenceGroup
from headway.cli.examples import add_examples
from headway.core.errors import HeadwayError, InputError
from headway.core.extras import naming_extras
from headway.core.wording import readable

app = typer.Typer(
    cls=SentenceGroup,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Where a country stands in AI, whether the gap widens and why, what would change it, how sure anyone can be.",
)

# Each module adds its commands through `register(app)`; heavy libraries are imported inside the commands.
_MODULES: tuple[str, ...] = (
    "brief", "explain", "sensitivity", "strategy", "claims", "trace", "standing", "simulate", "serve", "answer",
    "calibrate", "hindcast", "score", "forecast", "capability", "checks", "index", "assumptions", "evidence", "edition",
    "diff", "site", "mcp",
)  # fmt: skip

for _module in _MODULES:
    importlib.import_module(f"headway.cli.{_module}").register(app)
add_examples(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"headway {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that stand before any command."""


def program() -> NoReturn:
    """End the process once `main` has written all.

    Taking apart what heavy libraries built would cost another half a second.
    """
    gc.set_threshold(100_000, 20, 20)  # tables and compiled functions are many objects and few cycles
    if sys.stdout is not None:
        target: Any = sys.stdout.buffer
        unbuffered = isinstance(target, io.RawIOBase)  # PYTHONUNBUFFERED; a full disk takes part of a write in silence
        target = io.BufferedWriter(target) if unbuffered else target
        sys.stdout = _Output(
            target, sys.stdout.encoding, sys.stdout.errors, line_buffering=unbuffered or sys.stdout.isatty()
        )
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, InputError, _ReaderLeftError):  # told already, or its reader has left
            if stream is not None:
                stream.flush()
    atexit._run_exitfuncs()
    os._exit(code)


def main() -> NoReturn:
    """Run the command line.

    Exit codes: 0 done, 1 a finding under an opt-in gate, 2 bad input, 3 data, 4 model, 130 interrupted.
    """
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (as long-lived as the program)
    _speak_utf8()
    try:
        if sys.stdout is None:  # the first file that is opened would take its place
            raise InputError("standard output is closed; send it to a file, or to /dev/null where it is not wanted")
        try:
            with naming_extras():
                app()
        finally:
            sys.stdout.flush()
    except HeadwayError as error:
        print(f"error: {readable(str(error))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except PermissionError as error:  # such as a path in a folder that the user may not enter
        if error.filename is None:
            raise
        print(f"error: {readable(str(error.filename))}: {error.strerror}", file=sys.stderr)
        sys.exit(InputError.exit_code)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
    except (BrokenPipeError, _ReaderLeftError):
        sys.stderr.close()
    sys.exit(0)


class _ReaderLeftError(Exception):
    """Whoever read the output has left; no OSError, since the libraries that print would end with code 1 at that."""


class _Output(io.TextIOWrapper):
    """Standard output whose faults are told in a sentence; that whoever read it has left is none."""

    def write(self, text: str) -> int:
        """As in a text stream; raises InputError where it cannot be written, for instance to a full disk."""
        with _told():
            return super().write(text)

    def flush(self) -> None:
        """As in a text stream; raises InputError where what was held back cannot be written."""
        with _told():
            super().flush()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise _ReaderLeftError from error
    except OSError as error:
        raise InputError(f"standard output cannot be written: {error.strerror}") from error


def _speak_utf8() -> None:
    """Sentences carry true minus signs and names in any script: pipes get UTF-8, a lesser terminal question marks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")
