"""Opening articles: pages are stripped, bad files are named, other languages are told apart."""

import io
from pathlib import Path

import pytest

from headway.claims.reader.article import extract_html, normalise_whitespace, open_article
from headway.claims.reader.statements import read_article
from headway.core.errors import InputError

PAGE = """<!DOCTYPE html><html><head><title>Chips &amp; power</title><style>p{color:red}</style>
<script>var x = "China leads</p>";</script></head><body><nav><a href="/">Home</a></nav>
<article><h1>Chips &amp; power</h1><p>Russia&#8217;s <b>largest</b> run trails America&rsquo;s.</p>
<p>France spends 2.2 % of GDP on research.<br>So it goes.</p><p onclick="evil()">China<!-- not this --> leads.</p>
<form><button>Subscribe</button></form></article><footer>All rights reserved</footer></body></html>"""


def test_a_page_gives_its_visible_words_only() -> None:
    text, title = extract_html(PAGE)
    assert title == "Chips & power"
    assert "Russia’s largest run trails America’s." in " ".join(text.split())
    for hidden in ("color", "var x", "Home", "evil", "not this", "Subscribe", "All rights"):
        assert hidden not in text


def test_claims_of_others_on_a_page_are_no_part_of_its_article() -> None:
    text, _ = extract_html(
        """<html><body><div class="cookie-banner"><p>We use cookies to improve your experience.</p></div>
        <article><p>Russia spends about one percent of its output on research.</p>
        <p>France spends twice that.</p></article>
        <div class="related"><ul><li><a href="/x">China bans all chips from abroad</a></li></ul></div>
        <div class="comments"><p>Joe: The United States trails everyone.</p></div></body></html>"""
    )
    assert "France spends twice that." in text
    for elsewhere in ("cookies", "China", "Joe"):
        assert elsewhere not in text


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>Russia trails America.</p><p>China leads.</p>", "Russia trails America.\n\nChina leads."),
        ("<html><body>Norway leads<br>all of them.</body></html>", "Norway leads all of them."),
        ("<div>A single division about China.</div>", "A single division about China."),
        ("<ul><li>China <b>leads</b>.</li><li>India follows.</li></ul>", "China leads.\n\nIndia follows."),
    ],
)
def test_short_pages_keep_their_words_and_paragraphs(page: str, words: str) -> None:
    assert normalise_whitespace(extract_html(page)[0]) == words


def test_a_page_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(PAGE)
    article = open_article(str(file))
    assert article.title == "Chips & power"
    kinds = {statement.text: statement.countries for statement in read_article(article.text)}
    assert kinds["France spends 2.2 % of GDP on research."] == ("FRA",)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Piped:
        buffer = io.BytesIO(b"Norway's oil fund owns much of it. " * 3)

    monkeypatch.setattr("sys.stdin", Piped())
    assert "Norway" in open_article("-").text


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "the file is empty"),
        (b" \n\t ", "the file is empty"),
        (b"\x00\x01\x02binary", "a binary file"),
        (b"%PDF-1.7 ...", "a binary file"),
        (b"\xff\xfe\xff", "starts like utf-16 but is not"),
        (b"a" * 5_000_001, "larger than 5 MB"),
        (b"<html><body><script>x</script></body></html>", "there is no text in it"),
        (
            "Россия отстаёт от США в области искусственного интеллекта на несколько лет. ".encode() * 4,
            "seems to be in 'ru'",
        ),
        (
            (
                "La France investit moins que les États-Unis dans la recherche et les chercheurs quittent le pays. "
            ).encode()
            * 4,
            "seems to be in 'fr'",
        ),
        (b"\x81\x8d\x8f\x90\x9d" * 40, "not UTF-8 text"),
    ],
)
def test_bad_files_are_named(content: bytes, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(content)
    with pytest.raises(InputError, match=complaint):
        open_article(str(file))


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_article(str(tmp_path / "none.txt"))
    with pytest.raises(InputError, match="cannot be read"):
        open_article(str(tmp_path))


def test_an_old_encoding_is_read_and_said(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes("The Élysée said that the country’s plan was on track for the year.".encode("cp1252"))
    article = open_article(str(file))
    assert "Élysée" in article.text
    assert "cp1252" in article.notes[0]


def test_one_long_line_is_read_and_a_book_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text("The gap with the United States is widening. " * 500)
    assert len(read_article(open_article(str(file)).text)) == 500
    file.write_text("The gap with the United States is widening. " * 30_000)
    with pytest.raises(InputError, match="not a book"):
        open_article(str(file))
