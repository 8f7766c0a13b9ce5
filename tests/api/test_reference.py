"""The page on the public interface is made from the docstrings as they are."""

from pathlib import Path

import headway as hw
from repository_scripts import script

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_the_one_that_the_docstrings_make() -> None:
    reference = script("docs/api_reference.py")
    page = (DOCS / "api.md").read_text("utf-8")
    assert page == reference.page(), "run `python docs/api_reference.py`"
    assert all(f"## hw.{name}\n" in page for name in hw.__all__)
