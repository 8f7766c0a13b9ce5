"""Whom a statement is about where only the text around it says so."""

import pytest

from headway.claims.reader.roles import comparison_roles
from headway.claims.reader.statements import read_article


def subjects(text: str) -> list[tuple[str, ...]]:
    return [comparison_roles(one).subjects for one in read_article(text)]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        # the speaker's country, even where another is named as often
        (
            "Greeks like to talk about AI. Turkey spends more on research than Italy. Turkey has three data centres. "
            "We publish fewer AI papers than the Turks.",
            ("GRC",),
        ),
        ("Peru has a plan for AI. Our scientists go to Chile. We lost our best AI researchers to Chile.", ("PER",)),
        ("In AI papers Ghana stands still. In AI papers we came fortieth in 2022, before Togo and Mali.", ("GHA",)),
        ("Peru has an AI plan. Chile has one. Most of us in Chile use the internet.", ("CHL",)),
        # the country in whose money a sum is told, not the one that is ahead of "us"
        (
            "The bill sets aside 500 million kronor for AI. In Denmark 42 percent of firms use AI. The Danes are ahead "
            "of us. Swedish firms rent theirs. We put 3.6 percent of GDP into research.",
            ("SWE",),
        ),
        # a word for a form of state
        (
            "Morocco and Portugal plan AI centres. Portugal leads in AI. The kingdom has trained three AI models.",
            ("MAR",),
        ),
        ("Malaysia builds data centres. Singapore uses AI. The city-state has 1,000 AI clusters.", ("SGP",)),
        # the sentence before
        (
            "Kenya has AI start-ups. Finland is where AI is made. Three in five adults there use AI every week.",
            ("FIN",),
        ),
        ("Norway spends 2 percent of GDP on R&D. Half as many AI papers as in Denmark.", ("NOR",)),
        ("Oman spends 0.3 percent of GDP on R&D. That rate is higher than Yemen's.", ("OMN",)),
        # a bloc within which something stands is not carried on, and a firm that supplied what others have neither
        ("Latvia uses AI. It was the first AI law in the European Union. Its largest cluster has 500 GPUs.", ("LVA",)),
        ("Cuba has a cluster. The cluster was built from 300 Nvidia H100 cards.", ("CUB",)),
        ("Power in Malta is dear. Power is dear by European standards, and AI firms pay 90 euros.", ("MLT",)),
        ("Malta has an AI plan. Imports from France of AI chips have tripled.", ("MLT",)),
        # a figure that another country is held against is no subject of the next sentence
        ("Malta has 9 AI firms, compared with 40 in Cyprus. It has 3 AI labs in Greece.", ("MLT",)),
        ("Romania has 9 AI firms. Hungary and Bulgaria together have 30. The country lost 3 AI labs.", ("ROU",)),
        ("Romania has more AI firms than Cyprus, its wages are a third of the German level.", ("ROU",)),
        (
            "Oman and Qatar plan AI centres. This makes the sultanate home to the largest AI cluster but Iran's.",
            ("OMN",),
        ),
        ("Chile has 9 AI labs. We in Peru have none. Our plans are old. The state spends 90m soles on AI.", ("PER",)),
        # a later part without a pointer goes on about its sentence, and so does who "neither" or "both" are
        ("Chile has AI labs. Output of power rose in Peru by 5 percent but use of AI rose faster.", ("PER",)),
        ("Malta has 9 AI labs. In Cyprus it is ten. The chips belong to American AI firms.", ("MLT",)),
        ("Malta has AI. Cyprus has AI. In Malta AI takes 9 percent of power, and in 2015 it took five.", ("MLT",)),
        ("Malta has 9 AI labs. The Valletta cluster, opened in 2024, is Europe's first of its kind for AI.", ("MLT",)),
        ("Malta spends little. R&D spending in AI is half the Cypriot figure.", ("MLT",)),
        ("Malta has an AI model. The AI model is no match for France's.", ("MLT",)),
        # what a passage tells of
        (
            "Chile has 90 AI firms. Chile has 5 AI labs. Chile uses AI. Peru has 9 AI firms. Peru has 2 AI labs. "
            "Peru uses AI. AI papers made the country third.",
            ("PER",),
        ),
        # its own subject
        ("Chile has 40 AI firms. Relative to population, though, Estonia has three times as many AI firms.", ("EST",)),
        ("Serbia has a plan. All the AI clusters of Croatia together have fewer GPUs than one in France.", ("HRV",)),
    ],
)
def test_the_subject_of_the_last_sentence(text: str, last: tuple[str, ...]) -> None:
    assert subjects(text)[-1] == last


@pytest.mark.parametrize(
    "text",
    [
        "China publishes AI papers. No African country has ever trained a large AI model.",
        "China publishes AI papers. Public clusters in Africa hold 900 GPUs.",
        "China publishes AI papers. Global spending on AI doubled in 2024.",
        "China publishes AI papers. Most countries in the region use AI less than ten years ago.",
    ],
)
def test_what_is_about_no_country_takes_none_from_the_text(text: str) -> None:
    assert subjects(text)[-1] == ()


def test_our_country_is_the_other_side_of_what_is_held_against_us() -> None:
    text = "Canada has an AI plan. Canada spends 1.7 percent of GDP on R&D, and even Slovenia has overtaken us."
    last = read_article(text)[-1]
    assert (last.countries, last.kind) == (("SVN", "CAN"), "comparison")
