"""Writing files so that nothing is lost: a temporary file beside the target, then one rename."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from headway.errors import InputError


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


def make_folder(folder: Path, complaint: str, *, parents: bool = True) -> None:
    """Make a folder where there is none.

    Raises:
        InputError: it cannot be made: `complaint`, and what the system says.
    """
    try:
        folder.mkdir(parents=parents, exist_ok=True)
    except OSError as error:
        raise InputError(f"{complaint}: {error.strerror or error}") from error


def cache_folder(name: str) -> Path:
    """Where things that can be made again are kept for the user, under a name of their own; it may not exist yet."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("headway")) / name


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
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        Path(temporary).unlink(missing_ok=True)
    return path
