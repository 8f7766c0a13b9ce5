"""Questions cut into pieces that machines share: each piece is a file, and who finds all of them puts them together.

Pieces do not depend on how many machines share them: part k of n runs those of the k-th n-th that are not there yet. A
killed part carries on where it stopped, and another number of parts takes up what is there.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from headway.core.cache import Arrays, UnreadableEntryError, unpack_arrays
from headway.core.errors import InputError
from headway.core.files import make_folder, read_bytes, refuse_no_folder, write_atomically

_MOST_BYTES = 2**30  # of one piece
_SEAL = hashlib.sha256().digest_size
_RECIPE = "recipe.json"
Progress = Callable[[int, int], None]


class Task(Protocol):
    """A question cut into pieces. A piece does not depend on others, and is the same on whichever machine runs it.

    `key` is a hash of all that the pieces depend on, `recipe` says the same in words, `pieces` are names in the order
    in which they are put together.
    """

    @property
    def key(self) -> str: ...

    @property
    def recipe(self) -> Mapping[str, Any]: ...

    @property
    def pieces(self) -> Sequence[str]: ...

    def run(self, piece: str) -> Arrays: ...


@dataclass(frozen=True, slots=True)
class Part:
    """Part `number` of `of`, both from 1."""

    number: int
    of: int

    @staticmethod
    def parse(text: str) -> Part:
        """Part that `k/n` means.

        Raises:
            InputError: it is no such thing.
        """
        match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text.strip())
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            raise InputError(f"--part {text}: write k/n, k from 1 to n: 1/8 … 8/8 are the eight parts of one question")
        return Part(int(match[1]), int(match[2]))

    def share(self, pieces: Sequence[str]) -> Sequence[str]:
        """The pieces that this part runs; they follow one another, since neighbours may have much in common."""
        count = len(pieces)
        return pieces[(self.number - 1) * count // self.of : self.number * count // self.of]

    def __str__(self) -> str:
        return f"part {self.number} of {self.of}"


@dataclass(frozen=True)
class Sharing:
    """How a question is shared between machines, as a user asks for it.

    Attributes:
        store: folder for pieces; a folder of its own, removed at the end, where none is given.
        part: which pieces to run; all of them where none is given. scheduler: address of a Dask scheduler or `local:N`;
            None runs on this machine. merge: run nothing, put together what is there.
    """

    store: Path | None = None
    part: Part | None = None
    scheduler: str | None = None
    merge: bool = False

    def __post_init__(self) -> None:
        if self.store is None and self.part is not None:
            raise InputError("--part needs --store FOLDER: a folder that all parts of the question can write")
        if self.store is None and self.merge:
            raise InputError("--merge needs --store FOLDER: the folder that the parts have written")
        if self.merge and (self.part is not None or self.scheduler is not None):
            raise InputError("--merge runs nothing: leave out --part and --scheduler")
        if self.store is not None:
            refuse_no_folder(self.store)

    @property
    def asked(self) -> bool:
        """Whether anything of it was asked for."""
        return self.store is not None or self.scheduler is not None


class PieceStore:
    """Folder of one key: a recipe to read, and one file for each piece that is done.

    A file ends with a hash of its own and says of which question and piece it is, so that a file that was cut short or
    brought from elsewhere is refused rather than counted in.
    """

    def __init__(self, store: Path, key: str, recipe: Mapping[str, Any]) -> None:
        """
        Raises:
            InputError: the folder cannot be written.
        """
        self.folder, self._key = store / key, key
        make_folder(self.folder, f"cannot write to {store}")
        text = json.dumps(dict(recipe), indent=2, ensure_ascii=False) + "\n"
        write_atomically(self.folder / _RECIPE, text, force=True)

    def has(self, piece: str) -> bool:
        """Whether a piece is there."""
        return self._path(piece).exists()

    def missing(self, pieces: Iterable[str]) -> list[str]:
        """The pieces that are not there, in order."""
        there = {path.name for path in self.folder.iterdir()}
        return [piece for piece in pieces if self._path(piece).name not in there]

    def put(self, piece: str, arrays: Arrays) -> None:
        """Keep a piece, whole or not at all."""
        named = {"": np.array([self._key, piece]), **arrays}
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **{_quoted(name): array for name, array in named.items()})
        content = buffer.getvalue()
        write_atomically(self._path(piece), content + hashlib.sha256(content).digest(), force=True)

    def get(self, piece: str) -> Arrays:
        """Arrays of a piece.

        Raises:
            InputError: the file cannot be read, was cut short, or is of another question or piece.
        """
        path = self._path(piece)
        advice = "remove it and run its part again"
        entry = read_bytes(path, _MOST_BYTES, advice)
        content, seal = entry[:-_SEAL], entry[-_SEAL:]
        if hashlib.sha256(content).digest() != seal:
            raise InputError(f"{path} was cut short or changed; {advice}")
        try:
            arrays = unpack_arrays(content)
            key, name = map(str, arrays.pop(_quoted("")))
        except (UnreadableEntryError, KeyError, ValueError) as error:
            raise InputError(f"{path} is no piece of a question ({error}); {advice}") from error
        if (key, name) != (self._key, piece):
            raise InputError(f"{path} holds {name} of the question {key}, not {piece} of {self._key}; {advice}")
        return {name.removeprefix(_PREFIX): array for name, array in arrays.items()}

    def refuse_foreign(self, pieces: Iterable[str]) -> None:
        """Refuse a folder that holds pieces which are none of this question.

        Raises:
            InputError: names the first.
        """
        known = {self._path(piece).name for piece in pieces}
        foreign = sorted(path.name for path in self.folder.glob("*.piece") if path.name not in known)
        if foreign:
            raise InputError(f"{self.folder} holds {foreign[0]}, which is no piece of this question; move it elsewhere")

    def _path(self, piece: str) -> Path:
        return self.folder / f"{piece}.piece"


_PREFIX = "array/"  # before the names of arrays, none of which may be that of an argument of NumPy's function


def _quoted(name: str) -> str:
    return _PREFIX + name


def carry_out(task: Task, sharing: Sharing, store: PieceStore, progress: Progress = lambda done, of: None) -> list[str]:
    """Run the pieces that are asked for and not there yet; names of those of the whole question still missing.

    Args:
        progress: told how many pieces of this part are done, and of how many.

    Raises:
        InputError: a foreign piece, a folder that cannot be written, no scheduler or no worker.
    """
    pieces = list(task.pieces)
    store.refuse_foreign(pieces)
    if not sharing.merge:
        own = list(sharing.part.share(pieces) if sharing.part else pieces)
        waiting = store.missing(own)
        done = len(own) - len(waiting)
        progress(done, len(own))
        for piece, arrays in answered(task, waiting, sharing.scheduler):
            store.put(piece, arrays)
            done += 1
            progress(done, len(own))
    return store.missing(pieces)


def answered(
    task: Task, pieces: Sequence[str], scheduler: str | None, here: Callable[..., Iterable[Arrays]] = map
) -> Iterator[tuple[str, Arrays]]:
    """Pieces with their arrays, as they come back.

    Args:
        scheduler: address of a Dask scheduler, or `local:N`; None runs in this process.
        here: how this process runs them: one after another, or as `headway.ensemble.simulation.map_in_order`.

    Raises:
        InputError, ModelError: as `headway.ensemble.cluster.run_on_dask`.
    """
    if scheduler is None or not pieces:
        return zip(pieces, here(task.run, pieces), strict=True)
    from headway.ensemble.cluster import run_on_dask

    return run_on_dask(task, pieces, scheduler, _run)


def _run(task: Task, piece: str) -> Arrays:
    return task.run(piece)


class UnfinishedError(Exception):
    """A part that has run its own pieces while others are missing; the message is a sentence for the user."""


Gather = Callable[[Task], Iterable[Arrays]]
"""Function that finds all pieces of a question, in order."""


def run_here(task: Task) -> Iterator[Arrays]:
    """All pieces of a question, in order, run one after another in this process."""
    yield from map(task.run, task.pieces)


def gathered(task: Task, sharing: Sharing, progress: Progress = lambda done, of: None) -> Iterator[Arrays]:
    """All pieces of a question, in order, run where they are not there yet; in this process if nothing else is asked.

    Raises:
        InputError: as `carry_out` and `PieceStore.get`. UnfinishedError: pieces of other parts are missing.
    """
    if not sharing.asked:
        for done, piece in enumerate(task.pieces):
            progress(done, len(task.pieces))
            yield task.run(piece)
        return
    with opened(task, sharing) as store:
        if missing := carry_out(task, sharing, store, progress):
            raise UnfinishedError(unfinished(sharing, store, missing, len(task.pieces)))
        yield from map(store.get, task.pieces)


@contextmanager
def opened(task: Task, sharing: Sharing) -> Iterator[PieceStore]:
    """The store of a question: in the folder that was given, or in one that is removed at the end.

    Raises:
        InputError: the folder cannot be written; with `merge`, it holds nothing of this question.
    """
    if sharing.store is not None:
        if sharing.merge and not (sharing.store / task.key).is_dir():
            raise InputError(
                f"--merge: {sharing.store} holds no pieces of this question (key {task.key}); the key changes with the "
                "options, the evidence and the version of Headway"
            )
        yield PieceStore(sharing.store, task.key, task.recipe)
        return
    with tempfile.TemporaryDirectory(prefix="headway-") as folder:
        yield PieceStore(Path(folder), task.key, task.recipe)


def unfinished(sharing: Sharing, store: PieceStore, missing: Sequence[str], of: int) -> str:
    """Sentence on a question of which pieces are missing.

    Raises:
        InputError: with `merge`, which was asked for too early.
    """
    there = f"{of - len(missing):,} of {of:,} pieces lie in {store.folder}"
    if sharing.merge:
        raise InputError(f"--merge: only {there}; run the parts that are missing ({missing[0]} is the first)")
    return (
        f"{sharing.part} is done; {there}. The part that ends last puts them together, and so does the same command "
        "with --merge instead of --part"
    )
