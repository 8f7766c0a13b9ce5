"""Faults inside of archives: of parts, arrays, workbooks and editions, by functions from good contents."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from mutations import Maker, placed

HUGE = 2_000_000_000  # bytes of zeros in a part, which take 2 MB of the file
Parts = dict[str, bytes]


class Runs:
    """Makes a file when it is read as a pickle."""

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path("pwned"),)


def parts(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(contents: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _entry(content: bytes, name: str) -> tuple[int, int]:
    """Positions of the header of a part and of its entry in the directory at the end."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo(name).header_offset
    place = content.rindex(b"PK\x01\x02")
    while content[place + 46 : place + 46 + len(name)] != name.encode():
        place = content.rindex(b"PK\x01\x02", 0, place)
    return start, place


def _with_header(content: bytes, name: str, at: int, value: int) -> bytes:
    """The archive with a field of 16 bits of a part's header changed, at its place after the version needed."""
    start, place = _entry(content, name)
    changed = bytearray(content)
    struct.pack_into("<H", changed, start + 4 + at, value)
    struct.pack_into("<H", changed, place + 6 + at, value)
    return bytes(changed)


def _damaged(content: bytes, name: str) -> bytes:
    """The archive with a byte in the middle of a compressed part changed."""
    start, _ = _entry(content, name)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(name).compress_size
    at = start + 30 + len(name) + size // 2
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def _bomb(content: bytes, name: str) -> bytes:
    """The archive with a part of two thousand million zeros in place of one, deflated a piece at a time."""
    packer = zlib.compressobj(wbits=-15)
    piece = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = piece * (HUGE // 2**24) + packer.flush()
    made = bytearray(zipped({**parts(content), name: stream}, zipfile.ZIP_STORED))
    start, place = _entry(bytes(made), name)
    for at, value in ((start + 8, zipfile.ZIP_DEFLATED), (place + 10, zipfile.ZIP_DEFLATED)):
        struct.pack_into("<H", made, at, value)
    for at in (start + 22, place + 24):
        struct.pack_into("<I", made, at, HUGE // 2**24 * 2**24)
    return bytes(made)


def _endless(good: bytes, name: str) -> Maker:
    """A maker of the archive with an endless part, which is made when it is asked for."""
    return lambda path: placed(_bomb(good, name))(path)


def any_archive(good: bytes, name: str) -> Iterator[tuple[str, Maker]]:
    """Faults of any archive that needs the part `name`."""
    held = parts(good)
    yield f"{name} is missing", placed(zipped({k: v for k, v in held.items() if k != name}))
    yield f"{name} is empty", placed(zipped({**held, name: b""}))
    yield f"{name} is a pickle", placed(zipped({**held, name: pickle.dumps(Runs())}))
    yield f"{name} is damaged", placed(_damaged(good, name))
    yield f"{name} is compressed in an unknown way", placed(_with_header(good, name, 4, 99))
    yield f"{name} is encrypted", placed(_with_header(good, name, 2, 1))
    yield f"{name} has no end", _endless(good, name)
    yield "cut short", placed(good[: len(good) // 2])
    yield "an archive of nothing", placed(zipped({}))
    yield "names that lead elsewhere", placed(zipped({f"../../{k}": v for k, v in held.items()}))


def posterior(good: bytes) -> Iterator[tuple[str, Maker]]:
    """Faults of a posterior: an archive of arrays, and one of bytes that say in JSON what they are."""
    held = parts(good)
    drawn, fact = "draws/runs/run_growth.npy", "data/frontier/value.npy"
    yield from any_archive(good, "meta.npy")
    yield from list(any_archive(good, drawn))[1:7]
    for name in (drawn, fact):
        array = np.load(io.BytesIO(held[name]))
        for words, bad in {
            "is made of objects": np.array([Runs()] * len(array), dtype=object),
            "is text": array.astype("U8"),
            "is complex": array.astype(complex),
            "is one number": np.float32(1.0),
            "is of no row": array[:0],
            "is a row short": array[:-1],
            "holds NaN": np.where(np.arange(array.size).reshape(array.shape) == 1, np.nan, array),
            "holds inf": np.where(np.arange(array.size).reshape(array.shape) == 1, np.inf, array),
        }.items():
            yield f"{name} {words}", placed(zipped({**held, name: _npy(bad)}))
        lying = held[name].replace(str(array.shape).encode(), b"(10000000000000,)", 1)
        yield f"{name} says that it is endless", placed(zipped({**held, name: lying}))
    about = json.loads(np.load(io.BytesIO(held["meta.npy"])).tobytes())
    for words, new in {
        "is a list": [],
        "has another format": {**about, "format": 99},
        "has no record": {key: value for key, value in about.items() if key != "record"},
        "has a record of words": {**about, "record": "words"},
        "has no date": {**about, "data": {**about["data"], "as_of": "yesterday"}},
        "has a leader of words": {**about, "data": {**about["data"], "leader": "FRA"}},
        "has an unknown field": {**about, "data": {**about["data"], "zz": 1}},
        "has countries of numbers": {**about, "data": {**about["data"], "countries": [1, 2]}},
        "has one country": {**about, "data": {**about["data"], "countries": about["data"]["countries"][:1]}},
    }.items():
        text = json.dumps(new).encode()
        yield f"the JSON {words}", placed(zipped({**held, "meta.npy": _npy(np.frombuffer(text, np.uint8))}))
    deep = np.frombuffer(b"[" * 100_000, np.uint8)
    yield "the JSON is deep", placed(zipped({**held, "meta.npy": _npy(deep)}))


def _npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def index_of_edition(good: bytes) -> Iterator[tuple[str, Maker]]:
    """Faults of an edition that are seen when it is opened."""
    held = parts(good)
    about = json.loads(held["edition.json"])
    code = next(iter(about["briefs"]))
    yield from any_archive(good, "edition.json")
    for words, text in {
        "is no JSON": "{",
        "is a list": "[]",
        "is deep": "[" * 100_000,
        "is a number": "9" * 5000,
    }.items():
        yield f"edition.json {words}", placed(zipped({**held, "edition.json": text.encode()}))
    changed: dict[str, dict[str, object]] = {
        "another schema": {"schema_version": 99},
        "a schema of words": {"schema_version": "new"},
        "a key of words": {"key": "words"},
        "a key without a date": {"key": {k: v for k, v in about["key"].items() if k != "as_of"}},
        "a date that is none": {"key": {**about["key"], "as_of": "2026-02-31"}},
        "a hash that is a list": {"key": {**about["key"], "evidence": [1]}},
        "an unknown part of the key": {"key": {**about["key"], "zz": "1"}},
        "briefs in a list": {"briefs": ["RUS"]},
        "a place of words": {"briefs": {code: "first"}},
        "a place before the first": {"briefs": {code: ["briefs-00.jsonl", -1]}},
    }
    for words, new in changed.items():
        yield words, placed(zipped({**held, "edition.json": json.dumps({**about, **new}).encode()}))


def whole_edition(good: bytes) -> Iterator[tuple[str, Maker]]:
    """Faults of an edition, those of its briefs included."""
    held = parts(good)
    about = json.loads(held["edition.json"])
    code = next(iter(about["briefs"]))
    name = "briefs-00.jsonl"
    yield from index_of_edition(good)
    yield from list(any_archive(good, name))[:7]
    for words, new in {
        "a place behind the last": {"briefs": {code: [name, 9]}},
        "a place in no piece": {"briefs": {code: ["briefs-07.jsonl", 0]}},
        "a place in the list": {"briefs": {code: ["edition.json", 0]}},
    }.items():
        yield words, placed(zipped({**held, "edition.json": json.dumps({**about, **new}).encode()}))
    brief = json.loads(held[name])
    for words, text in {
        "a brief of nothing": "{}",
        "a brief that is a list": "[]",
        "a brief that is deep": "[" * 100_000,
        "a brief of another country": json.dumps({**brief, "country": "XYZ"}),
        "a brief with a day that is none": json.dumps({**brief, "as_of": "2026-02-31"}),
        "a brief with chapters of words": json.dumps({**brief, "chapters": ["words"]}),
    }.items():
        yield words, placed(zipped({**held, name: text.encode()}))


SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: list[list[object]]) -> Callable[[], bytes]:
    """An Excel file of one sheet."""

    def made() -> bytes:
        from openpyxl import Workbook

        book = Workbook()
        for row in rows:
            book.active.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return made


def any_workbook(good: bytes) -> Iterator[tuple[str, Maker]]:
    """Faults of an Excel file."""
    held = parts(good)
    sheet = held[SHEET].decode()
    yield from any_archive(good, SHEET)
    yield from list(any_archive(good, "xl/workbook.xml"))[:7]
    last = sheet.rindex("</row>")
    for words, text in {
        "a cell at the far end": sheet[: last + 6] + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        + sheet[last + 6 :],
        "an entity of a file": sheet.replace(
            "<worksheet", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet', 1
        ).replace("<t>", "<t>&b;", 1),
        "entities of entities": sheet.replace("<worksheet", f"{_laughs()}<worksheet", 1).replace("<t>", "<t>&a9;", 1),
        "an unclosed element": sheet[:last],
        "a row that is no number": sheet.replace('<row r="2"', '<row r="two"', 1),
        "an error for a number": sheet[:last] + '<c r="E2" t="e"><v>#REF!</v></c>' + sheet[last:],
        "a text that is not there": sheet[:last] + '<c r="G2" t="s"><v>99</v></c>' + sheet[last:],
    }.items():  # fmt: skip
        yield words, placed(zipped({**held, SHEET: text.encode()}))


def _laughs() -> str:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE a [<!ENTITY a0 "ha">{lines}]>'
