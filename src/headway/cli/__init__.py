"""The command line: one command a question. Data go to stdout, words to stderr."""

from headway.cli.app import main, program

__all__ = ["main", "program"]
