"""Mistakes that a reader of articles makes easily: each kind with a sentence that invites it."""

import pytest

from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.language import parse_test
from headway.claims.proposer.draft import check_worthiness, draft
from headway.claims.proposer.proposals import proposals
from headway.claims.reader.article import Article
from headway.claims.reader.statements import read_article, read_sentence
from headway.claims.reader.words import lexicon
from headway.evidence.catalogue import indicators


def proposed(text: str, lookup: EvidenceLookup) -> list[str]:
    return [one.test or "" for one in proposals(read_sentence(text), lookup)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (  # the subject of the main clause is held against both that are named before it
            "Measured against France and Britain, Romania spends a small share of GDP on research.",
            "indicator(rd_share_gdp, ROU) < indicator(rd_share_gdp, FRA) and "
            "indicator(rd_share_gdp, ROU) < indicator(rd_share_gdp, GBR)",
        ),
        (
            "Beside the enormous budgets of America and China, Canada's private investment in AI is small.",
            "indicator(ai_private_investment_usd, CAN) < indicator(ai_private_investment_usd, USA) and "
            "indicator(ai_private_investment_usd, CAN) < indicator(ai_private_investment_usd, CHN)",
        ),
        (
            "Private AI investment in the United States was above China's in 2024.",
            "indicator(ai_private_investment_usd, USA, 2024) > indicator(ai_private_investment_usd, CHN, 2024)",
        ),
        ("Hungary's economic growth is 2 percent.", "indicator(gdp_growth, HUN) ~ 2 %/year within 15 %"),
        (
            "The Mexican economy grew by 3 percent in 2023.",
            "indicator(gdp_growth, MEX, 2023) ~ 3 %/year within 15 %",
        ),
        (
            "Austria spends twice as much of its GDP on R&D as Slovakia.",
            "ratio(rd_share_gdp, AUT, SVK) ~ 2 within 30 %",
        ),
        ("Japan spends ten times as much on R&D as Greece.", "ratio(rd_spending_usd, JPN, GRC) ~ 10 within 30 %"),
        (
            "Next to what Japan spends, Chile's R&D is small.",
            "indicator(rd_share_gdp, CHL) < indicator(rd_share_gdp, JPN)",
        ),
        (
            "Unlike Finland, Greece devotes a tiny part of its GDP to R&D.",
            "indicator(rd_share_gdp, GRC) < indicator(rd_share_gdp, FIN)",
        ),
        (
            "Israel is second only to America in private AI investment.",
            "rank(ai_private_investment_usd, ISR) ~ 2 within 10 %",
        ),
        (
            "Specialists are moving to Switzerland in growing numbers.",
            "trend(scholars_net_rate, CHE, 2015, 2025) > 0",
        ),
        ("Italy's GDP shrank by 9 percent in 2020.", "indicator(gdp_growth, ITA, 2020) ~ -9 %/year within 15 %"),
        ("AI papers from Poland fell in 2021.", "change(ai_articles, POL, 2020, 2021) < 0"),
        (
            "Germany invests half as much in AI as France.",
            "ratio(ai_private_investment_usd, DEU, FRA) ~ 0.5 within 30 %",
        ),
    ],
)
def test_what_is_proposed_first(text: str, first: str, shipped: EvidenceLookup) -> None:
    assert proposed(text, shipped)[0] == first


