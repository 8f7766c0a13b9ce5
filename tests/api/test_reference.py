"""The page on the public interface is made from the docstrings as they are."""

import importlib.util
from pathlib import Path

import headway as hw

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_the_one_that_the_docstrings_make() -> None:
    spec = importlib.util.spec_from_file_location("api_reference", DOCS / "api_reference.py")
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    page = (DOCS / "api.md").read_text("utf-8")
    assert page == reference.page(), "run `python docs/api_reference.py`"
    assert all(f"## hw.{name}\n" in page for name in hw.__all__)
