"""The questions are settled by the evidence, the grader tells right from wrong, and the runner asks as it says."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from benchmarks.questions import __main__ as command
from benchmarks.questions.ask import ROUNDS, asked
from benchmarks.questions.expected import BenchmarkQuestion, ExpectedAnswer, expected, questions
from benchmarks.questions.grade import GivenAnswer, grade, read_answer, summary

import headway as hw
from headway.claims.proposer.endpoint import ModelEndpoint
from headway.core.errors import EvidenceError, InputError

MODELLED = ("cause", "what-if")


@pytest.fixture(scope="module")
def tables() -> Any:
    return hw.evidence()


@pytest.fixture(scope="module")
def wanted(tables: Any) -> dict[str, ExpectedAnswer]:
    """Right answers of all questions that need no run of the model."""
    return {one.id: expected(one, tables) for one in questions() if one.kind not in MODELLED}


def perfect(answer: ExpectedAnswer) -> GivenAnswer:
    """Answer that is right in every part."""
    middle = None if answer.low is None or answer.high is None else (answer.low + answer.high) / 2
    value = answer.names[0] if answer.names else middle
    return GivenAnswer(answer.known, value, answer.date, answer.sources[0] if answer.sources else "")


def test_there_are_sixty_questions_of_six_kinds() -> None:
    assert len({one.id for one in questions()}) == len({one.asks for one in questions()}) == 60
    assert Counter(one.kind for one in questions()) == {
        "level": 14, "comparison": 12, "trap": 12, "date": 8, "what-if": 8, "cause": 6,
    }  # fmt: skip


def test_the_evidence_settles_every_question_that_needs_no_model(wanted: dict[str, ExpectedAnswer]) -> None:
    kinds = {one.id: one.kind for one in questions()}
    for name, answer in wanted.items():
        assert answer.known is (kinds[name] != "trap")
        assert grade(perfect(answer), answer).right
    assert len(wanted) == 46


@pytest.mark.slow
def test_the_model_settles_every_cause_and_what_if(tables: Any) -> None:
    for question in questions():
        if question.kind in MODELLED:
            answer = expected(question, tables)
            assert grade(perfect(answer), answer).right
            assert not answer.names or answer.names[0] in question.asks
    lifted = expected(next(one for one in questions() if one.id == "controls-lifted-russia-lag"), tables)
    assert lifted.high is not None
    assert lifted.high < 0


def test_settled_by_what_the_evidence_does_not_say_is_refused(tables: Any) -> None:
    for settled in (
        {"absent": "rd_share_gdp", "country": "KOR"},
        {"series": "rd_share_gdp", "country": "PRK"},
        {"largest": "capability_level", "among": ["KOR", "FRA"]},
        {"undecided": "capability_level", "among": ["KOR", "RUS"]},
        {"place": "intensity", "among": ["KOR", "RUS"]},
        {"unscored": "GigaChat 2 Max"},
        {"beyond": 2030},
        {"guess": 3},
    ):
        with pytest.raises(InputError, match="question made"):
            expected(BenchmarkQuestion("made", "level", "?", settled), tables)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"value": 5.2}, "value"),
        ({"value": "about five"}, "value"),
        ({"date": "2022"}, "date"),
        ({"date": "2022–2024"}, "date"),
        ({"date": ""}, "date"),
        ({"source": "my memory"}, "source"),
        ({"known": False}, "refusal"),
    ],
)
def test_a_wrong_part_makes_an_answer_wrong(changes: dict[str, Any], part: str) -> None:
    right = ExpectedAnswer(low=4.9, high=5.0, date="2023", sources=("world bank", "data.worldbank.org"))
    given = GivenAnswer(True, 4.95, "2023", "https://data.worldbank.org/indicator")
    assert grade(given, right).right
    found = grade(replace(given, **changes), right)
    assert not found.right
    assert getattr(found, part) is False


def test_numbers_names_and_days_are_read_as_people_write_them() -> None:
    assert grade(GivenAnswer(True, "−18.5 months"), ExpectedAnswer(low=-19, high=-18)).value
    assert grade(GivenAnswer(True, "22,557 articles"), ExpectedAnswer(low=22_557, high=22_557)).value
    assert grade(GivenAnswer(True, "Korea"), ExpectedAnswer(names=("kor", "south korea"))).value
    assert grade(GivenAnswer(True, date="2025-05"), ExpectedAnswer(date="2025Q2")).date
    assert not grade(GivenAnswer(True, date="2025"), ExpectedAnswer(date="2025Q2")).date


def test_the_last_object_of_a_reply_is_its_answer() -> None:
    text = 'First {"known": true, "value": 1}, then\n{"known": true, "value": 2, "source": {"x": 1}}'
    assert read_answer(text) == GivenAnswer(True, 2.0, "", "{'x': 1}")
    for unreadable in ("", "4.9 %", '{"value": 3}', '{"known": "yes"}', "{" * 5000):
        assert read_answer(unreadable) is None
    assert not grade(None, ExpectedAnswer(known=False)).right


def test_the_summary_counts_inventions_and_refusals() -> None:
    trap, level = (next(one for one in questions() if one.kind == kind) for kind in ("trap", "level"))
    right, unknown = ExpectedAnswer(low=1, high=2), ExpectedAnswer(known=False)
    rows = summary([
        (level, grade(GivenAnswer(True, 1.5), right)),
        (level, grade(GivenAnswer(False), right)),
        (trap, grade(GivenAnswer(True, 1.5), unknown)),
        (trap, grade(GivenAnswer(False), unknown)),
    ])  # fmt: skip
    assert rows[-1] == {
        "kind": "all", "questions": 4, "right": 2, "value": "1 of 2", "date": "", "source": "", "invented": 1,
        "withheld": 1,
    }  # fmt: skip


class _Fake(BaseHTTPRequestHandler):
    """Endpoint that answers as `script` says, a function of the request."""

    script: ClassVar[Callable[[dict[str, Any]], dict[str, Any]]]
    seen: ClassVar[list[dict[str, Any]]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _Fake.seen.append(body)
        message = type(self).script(body)
        data = json.dumps({"choices": [{"message": message}], "usage": {"total_tokens": 50}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def fake() -> Iterator[str]:
    _Fake.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Fake)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def called(name: str, arguments: str) -> dict[str, Any]:
    call = {"id": "call-1", "type": "function", "function": {"name": name, "arguments": arguments}}
    return {"content": None, "tool_calls": [call]}


class _OneTool:
    """Tool box that answers from the tools of the session of these tests."""

    listed = ({"type": "function", "function": {"name": "series", "description": "", "parameters": {}}},)

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def call(self, name: str, arguments: Any) -> str:
        return str(self._call(name, **arguments).content[0].text)


def from_the_tool(body: dict[str, Any]) -> dict[str, Any]:
    """A model that asks `series` and answers with what it was told."""
    last = body["messages"][-1]
    if last["role"] != "tool":
        return called("series", '{"indicator": "rd_share_gdp", "countries": "KOR"}')
    told = json.loads(last["content"])
    found = told["statements"][0]
    answer = {"known": True, "value": found["value"], "date": found["period"], "source": told["sources"][0]["url"]}
    return {"content": f"It is so:\n{json.dumps(answer)}"}


def test_with_tools_a_model_answers_from_them(fake: str, call: Callable[..., Any], tables: Any) -> None:
    _Fake.script = staticmethod(from_the_tool)  # type: ignore[assignment]
    question = next(one for one in questions() if one.id == "rd-korea")
    reply = asked(ModelEndpoint(fake, "m", "k"), question, "2026-06-30", _OneTool(call))
    assert reply.calls == (("series", {"indicator": "rd_share_gdp", "countries": "KOR"}),)
    assert reply.tokens == 100
    assert grade(read_answer(reply.text), expected(question, tables)).right
    assert _Fake.seen[0]["tools"] == list(_OneTool.listed)
    assert _Fake.seen[0]["messages"][1]["content"] == question.asks


@pytest.mark.parametrize("arguments", ['{"indicator": ', '["rd_share_gdp"]', "3"])
def test_a_model_is_told_of_its_own_faults_and_of_an_end(fake: str, call: Callable[..., Any], arguments: str) -> None:
    _Fake.script = staticmethod(  # type: ignore[assignment]
        lambda body: called("series", arguments) if "tools" in body else {"content": '{"known": false}'}
    )
    reply = asked(ModelEndpoint(fake, "m", "k"), questions()[0], "2026-06-30", _OneTool(call))
    assert len(reply.calls) == ROUNDS
    assert "no JSON object" in _Fake.seen[1]["messages"][-1]["content"]
    assert read_answer(reply.text) == GivenAnswer(False)


def test_no_request_is_sent_beyond_the_limit_of_tokens(fake: str) -> None:
    _Fake.script = staticmethod(lambda body: {"content": "{}"})  # type: ignore[assignment]
    with pytest.raises(EvidenceError, match="stopped at the limit"):
        asked(ModelEndpoint(fake, "m", "k", max_tokens=10), questions()[0], "2026-06-30", None)
    assert not _Fake.seen


def test_the_command_asks_without_tools_and_grades_the_same_file_alike(
    fake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEADWAY_API_KEY", "k")
    _Fake.script = staticmethod(lambda body: {"content": '{"known": false, "value": null}'})  # type: ignore[assignment]
    out = tmp_path / "answers.jsonl"
    asking = ["ask", "--endpoint", fake, "--model", "m", "--out", str(out), "--kind", "trap", "--kind", "level"]
    assert command.main(asking) == 0
    printed = capsys.readouterr().out
    assert all("tools" not in body for body in _Fake.seen)
    assert "| trap | 12 | 12 |" in printed
    assert "| level | 14 | 0 |" in printed
    assert command.main(["grade", str(out), "--kind", "trap", "--kind", "level"]) == 0
    assert capsys.readouterr().out == printed
    assert command.main(asking) == 2
    out.write_text('{"id": "nothing", "known": true}\n')
    assert command.main(["grade", str(out)]) == 2
    assert "nothing" in capsys.readouterr().err