@pytest.mark.parametrize(
    "text",
    [
        "The United States hosts half of the world's AI computing capacity.",  # a share, no rank
        "China accounts for a third of the world's AI publications.",
        "Fifteen percent of Swedish companies put a tenth of their R&D budget into AI.",  # of what
        "More than half of India's R&D is paid by the state.",
        "Globally, 18 percent of workers use generative AI, and Canada hosted the summit.",  # the world's rate
        "The government of France will spend 2 billion dollars of public money on AI.",  # public, not private
        "Since 2023 engineers have left Israel in large numbers.",  # the newest figure is older
        "Since 2023 Poland has spent more on R&D than Spain.",  # so is one of the two
        "Ten years ago Korea spent less on R&D than Japan.",  # no year, and not today
        "In the 1990s Finland spent more on R&D than Norway.",
        "Morocco received a loan of 30 million US dollars for AI.",  # a sum of money, not that of the economy
        "Per head, Singapore attracts more private AI investment than any other country.",  # a total is not per head
        "Brazil's hope of closing the gap with the leaders seems remote.",  # neither said to be so nor not so
        "It is far from clear that Japan is falling behind.",
        "Since 2018 Japan's share of AI papers has halved.",  # the number is no share
        "No country in Africa spends more on R&D than Egypt.",  # a rank is one in the world
        "Egypt is Africa's largest spender on R&D.",
        "Spain plans to spend 3 percent of GDP on R&D by 2030.",  # not yet
        "By 2040 India will have overtaken the United States in AI papers.",  # later than any outlook, and of papers
    ],
)
def test_what_no_test_of_the_language_says_is_not_tested(text: str, shipped: EvidenceLookup) -> None:
    assert proposed(text, shipped) == []


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Spending on research is low in Croatia.", "<"),
        ("Private AI funding in India is relatively low.", ">"),  # a rank below the first ten
        ("Private AI funding in India is comparatively high.", "<="),
        ("Norwegian talent is being drawn away to California.", "<"),
        ("Canada attracts scholars from abroad.", ">"),
    ],
)
def test_words_of_direction_decide_the_operator(text: str, sign: str, shipped: EvidenceLookup) -> None:
    found = proposed(text, shipped)
    assert found
    assert all(f" {sign} " in test for test in found)
    if "talent" in text:
        assert not any(test.startswith("rank(") for test in found)


def test_researchers_of_all_fields_are_a_proxy_for_those_in_ai(shipped: EvidenceLookup) -> None:
    for text, expected in (
        ("France has more AI researchers than Spain.", True),
        ("France has more researchers than Spain.", False),
    ):
        found = proposals(read_sentence(text), shipped)
        assert found
        assert all(bool(one.proxy) is expected for one in found)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Peru's AI start-ups raised US$12 million in 2024.", ("PER",)),
        ("Peru raised 12 million US dollars.", ("PER",)),
        ("Peru raised 12 million Canadian dollars and 3 million Chinese yuan.", ("PER",)),
        ("The corpus holds texts in Spanish, French and Chinese.", ()),
        ("The model speaks Arabic and Swedish.", ()),
        ("It reads Japanese-language papers.", ()),
        ("Researchers in Chinese and American firms agree.", ("CHN", "USA")),
        ("Investors in French firms came from Spain.", ("FRA", "ESP")),
        ("The US spends $12 million.", ("USA",)),
    ],
)
def test_money_and_languages_are_no_countries(text: str, codes: tuple[str, ...]) -> None:
    assert read_sentence(text).countries == codes


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        (
            "R&D spending rose in Poland, but it fell in Hungary.",
            ["R&D spending rose in Poland", "it fell in Hungary."],
        ),
        (
            "Denmark's R&D spending is 3 percent of GDP, and its universities attract talent.",
            ["Denmark's R&D spending is 3 percent of GDP", "its universities attract talent."],
        ),
        (
            "The gap between India and the leaders is growing, and hopes of a lead look dim.",
            ["The gap between India and the leaders is growing", "hopes of a lead look dim."],
        ),
        (
            "Its rivals pour billions into labs: Danish companies alone spent 2 billion euros in 2024.",
            ["Its rivals pour billions into labs", "Danish companies alone spent 2 billion euros in 2024."],
        ),
        ("The ministry said: Poland spends little on research.", None),  # told by somebody
        ("Two countries lead the field: Denmark and Poland.", None),
        ("Poland spends little, and has spent little before.", None),  # one subject
        ("Chips, and the people who use them, are scarce in Peru.", None),
        ("“Spain spends little, and it shows,” the minister said.", None),
    ],
)
def test_one_claim_a_clause(text: str, clauses: list[str] | None) -> None:
    found = read_article(text)
    assert [one.text for one in found] == (clauses or [text])
    for one in found:
        assert text[one.start : one.end] == one.text
        assert one.sentence == (text if clauses else "")


