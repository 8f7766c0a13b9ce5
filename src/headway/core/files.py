"""Files written so that nothing is lost: a temporary file beside the target, then one rename.

A process that is killed leaves its temporary files behind. Each is locked by the process that fills it, so that the
next one to write into the same folder knows those that nobody fills any more, and removes them.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from headway.core.errors import InputError


def refuse_early(*paths: Path | None, force: bool = False) -> None:
    """Refuse files that `write_atomically` would refuse, before the work that fills them; None is not asked for.

    Raises:
        InputError: a file exists and `force` is false, it is a folder, or its folder is missing.
    """
    for path in map(Path, filter(None, paths)):
        if path.is_dir():
            raise InputError(f"{path} is a folder; give the name of a file in it")
        if path.exists() and not force:
            raise InputError(f"{path} exists already; choose another name or pass --force to replace it")
        if not path.parent.is_dir():
            raise InputError(f"cannot write {path}: there is no folder {path.parent}")


def refuse_no_folder(folder: Path) -> None:
    """Refuse a path that is not a folder and cannot become one.

    Raises:
        InputError: the path, or the nearest thing above it that exists, is a file or a link that leads to no folder.
    """
    above = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), Path("/"))
    if os.path.isdir(above):
        return
    what = "a link that leads to no folder" if os.path.islink(above) else "a file"
    raise InputError(f"{above} is {what}; give the name of a folder")


def refuse_taken_names(folder: Path, names: Iterable[str], *, force: bool = False) -> None:
    """Refuse a folder to be filled in which one of `names` is taken, before the work that fills it.

    Files of other names are not asked for: they stay as they are.

    Raises:
        InputError: a name is taken and `force` is false, or the path is not a folder and cannot become one.
    """
    refuse_no_folder(folder)
    taken = [name for name in names if (folder / name).exists()]
    if taken and not force:
        raise InputError(f"{folder / taken[0]} exists already; choose another folder or pass --force to replace it")


def refuse_foreign_folder(
    folder: Path, what: str, *, is_ours: Callable[[Path], bool], is_own_file: Callable[[str], bool]
) -> None:
    """Refuse a folder to be replaced that holds anything but what Headway wrote there; a new or empty one passes.

    Args:
        what: name of the thing that the folder should hold, with its article.
        is_ours: whether a folder is marked as such a thing. is_own_file: whether a file, by its path below the folder
            with forward slashes, is part of such a thing.

    Raises:
        InputError: the path is a link or a file, or the folder is not empty and not marked, or holds other files.
    """
    if os.path.islink(folder):
        raise InputError(f"{folder} is a link and would be replaced; give the folder that it leads to")
    refuse_no_folder(folder)
    try:
        empty = not os.path.lexists(folder) or not any(folder.iterdir())
    except OSError as error:
        raise InputError(f"cannot read {folder}: {error.strerror or error}") from error
    if empty:
        return
    if not is_ours(folder):
        raise InputError(f"{folder} is not empty and is not {what}; give a new or an empty folder")
    files = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    foreign = sorted(name for path in files if not is_own_file(name := path.relative_to(folder).as_posix()))
    if foreign:
        shown = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
        raise InputError(f"{folder} is {what} but also holds {shown}; move what is yours, or give another folder")


def read_bytes(path: Path, most: int, advice: str = "split the file") -> bytes:
    """Content of a file of at most `most` bytes; no more than that is read of a device that never ends.

    Args:
        advice: on a file that is larger, at the end of the message.

    Raises:
        InputError: missing, a folder, not readable, or larger.
    """
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    if len(content) > most:
        raise InputError(f"{path}: larger than {most / 1e6:.0f} MB; {advice}")
    return content


def read_text(path: Path, most: int) -> str:
    """Text of a file of at most `most` bytes in UTF-8, without its byte-order mark.

    Raises:
        InputError: as `read_bytes`, or not UTF-8; names the line.
    """
    content = read_bytes(path, most)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(f"{path}, line {line}: not UTF-8 text (byte {error.start}); save the file as UTF-8") from error


def read_json(path: Path, most: int) -> Any:
    """Plain data of a JSON file of at most `most` bytes.

    Raises:
        InputError: as `read_text`, or not JSON; names the line where one is known.
    """
    text = read_text(path, most)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: line {error.lineno} is not valid JSON ({error.msg})") from error
    except RecursionError as error:
        raise InputError(f"{path}: not valid JSON: lists and objects are nested too deep") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise InputError(f"{path}: not valid JSON: a number of too many digits") from error


def make_folder(folder: Path, complaint: str, *, parents: bool = True, mode: int = 0o777) -> None:
    """Make a folder where there is none.

    Args:
        mode: who may enter it, less what the user's system takes away; those above it are made as usual.

    Raises:
        InputError: it cannot be made: `complaint`, and what the system says.
    """
    try:
        folder.mkdir(mode, parents=parents, exist_ok=True)
    except OSError as error:
        raise InputError(f"{complaint}: {error.strerror or error}") from error


def cache_folder(name: str) -> Path:
    """Folder of the user for things that can be made again, under a name of their own; it may not exist yet.

    It lies below the system's temporary folder for a user who has no home folder, as in many containers.
    """
    import platformdirs

    folder = _absolute(platformdirs.user_cache_dir)
    if folder is None:
        user = os.geteuid() if hasattr(os, "geteuid") else "user"
        folder = Path(tempfile.gettempdir()) / f"headway-{user}"
    return folder / name


def data_folder() -> Path:
    """Folder of the user for what Headway keeps for good; it may not exist yet.

    Raises:
        InputError: the user has no home folder.
    """
    import platformdirs

    folder = _absolute(platformdirs.user_data_dir)
    if folder is None:
        raise InputError("there is no home folder to keep this in; name a place by its option, or set HOME")
    return folder


def _absolute(ask: Callable[..., str]) -> Path | None:
    """Folder for Headway that platformdirs gives; None where it finds no home folder to put it in."""
    try:
        folder = Path(ask("headway", appauthor=False))
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None


def write_atomically(path: Path, content: bytes | str, *, force: bool = False) -> Path:
    """Write `content` to `path`; an existing file survives unless `force` is given, and survives a failed write always.

    Raises:
        InputError: the file exists and `force` is false, or its folder is missing or not writable.
    """
    path = Path(path)
    if path.exists() and not force:
        raise InputError(f"{path} exists already; choose another name or pass --force to replace it")
    data = content.encode() if isinstance(content, str) else content
    try:
        with _temporary(path, tempfile.mkstemp) as (temporary, handle):
            with os.fdopen(os.dup(handle), "wb") as file:
                file.write(data)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error
    return path


@contextmanager
def temporary_file(path: Path) -> Iterator[Path]:
    """New hidden file beside `path`, to be filled and renamed to it; removed at the end where it was not.

    Raises:
        OSError: the folder cannot be written.
    """
    with _temporary(path, tempfile.mkstemp) as (temporary, _):
        os.chmod(temporary, 0o644)
        yield Path(temporary)


@contextmanager
def temporary_folder(folder: Path) -> Iterator[Path]:
    """New hidden folder beside `folder`, to be filled and put in its place by `put_folder`; removed at the end.

    Raises:
        OSError: the folder above cannot be written.
    """
    with _temporary(folder, _new_folder) as (holder, _):
        new = Path(holder) / _NEW
        new.mkdir()
        yield new


def put_folder(new: Path, folder: Path) -> Path | None:
    """Rename what `temporary_folder` gave to `folder`; path of the folder that lay there before, if there was one.

    The earlier one is removed with the temporary folder. Where a process is killed between the two renames, the next
    one that asks for a temporary folder there puts the earlier one back.

    Raises:
        OSError: one of them cannot be renamed; `folder` is as it was.
    """
    if not os.path.lexists(folder):
        os.rename(new, folder)
        return None
    earlier = new.with_name(_EARLIER)
    os.rename(folder, earlier)
    try:
        os.rename(new, folder)
    except OSError:
        os.rename(earlier, folder)
        raise
    return earlier


_MARK = ".headway-"  # after the name of what a temporary file or folder will become
_NEW, _EARLIER = "new", "earlier"  # folders in a temporary folder


def _new_folder(*, dir: Path, prefix: str) -> tuple[int, str]:
    name = tempfile.mkdtemp(dir=dir, prefix=prefix)
    return os.open(name, os.O_RDONLY), name


@contextmanager
def _temporary(path: Path, make: Callable[..., tuple[int, str]]) -> Iterator[tuple[str, int]]:
    """Path and descriptor of a new locked file or folder beside `path`; what killed processes left is removed first."""
    remove_abandoned(path.parent)
    handle, name = make(dir=path.parent, prefix=f".{path.name}{_MARK}")
    while not (_locked(handle, wait=True) and os.path.exists(name)):  # taken for abandoned before it was locked
        os.close(handle)
        handle, name = make(dir=path.parent, prefix=f".{path.name}{_MARK}")
    try:
        yield name, handle
    finally:
        _remove(Path(name))
        os.close(handle)


def remove_abandoned(folder: Path) -> None:
    """Remove from a folder what killed processes left there, and put back a folder that one had set aside."""
    with suppress(OSError), os.scandir(folder) as entries:
        for name in [entry.name for entry in entries if entry.name.startswith(".") and _MARK in entry.name]:
            with suppress(OSError):
                handle = os.open(folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
                try:
                    if _locked(handle, wait=False):
                        target = folder / name[1:].rpartition(_MARK)[0]
                        if (folder / name / _EARLIER).is_dir() and not os.path.lexists(target):
                            os.rename(folder / name / _EARLIER, target)
                        _remove(folder / name)
                finally:
                    os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _locked(handle: int, *, wait: bool) -> bool:
    """Whether an open file is now locked by this process; where a system has no locks only a writer is told so."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (ImportError, OSError):
        return wait
    return True
