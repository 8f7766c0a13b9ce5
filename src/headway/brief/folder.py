"""Briefs of several countries in one folder, with a page that leads to each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headway.brief import document, html
from headway.core.errors import InputError
from headway.core.files import make_folder, refuse_taken_names, write_atomically

if TYPE_CHECKING:
    from headway.brief.compose import Brief


def refuse_early(folder: Path, countries: Sequence[str], *, force: bool = False) -> None:
    """Refuse a folder that holds one of the files to come.

    Raises:
        InputError: names the file; or the path is a file, or its parent folder is missing.
    """
    if not folder.parent.is_dir():
        raise InputError(f"cannot make {folder}: there is no folder {folder.parent}")
    refuse_taken_names(folder, _names(countries), force=force)


def write(briefs: Sequence[Brief], folder: Path, *, force: bool = False) -> list[Path]:
    """Write `index.html` and, for every country, its page and its findings as JSON.

    Raises:
        InputError: a file exists and `force` is false, or the folder cannot be written.
    """
    refuse_early(folder, [brief.country for brief in briefs], force=force)
    make_folder(folder, f"cannot make {folder}", parents=False)
    written = []
    for brief in briefs:
        written.append(write_atomically(folder / f"{brief.country}.html", html.page(brief), force=force))
        written.append(write_atomically(folder / f"{brief.country}.json", document.text(brief), force=force))
    return [write_atomically(folder / "index.html", html.index(briefs), force=force), *written]


def _names(countries: Sequence[str]) -> list[str]:
    return ["index.html", *(f"{code}.{ending}" for code in countries for ending in ("html", "json"))]
