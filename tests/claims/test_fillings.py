"""Fillings of uncertain slots: each has a rule, the first is the statement as it was read."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.proposer.draft import proposal_record
from headway.claims.proposer.fillings import MOST_FILLINGS, fillings, other_senses
from headway.claims.proposer.proposals import MOST_PROPOSALS, Proposal, proposals, question
from headway.claims.reader.statements import ArticleStatement, read_article, read_sentence

OURS = (
    "South Africa wants to lead in AI. South Africa has plans. Egypt manages more. We put 0.61 percent of GDP into R&D."
)


def last(text: str) -> ArticleStatement:
    return read_article(text)[-1]


def offered(text: str, lookup: EvidenceLookup) -> list[str]:
    return [one.test or "" for one in proposals(last(text), lookup)]


def test_the_first_filling_is_the_statement_as_it_was_read() -> None:
    found = fillings(last(OURS))
    assert (found[0].statement, found[0].weight, found[0].notes) == (last(OURS), 1.0, ())


def test_a_subject_that_is_not_named_may_be_what_the_sentence_before_is_about() -> None:
    text = "Estonia has AI plans. The country wrote 600 AI papers."
    carried = replace(last(text), home="FIN")
    assert [one.statement.countries for one in fillings(carried)] == [("EST",), ("FIN",)]


@pytest.mark.parametrize(
    "text",
    [
        OURS,  # "we" says whose it is
        "Finland has an AI strategy. Finland has labs. Estonia has AI plans. Its researchers wrote 600 AI papers.",
        "Brazil has labs. Brazil uses AI less than Mexico, Chile and Colombia. Its people wrote 600 AI papers.",
        "Brazil has labs. Chile, Peru and Cuba have AI plans. Brazil grows. The country has three AI models.",
    ],
)
def test_what_is_held_against_the_subject_or_listed_is_never_the_next_subject(text: str) -> None:
    assert len({one.statement.countries for one in fillings(last(text))}) == 1


@pytest.mark.parametrize(
    "text", ["Egypt has plans. Kenya spends 0.8 percent of GDP on R&D.", "Egypt led. In Kenya 40 percent use chatbots."]
)
def test_a_subject_that_is_named_is_certain(text: str) -> None:
    assert len(fillings(last(text))) == 1


def test_who_is_only_held_against_may_not_be_the_subject() -> None:
    statement = replace(read_sentence("Ninety-three percent of citizens have internet, like Germany."), home="KAZ")
    assert [one.statement.countries for one in fillings(statement)] == [("DEU",), ("KAZ",)]


def test_what_a_multiple_leaves_unsaid_is_told_before(shipped: EvidenceLookup) -> None:
    text = "New Zealand has an AI strategy and wrote 308 AI papers in 2022. Australians write twice as many AI papers."
    assert "ratio(ai_articles, AUS, NZL) ~ 2 within 30 %" in offered(text, shipped)


def test_a_year_of_the_same_sentence_is_offered(shipped: EvidenceLookup) -> None:
    text = "Of Polish firms 8.4 percent used AI in 2024; in Czechia 12 percent of firms used AI."
    found = offered(text, shipped)
    assert len(found) == 2
    assert "indicator(ai_using_organisations_share, CZE, 2024) ~ 12 % of organisations within 15 %" in found


def test_a_clause_without_its_share_or_sum_offers_both(shipped: EvidenceLookup) -> None:
    found = offered("Germany spends more on research and development than Italy.", shipped)
    assert [one.split("(")[1].split(",")[0] for one in found] == ["rd_share_gdp", "rd_spending_usd"]
    assert list(other_senses("rd_share_gdp", "spends a larger share on research")) == []


def test_one_question_is_asked_once(shipped: EvidenceLookup) -> None:
    newest = shipped.row("rd_share_gdp", "DEU")["period"]
    for one, other in (
        ("indicator(rd_share_gdp, DEU) > 2 %", f"indicator(rd_share_gdp, DEU, {newest}) > 2 %"),
        ("ratio(gdp_usd, DEU, ITA, 2020) > 1", "indicator(gdp_usd, DEU, 2020) > indicator(gdp_usd, ITA, 2020)"),
        (
            "indicator(gdp_usd, DEU, 2020) > 1 and indicator(gdp_usd, DEU, 2020) > 1",
            "indicator(gdp_usd, DEU, 2020) > 1",
        ),
    ):
        assert question(one, shipped) == question(other, shipped)


SENTENCES = st.lists(
    st.sampled_from(
        [
            "We spend 1.2 percent of GDP on R&D.",
            "Its researchers wrote 4,000 AI papers last year, twice as many as in 2019.",
            "Kenya trails Egypt in AI papers.",
            "The country has three notable models.",
            "Japan invests more in AI than Italy, France and Spain together.",
            "Last year the share rose by five percent.",
            "Set against Germany, Poland spends little on research.",
        ]
    ),
    min_size=1,
    max_size=4,
)


@given(SENTENCES)
def test_fillings_are_few_and_ranked(sentences: list[str]) -> None:
    for statement in read_article(" ".join(sentences)):
        found = fillings(statement)
        weights = [one.weight for one in found]
        assert weights == sorted(weights, reverse=True)
        assert len(found) <= MOST_FILLINGS
        assert weights[0] == 1.0
        assert all(0.0 < one.weight <= 1.0 and bool(one.notes) == bool(one.slots) for one in found)
        assert all(one.notes for one in found[1:])


def test_proposals_are_few_different_and_proxies_last(shipped: EvidenceLookup) -> None:
    for text in ("We spend more on research than Italy. China has more AI researchers than Japan.", OURS):
        for statement in read_article(text):
            found: tuple[Proposal, ...] = proposals(statement, shipped)
            assert len(found) <= MOST_PROPOSALS
            assert len({question(one.test or "", shipped) for one in found if one.test}) == sum(
                bool(one.test) for one in found
            )
            assert [bool(one.proxy) for one in found] == sorted(bool(one.proxy) for one in found)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("France wrote more AI papers than Italy, and five are famous.", "“five”"),
        ("In firms with ten or more staff, 13 percent of Irish firms used AI in 2024.", ""),
        ("France spends about 2.2 percent of GDP on R&D, says a study.", ""),
    ],
)
def test_a_number_that_no_test_holds_is_told_and_not_all_is_covered(
    text: str, left: str, shipped: EvidenceLookup
) -> None:
    found = proposals(last(text), shipped)
    assert found or left
    for one in found:
        assert (left in one.coverage.leaves_out) if left else not any("“" in words for words in one.coverage.leaves_out)
        assert (one.coverage.share < 1.0) or not left


def test_a_factor_that_no_test_holds_rules_a_test_of_the_direction_out(shipped: EvidenceLookup) -> None:
    for statement in read_article("Morocco has plans. The number of Moroccan AI papers sextupled twofold since 2018."):
        assert not any((one.test or "").endswith("> 0") for one in proposals(statement, shipped))


def test_a_number_far_beyond_every_figure_of_a_series_is_of_something_else(shipped: EvidenceLookup) -> None:
    assert offered("France spends 9.2 percent of GDP on R&D.", shipped)  # wrong, and still its figure
    assert not offered("France spends 33 percent of GDP on R&D.", shipped)


def test_a_year_of_a_later_clause_comes_second_and_no_proposal_is_surer_than_the_one_before(
    shipped: EvidenceLookup,
) -> None:
    text = "Latvia spends less on R&D than Estonia, and Lithuania wrote 500 papers on AI in 2022."
    for statement in read_article(text):
        sure = [one.confidence for one in proposals(statement, shipped) if not one.proxy]
        assert sure == sorted(sure, reverse=True)
    first = proposals(read_article(text)[0], shipped)[0]
    assert ", 2022" not in (first.test or "")


def test_a_record_stands_with_its_own_words(shipped: EvidenceLookup) -> None:
    statement = last("Ottawa promised C$2 billion for a sovereign compute strategy in 2024.")
    words = [str(proposal_record(one)["words"]) for one in proposals(statement, shipped)]
    assert any("the record “Up to CAD 2 billion" in text and "says about 2" in text for text in words)
    assert not any("on record under" in text for text in words)


def test_a_quantity_of_the_sentence_before_is_none_beside_the_one_that_the_same_word_names(
    shipped: EvidenceLookup,
) -> None:
    text = "Nine in ten Portuguese are online. Spain, with nearly five times the population of Portugal, is richer."
    assert offered(text, shipped) == ["ratio(population, ESP, PRT) ~ 5 within 30 %"]
