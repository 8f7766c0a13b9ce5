"""Model checks as data: scenario × series × predicate, read from YAML, and what changed since an earlier run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

import headway.scenarios
from headway.core.yaml_files import read
from headway.ensemble.question import ask
from headway.ensemble.simulation import BLOCK, joined

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws
    from headway.evidence import Evidence

SHIPPED = Path(headway.scenarios.__file__).with_name("checks.yaml")
_LAST = "2035"


class Check(BaseModel):
    """One check; see the head of checks.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    check: str
    says: str
    scenario: str
    against: str | None = None
    country: str
    focal: str | None = None
    series: str
    at: str
    expect: Literal["lower", "higher", "equal", "between"]
    between: tuple[float, float] | None = None
    tolerance: float = Field(0.0, ge=0)
    members: float = Field(gt=0, le=1)

    @model_validator(mode="after")
    def _complete(self) -> Check:
        if (self.expect == "between") == (self.between is None):
            raise ValueError("`between: [low, high]` goes with `expect: between`, and with nothing else")
        if (self.expect == "between") == (self.against is not None):
            raise ValueError("`against` is needed to compare, and has no place beside `expect: between`")
        return self


class Checks(BaseModel):
    """A file of checks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    checks: tuple[Check, ...] = Field(min_length=1)


class CheckOutcome(BaseModel):
    """Result of a check: the share of members in which it holds, and the median of the compared value."""

    check: str
    says: str
    passed: bool
    share: float
    needed: float
    median: float
    against: float | None


def read_checks(path: Path = SHIPPED) -> tuple[Check, ...]:
    """The checks of a file.

    Raises:
        InputError: missing or malformed; names file, line and field.
    """
    return read(Checks, path).checks


def run_checks(
    evidence: Evidence, checks: Sequence[Check], members: int = BLOCK, *, posterior: PosteriorDraws | None
) -> list[CheckOutcome]:
    """Run every scenario that the checks need once, and judge them.

    Args:
        posterior: as `headway.ensemble.question.ask` takes it.
    """
    series = tuple(dict.fromkeys(check.series for check in checks))
    countries = tuple(dict.fromkeys(check.country for check in checks))
    runs: dict[tuple[str, str], Mapping[str, Any]] = {}

    def values(check: Check, scenario: str) -> Any:
        focal = check.focal or check.country
        if (scenario, focal) not in runs:
            ensemble = ask(
                evidence, scenario, focal=[focal], countries=countries, series=series, until=_LAST, posterior=posterior
            )
            found = joined(list(ensemble.pieces(range(members)))).series
            names = ensemble.world.grid.names
            runs[scenario, focal] = {"series": found, "names": names, "countries": ensemble.countries}
        run = runs[scenario, focal]
        row, column = run["names"].index(check.at), run["countries"].index(check.country)
        return run["series"][check.series][row, column]

    return [_judge(check, values) for check in checks]


def _judge(check: Check, values: Any) -> CheckOutcome:
    found = values(check, check.scenario)
    other = None if check.against is None else values(check, check.against)
    if check.between is not None:
        holds = (found >= check.between[0]) & (found <= check.between[1])
    elif check.expect == "equal":
        holds = np.abs(found - other) <= check.tolerance
    else:
        holds = found < other if check.expect == "lower" else found > other
        if check.tolerance:
            holds |= np.abs(found - other) <= check.tolerance
    share = float(holds.mean())
    return CheckOutcome(
        check=check.check,
        says=check.says,
        passed=share >= check.members,
        share=share,
        needed=check.members,
        median=float(np.median(found)),
        against=None if other is None else float(np.median(other)),
    )


def page(outcomes: Sequence[CheckOutcome], before: Mapping[str, float] | None = None) -> str:
    """A page for people (Markdown): every check, what came out, and how the median moved since an earlier run."""
    lines = ["| | check | holds in | needed | median | against | since before |", "|---|---|---|---|---|---|---|"]
    for o in outcomes:
        against = "" if o.against is None else f"{o.against:.4g}"
        old = None if before is None else before.get(o.check)
        moved = "" if before is None else "new" if old is None else f"{o.median - old:+.3g}"
        mark = "✓" if o.passed else "**✗**"
        cells = (
            mark,
            f"{o.says} (`{o.check}`)",
            f"{o.share:.1%}",
            f"{o.needed:.0%}",
            f"{o.median:.4g}",
            against,
            moved,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
