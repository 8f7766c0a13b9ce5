"""Ask and grade the questions.

python -m benchmarks.questions list                                        the questions, and what settles each
python -m benchmarks.questions ask --endpoint URL --model NAME --out FILE  ask a model; --tools gives it Headway's tools
python -m benchmarks.questions grade FILE                                  grade answers: a JSON object a line, with id

The key of the endpoint is read from HEADWAY_API_KEY.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import headway as hw
from benchmarks.questions.ask import HeadwayToolBox, asked
from benchmarks.questions.expected import BenchmarkQuestion, expected, questions
from benchmarks.questions.grade import AnswerGrade, given_answer, grade, read_answer, summary
from headway.claims.proposer.endpoint import ModelEndpoint
from headway.core.errors import HeadwayError, InputError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; returns the exit code."""
    given = _parser().parse_args(arguments)
    chosen = [one for one in questions() if not given.kind or one.kind in given.kind]
    try:
        if given.command == "list":
            _list(chosen)
        elif given.command == "ask":
            _ask(given, chosen)
        else:
            _grade(given.file, chosen)
    except HeadwayError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    kinds = sorted({question.kind for question in questions()})
    for name, about in (("list", "print the questions"), ("ask", "ask a model"), ("grade", "grade answers")):
        command = commands.add_parser(name, help=about)
        command.add_argument("--kind", action="append", choices=kinds, help="only questions of this kind; repeatable")
        if name == "ask":
            command.add_argument("--endpoint", required=True, help="OpenAI-compatible address, such as https://host/v1")
            command.add_argument("--model", required=True, help="model to ask")
            command.add_argument("--tools", action="store_true", help="give the model Headway's tools")
            command.add_argument("--out", type=Path, required=True, help="file for the answers, a JSON object a line")
            command.add_argument("--max-tokens", type=int, default=1_000_000, help="stop once so many are used")
            command.add_argument("--max-cost", type=float, help="stop before this many dollars; needs --price")
            command.add_argument("--price", type=float, help="dollars per million tokens, for --max-cost")
        if name == "grade":
            command.add_argument("file", type=Path, help="answers: id, known, value, date and source, or id and text")
    return parser


def _list(chosen: Sequence[BenchmarkQuestion]) -> None:
    """Print each question and the right answer by the evidence that is installed."""
    tables = hw.evidence()
    for question in chosen:
        print(json.dumps({**asdict(question), "expected": asdict(expected(question, tables))}, ensure_ascii=False))


def _ask(given: argparse.Namespace, chosen: Sequence[BenchmarkQuestion]) -> None:
    """Ask each question, write the answers with their grades, and print the summary."""
    endpoint = ModelEndpoint.from_environment(
        given.endpoint, given.model, given.max_tokens, given.max_cost, given.price
    )
    if given.out.exists():
        raise InputError(f"{given.out} exists already; choose another name")
    tables, used = hw.evidence(), 0
    tools = HeadwayToolBox() if given.tools else None
    graded = []
    try:
        with given.out.open("w", encoding="utf-8") as out:
            for question in chosen:
                reply = asked(endpoint, question, str(tables.as_of), tools, used)
                used += reply.tokens
                found = grade(read_answer(reply.text), expected(question, tables))
                graded.append((question, found))
                record = {"id": question.id, "model": given.model, "tools": given.tools, "text": reply.text}
                made = {"calls": reply.calls, "tokens": reply.tokens, "grade": {**asdict(found), "right": found.right}}
                out.write(json.dumps({**record, **made}, ensure_ascii=False) + "\n")
    finally:
        if tools is not None:
            tools.close()
    _print(graded)
    print(f"{used} tokens used; answers in {given.out}", file=sys.stderr)


def _grade(file: Path, chosen: Sequence[BenchmarkQuestion]) -> None:
    """Grade the answers of a file and print the summary; a question without an answer counts as wrong."""
    answers = _answers(file)
    known = {question.id for question in questions()}
    if unknown := sorted(set(answers) - known):
        raise InputError(f"{file}: no question has the id {unknown[0]}")
    tables, graded = hw.evidence(), []
    for question in chosen:
        record = answers.get(question.id, {})
        given = read_answer(str(record["text"])) if "text" in record else given_answer(record)
        graded.append((question, grade(given, expected(question, tables))))
    _print(graded)
    if missing := sum(question.id not in answers for question in chosen):
        print(f"{missing} of {len(chosen)} questions have no answer and count as wrong", file=sys.stderr)


def _answers(file: Path) -> dict[str, Mapping[str, Any]]:
    """Answers by id.

    Raises:
        InputError: not readable, or a line is no JSON object with an id.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {file}: {error}") from error
    found: dict[str, Mapping[str, Any]] = {}
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise InputError(f"{file}, line {number}: not JSON ({error})") from error
        if not isinstance(record, dict) or not isinstance(record.get("id"), str):
            raise InputError(f"{file}, line {number}: a JSON object with `id` belongs here")
        found[record["id"]] = record
    return found


def _print(graded: Sequence[tuple[BenchmarkQuestion, AnswerGrade]]) -> None:
    """The summary as a Markdown table."""
    rows = summary(graded)
    columns = list(rows[0])
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(str(row[column]) for column in columns)} |")


if __name__ == "__main__":
    sys.exit(main())
