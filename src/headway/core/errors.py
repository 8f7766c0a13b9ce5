"""Errors a user can cause or meet, each with the exit code that a script may test for.

A message names the file, field or row, says what was wrong and what would be right.
"""

from __future__ import annotations


class HeadwayError(Exception):
    """Base of all errors shown to a user as one message, never as a traceback."""

    exit_code: int = 1


class InputError(HeadwayError):
    """The user's input cannot be used: unknown name, malformed file, option out of range."""

    exit_code = 2


class EvidenceError(HeadwayError):
    """Evidence is missing, stale, or does not match its recorded hash."""

    exit_code = 3


class ModelError(HeadwayError):
    """The model or its fit failed one of its own checks."""

    exit_code = 4
