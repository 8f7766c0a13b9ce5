"""Changes between two briefs of one country, with the reason of each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from headway.brief import view
from headway.brief.compose import Brief
from headway.brief.document import Document, ProvenanceRecord, text
from headway.core import wording as plain
from headway.core.errors import InputError
from headway.findings import Finding

Kind = Literal["moved", "new", "gone", "reworded"]
Reason = Literal["new date", "new evidence", "your own evidence", "new model", "new scenario", "new version"]


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One finding that is not as it was.

    Attributes:
        key: the finding's id without its date.
        outside: whether a moved number left the interval it had before.
        reasons: what can have moved it.
    """

    key: str
    kind: Kind
    title: str
    before: str
    after: str
    outside: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """All changes since an earlier brief, and what differs in what made the two."""

    country: str
    since: dt.date
    until: dt.date
    causes: tuple[str, ...]
    changes: tuple[FindingChange, ...]
    unchanged: int


def diff(old: Document, new: Brief, also: Iterable[Reason] = ()) -> Diff:
    """Compare by finding id without its date.

    Args:
        also: what else is known to differ in what made the two.

    Raises:
        InputError: the two are briefs of different countries.
    """
    same_country(old, new.country)
    before = {key(finding.id): finding for finding in old.findings}
    after = {key(finding.id): finding for finding in new.findings}
    reasons = tuple(dict.fromkeys((*_reasons(old, new), *also)))
    changes = [
        change
        for name in dict.fromkeys((*after, *before))
        if (change := _change(name, before.get(name), after.get(name), reasons)) is not None
    ]
    order: dict[Kind, int] = {"moved": 0, "new": 1, "gone": 2, "reworded": 3}
    changes.sort(key=lambda change: (order[change.kind], not change.outside))
    same = len(set(before) & set(after)) - sum(change.kind in {"moved", "reworded"} for change in changes)
    return Diff(new.country, old.as_of, new.as_of, tuple(_causes(old, new)), tuple(changes), same)


def same_country(old: Document, country: str) -> None:
    """Refuse to compare briefs of two countries.

    Raises:
        InputError: `old` is of another country.
    """
    if old.country != country:
        raise InputError(f"the earlier brief is of {old.country}, this one of {country}: compare like with like")


def key(identifier: str) -> str:
    """A finding's id without its date and without the hash of the user's own evidence."""
    return re.sub(r"\+[0-9a-f]{8}$", "", re.sub(r"@\d{4}-\d{2}-\d{2}", "", identifier))


def _change(name: str, old: Finding | None, new: Finding | None, reasons: tuple[Reason, ...]) -> FindingChange | None:
    if new is None:
        assert old is not None
        return FindingChange(name, "gone", view.title(old), old.sentence, "", False, reasons)
    if old is None:
        return FindingChange(name, "new", view.title(new), "", new.sentence, False, reasons)
    if not _same(old.value, new.value) or not _same(old.low, new.low) or not _same(old.high, new.high):
        outside = (
            isinstance(new.value, float | int)
            and old.low is not None
            and old.high is not None
            and not old.low <= new.value <= old.high
        )
        return FindingChange(
            name, "moved", view.title(new), _number(old), _number(new), outside, _moved_by(new, reasons)
        )
    if old.sentence != new.sentence:
        return FindingChange(
            name, "reworded", view.title(new), old.sentence, new.sentence, False, _moved_by(new, reasons)
        )
    return None


def _reasons(old: Document, new: Brief) -> tuple[Reason, ...]:
    found: list[Reason] = []
    pairs: tuple[tuple[Reason, object, object], ...] = (
        ("new date", old.as_of, new.as_of),
        ("new evidence", old.recipe.snapshot, new.recipe.snapshot),
        ("your own evidence", old.recipe.user, new.recipe.user),
        ("new model", old.recipe.posterior, new.recipe.posterior),
        ("new scenario", old.recipe.scenario, new.recipe.scenario),
        ("new version", old.recipe.version, new.recipe.version),
    )
    for reason, was, is_ in pairs:
        if was != is_:
            found.append(reason)
    return tuple(found)


