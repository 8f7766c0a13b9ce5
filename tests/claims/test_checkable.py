"""Claims that are drafted and those that are not, their kinds, and the other side of a comparison that names none."""

import pytest

from headway.claims.reader.article import normalise_whitespace
from headway.claims.reader.statements import is_checkable, read_article, read_sentence


def drafted(text: str) -> list[str]:
    return [" ".join(one.text.split()) for one in read_article(text) if is_checkable(one)]


@pytest.mark.parametrize(
    "text",
    [
        "I moved to Lisbon in 2019 to work on AI.",
        "Norway uses AI. The Minister thanked all partners of the AI programme for their warm cooperation.",
        "Norway uses AI. This brief compares the use of AI in three countries.",
        "Using records of 3,000 authors, we trace the movement of AI scholars to and from Iran.",
        "Norway uses AI. But AI patents are not brains.",
        "Norway uses AI. A nation that buys AI chips learns to use chips.",
    ],
)
def test_what_tells_nothing_that_evidence_could_decide(text: str) -> None:
    assert drafted(text)[text.startswith("Norway") :] == []


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Spain has three AI supercomputers. Portugal has just one.", "Portugal has just one."),
        ("Spain leads in AI papers. Italy is second.", "Italy is second."),
        (
            "Chile adopted an AI plan in 2021. The second phase is to cost $500 million until 2027.",
            "The second phase is to cost $500 million until 2027.",
        ),
        (
            "RIGA, 4 October (LETA) — Latvia has 300 AI firms.",
            "Latvia has 300 AI firms.",
        ),
        ("Ghana published 40 AI papers in 2022, and the number has doubled since.", "the number has doubled since."),
    ],
)
def test_what_goes_on_about_technology_is_drafted(text: str, last: str) -> None:
    assert drafted(text)[-1] == last


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Brazil accounts for some 4 per cent of AI papers.", "fact"),
        ("Swiss AI start-ups have raised more than $300 million since 2020.", "fact"),
        ("The Dutch have trained a model at reduced precision.", "fact"),
        ("In my view the truth is that Peru spends 0.2 percent of GDP on R&D.", "fact"),
        ("Spending on AI rose from EUR 2 million to more than EUR 9 million in Malta.", "trend"),
        ("AI papers in Ghana more than doubled.", "trend"),
        ("Italy trained 9 AI models, twice as many as in 2020.", "trend"),
        ("American rules would have limited what Vietnam buys in AI chips.", "cause"),
    ],
)
def test_kinds_that_words_alone_mislead(text: str, kind: str) -> None:
    assert read_article(text)[-1].kind == kind


def test_gapped_parts_of_a_trend_are_trends() -> None:
    kinds = [one.kind for one in read_article("Use of AI grew everywhere: threefold in Ghana, fivefold in Togo.")]
    assert kinds[1:] == ["trend", "trend"]


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Peru has 40 AI start-ups. Chile has twice as many AI start-ups.", ("CHL", "PER")),
        ("Finland has 90 AI firms, but Sweden has far more.", ("SWE", "FIN")),
        ("Kenya has an AI plan. Thailand has more internet users per head.", ("THA", "KEN")),
        ("Kenya has an AI plan. Thailand has the most internet users.", ("THA",)),
        ("Kenya has an AI plan. Thailand has more internet users than ten years ago.", ("THA",)),
        ("Kenya has an AI plan. Thailand has more than 30 million internet users.", ("THA",)),
    ],
)
def test_the_other_side_of_a_comparison_stands_in_the_sentence_before(text: str, countries: tuple[str, ...]) -> None:
    assert read_article(text)[-1].countries == countries


def test_items_of_a_list_and_answers_are_sentences_of_their_own() -> None:
    text = normalise_whitespace(
        "Malta in numbers\n1. Malta has 9 AI labs.\n2. 7 percent of firms use AI.\nQ: And Peru?\nA: None."
    )
    assert [one.text for one in read_article(text)] == [
        "Malta in numbers", "Malta has 9 AI labs.", "7 percent of firms use AI.", "And Peru?", "None.",
    ]  # fmt: skip


def test_a_short_line_above_a_paragraph_is_a_heading() -> None:
    assert normalise_whitespace("Main findings\nMalta has 9 labs,\nand Cyprus has none.") == (
        "Main findings\n\nMalta has 9 labs, and Cyprus has none."
    )
    wrapped = "A line that a program broke after some sixty letters or thereabouts\nThe rest."
    assert normalise_whitespace(wrapped) == wrapped.replace("\n", " ")


def test_a_denial_of_part_of_a_sentence_stays_with_it() -> None:
    first, second = read_article("Cuba has no AI plan, but Haiti adopted one in 2023.")
    assert (first.negated, second.negated) == (True, False)
    assert read_sentence("Export controls do not touch what Chile buys.").negated


def test_who_wrote_papers_reports_nothing() -> None:
    assert not read_sentence("Latvian universities wrote 500 papers on AI in 2023.").attributed
    assert read_sentence("The minister wrote that Latvia uses AI.").attributed
