"""Precision and recall of every step of the reader on labelled sentences.

Run `python -m headway.claims.measure FILE…`. A file beside which a `.sha256` of the same name lies must match it: such
sentences are kept out of development and scored as they were frozen.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headway.claims.reader.statements import ArticleStatement, read_sentence
from headway.core.errors import EvidenceError, HeadwayError, InputError

Label = Mapping[str, Any]
_MODES = ("fact", "comparison", "trend", "cause", "forecast", "advice", "opinion", "none")


@dataclass(frozen=True, slots=True)
class StepScore:
    """Counts of one step: found and right, found, and labelled."""

    step: str
    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float | None:
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.right / self.wanted if self.wanted else None


def frozen_bytes(path: Path, frozen: Path) -> bytes:
    """Bytes of a file, which match the hash in the file `frozen` where there is one.

    Raises:
        InputError: it cannot be read.
        EvidenceError: it was changed since it was frozen.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    if frozen.exists() and hashlib.sha256(data).hexdigest() != frozen.read_text("utf-8").split()[0]:
        raise EvidenceError(f"{path}: changed since it was frozen ({frozen.name}); its score would mean nothing")
    return data


def count_table(rows: Iterable[tuple[str, int, int]]) -> str:
    """Counts of what was scored as a table in Markdown: what, how many, of how many."""
    lines = ["| what | number | of |", "|---|---:|---:|"]
    return "\n".join([*lines, *(f"| {name} | {number} | {of} |" for name, number, of in rows)])


def read_labels(path: Path) -> list[Label]:
    """Labelled sentences of a file, one JSON object a line.

    Raises:
        InputError: the file is missing or a line is no JSON.
        EvidenceError: the file does not match the hash that it was frozen with.
    """
    data = frozen_bytes(path, path.with_suffix(".sha256"))
    labels = []
    for number, line in enumerate(data.decode("utf-8").splitlines(), start=1):
        try:
            labels.append(json.loads(line))
        except ValueError as error:
            raise InputError(f"{path}, line {number}: not JSON ({error})") from error
    return labels


def scores(labels: Sequence[Label]) -> list[StepScore]:
    """Scores of every step on `labels`."""
    pairs = [(label, read_sentence(str(label["text"]))) for label in labels]
    steps: list[tuple[str, Callable[[Label], Iterable[Any]], Callable[[ArticleStatement], Iterable[Any]]]] = [
        ("countries and actors", lambda label: label["countries"], lambda one: one.countries),
        ("dates", lambda label: label["dates"], lambda one: one.periods),
        ("amounts and units", lambda label: (_amount(*pair) for pair in label["amounts"]), _amounts),
        ("negation", lambda label: _flag(label["negated"]), lambda one: _flag(one.negated)),
        ("hedges", lambda label: _flag(label["hedged"]), lambda one: _flag(one.hedged)),
        ("attribution", lambda label: _flag(label["attributed"]), lambda one: _flag(one.attributed)),
        ("direction", lambda label: _one(label["direction"]), lambda one: _one(one.direction)),
        ("topic", lambda label: _one(label["quantity"]), lambda one: _one(one.topic)),
        ("is it checkable", lambda label: _flag(_checkable(label["kind"])), lambda one: _flag(_checkable(one.kind))),
    ]
    table = [_score(name, pairs, wanted, found) for name, wanted, found in steps]
    for kind in _MODES:
        right = sum(label["kind"] == kind and one.kind == kind for label, one in pairs)
        wanted = sum(label["kind"] == kind for label, _ in pairs)
        table.append(StepScore(f"kind: {kind}", right, sum(one.kind == kind for _, one in pairs), wanted))
    right = sum(label["kind"] == one.kind for label, one in pairs)
    table.append(StepScore("kind, all", right, len(pairs), len(pairs)))
    return table


def _score(
    name: str,
    pairs: Sequence[tuple[Label, ArticleStatement]],
    wanted: Callable[[Label], Iterable[Any]],
    found: Callable[[ArticleStatement], Iterable[Any]],
) -> StepScore:
    right = there = should = 0
    for label, one in pairs:
        want, have = Counter(wanted(label)), Counter(found(one))
        right += sum((want & have).values())
        there += sum(have.values())
        should += sum(want.values())
    return StepScore(name, right, there, should)


def _amount(value: float, unit: str) -> tuple[float, str]:
    return (float(f"{value:.4g}"), unit)


def _amounts(one: ArticleStatement) -> Iterable[tuple[float, str]]:
    return (_amount(amount.value, amount.unit) for amount in one.amounts)


def _flag(value: bool) -> tuple[str, ...]:
    return ("yes",) if value else ()


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _checkable(kind: str) -> bool:
    return kind not in ("opinion", "none", "advice")


def table(rows: Sequence[StepScore]) -> str:
    """The scores as a table in Markdown."""
    lines = ["| step | labelled | precision | recall |", "|---|---:|---:|---:|"]
    for row in rows:
        precision, recall = (f"{value:.2f}" if value is not None else "–" for value in (row.precision, row.recall))
        lines.append(f"| {row.step} | {row.wanted} | {precision} | {recall} |")
    return "\n".join(lines)


def print_tables(arguments: Sequence[str], module: str, tabulate: Callable[[list[Label]], str]) -> int:
    """Print the table of scores of every file named; the exit code.

    Args:
        module: name of the module that is run, for its usage.
        tabulate: table in Markdown from the labelled sentences of a file.
    """
    if not arguments:
        print(f"usage: python -m {module} FILE.jsonl…", file=sys.stderr)
        return 2
    for argument in arguments:
        try:
            labels = read_labels(Path(argument))
        except HeadwayError as error:
            print(f"error: {error}", file=sys.stderr)
            return error.exit_code
        print(f"**{Path(argument).name}**, {len(labels)} sentences\n\n{tabulate(labels)}\n")
    return 0


def main(arguments: Sequence[str]) -> int:
    """Print the scores of every file named."""
    return print_tables(arguments, "headway.claims.measure", lambda labels: table(scores(labels)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
