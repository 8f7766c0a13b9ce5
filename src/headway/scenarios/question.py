"""A question about a country as a user words it: day, own files, country, rivals, scenario; checked, as a context."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headway.core.errors import InputError

if TYPE_CHECKING:
    from headway.evidence import Evidence
    from headway.findings import Context

_EARLIEST = dt.date(2000, 1, 1)


def evidence_on(day: dt.date | None, files: Sequence[Path]) -> Evidence:
    """Evidence as known on `day`, with the user's own files.

    Raises:
        InputError: a day that has not come yet or lies before any evidence; a user's file that breaks a rule.
    """
    from headway.evidence import open_evidence

    if day is not None and day > dt.date.today() and day > open_evidence().as_of:  # a clock may be behind
        raise InputError(
            f"--as-of {day} lies in the future: evidence is known up to today; for forecasts see --scenario"
        )
    if day is not None and day < _EARLIEST:
        raise InputError(f"--as-of {day} lies before any evidence of Headway; give a day from {_EARLIEST} on")
    return open_evidence(day, files)


def context(
    evidence: Evidence, country: str, against: Sequence[str] = (), scenario: str | None = None, seed: int = 0
) -> Context:
    """The context of one country.

    Raises:
        InputError: an unknown country, a country compared with itself, an unknown or malformed scenario.
    """
    from headway.findings import Context

    code = evidence.resolve(country).code
    others = dict.fromkeys(evidence.resolve(name).code for name in split(against))
    if code in others:
        raise InputError(f"--against {code}: a country is not compared with itself")
    if scenario is not None:
        from headway.scenarios.scenario import load  # the reader of YAML is heavy

        load(scenario)
    return Context(evidence, code, tuple(others), scenario, seed)


def split(names: Sequence[str]) -> list[str]:
    """Names given several times or joined by commas.

    Raises:
        InputError: an empty name.
    """
    parts = [part.strip() for name in names for part in name.split(",")]
    if not all(parts):
        raise InputError(f"'{','.join(names)}': a name in the list is empty; write codes or names joined by commas")
    return parts
