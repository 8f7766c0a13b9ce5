"""Write docs/api.md from the docstrings of the public functions and of what they return."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import headway as hw

PAGE = Path(__file__).with_name("api.md")
SECTIONS = ("Parameters", "Attributes", "Returns", "Raises", "Examples")
INTRODUCTION = """# How do I ask from Python?

```python
import headway as hw
```

One function a question, with the rooms and the defaults of the command line: draws come from the newest posterior
that is not later than the evidence, seeds are 0, dates and countries are strings. Errors are those of
`headway.core.errors`: `InputError` (a name, file or number that cannot be used), `EvidenceError` (evidence missing or
damaged) and `ModelError` (the model failed), all of them `HeadwayError`. Importing `headway` loads nothing but
itself; libraries load at the first call. Anything that is not on this page is private.

`pip install headway` is enough for briefs from an edition, places, traces, evidence and claims about facts.
`headway[model]` adds what runs the model (`simulate`, `explain`, `strategy`, other briefs); a function that needs it
says so in a sentence. `headway[serve]` adds the explorer (`headway serve`), `headway[mcp]` the tools for language
models (`headway mcp`), `headway[index]` reads and writes Excel, and `headway[strategy]` adds `headway sensitivity`,
`headway strategy --search` and Dask clusters on the command line.

In a notebook a finding, a brief, a standing, an index, the causes of a gap and a comparison of strategies show
themselves: sentence or table, picture, and what the number rests on, also in a kernel that has no widgets. The
picture is there as a Vega-Lite 6 specification, too, for front ends that draw `application/vnd.vegalite.v6+json`.

Six scripts show a whole piece of work each, with what they print: [an analyst's hour](examples/analysts_hour.md),
[a country from data to judgement](examples/country_from_data.md), [one provider's cut](examples/one_provider.md),
[an index of one's own](examples/own_index.md), [a scenario and a lever of one's own](examples/own_scenario.md),
[a forecast of one's own](examples/own_forecast.md).

| function | question |
|---|---|
"""


def page() -> str:
    """Text of docs/api.md."""
    modules = {name: importlib.import_module(f"headway.api.{name}") for name in hw.__all__}
    rows = (
        f"| [`hw.{name}`](#hw{name}) | {_plain(_sections(inspect.getdoc(getattr(module, name)) or '')[''][0])} |"
        for name, module in modules.items()
    )
    parts = (f"## hw.{name}\n\n{''.join(_function(module, name))}" for name, module in modules.items())
    return INTRODUCTION + "\n".join(rows) + "\n\n" + "\n".join(parts).rstrip() + "\n"


def _function(module: ModuleType, name: str) -> Iterator[str]:
    function = getattr(module, name)
    yield _code(f"hw.{name}{_signature(function)}")
    yield _documented(function)
    for one in vars(module).values():
        if inspect.isclass(one) and one.__module__ == module.__name__:
            yield f"### {one.__name__}\n\n{_documented(one)}"
            for member, value in vars(one).items():
                public = not member.startswith("_") or member == "__getitem__"
                if public and (behind := _behind(value)) is not None and inspect.getdoc(behind):
                    yield from _member(member, value)


def _member(name: str, value: Any) -> Iterator[str]:
    called = "" if isinstance(value, property | cached_property) else _signature(value, own=True)
    shown = f"[{called[1:].split(':')[0]}]" if name == "__getitem__" else f".{name}{called}"
    yield f"**`{shown}`** "
    yield _documented(_behind(value))


def _behind(value: Any) -> Any:
    """Function that a property or a cached property calls."""
    if isinstance(value, property):
        return value.fget
    return value.func if isinstance(value, cached_property) else value if inspect.isfunction(value) else None


def _signature(function: Any, own: bool = False) -> str:
    """Signature without annotations of the result, which the text gives, and without `self`."""
    signature = inspect.signature(function)
    parameters = [one for one in signature.parameters.values() if not (own and one.name == "self")]
    return str(signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)).replace("'", "")


def _code(text: str) -> str:
    return f"```python\n{text}\n```\n\n"


def _sections(documentation: str) -> dict[str, list[str]]:
    """Lines by section; those before the first section have the name ''."""
    found: dict[str, list[str]] = {"": []}
    name, lines = "", documentation.splitlines()
    for position, line in enumerate(lines):
        if line in SECTIONS and lines[position + 1 : position + 2] == ["-" * len(line)]:
            name = line
            found[name] = []
        elif not (set(line) == {"-"} and name and not found[name]):
            found[name].append(line)
    return found


def _documented(thing: Any) -> str:
    """A docstring as Markdown."""
    text = ""
    for name, lines in _sections(inspect.getdoc(thing) or "").items():
        body = "\n".join(lines).strip()
        if not name:
            text += f"{_plain(body)}\n\n"
        elif name == "Examples":
            text += _code(body)
        elif body:
            text += f"*{name}*\n\n{''.join(_entries(lines))}\n"
    return text


def _entries(lines: list[str]) -> Iterator[str]:
    """One item per entry of a section: its name and kind, then what it is."""
    entry: list[str] = []
    for line in [*lines, "end"]:
        if line and not line.startswith(" "):
            if entry:
                head, _, kind = entry[0].partition(" : ")
                words = _plain(" ".join(part.strip() for part in entry[1:]).strip())
                yield f"- `{head}`" + (f" ({_plain(kind)})" if kind else "") + f": {words}\n"
            entry = [line]
        elif line:
            entry.append(line)


def _plain(text: str) -> str:
    """Markdown for the few marks that docstrings use."""
    text = re.sub(r":(?:func|meth|attr):`(?:headway\.)?([^`]+)`", lambda found: f"`{found[1]}`", text)
    return text.replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