def test_a_clause_goes_on_about_the_topic_of_the_one_before(shipped: EvidenceLookup) -> None:
    drafted = draft(Article("R&D spending rose in Poland, but it fell in Hungary."), shipped)
    assert [claim.proposal.test for claim in drafted.claims] == [
        "trend(rd_share_gdp, POL, 2015, 2025) > 0",
        "trend(rd_share_gdp, HUN, 2015, 2025) < 0",
    ]


def test_every_unit_of_the_lexicon_and_the_catalogue_can_be_written() -> None:
    measures = lexicon("measures").values()
    wanted = {unit for entry in measures for one in entry.get("measure", ()) for unit in one["units"].values()}
    wanted |= {str(unit) for unit, _ in lexicon("units")["units"].values()}
    wanted |= set(lexicon("units")["currency_words"].values())
    wanted |= {entry.unit for entry in indicators().values()}
    for name in wanted - {""}:
        unit = f'"{name}"' if "-" in name or " of 20" in name else name  # a hyphen is a minus, 2015 a period
        for test in (f"indicator(gdp_usd, FRA) > 1.5 {unit}", f"indicator(gdp_usd, FRA) ~ 1 {unit} within 10 %"):
            assert name in str(parse_test(test)), name
    parse_test("indicator(gdp_usd, FRA) / indicator(gdp_usd, DEU) > 3 USD/ratio(gdp_usd, FRA, DEU)")


def test_a_sentence_that_cannot_be_tested_is_left_out(shipped: EvidenceLookup, monkeypatch: pytest.MonkeyPatch) -> None:
    from headway.claims.proposer import answerable as module
    from headway.core.errors import InputError

    def broken(test: str, lookup: EvidenceLookup) -> str:
        raise InputError("the test cannot be read")

    monkeypatch.setattr(module, "staleness", broken)
    drafted = draft(Article("France spends about 2.2 percent of GDP on R&D."), shipped)
    assert drafted.claims[0].proposals == ()
    assert drafted.claims[0].proposal.no_data == "the test cannot be read"


def test_not_read_is_told_apart_from_no_data(shipped: EvidenceLookup) -> None:
    for text, no_data in (
        ("Venture capital investment in AI in Andorra rose to $3 billion in 2024.", True),
        ("The United States hosts half of the world's AI computing capacity.", False),
    ):
        claim = draft(Article(text), shipped).claims[0]
        assert (bool(claim.proposal.no_data), bool(claim.proposal.not_read)) == (no_data, not no_data)


def test_last_year_is_left_out_since_nobody_knows_when_it_was_said(shipped: EvidenceLookup) -> None:
    found = proposals(read_sentence("Last year France published more AI papers than Spain."), shipped)[0]
    assert "“Last year”" in found.coverage.leaves_out
    assert found.coverage.share < 1.0


def test_what_is_no_claim_about_technology_is_left_out(shipped: EvidenceLookup) -> None:
    assert draft(Article("The weather in Norway was fine in 2024. In my view, this is folly."), shipped).claims == ()


def test_what_is_about_no_country_is_left_out(shipped: EvidenceLookup) -> None:
    assert draft(Article("Adoption of AI is rising. Chips are scarce."), shipped).claims == ()


