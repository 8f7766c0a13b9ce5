"""Articles as plain paragraphs of English, from a text file, an HTML page or standard input."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from headway.claims.reader.words import LIST_MARK
from headway.core.errors import InputError

if TYPE_CHECKING:
    from configparser import ConfigParser

    from lxml.etree import _Element

MAX_BYTES, MAX_TEXT = 5_000_000, 1_000_000
_WITHIN_A_PARAGRAPH = frozenset({"hi", "ref", "del", "graphic", "lb", "span"})
"""Elements of an extracted page that begin no paragraph of their own."""


@dataclass(frozen=True, slots=True)
class Article:
    """Plain text of an article, its title where the page names one, its language, and notes on reading the file."""

    text: str
    title: str = ""
    language: str = "en"
    notes: tuple[str, ...] = ()


def open_article(path: str) -> Article:
    """Article in the file `path` ("-" is standard input), text or HTML.

    Raises:
        InputError: missing, a folder, empty, too large (5 MB, a million characters), binary, in an unknown encoding,
            or not in English.
    """
    name = "standard input" if path == "-" else path
    data = _bytes(path, name)
    text, notes = _decode(data, name)
    if "\x00" in text:
        raise InputError(f"{name}: holds zero bytes, as UTF-32 does; save the article as UTF-8")
    title = ""
    if _looks_like_html(text, path):
        text, title = extract_html(text)
    text = normalise_whitespace(text)
    if not text:
        raise InputError(f"{name}: there is no text in it")
    if len(text) > MAX_TEXT:
        raise InputError(f"{name}: more than {MAX_TEXT:,} characters of text; give one article, not a book")
    return Article(text, title, _english(text, name), tuple(notes))


def extract_html(markup: str) -> tuple[str, str]:
    """Text of the article on a page, paragraphs divided by blank lines, and its title ("" where the page has none).

    Menus, forms, notices, lists of other articles and comments of readers are left out, so that nobody else's claims
    are taken for the article's. A page in which no article is recognised gives all its visible text.
    """
    import trafilatura
    from trafilatura.settings import Document

    if "<body" not in markup.lower():
        markup = f"<html><body>{markup}</body></html>"
    found = trafilatura.bare_extraction(markup, include_comments=False, with_metadata=True, config=_extraction())
    if not isinstance(found, Document):
        return str(trafilatura.html2txt(markup)), ""
    return "".join(_words(found.body)), " ".join((found.title or "").split())


@lru_cache(maxsize=1)
def _extraction() -> ConfigParser:
    """Settings of the extraction, without a least length: an article may be one sentence."""
    from trafilatura.settings import use_config

    settings = use_config()
    for key in ("MIN_EXTRACTED_SIZE", "MIN_OUTPUT_SIZE"):
        settings.set("DEFAULT", key, "1")
    return settings


def _words(body: _Element) -> Iterator[str]:
    """Pieces of the text of an extracted page in order, with blank lines around its blocks."""
    from lxml.etree import iterwalk

    for event, element in iterwalk(body, events=("start", "end")):
        tag = str(element.tag)
        if tag not in _WITHIN_A_PARAGRAPH:
            yield "\n\n"
        elif tag == "lb":
            yield " "
        yield (element.text if event == "start" else element.tail) or ""


_HEADING = re.compile(r"(?:(?<=\n\n)|^)((?:[^\s.!?:;,]+ ){0,5}[^\s.!?:;,]+)\n(?=[A-Z“\"])")
"""A line of few words without a mark at the head of a paragraph."""


def normalise_whitespace(text: str) -> str:
    """Text with one blank line between paragraphs and single blanks within; quotes and dashes stay as they are."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u00ad", "").replace("\ufeff", "")
    text = re.sub(r"[\u200b\u200c\u200d\u2060]", "", text).replace("\r\n", "\n").replace("\r", "\n")
    text = LIST_MARK.sub(lambda mark: f"\n\n{mark[0].strip()} ", text)  # an item of a list is a paragraph
    text = _HEADING.sub(r"\1\n\n", text)
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text))
    return "\n\n".join(part for part in paragraphs if part)


def _bytes(path: str, name: str) -> bytes:
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{name}: no such file; give a .txt or .html file, or - for standard input") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror or error})") from error
    if not data.strip():
        raise InputError(f"{name}: the file is empty")
    if len(data) > MAX_BYTES:
        raise InputError(f"{name}: larger than 5 MB; give one article, not an archive")
    return data


def _decode(data: bytes, name: str) -> tuple[str, list[str]]:
    for bom, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(bom):
            try:
                return data.decode(encoding), []
            except UnicodeDecodeError as error:
                raise InputError(f"{name}: starts like {encoding} but is not ({error.reason})") from error
    if b"\x00" in data[:65536] or data[:4] in (b"%PDF", b"PK\x03\x04", b"\x89PNG"):
        raise InputError(f"{name}: a binary file, not text; save the article as .txt or .html first")
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        declared = re.search(rb"charset=[\"']?([A-Za-z0-9_-]+)", data[:4096])
        for encoding in (declared[1].decode() if declared else "", "cp1252"):
            try:
                text = data.decode(encoding) if encoding else ""
            except (LookupError, UnicodeDecodeError):
                continue
            if text and sum(not (c.isprintable() or c.isspace()) for c in text) < 0.002 * len(text):
                return text, [f"not UTF-8 (byte {error.start}); read as {encoding}"]
        raise InputError(f"{name}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error


def _looks_like_html(text: str, path: str) -> bool:
    head = text[:2000].lstrip().lower()
    return (
        path.lower().endswith((".html", ".htm", ".xhtml"))
        or head.startswith(("<!doctype html", "<html"))
        or ("</p>" in text[:20000].lower())
    )


def _english(text: str, name: str) -> str:
    """Language of the text by a small packaged classifier; short texts get the benefit of the doubt."""
    if len(text) < 60 or _mostly_english(text):
        return "en"
    import py3langid  # its model takes a second to read

    language = str(py3langid.classify(text[:20000])[0])
    if language != "en":
        raise InputError(f"{name}: the text seems to be in '{language}'; only English can be read")
    return "en"


def _mostly_english(text: str) -> bool:
    words = re.findall(r"[a-z]+", text[:20000].lower())
    common = {
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "that",
        "for",
        "has",
        "are",
        "its",
        "with",
        "by",
        "on",
        "than",
        "not",
    }
    return bool(words) and sum(word in common for word in words) / len(words) > 0.15
