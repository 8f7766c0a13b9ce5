"""Faults that any file may have, and faults of single fields: functions from good contents to bad ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from headway.core import yaml_files

Path_ = tuple[str | int, ...]
Maker = Callable[[Path], None]

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


def placed(content: bytes) -> Maker:
    """A maker that writes `content`."""

    def make(path: Path) -> None:
        path.write_bytes(content)

    return make


def no_file(path: Path) -> None:
    """Nothing under the name."""


def a_folder(path: Path) -> None:
    """A folder in place of the file."""
    path.mkdir()
    (path / "inside.txt").write_text("kept\n", encoding="utf-8")


def a_loop(path: Path) -> None:
    """Two links that lead to each other."""
    other = path.with_name(f"other-{path.name}")
    path.symlink_to(other)
    other.symlink_to(path)


def endless(path: Path) -> None:
    """A link to a device that never ends."""
    path.symlink_to("/dev/zero")


def any_file(good: bytes) -> Iterator[tuple[str, Maker]]:
    """Faults of any file: what stands in its place, and what its bytes are."""
    yield "missing", no_file
    yield "a folder", a_folder
    yield "a loop of links", a_loop
    yield "endless", endless
    yield "empty", placed(b"")
    yield "blank", placed(b" \n\t\n  \n")
    yield "NUL bytes", placed(bytes(4096))
    yield "random bytes", placed(bytes((17 * n * n + 41 * n + 128) % 256 for n in range(4096)))
    yield "a ZIP of zeros", placed(zip_bomb("content.txt", 1 << 22))


def any_text(good: bytes) -> Iterator[tuple[str, Maker]]:
    """Faults of any file of text."""
    yield from any_file(good)
    text = good.decode()
    yield "UTF-16", placed(text.encode("utf-16"))
    yield "UTF-32", placed(text.encode("utf-32"))
    yield "Latin-1", placed(good + "\n# élan\n".encode("latin-1"))
    yield "a NUL within", placed(good[: len(good) // 2] + b"\x00" + good[len(good) // 2 :])
    yield "an escape within", placed(b"\x1b]0;title\x07" + good)
    yield "HTML", placed(b"<!doctype html><html><body><h1>404 Not Found</h1></body></html>\n")
    yield "one long line", placed(b"x" * 1_500_000)
    yield "open brackets", placed(b"[" * 200_000)


def any_yaml(good: bytes) -> Iterator[tuple[str, Maker]]:
    """Faults of any YAML file."""
    yield from any_text(good)
    text = good.decode()
    yield "aliases of aliases", placed(BOMB.encode())
    yield "an object", placed(b"!!python/object/apply:os.system ['touch pwned']\n")
    yield "a merge of itself", placed(b"a: &a\n  <<: *a\n")
    yield "a list", placed(b"- a\n- b\n")
    yield "a word", placed(b"words\n")
    yield "a number", placed(b"1" * 5000 + b"\n")
    yield "two documents", placed(good + b"\n---\n" + good)
    yield "a tab", placed(b"a:\n\t- b\n")
    yield "a key twice", placed((text + "\nzz: 1\nzz: 2\n").encode())
    yield "a list as key", placed((text + "\n? [1]\n: 2\n").encode())
    yield "an unknown field", placed((text + "\nzz: 1\n").encode())
    yield "a letter of another script", placed((text + "\nt\u0456tle: x\n").encode())
    yield "deep levels", placed((text + "\nzz: " + "[" * 3000 + "]" * 3000 + "\n").encode())
    yield "deep mappings", placed((text + "\nzz: " + "{a: " * 3000 + "1" + "}" * 3000 + "\n").encode())
    yield "unclosed", placed(good + b'\nzz: "never closed\n')


def any_json(good: bytes) -> Iterator[tuple[str, Maker]]:
    """Faults of any JSON file."""
    yield from any_text(good)
    for name, text in {
        "a number": "1" * 5000,
        "a list": "[1, 2]",
        "a word": '"words"',
        "null": "null",
        "an empty object": "{}",
        "NaN": "NaN",
        "deep levels": "[" * 100_000 + "]" * 100_000,
        "deep objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
        "cut short": good.decode()[: len(good) // 2],
    }.items():
        yield name, placed(text.encode())


def any_table(good: bytes) -> Iterator[tuple[str, Maker]]:
    """Faults of any table of text."""
    yield from any_text(good)
    text = good.decode()
    header, first = text.splitlines()[:2]
    yield "a header alone", placed(f"{header}\n".encode())
    yield "a byte-order mark alone", placed(b"\xef\xbb\xbf")
    yield "no header", placed(("\n".join(text.splitlines()[1:]) + "\n").encode())
    yield "a column twice", placed(text.replace(header, f"{header},{header.split(',')[0]}", 1).encode())
    yield "a cell too many", placed((text + first + ",surplus,more\n").encode())
    yield "a cell too few", placed((text + first.rsplit(",", 1)[0] + "\n").encode())
    yield "an open quote", placed((text + '"' + first + "\n").encode())
    yield "a cell of 200 kB", placed((text + "y" * 200_000 + first + "\n").encode())
    yield "the first row twice", placed((text + first + "\n").encode())


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Single values of plain data with their paths; of a list only the first part."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for position, part in enumerate(value[:1]):
            yield from leaves(part, (*path, position))
    else:
        yield path, value


def replaced(value: Any, path: Path_, new: Any) -> Any:
    """A copy of plain data with `new` at `path`."""
    if not path:
        return new
    if isinstance(value, Mapping):
        return {key: replaced(part, path[1:], new) if key == path[0] else part for key, part in value.items()}
    return [replaced(part, path[1:], new) if n == path[0] else part for n, part in enumerate(value)]


def field_name(path: Path_) -> str:
    """The last name in a path, which a message must hold."""
    return str(next(step for step in reversed(path) if isinstance(step, str)))


def wrong_fields(value: Any) -> Iterator[tuple[str, Path_, str]]:
    """Every field of plain data with a value of the wrong type or size: name, path, the whole as YAML."""
    for path, old in leaves(value):
        at = ".".join(map(str, path))
        yield f"{at} is a mapping", path, dumped(replaced(value, path, {"zz": [1]}))
        if isinstance(old, str):
            yield f"{at} is a list", path, dumped(replaced(value, path, [[1, 2]]))
        elif isinstance(old, int | float) and not isinstance(old, bool):
            yield f"{at} is a word", path, dumped(replaced(value, path, "many"))
            for number in (".nan", ".inf", "1e308", "-1e308"):
                yield f"{at} is {number}", path, dumped(replaced(value, path, "PLACE")).replace("PLACE", number, 1)


def dumped(value: Any) -> str:
    """YAML of plain data."""
    return yaml_files.dump(value)


def zip_bomb(name: str, size: int) -> bytes:
    """A ZIP whose one part is `size` zeros."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pieces:
        pieces.writestr(name, bytes(size))
    return buffer.getvalue()