def test_claims_are_ranked_by_how_far_they_can_be_checked_and_how_much_they_are_about_ai(
    shipped: EvidenceLookup,
) -> None:
    ranked = (
        "Poland published more AI papers than Greece.",  # measured
        "Hungary's economic growth is 2 percent.",  # measured, and not about AI
        "China has more AI researchers than Japan.",  # by a proxy
        "Venture capital investment in AI in Andorra rose to $3 billion in 2024.",  # no data
        "The United States hosts half of the world's AI computing capacity.",  # not read
        "In my view, China's AI strategy is folly.",  # an opinion
    )
    found = draft(Article(" ".join(reversed(ranked))), shipped).claims
    assert tuple(one.statement.text for one in sorted(found, key=lambda one: -check_worthiness(one))) == ranked
    assert check_worthiness(found[-1]) == 1.0
    inferred = draft(Article(f"{ranked[0]} It spends 1.5 percent of GDP on R&D."), shipped).claims[1]
    assert inferred.statement.inferred
    assert check_worthiness(inferred) < 0.8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Spain lags the United States by no more than ten months in AI.", "gap.lag_to(ESP, USA) < 10 months"),
        (
            "Austria publishes more AI papers than Slovenia and Croatia together.",
            "indicator(ai_articles, AUT) > indicator(ai_articles, SVN) + indicator(ai_articles, HRV)",
        ),
        (
            "French and German private investment in AI together is below that of Britain.",
            "indicator(ai_private_investment_usd, FRA) + indicator(ai_private_investment_usd, DEU) < "
            "indicator(ai_private_investment_usd, GBR)",
        ),
        (
            "Per head, Sweden draws more private AI investment than Germany.",
            "indicator(ai_private_investment_usd, SWE) / indicator(population, SWE) > "
            "indicator(ai_private_investment_usd, DEU) / indicator(population, DEU)",
        ),
        (
            "Norway generates more electricity per head than Denmark.",
            "indicator(electricity_generation_per_capita, NOR) > indicator(electricity_generation_per_capita, DNK)",
        ),
        (
            "More Indians than Americans use chatbots.",
            "indicator(ai_adoption_share, IND) * indicator(population, IND) > "
            "indicator(ai_adoption_share, USA) * indicator(population, USA)",
        ),
        (
            "Israel spends a larger share of its GDP on R&D than any other country except Korea.",
            "rank(rd_share_gdp, ISR) <= 2 and indicator(rd_share_gdp, ISR) < indicator(rd_share_gdp, KOR)",
        ),
        (
            "Mexico spends about a third of one per cent of GDP on R&D.",
            "indicator(rd_share_gdp, MEX) ~ 0.33333 % of GDP within 25 %",
        ),
        ("R&D spending in Portugal: 1.7% of GDP", "indicator(rd_share_gdp, PRT) ~ 1.7 % of GDP within 15 %"),
        ("More than nine in ten people in Uruguay are online.", "indicator(internet_users_share, URY) > 90 %"),
        ("Its high-bandwidth memory holds China back.", None),
        ("Italy has 2 percent of the world's AI compute and Spain one percent.", None),
        ("Sweden will host a new supercomputer to stay ahead of its rivals.", None),
        ("Since 2015 the number of Greek researchers in German universities has grown.", None),
        ("People abroad think of Chile as a desert.", None),
    ],
)
def test_kinds_of_mistakes_found_in_texts_by_others(shipped: EvidenceLookup, text: str, expected: str | None) -> None:
    found = proposed(text, shipped)
    assert (found[0] if found else None) == expected


