"""Tests made of a clause's slots: what is proposed for each kind of relation, and what never happens."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.language import countries_in, parse_test, terms
from headway.claims.proposer.draft import draft
from headway.claims.proposer.frames import frame_tests
from headway.claims.proposer.proposals import proposals
from headway.claims.proposer.skeleton import skeleton
from headway.claims.reader.article import Article
from headway.claims.reader.quantities import matched_quantities, unexplained_words
from headway.claims.reader.statements import read_sentence
from headway.claims.reader.words import lexicon
from headway.evidence.catalogue import indicators

_THOROUGH = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Spain's GDP is a ninth of China's.", ["ratio(gdp_usd, ESP, CHN) ~ 0.11111 within 30 %"]),
        (
            "Private AI investment per capita: Poland one-tenth of Austria's",
            [
                "[indicator(ai_private_investment_usd, POL) / indicator(population, POL)] / "
                "[indicator(ai_private_investment_usd, AUT) / indicator(population, AUT)] ~ 0.1 within 30 %"
            ],
        ),
        (
            "Chinese power stations generate more than twice as much electricity as American ones do.",
            ["ratio(electricity_generation, CHN, USA) > 2"],
        ),
        (
            "Neither Brazil nor Mexico spends more than two percent of GDP on R&D.",
            ["not indicator(rd_share_gdp, BRA) > 2 % of GDP and not indicator(rd_share_gdp, MEX) > 2 % of GDP"],
        ),
        (
            "In Norway and Denmark more than 90 percent of people are online.",
            ["indicator(internet_users_share, NOR) > 90 % and indicator(internet_users_share, DNK) > 90 %"],
        ),
        (
            "Finland and Estonia have fewer than seven million people between them.",
            ["indicator(population, FIN) + indicator(population, EST) < 7e+06 persons"],
        ),
        (
            "AI papers from Iran rose by 40 percent between 2019 and 2022.",
            ["growth(ai_articles, IRN, 2019, 2022) ~ 1.4 within 15 %"],
        ),
        ("Vietnam's GDP has tripled since 2010.", ["growth(gdp_usd, VNM, 2010, 2025) ~ 3 within 15 %"]),
        (
            "Australian R&D spending has stagnated since 2015.",
            ["growth(rd_share_gdp, AUS, 2015, 2021) ~ 1 within 10 %"],
        ),
        (
            "Switzerland has the highest number of AI papers per capita in the world.",
            ["rank(ai_articles_per_million, CHE) <= 1"],
        ),
        (
            "Sweden employs 8,000 researchers per million inhabitants.",
            ["indicator(researchers_per_million, SWE) ~ 8000 per million persons within 15 %"],
        ),
        ("India's AI Mission has a budget of 10,372 crore rupees.", ['amount("IND-01") ~ 1.0372e+11 INR within 15 %']),
        (
            "France spends 2.2 percent of GDP on R&D, and Portugal some 1.7 percent.",
            [
                "indicator(rd_share_gdp, FRA) ~ 2.2 % of GDP within 15 %",
                "indicator(rd_share_gdp, PRT) ~ 1.7 % of GDP within 25 %",
            ],
        ),
        (  # the topic stands in the sentence before, and the country in that before
            "15 percent of Austrian firms used AI in 2024. Austria thus remained ahead of Italy and Spain.",
            [
                "indicator(ai_using_organisations_share, AUT, 2024) ~ 15 % of organisations within 15 %",
                "indicator(ai_using_organisations_share, AUT) > indicator(ai_using_organisations_share, ITA) and "
                "indicator(ai_using_organisations_share, AUT) > indicator(ai_using_organisations_share, ESP)",
            ],
        ),
        (
            "Our R&D spending, 1.7 percent of GDP, is half of Sweden's. Portugal can do better. Portugal must.",
            [
                "ratio(rd_share_gdp, PRT, SWE) ~ 0.5 within 30 %",
                "indicator(rd_share_gdp, PRT) ~ 1.7 % of GDP within 15 %",
            ],
        ),
    ],
)
def test_each_relation_has_its_test(text: str, expected: list[str], shipped: EvidenceLookup) -> None:
    found = [claim.proposals[0].test for claim in draft(Article(text), shipped).claims if claim.proposals]
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "Not one of the fifty largest AI models came from a Spanish lab.",  # a place of models
        "None of the ten best open models is Italian.",
        "The Netherlands ranks fifth in the EU for R&D intensity.",  # among some countries
        "Ireland is the only country with a higher GDP per head than Luxembourg.",
        "Milan's start-ups raised more private AI money in 2024 than those of Spain.",  # a city
        "French start-ups raised more private AI capital in the first half of 2025 than German ones.",  # half a year
        "Canada holds two percent of the world's AI computing power.",  # the world's total is not known
        "The controls have reduced the number of Chinese AI publications.",  # the effect is on papers
        "The United States has five times the GDP of Germany but only four times the population.",
        "About a third of Canadian AI doctorates leave within five years.",
    ],
)
def test_what_the_language_of_tests_cannot_say_has_no_proposal(text: str, shipped: EvidenceLookup) -> None:
    assert proposals(read_sentence(text), shipped) == ()


def test_a_word_that_narrows_a_quantity_speaks_against_it() -> None:
    (plain, *_), narrowed = (
        matched_quantities("published AI papers"),
        matched_quantities("published AI papers on robot vision"),
    )
    assert plain.slug == "ai_articles"
    assert not narrowed or narrowed[0].score < plain.score
    assert unexplained_words("more than ever in the country") == ()
    assert matched_quantities("AI papers are cited more") == ()


def test_entries_name_known_indicators_and_units() -> None:
    topics = lexicon("topics")
    for slug, entry in lexicon("quantities").items():
        if slug == "plain":
            continue
        assert slug in indicators()
        assert entry.get("per_head", slug) in indicators()
        assert entry["topic"] in topics or entry["topic"] in ("education", "developers")
        for unit in entry["units"].values():
            parse_test(f"indicator({slug}, FRA) ~ 2 {unit} within 15 %")


_COUNTRIES = {"DEU": "Germany", "FRA": "France", "ESP": "Spain", "JPN": "Japan", "SWE": "Sweden", "BRA": "Brazil"}
_PAIRS = st.lists(st.sampled_from(sorted(_COUNTRIES)), min_size=2, max_size=2, unique=True)
_FORMS = (
    "{A} publishes more AI papers than {B}.",
    "{A}'s GDP is {N} percent of that of {B}.",
    "{A} spends {N} percent of its GDP on R&D, less than {B}.",
    "Since {Y} the population of {A} has grown by {N} percent.",
    "Unlike {B}, {A} generates over {N} TWh of electricity.",
    "In {Y}, {A} and {B} together had {N} notable models.",
    "{A} ranks {N}th in the world for R&D intensity, behind {B}.",
    "{A} drew {N} times as much private AI investment as {B} in {Y}.",
)


@_THOROUGH
@given(form=st.sampled_from(_FORMS), pair=_PAIRS, number=st.integers(2, 90), year=st.integers(2012, 2024))
def test_every_test_can_be_read_and_names_no_country_of_its_own(
    form: str, pair: list[str], number: int, year: int
) -> None:
    text = form.format(A=_COUNTRIES[pair[0]], B=_COUNTRIES[pair[1]], N=number, Y=year)
    statement = read_sentence(text)
    clause = skeleton(statement)
    for quantity in matched_quantities(clause.words):
        for candidate in frame_tests(statement, clause, quantity, statement.negated):
            named = {code for term in terms(parse_test(candidate.test)) for code in countries_in(term)}
            assert named <= set(statement.countries)


@_THOROUGH
@given(pair=_PAIRS, more=st.sampled_from(["more", "fewer"]))
def test_a_denied_sentence_has_the_denied_test(pair: list[str], more: str, shipped: EvidenceLookup) -> None:
    one, other = (_COUNTRIES[code] for code in pair)
    said = proposals(read_sentence(f"{one} publishes {more} AI papers than {other}."), shipped)[0].test
    denied = proposals(read_sentence(f"{one} does not publish {more} AI papers than {other}."), shipped)[0].test
    assert denied == f"not {said}"


@_THOROUGH
@given(pair=_PAIRS)
def test_who_has_more_than_another_is_tested_the_right_way_round(pair: list[str], shipped: EvidenceLookup) -> None:
    one, other = (_COUNTRIES[code] for code in pair)
    for text in (
        f"{one} generates more electricity than {other}.",
        f"{one}'s electricity generation exceeds that of {other}.",
        f"Compared with {other}, {one} generates more electricity.",
        f"{one}'s electricity generation is higher than {other}'s.",
    ):
        (first, *_) = proposals(read_sentence(text), shipped)
        assert (
            first.test == f"indicator(electricity_generation, {pair[0]}) > indicator(electricity_generation, {pair[1]})"
        )
