"""All cases of the campaign, and the judgement of one: refused clearly, accepted rightly, or a fault."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import commands
import mutations
import runner
from commands import Reader

from headway.core import yaml_files

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONGEST = 20_000  # characters of a message


@dataclass(frozen=True, slots=True)
class Case:
    """One fault of one file: its name, what makes the file, words that the message must hold, whether it is none."""

    name: str
    make: mutations.Maker
    words: tuple[str, ...] = ()
    accepted: bool = False


def cases(reader: Reader) -> Iterator[Case]:
    """The good file, with a byte-order mark where it is text, and every fault of it."""
    good = reader.good()
    yield Case("good", mutations.placed(good), accepted=True)
    if not good.startswith(b"PK"):
        yield Case("a byte-order mark before", mutations.placed(b"\xef\xbb\xbf" + good), accepted=True)
    for name, make in reader.faults(good):
        yield Case(name, make, (reader.file,), name in reader.accepted)
    if reader.fields:
        value = yaml_files.document(good.decode(), reader.file).value
        for name, path, text in mutations.wrong_fields(value):
            words = (f"{reader.file}, line ", mutations.field_name(path))
            yield Case(name, mutations.placed(text.encode()), words, name in reader.accepted)


def judged(reader: Reader, case: Case, folder: Path) -> str:
    """What is wrong with the answer to a case, in words; nothing where it is right."""
    folder.mkdir()
    for name, content in commands.BESIDE.items():
        (folder / name).write_bytes(content())
    case.make(folder / reader.file)
    endless = case.name == "endless"
    before = {} if endless else runner.contents(folder)
    found = runner.run([word.replace("FILE", reader.file) for word in reader.words.split()], folder)
    after = {} if endless else runner.contents(folder)
    shutil.rmtree(folder)
    return "; ".join(_wrong(found, case, before, after))


def _wrong(found: runner.Outcome, case: Case, before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    if found.crash:
        yield found.crash
    if found.seconds > runner.MOST_SECONDS:
        yield f"{found.seconds:.0f} seconds"
    if before != after:
        yield f"files changed: {sorted(before.items() ^ after.items())}"
    if _CONTROL.search(found.message + found.output):
        yield f"a control character is printed: {found.message[:200]!r}"
    if len(found.message) > _LONGEST:
        yield f"a message of {len(found.message):,} characters"
    if case.accepted:
        if found.code != 0:
            yield f"refused: {found.message[:300]}"
        elif not found.message and not found.output:
            yield "accepted without a word"
        return
    if found.code not in (2, 3):
        yield f"exit code {found.code}: {found.message[:200]}"
    elif not found.message.startswith("error: "):
        yield f"not told as an error: {found.message[:200]}"
    for word in case.words:
        if word not in found.message:
            yield f"the message does not say “{word}”: {found.message[:300]}"