def _moved_by(new: Finding, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Of all that differs, what can have moved this finding: the model cannot move what was counted."""
    counted = new.tier in {"observed", "coded", "derived"}
    return tuple(r for r in reasons if not (counted and r in {"new model", "new scenario"}))


def _causes(old: Document, new: Brief) -> Iterator[str]:
    made: ProvenanceRecord = old.recipe
    if old.as_of != new.as_of:
        yield f"date: {plain.day(old.as_of)} → {plain.day(new.as_of)}"
    for name, was, is_ in (
        ("evidence", made.snapshot[:8], new.recipe.snapshot[:8]),
        ("your own evidence", made.user, new.recipe.user),
        ("model (posterior)", made.posterior, new.recipe.posterior),
        ("scenario", made.scenario or "baseline", new.recipe.scenario or "baseline"),
        ("version of Headway", made.version, new.recipe.version),
        ("compared with", ", ".join(old.against), ", ".join(new.against)),
    ):
        if was != is_:
            yield f"{name}: {was or 'none'} → {is_ or 'none'}"


def _same(a: float | str | None, b: float | str | None) -> bool:
    if isinstance(a, float | int) and isinstance(b, float | int):
        return abs(a - b) <= 1e-9 * max(abs(a), abs(b))
    return a == b


def _number(finding: Finding) -> str:
    if isinstance(finding.value, str) or finding.value is None:
        return finding.value or "no number"
    return plain.quantity(finding.value, finding.low, finding.high, finding.level, finding.unit)


def own_evidence_changes(without: Brief, brief: Brief) -> str:
    """Sentence on what the user's own evidence changed: how many findings, and the largest move of a number.

    The largest is the one by the most in relation to the larger of the two numbers.

    Args:
        without: the brief of the same question without the user's own evidence.
    """
    old = Document.model_validate_json(text(without))
    found = diff(old, brief)
    if not found.changes:
        return f"own evidence changed no finding of the brief of {brief.name}"
    head = f"own evidence changed {len(found.changes)} of {len(brief.findings)} findings of the brief of {brief.name}"
    numbers = {key(one.id): one.value for one in old.findings}, {key(one.id): one.value for one in brief.findings}

    def size(change: FindingChange) -> float:
        was, now = (values.get(change.key) for values in numbers)
        if not isinstance(was, float | int) or not isinstance(now, float | int):
            return 0.0
        return abs(now - was) / max(abs(now), abs(was), 1e-300)

    moved = [change for change in found.changes if change.kind == "moved"]
    if not moved:
        first = found.changes[0]
        return f"{head}: {first.before or 'nothing'} → {first.after or 'nothing'}"
    largest = max(moved, key=size)
    return f"{head}; the largest move: “{largest.title}”, {largest.before} before and {largest.after} after"


def report(found: Diff, width: int) -> str:
    """The changes in words, for a terminal or a pipe."""
    from textwrap import fill

    head = f"{found.country}: what changed between {plain.day(found.since)} and {plain.day(found.until)}"
    lines = [head, *(f"  {cause}" for cause in found.causes)]
    if not found.causes:
        lines.append("  nothing differs in what made the two briefs")
    for change in found.changes:
        why = f" [{', '.join(change.reasons)}]" if change.reasons else ""
        if change.kind == "moved":
            mark = "!" if change.outside else "~"
            said = f"{change.title}: {change.before} → {change.after}{why}"
            said += " (outside its former interval)" if change.outside else ""
        else:
            mark = {"new": "+", "gone": "-", "reworded": "≈"}[change.kind]
            said = f"{change.after or change.before}{why}"
        lines.append(fill(f"{mark} {said}", width, subsequent_indent="  "))
        lines.append(f"    {change.key}")
    lines.append(f"{found.unchanged} findings unchanged.")
    return "\n".join(lines)
