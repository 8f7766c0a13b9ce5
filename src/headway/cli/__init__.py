"""The command line: one command a question. Data go to stdout, words to stderr."""

import sys
from typing import NoReturn


def program() -> NoReturn:
    """Run the command line as a program of its own; an interrupt ends it in a word while its modules load, too."""
    try:
        from headway.cli.app import program as run

        run()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