def test_clauses_and_asides_are_claims_about_their_own_subject(shipped: EvidenceLookup) -> None:
    for text, expected in (
        (
            "In AI papers Japan is not even in the top ten, and its private AI investment is lower than Germany's.",
            [("JPN",), ("JPN", "DEU")],
        ),
        (
            "Latvia, with fewer than two million people, publishes more AI papers than Malta.",
            [("LVA", "MLT"), ("LVA",)],
        ),
        (
            "Peru has a plan for AI. More than half of the country's people are online, a higher share than in Chile.",
            [("PER",), ("PER",), ("PER", "CHL")],
        ),
        ("Italy publishes AI papers, while Greece publishes fewer AI papers than Malta.", [("ITA",), ("GRC", "MLT")]),
        ("Portugal grows. Portugal has a plan. American firms attract more AI capital than ours.", [("USA", "PRT")]),
    ):
        claims = draft(Article(text), shipped).claims
        assert [claim.statement.countries for claim in claims] == expected, text
    (_, aside) = draft(Article("Latvia, with fewer than two million people, publishes AI papers."), shipped).claims
    assert aside.proposals[0].test == "indicator(population, LVA) < 2e+06 persons"
    nobodys = draft(Article("China builds chips for AI. Chips were smuggled in 2024."), shipped).claims[-1]
    assert (nobodys.statement.inferred, nobodys.proposals) == (True, ())


ROUGHLY_POLAND = "indicator(rd_share_gdp, POL) ~ 1.4 % of GDP within 15 %"
FIRMS_OF_DENMARK = "indicator(ai_using_organisations_share, DNK, 2023) ~ 14 % of organisations within 25 %"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # an aside: the figure of the main clause is another's
            "Austria, a land of nine million people, hands chatbots to 20,000 pupils.",
            ["", "indicator(population, AUT) ~ 9e+06 persons within 15 %"],
        ),
        (  # a second predicate of the same subject
            "Sweden has ten million inhabitants and spends 3.4 percent of GDP on R&D.",
            [
                "indicator(population, SWE) ~ 1e+07 persons within 15 %",
                "indicator(rd_share_gdp, SWE) ~ 3.4 % of GDP within 15 %",
            ],
        ),
        (  # a tail that tells where a figure stood before
            "Portugal published 900 AI papers in 2022, up from 500 in 2015.",
            [
                "indicator(ai_articles, PRT, 2022) ~ 900 articles within 15 %",
                "indicator(ai_articles, PRT, 2015) ~ 500 articles within 15 % and "
                "indicator(ai_articles, PRT, 2022) > indicator(ai_articles, PRT, 2015)",
            ],
        ),
        (  # a tail about a subject that only the text before names
            "Mongolia has a plan. "
            "The internet is used by 80 percent of the country's people, a lower share than in Chile.",
            [
                "indicator(internet_users_share, MNG) ~ 80 % within 15 %",
                "indicator(internet_users_share, MNG) < indicator(internet_users_share, CHL)",
            ],
        ),
        ("Poland spends 1.4 percent of GDP on R&D, half the average of its peers.", [ROUGHLY_POLAND, ""]),
        ("About 14 percent of Danish firms used AI in 2023.", [FIRMS_OF_DENMARK]),
        ("Canada's GDP is a twentieth of America's.", ["ratio(gdp_usd, CAN, USA) ~ 0.05 within 30 %"]),
        ("Britain's GDP is not even twice as large as Canada's.", ["ratio(gdp_usd, GBR, CAN) < 2"]),
        (
            "In every year since 2021 Italy has published more AI papers than Greece.",
            [
                "indicator(ai_articles, ITA, 2021) > indicator(ai_articles, GRC, 2021) and "
                "indicator(ai_articles, ITA, 2022) > indicator(ai_articles, GRC, 2022)"
            ],
        ),
    ],
)
def test_each_part_of_a_sentence_is_tested_by_its_own_figures(
    shipped: EvidenceLookup, text: str, expected: list[str]
) -> None:
    found = [claim.proposals[0].test if claim.proposals else "" for claim in draft(Article(text), shipped).claims]
    assert found == expected


def test_a_test_that_passes_over_a_stated_figure_or_date_is_not_proposed(shipped: EvidenceLookup) -> None:
    for text in (
        "France pledged 109 billion euros of public money for AI.",  # a record of some budget would pass over the sum
        "Poland counts 40,000 AI specialists.",  # a figure of one thing is none of another
    ):
        assert proposed(text, shipped) == []
