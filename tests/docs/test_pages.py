"""Pages of the documentation: each asks a question, stands in the list of the site, and links to what is there.

`make docs` checks links between pages and headings; this test sees the pages that it does not build too.
"""

import re
from pathlib import Path

import pytest

from repository_scripts import script

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_title_is_a_question(page: Path) -> None:
    title = page.read_text("utf-8").partition("\n")[0]
    assert title.startswith("# ")
    assert "?" in title


def test_every_page_is_in_the_list_of_the_site() -> None:
    index = (DOCS / "index.md").read_text("utf-8")
    lists = re.findall(r"```\{toctree\}\n(?::.*\n)*\n((?:.+\n)*)```", index)
    named = " ".join(lists).split()
    assert sorted([*named, "index"]) == sorted(page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES)


def test_the_page_on_findings_lists_every_recipe_and_field() -> None:
    tables = script("docs/finding_tables.py")
    page = tables.PAGE.read_text("utf-8")
    assert page == tables.filled(page), "run `python docs/finding_tables.py`"


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *PAGES], ids=lambda page: page.stem)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    targets = [one for one in LINK.findall(page.read_text("utf-8")) if not re.match(r"[a-z]+:|#", one)]
    missing = [target for target in targets if not (page.parent / target.partition("#")[0]).exists()]
    assert not missing


def test_pages_of_examples_show_the_scripts_as_they_are() -> None:
    made = script("docs/example_pages.py")
    for name in made.QUESTIONS:
        _, cells = made.cells((ROOT / "examples" / f"{name}.py").read_text("utf-8"))
        shown = (DOCS / "examples" / f"{name}.md").read_text("utf-8")
        missing = [title for title, code in cells if f"## {title}\n\n```python\n{code}\n```" not in shown]
        assert not missing, f"run `python docs/example_pages.py {name}`"
