"""The chain from a finding to its publishers."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import made_brief as made
import pandas as pd
import pytest
from rich.console import Console

from headway.brief.footnotes import reading, reference
from headway.brief.trace import Chain, document, fact_tree, facts_document, facts_named, trace, tree
from headway.core.errors import InputError
from headway.evidence import open_evidence
from headway.evidence.observations import GRADES
from headway.evidence.sources.curated import second_readings
from headway.findings import Context, FindingId, Recipe
from headway.findings.observed.common import iso_date


def recipe(name: str) -> dict[str, Recipe]:
    """A recipe that says, with whom it was asked to compare, the made finding of that name."""

    def make(context: Context) -> Any:
        """How far behind."""
        for finding in made.findings():
            parsed = FindingId.parse(finding.id)
            if parsed.recipe == name:
                for rival in context.against if parsed.arguments else ("",):
                    arguments = (rival,) if rival else ()
                    yield replace(finding, id=context.id(name, *arguments))

    return {name: Recipe(name, make)}


def chain(identifier: str, name: str) -> Chain:
    return trace(FindingId.parse(identifier), made.context(), recipe(name))


def printed(found: Chain) -> str:
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(tree(found))
    return console.export_text()


def test_a_number_ends_at_publisher_address_and_licence() -> None:
    found = chain(f"RUS:standing.rank@{made.AS_OF}", "standing.rank")
    run, gdp = found.links
    assert run.inputs[0].id == made.MODEL
    assert run.inputs[0].reference.url == "https://epoch.ai/data/ai-models"
    assert gdp.reference.publisher == "World Bank"
    text = printed(found)
    assert text.index("27th") < text.index(made.RUN) < text.index(made.MODEL) < text.index("https://epoch.ai")
    assert "licence CC BY 4.0; retrieved 2026-11-20" in text
    assert found.about == "How far behind."


def test_a_typed_row_ends_at_its_grade_and_the_pages_where_it_was_read() -> None:
    text = " ".join(printed(chain(f"RUS:ambition.goal:USA@{made.AS_OF}", "ambition.goal")).split())
    assert "Grade: press, a newspaper or news agency; read in" in text
    assert "https://example.org/news and" in text
    assert "Grade" not in printed(chain(f"RUS:standing.rank@{made.AS_OF}", "standing.rank"))


@pytest.mark.parametrize(
    ("grade", "read_in", "says"),
    [
        ("press", "", "; one press page only."),
        ("press", "https://a.org/1", "; one press page only, https://a.org/1."),
        ("secondary", "", "; one secondary page only."),
        ("press", "https://a.org/1 https://b.org/2", "; read in https://a.org/1 and https://b.org/2."),
        ("primary", "https://a.org/1", "; read in https://a.org/1."),
        ("statistical office", "", "."),
    ],
)
def test_a_row_that_rests_on_one_page_of_somebody_else_says_so(grade: str, read_in: str, says: str) -> None:
    note = replace(reference(made.FACTS[made.GOAL]), grade=grade, read_in=read_in)
    assert reading(note) == f"Grade: {grade}, {GRADES[grade]}{says}"


def test_a_country_that_the_id_names_is_compared_with() -> None:
    assert chain(f"RUS:gap.lag:KOR@{made.AS_OF}", "gap.lag").finding.id.startswith("RUS:gap.lag:KOR")


def test_an_unknown_recipe_gets_a_suggestion() -> None:
    with pytest.raises(InputError, match=r"no recipe is called 'standing\.rang'; did you mean standing\.rank"):
        chain(f"RUS:standing.rang@{made.AS_OF}", "standing.rank")


def test_a_finding_that_the_recipe_does_not_make_names_those_it_makes() -> None:
    with pytest.raises(InputError, match=r"it makes RUS:standing\.rank@"):
        chain(f"RUS:standing.rank:other@{made.AS_OF}", "standing.rank")


def test_the_json_has_the_whole_chain() -> None:
    data = document(chain(f"RUS:standing.rank@{made.AS_OF}", "standing.rank"))
    assert data["finding"]["value"] == 27
    assert data["chain"][0]["inputs"][0]["reference"]["publisher"] == "Epoch AI"


def test_a_typed_statement_is_found_by_the_id_of_its_row() -> None:
    evidence = open_evidence()
    (identifier, _), again = next(iter(second_readings().items()))
    short = identifier.rpartition(":")[2]
    found = next(fact for fact in facts_named(short, evidence) if fact.link.id == identifier)
    assert facts_named(identifier, evidence) == (found,)
    console = Console(width=300, record=True, file=io.StringIO())
    console.print(fact_tree(found))
    told = console.export_text()
    row = evidence.fact(identifier).row
    for words in (
        identifier,
        row["text"],
        row["url"],
        row["publisher"],
        f"read again by somebody who had not typed it: on {again}",
    ):
        assert words in told
    assert found.typed is not None
    assert facts_document([found])["facts"][0]["typed"] == {
        "date": found.typed.date, "second_read_on": again.isoformat(), "doubt": row["doubt"]
    }  # fmt: skip


def test_a_statement_that_nobody_read_again_says_so_and_a_figure_has_no_row_of_ours() -> None:
    evidence = open_evidence()
    read = {identifier for identifier, _ in second_readings()}
    unread = next(identifier for identifier in evidence.statements()["id"] if identifier not in read)
    (found,) = facts_named(unread, evidence)
    console = Console(width=300, record=True, file=io.StringIO())
    console.print(fact_tree(found))
    assert "had not typed it: no\n" in console.export_text()
    figure = str(evidence.observations("gdp_usd", "FRA")["id"].iloc[-1])
    assert facts_named(figure, evidence)[0].typed is None
    assert facts_named("nothing-has-it", evidence) == facts_named("no:such:fact", evidence) == ()


@pytest.mark.parametrize(
    ("day", "precision", "told"),
    [("2019-01-01", "year", "2019"), ("2019-07-01", "month", "2019-07"), ("2019-07-01", "quarter", "2019Q3"),
     ("2019-07-14", "day", "2019-07-14"), (None, "", "")],
)  # fmt: skip
def test_a_statement_is_dated_as_precisely_as_is_known(day: str | None, precision: str, told: str) -> None:
    assert iso_date({"date": pd.Timestamp(day), "date_precision": precision}) == told


def test_a_finding_without_facts_says_so() -> None:
    found = chain(f"RUS:outlook.frontier@{made.AS_OF}", "outlook.frontier")
    assert "no single fact stands behind it" in printed(found)
