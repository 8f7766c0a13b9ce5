"""Articles as plain paragraphs of English, from a text file, an HTML page or standard input."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from headway.claims.reader.words import lexicon
from headway.core.errors import InputError

MAX_BYTES, MAX_TEXT = 5_000_000, 1_000_000
_TAGS = lexicon("html")
_SKIP, _BLOCK, _VOID = (frozenset(_TAGS[key]) for key in ("skip", "block", "void"))


@dataclass(frozen=True, slots=True)
class Article:
    """Plain text of an article, its title where the page names one, its language, and notes on reading the file."""

    text: str
    title: str = ""
    language: str = "en"
    notes: tuple[str, ...] = ()


class _Page(HTMLParser):
    """Collects visible words; the contents of scripts, menus and forms never reach the reader."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title = ""
        self._skipping: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = True
        if tag in _SKIP and tag not in _VOID:
            self._skipping.append(tag)
        elif tag in _BLOCK:
            self.parts.append("\n\n" if tag != "br" else "\n")
        if tag == "body":
            self._skipping.clear()

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if tag in self._skipping:
            while self._skipping.pop() != tag:
                pass
        elif tag in _BLOCK:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self._skipping:
            self.parts.append(data)


def open_article(path: str) -> Article:
    """Article in the file `path` ("-" is standard input), text or HTML.

    Raises:
        InputError: missing, a folder, empty, too large (5 MB, a million characters), binary, in an unknown encoding,
            or not in English.
    """
    name = "standard input" if path == "-" else path
    data = _bytes(path, name)
    text, notes = _decode(data, name)
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
    """The visible text of a page and its title."""
    page = _Page()
    page.feed(markup)
    page.close()
    return "".join(page.parts), " ".join(page.title.split())


def normalise_whitespace(text: str) -> str:
    """Text with one blank line between paragraphs and single blanks within; quotes and dashes stay as they are."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u00ad", "").replace("\ufeff", "")
    text = re.sub(r"[\u200b\u200c\u200d\u2060]", "", text).replace("\r\n", "\n").replace("\r", "\n")
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
    import py3langid

    if len(text) < 60:
        return "en"
    language = str(py3langid.classify(text[:20000])[0])
    if language != "en" and not _mostly_english(text):
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
