"""Editions: the briefs of all countries for one state of evidence, model and code, in one file, ready to be read.

An edition is a zip archive: `edition.json` says what it was made from and where each country's brief lies, and
`briefs-NN.jsonl` hold briefs as JSON, one a line, neighbours together because they share most of their text. It is
read only while its key fits: the evidence, the files of the model and the code that makes findings, whose comments,
docstrings and layout do not count.
"""

from __future__ import annotations

import ast
import datetime as dt
import hashlib
import io
import json
import math
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import headway
from headway.brief.compose import Brief, brief_format, composed_once
from headway.core import wording
from headway.core.archives import DamagedArchiveError, open_archive, read_part
from headway.core.cache import Format, UnreadableEntryError, cached_on_disk, fingerprint, read_own
from headway.core.errors import InputError
from headway.core.files import cache_folder, make_folder, read_bytes, write_atomically
from headway.core.plugins import plugins_hash
from headway.findings import Context, Finding

SCHEMA_VERSION = 2
_READABLE = (1, 2)  # findings of the first had title, coverage, posterior and table among their details
SHIPPED = Path(__file__).parent / "data" / "edition.zip"
_INDEX = "edition.json"
_TOGETHER = 32  # briefs compressed in one piece
_MOST_BYTES = 2**28  # of the file, and of all pieces before they are read
_PACKAGE = Path(headway.__file__).parent
_MODEL = "inference/data"
_EVIDENCE = "evidence/data"
# Rooms and files whose code and tables make findings; surfaces (pages and their templates, commands, pictures) are left
# out.
_MAKERS = (
    "core", "evidence", "findings", "capability", "standing", "scenarios", "model", "ensemble", "inference", "explain",
    "strategy", "claims", "brief/compose.py", "brief/footnotes.py",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EditionKey:
    """Everything that the briefs of an edition depend on.

    Attributes:
        as_of: date of the evidence.
        evidence: hash of the snapshot.
        model: hash of the stored posteriors, hindcast and forecasts.
        code: hash of the code and tables that make findings, without comments, docstrings and layout.
        sources: hash of the same files byte by byte; where it agrees, `code` need not be computed.
    """

    as_of: dt.date
    evidence: str
    model: str
    code: str
    sources: str


@dataclass(frozen=True)
class Edition:
    """Opened edition.

    Attributes:
        version: of the package that made it. name: that messages call it by.
        places: piece and line by code of the country or bloc.
    """

    key: EditionKey
    version: str
    name: str
    places: Mapping[str, tuple[str, int]]
    _pieces: zipfile.ZipFile
    _read: dict[str, list[bytes]] = field(default_factory=dict)  # lines of the piece read last

    def brief(self, country: str) -> Brief:
        """Brief of a country by its code.

        Raises:
            KeyError: the country is not in the edition.
            InputError: the edition is damaged.
        """
        try:
            brief = brief_format().unpack(self.line(country))
        except UnreadableEntryError as error:
            raise InputError(f"{self.name}: the brief of {country} cannot be read ({error})") from error
        if brief.country != country:
            raise InputError(f"{self.name}: the brief of {country} is one of {brief.country}")
        return brief

    def findings(self, context: Context) -> tuple[Finding, ...] | None:
        """Findings of the brief that compares with at least the countries of `context`; None where it holds none.

        Raises:
            InputError: as `brief`.
        """
        if context.country not in self.places:
            return None
        brief = self.brief(context.country)
        return brief.findings if set(context.against) <= set(brief.against) else None

    def line(self, country: str) -> bytes:
        """The same as JSON; raises the same errors."""
        piece, line = self.places[country]
        lines = self._read.get(piece)
        if lines is None:
            try:
                lines = read_part(self._pieces, piece).split(b"\n")
            except DamagedArchiveError as error:
                raise InputError(f"{self.name}: the brief of {country}: {error}") from error
            self._read.clear()  # another thread keeps the lines that it holds
            self._read[piece] = lines
        if line >= len(lines):
            raise InputError(f"{self.name}: {piece} ends before the brief of {country}")
        return lines[line]


def brief_of(context: Context, tell: Callable[[str], None] | None = None, *, recompute: bool = False) -> Brief:
    """The brief of `context`: from an edition where one holds it, else composed (or composed before).

    Args:
        tell: is told in one sentence why an edition that is there was not used.
        recompute: compose it even where an edition holds it.
    """
    found, why = (None, "") if recompute else stored(context)
    if found is not None:
        return found
    if why and tell is not None:
        tell(why)
    return composed_once(context)


def stored(context: Context) -> tuple[Brief | None, str]:
    """The brief of `context` in the user's edition or the shipped one; else None, and why an edition did not serve."""
    if not _plainly_asked(context):
        return None, ""
    why = ""
    for path, reader in ((own_path(), _read_own), (SHIPPED, read)):
        try:
            edition = _kept_open(path, reader)
            if edition is None or context.country not in edition.places:
                continue
            changed = differences(edition.key, context)
            if not changed:
                return edition.brief(context.country), ""
            why = (
                f"the stored edition of {wording.day(edition.key.as_of)} was made from other {wording.listing(changed)}"
                ": this brief is computed now (headway edition build makes a new one)"
            )
        except InputError as error:
            why = f"{error}: this brief is computed now"
    return None, why


def fitting(context: Context) -> Edition | None:
    """The user's edition or the shipped one, if it was made from the evidence, model and code of `context`; else None.

    A country of `context` that it lacks does not count: it is asked for all of its briefs.
    """
    if not _plainly_asked(context):
        return None
    for path, reader in ((own_path(), _read_own), (SHIPPED, read)):
        with suppress(InputError):
            edition = _kept_open(path, reader)
            if edition is not None and not differences(edition.key, context):
                return edition
    return None


def stored_finding(context: Context, identifier: str) -> Finding | None:
    """Finding of the brief of `context` in an edition, by its whole id; None where no edition holds it."""
    brief, _ = stored(context)
    return next((finding for finding in brief.findings if finding.id == identifier), None) if brief else None


def held_findings(context: Context) -> tuple[Finding, ...] | None:
    """Findings of the brief in an edition that compares with at least the countries of `context`; None without one."""
    brief, _ = stored(replace(context, against=()))
    return brief.findings if brief is not None and set(context.against) <= set(brief.against) else None


def _plainly_asked(context: Context) -> bool:
    """Whether nothing was asked for but the country: what editions hold."""
    known = context.evidence
    return (
        not context.against
        and context.scenario is None
        and context.seed == 0
        and known.user_hash is None
        and known.as_of == known.snapshot_date
    )


def differences(key: EditionKey, context: Context) -> tuple[str, ...]:
    """Differences between the making of an edition and now: `evidence`, `model`, `code`; none where it fits."""
    known = context.evidence
    pairs = (
        ("evidence", (key.as_of, key.evidence) == (known.as_of, known.snapshot_hash)),
        ("model", key.model == model_hash()),
        ("code", key.sources == sources_hash() or key.code == code_hash()),
    )
    return tuple(name for name, same in pairs if not same)


def key_now(context: Context) -> EditionKey:
    """Key of an edition made now from the evidence of `context`."""
    known = context.evidence
    return EditionKey(known.as_of, known.snapshot_hash, model_hash(), code_hash(), sources_hash())


@lru_cache(maxsize=1)
def model_hash() -> str:
    """Hash of the stored posteriors, hindcast and forecasts; 64 hex digits."""
    return _hash((path, path.read_bytes()) for path in _files([_MODEL]))


@lru_cache(maxsize=1)
def sources_hash() -> str:
    """Hash of the files that make findings, byte by byte, those of plug-ins among them; 64 hex digits."""
    return _with_plugins(_hash((path, path.read_bytes()) for path in _makers()))


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Hash of the code that makes findings without comments, docstrings and layout, and of its tables; 64 hex digits.

    To read all code takes two seconds, so that the result is kept for these files.
    """
    form: Format[str] = Format(".txt", str.encode, bytes.decode)
    return cached_on_disk("code", (sources_hash(),), lambda: _with_plugins(_hash(map(_meaning, _makers()))), form)


def _with_plugins(code: str) -> str:
    """The hash of our own code where no plug-in is installed, else one that changes with theirs too."""
    return hashlib.sha256((code + plugins_hash()).encode()).hexdigest() if plugins_hash() else code


def _meaning(path: Path) -> tuple[Path, bytes]:
    """A file with what it says to the computer: of Python its syntax tree, which may differ between versions."""
    if path.suffix != ".py":
        return path, path.read_bytes()
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [statement for statement in node.body if not _is_words(statement)]
    return path, ast.dump(tree).encode()


def _is_words(statement: ast.stmt) -> bool:
    """Whether a statement is text alone: a docstring, of a constant or a field too."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _makers() -> list[Path]:
    """Files that make findings, but for those of the evidence and the model, whose hashes stand by themselves."""
    apart = tuple(_PACKAGE / name for name in (_EVIDENCE, _MODEL))
    return [
        path
        for path in _files(_MAKERS)
        if path.parent.name != "templates" and not any(path.is_relative_to(folder) for folder in apart)
    ]


def _files(places: Iterable[str]) -> list[Path]:
    """All files of the package below some places, but for what Python keeps there; in order."""
    found = (path for place in places for path in (_PACKAGE / place, *(_PACKAGE / place).rglob("*")))
    return sorted(path for path in found if path.is_file() and path.suffix != ".pyc")


def _hash(contents: Iterable[tuple[Path, bytes]]) -> str:
    digest = hashlib.sha256()
    for path, content in contents:
        digest.update(f"{path.relative_to(_PACKAGE).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()


def own_path() -> Path:
    """Path of the edition in the user's cache."""
    return cache_folder("editions") / "edition.zip"


def _kept_open(path: Path, reader: Callable[[Path], Edition]) -> Edition | None:
    """Edition of a file, opened once for as long as the file stays as it is; None where none can be had."""
    try:
        found = path.stat()
        return _opened_once(path, found.st_mtime_ns, found.st_size, reader)
    except OSError:
        return None


@lru_cache(maxsize=2)
def _opened_once(path: Path, _modified: int, _size: int, reader: Callable[[Path], Edition]) -> Edition:
    return reader(path)


def _read_own(path: Path) -> Edition:
    """Edition in a file that the user alone can write."""
    return opened(read_own(path), str(path))


def read(path: Path) -> Edition:
    """Open an edition's file.

    Raises:
        InputError: it cannot be read, is no edition, or is one of another schema version.
    """
    return opened(read_bytes(path, _MOST_BYTES), str(path))


def opened(content: bytes, name: str) -> Edition:
    """Edition from the bytes of its file.

    Raises:
        InputError: it is no edition, or is one of another schema version; the message calls it `name`.
    """
    try:
        pieces = open_archive(content, _MOST_BYTES)
        index = json.loads(read_part(pieces, _INDEX))
        if index["schema_version"] not in _READABLE:
            reads = wording.listing([str(one) for one in _READABLE])
            raise InputError(
                f"{name} has schema version {index['schema_version']!r}; this version of Headway reads {reads}"
            )
        key = EditionKey(**{**index["key"], "as_of": dt.date.fromisoformat(index["key"]["as_of"])})
        if not all(isinstance(value, str) for value in (key.evidence, key.model, key.code, key.sources)):
            raise TypeError("a hash is no text")
        places = {str(code): (str(piece), int(line)) for code, (piece, line) in index["briefs"].items()}
        if any(line < 0 for _, line in places.values()):
            raise ValueError("a line before the first")
    except (DamagedArchiveError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        why = f" ({error})" if isinstance(error, DamagedArchiveError) else ""
        raise InputError(f"{name} is no edition{why}: make one with `headway edition build --out FILE`") from error
    return Edition(key, str(index.get("version", "")), name, places, pieces)


def packed(key: EditionKey, briefs: Mapping[str, bytes]) -> bytes:
    """Bytes of an edition; the same briefs give the same bytes.

    Args:
        briefs: each as JSON on one line, by code; neighbours are compressed together.
    """
    codes = list(briefs)
    runs = [codes[start : start + _TOGETHER] for start in range(0, len(codes), _TOGETHER)]
    names = [f"briefs-{number:02}.jsonl" for number in range(len(runs))]
    index = {
        "schema_version": SCHEMA_VERSION,
        "version": headway.__version__,
        "key": {**asdict(key), "as_of": key.as_of.isoformat()},
        "briefs": {code: [name, line] for name, run in zip(names, runs, strict=True) for line, code in enumerate(run)},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        _add(archive, _INDEX, json.dumps(index, indent=1).encode())
        for name, run in zip(names, runs, strict=True):
            _add(archive, name, b"\n".join(briefs[code] for code in run))
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name)  # dated 1980, so that the same content gives the same bytes
    info.compress_type = zipfile.ZIP_LZMA
    archive.writestr(info, content)


def parts_folder(key: EditionKey) -> Path:
    """Folder of the finished briefs of an edition that is being made; made where there is none, the user's alone.

    Raises:
        InputError: it cannot be made.
    """
    folder = cache_folder("editions") / f"parts-{fingerprint(key)[:16]}"
    make_folder(folder, f"cannot keep finished briefs in {folder}", mode=0o700)
    return folder


def remove_parts(folder: Path) -> None:
    """Remove the finished briefs of an edition that is written."""
    for file in folder.glob("*.json"):
        file.unlink(missing_ok=True)
    folder.rmdir()


def built(contexts: Iterable[Context], parts: Path, compose: Callable[[Context], Brief]) -> Iterator[tuple[str, bytes]]:
    """Briefs of `contexts` as JSON by code, one after another; those that are in `parts` are read from there.

    Args:
        parts: folder of finished briefs of the same key.
        compose: makes a brief.
    """
    form = brief_format()
    for context in contexts:
        file = parts / f"{context.country}.json"
        try:
            content = read_own(file)
            form.unpack(content)
        except (OSError, UnreadableEntryError):
            content = form.pack(compose(context))
            write_atomically(file, content, force=True)
        yield context.country, content


def unlike(held: Brief, made: Brief) -> list[str]:
    """Differences between a brief of an edition and the same made again, one line a finding.

    Numbers count as equal where they differ by less than a millionth.
    """
    before, after = ({finding.id: finding for finding in brief.findings} for brief in (held, made))
    lines = [f"{name} is {'new' if name in after else 'gone'}" for name in before.keys() ^ after.keys()]
    for name in before.keys() & after.keys():
        one, other = before[name], after[name]
        if one.sentence != other.sentence:
            lines.append(f"{name}: {one.sentence} → {other.sentence}")
        elif not all(_near(getattr(one, part), getattr(other, part)) for part in ("value", "low", "high")):
            lines.append(f"{name}: {one.value} ({one.low}–{one.high}) → {other.value} ({other.low}–{other.high})")
    return sorted(lines)


def _near(a: float | str | None, b: float | str | None) -> bool:
    if isinstance(a, float | int) and isinstance(b, float | int):
        return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
    return a == b
