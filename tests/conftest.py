"""What all tests share: a browser, and that no brief made earlier is taken for a fresh one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from in_browser import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(autouse=True)
def no_kept_briefs(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setattr("headway.brief.kept.folder", lambda: tmp_path_factory.mktemp("briefs"))


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
