"""Parts of sentences: each rule with sentences that invite it, and sentences that must stay whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.claims.reader.parts import parts
from headway.claims.reader.statements import read_article
from headway.claims.reader.verbs import finite_verb
from headway.claims.reader.words import Sentence


def cut(text: str) -> list[tuple[str, str]]:
    return [(part.role, " ".join(part.text.split())) for part in parts(Sentence(text, 0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Chile has three labs, and even Peru has overtaken it.",
            [("clause", "Chile has three labs"), ("clause", "even Peru has overtaken it.")],
        ),
        (
            "Output has stood still in Oman while server halls, says the utility, now eat a tenth of it.",
            [
                ("clause", "Output has stood still in Oman"),
                ("clause", "server halls, says the utility, now eat a tenth of it."),
            ],
        ),
        (
            "Although Iceland has 400,000 people, it publishes more AI papers than Malta.",
            [
                ("clause", "Although Iceland has 400,000 people"),
                ("clause", "it publishes more AI papers than Malta."),
            ],
        ),
        (
            "Belgium spends 3 percent of GDP on R&D and trains twice as many models as Austria.",
            [
                ("clause", "Belgium spends 3 percent of GDP on R&D"),
                ("predicate", "trains twice as many models as Austria."),
            ],
        ),
        (
            "Oman had zero, while Bahrain had one and Qatar three.",
            [("clause", "Oman had zero"), ("clause", "Bahrain had one"), ("gapped", "Qatar three.")],
        ),
        (
            "Latvia trained two models, compared with 40 in France and 15 in Italy.",
            [
                ("clause", "Latvia trained two models"),
                ("tail", "compared with 40 in France"),
                ("gapped", "15 in Italy."),
            ],
        ),
        (
            "Use has grown everywhere: threefold in Ghana, fivefold in Togo.",
            [
                ("clause", "Use has grown everywhere"),
                ("gapped", "threefold in Ghana"),
                ("gapped", "fivefold in Togo."),
            ],
        ),
        (
            "Greece, which in 2015 had none, now has two clusters.",
            [("clause", "Greece now has two clusters."), ("relative", "which in 2015 had none")],
        ),
        (
            "Investment fell to $2 billion, leaving the country behind Spain, according to a bank.",
            [
                ("clause", "Investment fell to $2 billion"),
                ("participle", "leaving the country behind Spain, according to a bank."),
            ],
        ),
        (
            "Serbia set aside 9 billion dinars, three times the sum of 2020, and Croatia twice that.",
            [
                ("clause", "Serbia set aside 9 billion dinars"),
                ("tail", "three times the sum of 2020"),
                ("gapped", "Croatia twice that."),
            ],
        ),
        (
            "Estonia, with 1.4 million people, has three supercomputers – twice as many as Latvia.",
            [
                ("clause", "Estonia has three supercomputers"),
                ("aside", "with 1.4 million people"),
                ("tail", "twice as many as Latvia."),
            ],
        ),
        (
            "Peru has two million developers against four million in Chile.",
            [("clause", "Peru has two million developers against four million in Chile.")],
        ),
        (
            "Peru has 2 million developers against 4 million in Chile, and never trained a model.",
            [
                ("clause", "Peru has 2 million developers"),
                ("tail", "against 4 million in Chile"),
                ("predicate", "never trained a model."),
            ],
        ),
        (
            "Nepal has 30 million people and only some 900 researchers per million.",
            [("clause", "Nepal has 30 million people"), ("gapped", "only some 900 researchers per million.")],
        ),
        (
            "Malta's firms raised $9m, whereas Cyprus's took in twice that.",
            [("clause", "Malta's firms raised $9m"), ("clause", "Cyprus's took in twice that.")],
        ),
        (
            "Use of the internet stands at 88 percent, above Oman's, while fewer than one adult in ten has used AI.",
            [
                ("clause", "Use of the internet stands at 88 percent"),
                ("tail", "above Oman's"),
                ("clause", "fewer than one adult in ten has used AI."),
            ],
        ),
        (
            "Peru spends little, less than half of what Chile spends, and 3 percent of firms use AI.",
            [
                ("clause", "Peru spends little"),
                ("tail", "less than half of what Chile spends"),
                ("clause", "3 percent of firms use AI."),
            ],
        ),
        (
            "Spain has ten labs; Malta, Cyprus and Greece share one.",
            [("clause", "Spain has ten labs"), ("clause", "Malta, Cyprus and Greece share one.")],
        ),
        (
            "Oman, although its population is twice as large, attracted a third of that.",
            [("clause", "Oman attracted a third of that."), ("relative", "its population is twice as large")],
        ),
        (
            "Malta draws half of its power from that source, the highest share in Europe.",
            [("clause", "Malta draws half of its power from that source"), ("tail", "the highest share in Europe.")],
        ),
        (
            "Peru's plan, if it is paid for, would lift spending to 90 million soles, or 0.05 percent of GDP.",
            [
                ("clause", "Peru's plan, if it is paid for, would lift spending to 90 million soles"),
                ("tail", "0.05 percent of GDP."),
            ],
        ),
        (
            "In 2025, 28 percent of firms used at least one AI tool, an increase of nine points over a year.",
            [
                ("clause", "In 2025, 28 percent of firms used at least one AI tool"),
                ("tail", "an increase of nine points over a year."),
            ],
        ),
        (
            "Power costs next to nothing and the country makes twice as much of it as Peru.",
            [
                ("clause", "Power costs next to nothing"),
                ("clause", "the country makes twice as much of it as Peru."),
            ],
        ),
        (
            "Firms use AI more often, he said, and the number of users has doubled.",
            [("clause", "Firms use AI more often, he said"), ("clause", "the number of users has doubled.")],
        ),
    ],
)
def test_parts_that_say_something_of_their_own(text: str, expected: list[tuple[str, str]]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The ministry says that France and Germany have more than 300 labs.",
        "Chips made in Taiwan and Korea are used in 80 percent of servers.",
        "Norway put 0.6 percent of GDP into research and development in 2022 and called it a strategy.",
        "It published more papers than Brazil, Mexico or Argentina.",
        "Russia's listed machines have all but disappeared since 2022.",
        "It ran, until 2022, the fastest computer on earth.",
        "If it had spent three percent, five more labs would stand there today.",
        "In 2020, 2021 and 2022, Swedish firms trained models of 7, 13 and 70 billion parameters.",
        "The minister (who has two deputies, and three cars) said that Spain has five labs.",
        "Of a thousand researchers, eleven went abroad.",
        "The share fell in Peru, from 38 to 24 percent.",
    ],
)
def test_what_stays_whole(text: str) -> None:
    assert [words for _, words in cut(text)] == [text]


@given(
    st.lists(
        st.sampled_from(
            [
                "Spain",
                "has",
                "3 labs",
                ",",
                "and",
                "but",
                "while",
                "–",
                ";",
                ":",
                "which",
                "with",
                "twice as many",
                "more than",
                "Italy",
                "it",
                "fell",
                "(",
                "“",
                "”",
                ")",
                "said",
            ]
        ),
        min_size=1,
        max_size=25,
    )
)
def test_parts_share_no_word_and_keep_their_places(words: list[str]) -> None:
    text = " ".join(words).replace(" ,", ",").replace(" ;", ";").replace(" :", ":")
    taken: set[int] = set()
    for place, part in enumerate(parts(Sentence(text, 0, len(text)))):
        assert part.host is None or part.host < place
        assert part.end - part.start == len(part.text)
        here = {part.start + at for at, letter in enumerate(part.text) if not letter.isspace()}
        assert all(text[at] == part.text[at - part.start] for at in here)
        assert not here & taken
        taken |= here


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Chilean exports rise", "rise"),
        ("Spanish developers pay as much", "pay"),
        ("the machines assembled in Peru are cheap", "are"),
        ("leads the field", "leads"),
        ("arrivals more than doubled", "doubled"),
        ("a country of nine million", None),
        ("its plans for new exports", None),
        ("the largest share in Africa", None),
    ],
)
def test_finite_verbs(text: str, verb: str | None) -> None:
    found = finite_verb(text)
    assert (found[0] if found else None) == verb


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Togo trained one model, compared with 40 in France.", [("TGO",), ("FRA",)]),
        ("Greece, which in 2015 had no cluster, now has two clusters.", [("GRC",), ("GRC",)]),
        ("AI investment in Chile fell to $90m, leaving it behind Peru.", [("CHL",), ("CHL", "PER")]),
        ("AI papers doubled in Iran, and the number of firms that use AI has tripled.", [("IRN",), ("IRN",)]),
    ],
)
def test_a_part_is_about_the_country_it_is_said_of(text: str, countries: list[tuple[str, ...]]) -> None:
    assert [one.countries for one in read_article(text)] == countries
