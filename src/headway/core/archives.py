"""ZIP archives of others, which may be damaged or made to fill the memory: opened within bounds, with one error."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError, OSError,
    KeyError, ValueError, MemoryError, OverflowError,
)  # fmt: skip
"""Errors that reading a damaged archive ends in: an unknown compression, a password asked for, a false hash …"""


class DamagedArchiveError(Exception):
    """An archive, or a part of one, that cannot be read; says why."""


def open_archive(content: bytes, most: int) -> zipfile.ZipFile:
    """Archive whose parts are at most `most` bytes together when they are unpacked.

    Raises:
        DamagedArchiveError: it is no archive, or larger.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except FAULTS as error:
        raise DamagedArchiveError(f"no archive: {error}") from error
    if sum(part.file_size for part in archive.infolist()) > most:
        raise DamagedArchiveError(f"its parts are larger than {most / 1e6:,.0f} MB when they are unpacked")
    return archive


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Content of a part.

    Raises:
        DamagedArchiveError: there is none of this name, or it cannot be read.
    """
    try:
        return archive.read(name)  # no more than the size that was counted is unpacked
    except FAULTS as error:
        raise DamagedArchiveError(f"{name} cannot be read: {error}") from error
