"""What all tests share: a browser, and that nothing made earlier is taken for fresh, compiled functions apart."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from headway.core.files import cache_folder
from in_browser import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No example is failed by the clock: a busy machine is no fault of what is tested.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


# Tables and compiled functions are many objects and few cycles, as in the commands: to look for those takes longer.
gc.set_threshold(100_000, 20, 20)

_FIRST = ("test_tutorial.py", "faults", "inference")  # files and folders; the rest in order of name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no worker is left alone with one at the end.

    Before them comes what splits off many processes: that takes longer the more memory a worker has taken by then.
    """
    items.sort(key=lambda item: [name not in (item.path.name, item.path.parent.name) for name in _FIRST])


@pytest.fixture(autouse=True)
def kept_folder(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this test alone keeps what it makes; briefs are composed, not read from the shipped edition."""
    own = tmp_path_factory.mktemp("kept")
    monkeypatch.setattr("headway.brief.edition.SHIPPED", own / "none.zip")
    monkeypatch.setattr("headway.brief.edition.cache_folder", lambda name: own / name)
    monkeypatch.setattr(
        "headway.core.cache.cache_folder", lambda name: cache_folder(name) if name == "compiled" else own / name
    )
    return own


@pytest.fixture(scope="module")
def kept_programs() -> Iterator[None]:
    """Programs of JAX that the tests of a file compile, kept for later runs."""
    from compiled_programs import programs_kept

    with programs_kept():
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, headless; tests that ask for it skip with a loud reason where there is none."""
    if CHROMIUM is None:
        pytest.skip("NO BROWSER: install chromium to check the pages in one")
    playwright = pytest.importorskip("playwright.sync_api", reason="NO PLAYWRIGHT: pip install headway[dev]")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()
