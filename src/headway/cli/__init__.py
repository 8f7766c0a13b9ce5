"""The command line: one command a question. Data go to stdout, words to stderr."""

from headway.cli.app import main

__all__ = ["main"]
