"""The reader, step by step, on sentences of neither labelled half; the labelled ones guard against backsliding."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.claims.measure import main, read_labels, scores
from headway.claims.reader.amounts import amounts, value_of
from headway.claims.reader.slots import dates
from headway.claims.reader.statements import read_article, read_sentence
from headway.claims.reader.words import attributed, hedged, negated, sentences
from headway.core.errors import EvidenceError, InputError

LABELLED = Path(__file__).parent / "labelled"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Kremlin and Zhongnanhai signed a paper in Paris.", ("RUS", "CHN", "FRA")),
        ("Brussels warned the Emirates and Seoul.", ("EU", "ARE", "KOR")),
        ("US firms told us that the Finns and Poles agree.", ("USA", "FIN", "POL")),
        ("The Washington Post wrote about Latin America.", ()),
        ("Jordan Peterson met Trump.", ("USA",)),
        ("South Korean and North Korean engineers", ("KOR", "PRK")),
        ("Sberbank’s GigaChat runs on Huawei chips.", ("RUS", "CHN")),
        ("Let us turn to turkey and china.", ()),
        ("“Élysée” officials met Mr Modi in New Delhi.", ("FRA", "IND")),
        ("New Zealand joined the G7 talks.", ("NZL", "G7")),
    ],
)
def test_countries_by_whatever_word_stands_for_them(text: str, expected: tuple[str, ...]) -> None:
    assert read_sentence(text).countries == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 3 May 2024 and in June 2025 it grew.", ["2024-05-03", "2025-06"]),
        ("From 2019 to 2023, and in the third quarter of 2024", ["2019", "2023", "2024Q3"]),
        ("The 2021–25 plan, updated 2023-11-30", ["2021", "2025", "2023-11-30"]),
        ("It bought 2000 GPUs for $2023 a piece in 2022.", ["2022"]),
        ("On 31 February 2024 nothing happened.", []),
        ("In the 2010s and in 1066", []),
    ],
)
def test_dates_as_iso_periods(text: str, expected: list[str]) -> None:
    assert [period for period, _, _ in dates(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It cost US$1.5bn, or 1.4 billion euros.", [(1.5e9, "USD"), (1.4e9, "EUR")]),
        ("between 300 and 400 million roubles", [(4e8, "RUB")]),
        ("12 trillion yuan and ¥5 billion", [(1.2e13, "CNY"), (5e9, "JPY")]),
        ("Rs 1,20,000 crore", [(1.2e12, "INR")]),
        ("three-quarters of all firms, and one in four workers", [(75.0, "percent"), (25.0, "percent")]),
        ("rose fivefold, then by a factor of 1.5", [(5.0, "times"), (1.5, "times")]),
        ("half a million students, one in a hundred", [(5e5, "people"), (1.0, "percent")]),
        ("between 30 and 50 billion euros", [(3e10, "EUR"), (5e10, "EUR")]),
        ("$1.2 billion in 2024, against 109 billion elsewhere", [(1.2e9, "USD"), (1.09e11, "USD")]),
        ("more than 3 percent, and China 2.6 percent", [(3.0, "percent"), (2.6, "percent")]),
        ("ranks a dismal 25th", [(25.0, "rank")]),
        ("two orders of magnitude smaller", [(100.0, "times")]),
        ("a year and a half behind", [(18.0, "months")]),
        ("ranked 7th in the world", [(7.0, "rank")]),
        ("a two-gigawatt campus with 40,000 accelerators", [(2000.0, "MW"), (40000.0, "GPUs")]),
        ("more than 3e25 FLOP", [(3e25, "FLOP")]),
        ("Grok 4 and GPT-5 beat Qwen 3.", []),
        ("No. 5 of Section 232", []),
        ("between one and two years", [(1.0, "years"), (2.0, "years")]),
        ("by more than a year", [(1.0, "years")]),
        ("from 15 to 25 percent", [(15.0, "percent"), (25.0, "percent")]),
    ],
)
def test_amounts_in_plain_units(text: str, expected: list[tuple[float, str]]) -> None:
    found = [(amount.value, amount.unit) for amount in amounts(text)]
    for item in expected:
        assert any(value == pytest.approx(item[0]) and unit == item[1] for value, unit in found), found
    if not expected:
        assert found == []


@given(st.integers(1, 999), st.sampled_from(["million", "billion", "trillion"]), st.sampled_from(["$", "€", "£"]))
def test_money_scales(number: int, scale: str, sign: str) -> None:
    factor = {"million": 1e6, "billion": 1e9, "trillion": 1e12}[scale]
    assert [amount.value for amount in amounts(f"It spent {sign}{number} {scale}.")] == [pytest.approx(number * factor)]
    assert value_of(str(number), scale) == pytest.approx(number * factor)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The gap has not closed.", True),
        ("Not only has the gap closed, it reversed.", False),
        ("It is far from certain that China leads.", True),
        ("The country, which has no chips, leads.", False),
        ("Nobody denies that talent left.", False),
        ("He said that the gap had not narrowed.", True),
        ("It isn't cheap.", True),
        ("No doubt the lead is large.", False),
        ("If it does not invest, it will fall behind.", False),
        ("The gap is widening fast: it does not host a cluster.", False),
        ("The verdict: it does not lead.", True),
    ],
)
def test_negation_with_its_scope(text: str, expected: bool) -> None:
    assert negated(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("About half of them left.", True),
        ("They worry about their visas.", False),
        ("In May 2024 it rose.", False),
        ("It may rise.", True),
        ("Perhaps it rose.", True),
        ("It rose in around 40 countries.", True),
        ("It rose.", False),
    ],
)
def test_hedges(text: str, expected: bool) -> None:
    assert hedged(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("According to the ministry, it rose.", True),
        ("It rose, the minister said.", True),
        ("The bank announced a loan.", False),
        ("It rose.", False),
    ],
)
def test_attribution(text: str, expected: bool) -> None:
    assert attributed(text) is expected


@pytest.mark.parametrize(
    ("text", "kind", "direction"),
    [
        ("Norway exports more energy than Denmark.", "comparison", "more"),
        ("Finland ranks below Sweden in patents.", "comparison", "less"),
        ("Investment in Brazil has doubled since 2020.", "trend", "up"),
        ("Japan's share of AI papers keeps falling.", "trend", "down"),
        ("The embargo crippled the Iranian chip industry.", "cause", "down"),
        ("Cheap power led to a boom of data centres in Norway.", "cause", "up"),
        ("Korea will overtake Japan by 2030.", "forecast", "up"),
        ("Parliament must raise the science budget.", "advice", None),
        ("I believe this is folly.", "opinion", None),
        ("Is Europe lost?", "none", None),
        ("Sign up for our newsletter.", "none", None),
        ("Italy has 12,000 accelerators in public data centres.", "fact", None),
        ("Vietnam aims to train 50,000 engineers by 2030.", "fact", None),
    ],
)
def test_kinds_and_directions(text: str, kind: str, direction: str | None) -> None:
    found = read_sentence(text)
    assert (found.kind, found.rule) == (kind, found.rule)
    if direction is not None and kind != "forecast":
        assert found.direction == direction


def test_every_span_points_at_its_words() -> None:
    text = (
        "Moscow spent $2bn in 2024.\n\nMr. Xi said: “China will lead.” Paris, by contrast, hesitates (e.g. on chips)."
    )
    for statement in read_article(text):
        assert text[statement.start : statement.end] == statement.text
        for mention in statement.mentions:
            assert statement.text[mention.start : mention.end] == mention.words


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
    read_article(text)


def test_the_country_comes_from_the_sentence_before() -> None:
    text = "Kazakhstan launched a plan. While others race ahead, Kazakhstan waits. The country has lost many engineers."
    last = read_article(text)[-1]
    assert last.countries == ("KAZ",)
    assert last.inferred


@pytest.mark.parametrize("name", ["development", "prose_development"])
def test_the_reader_keeps_its_score_on_the_development_half(name: str) -> None:
    table = {score.step: score for score in scores(read_labels(LABELLED / f"{name}.jsonl"))}
    for step, floor in (("countries and actors", 0.95), ("amounts and units", 0.9), ("topic", 0.9), ("kind, all", 0.9)):
        precision, recall = table[step].precision, table[step].recall
        assert precision is not None
        assert recall is not None
        assert min(precision, recall) >= floor, step


@pytest.mark.parametrize(
    ("text", "kind", "direction", "denied"),
    [
        ("A chronic lack of power has kept Nigerian firms from training models.", "cause", "down", False),
        ("The distance to the leaders is getting wider by the month.", "trend", "up", False),
        ("There has been no marked turn towards technology in Algeria.", "trend", "flat", False),
        ("No country in Africa has as many AI start-ups as Kenya.", "comparison", "more", False),
        ("Chile's AI sector is dwarfed by that of Brazil.", "comparison", "less", False),
        ("The data centre near Oslo is due to open in 2028.", "forecast", None, False),
        ("Turkey has opened the largest AI laboratory in the region.", "fact", None, False),
        ("Egypt has published more AI papers than Morocco, though few are cited.", "comparison", "more", False),
        ("Peru is a buyer of AI, not a maker of it.", "fact", None, False),
        ("The ministry would be better served by pooling its chips with Finland.", "advice", None, False),
        ("Kazakh officials declared that the country must become an AI leader.", "fact", None, False),
    ],
)
def test_what_a_sentence_does(text: str, kind: str, direction: str | None, denied: bool) -> None:
    found = read_sentence(text)
    assert (found.kind, found.direction, found.negated) == (kind, direction, denied)


def test_it_goes_on_about_the_country_before() -> None:
    text = "India trains few large models. It lags behind American firms. The gap with China is widening."
    second, third = read_article(text)[1:]
    assert second.countries == ("IND", "USA")
    assert third.countries == ("IND", "CHN")
    assert second.inferred


def test_who_leaves_for_elsewhere_leaves_the_country_spoken_of() -> None:
    text = "Chile has good universities. Engineers keep moving to Spain and the Emirates. The country pays too little."
    second, third = read_article(text)[1:]
    assert second.countries == ("CHL", "ESP", "ARE")
    assert second.inferred
    assert third.countries == ("CHL",) or third.kind == "none"


def test_the_country_is_the_one_spoken_of_last_where_no_country_is_the_main_one() -> None:
    text = (
        "Germany spends much on AI. Korean firms trail American ones in AI. "
        "The country has lost talent to the United States."
    )
    assert read_article(text)[-1].countries == ("KOR", "USA")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Chile's artificial intelligence plan: promise and limits", "none"),
        ("Peru overtakes Chile in AI papers", "comparison"),
        ("The plan is welcome, but its numbers are sobering.", "opinion"),
        ("It follows that Chile cannot lead in AI by 2030.", "forecast"),
    ],
)
def test_headings_and_evaluations_are_no_facts(text: str, kind: str) -> None:
    assert read_sentence(text).kind == kind


def test_a_sentence_may_end_with_an_abbreviation() -> None:
    assert [one.text for one in sentences("Peru spends little on R&D. Chile spends more. J. Smith left.")] == [
        "Peru spends little on R&D.",
        "Chile spends more.",
        "J. Smith left.",
    ]


def test_the_held_out_half_is_as_it_was_frozen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(read_labels(LABELLED / "held_out.jsonl")) > 120
    assert len(read_labels(LABELLED / "prose_held_out.jsonl")) > 80
    changed = tmp_path / "held_out.jsonl"
    changed.write_text((LABELLED / "held_out.jsonl").read_text().replace("Moscow", "Minsk", 1))
    (tmp_path / "held_out.sha256").write_text((LABELLED / "held_out.sha256").read_text())
    with pytest.raises(EvidenceError, match="changed since it was frozen"):
        read_labels(changed)
    assert main([str(changed)]) == 3
    assert "error:" in capsys.readouterr().err
    with pytest.raises(InputError, match="cannot be read"):
        read_labels(tmp_path / "none.jsonl")
