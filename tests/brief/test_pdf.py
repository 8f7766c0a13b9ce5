"""The PDF: tagged, with text alternatives, the same bytes on every run."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import made_brief as made
import pytest

from headway.brief import pdf as paper
from headway.charts import paper as typesetting
from headway.charts.layout import covers
from headway.core.errors import EvidenceError


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return paper.pdf(made.brief())


def test_it_declares_accessible_pdf(pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part" in pdf
    assert re.search(rb"/Lang ?\(en\)", pdf)


def test_it_is_the_same_on_every_run(pdf: bytes) -> None:
    assert paper.pdf(made.brief()) == pdf


def test_it_uses_no_font_but_its_own(pdf: bytes) -> None:
    fonts = {name.decode() for name in re.findall(rb"/BaseFont ?/[A-Z]{6}\+([A-Za-z-]+)", pdf)}
    assert fonts == {"NotoSans-Regular", "NotoSans-Bold", "NotoSans-Italic"}


def test_every_picture_has_words_for_those_who_cannot_see_it() -> None:
    told = paper.content(made.brief())
    items = [item for part in told["parts"] for item in part["items"]]
    pictures = [*told["front"], *(item for item in items if item["svg"])]
    assert len(pictures) == len(made.PICTURES)
    assert all(item["alternative"] for item in pictures)


def test_markup_in_a_sentence_is_not_markup() -> None:
    one = replace(made.findings()[3], sentence='*Bold* #panic("no") $x$ <label> @ref _it_ \\ ].')
    assert paper.pdf(made.brief([one])).startswith(b"%PDF")


def test_an_empty_brief_can_be_printed() -> None:
    assert paper.pdf(made.brief([])).startswith(b"%PDF")


def test_signs_of_the_sentences_are_in_the_shipped_font() -> None:
    assert all(map(covers, "−≥≤≈×–→₂²⁵·’“”ÄŁЖя√∞ü"))
    assert not covers("中")


def test_a_script_without_a_font_leaves_a_mark_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    compiled = typesetting._compiled

    def without_system_fonts(template: bytes, text: str, day: dt.date, *, system: bool) -> bytes:
        told.append(text)
        return compiled(template, text, day, system=False)

    monkeypatch.setattr(typesetting, "_compiled", without_system_fonts)
    one = replace(made.findings()[3], sentence="The plan 规划 of the year.")
    assert paper.pdf(made.brief([one])).startswith(b"%PDF")
    assert len(told) == 2
    assert "The plan […] of the year." in told[1]
    assert "has no font" in told[1]


def test_an_error_of_the_typesetter_is_told_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "content", lambda brief, annex: {"title": "x"})
    with pytest.raises(EvidenceError, match="could not be set"):
        paper.pdf(made.brief([]))
