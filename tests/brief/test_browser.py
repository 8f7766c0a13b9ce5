"""The page in a real browser: nothing clipped, nothing sideways, nothing fetched, nothing that axe objects to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import made_brief as made
import pytest

from headway.brief.html import page
from in_browser import FEWER_ROWS, outside

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SHOWN = "[...document.querySelectorAll('figure svg')].filter(svg => svg.getBoundingClientRect().width)"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "RUS.html"
    path.write_text(page(made.brief()), "utf-8")
    return path.as_uri()


def opened(browser: Browser, address: str, width: int, scheme: Any = "light") -> tuple[Page, list[str]]:
    """The page at this width, and what it asked for."""
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab.set_default_timeout(120_000)  # machines that test are busy
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(address)
    tab.evaluate("() => document.fonts.ready.then(() => true)")
    return tab, asked


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_text_is_clipped_and_nothing_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    tab, _ = opened(browser, address, width)
    assert tab.evaluate("() => document.fonts.check('16px Noto Sans')")
    assert tab.evaluate(outside(SHOWN)) == []
    assert tab.evaluate("() => document.documentElement.scrollWidth") <= width
    shown = tab.evaluate(f"() => {SHOWN}.length")
    assert shown == len(made.PICTURES)
    tab.close()


def test_nothing_is_asked_of_the_network(browser: Browser, address: str) -> None:
    tab, asked = opened(browser, address, 1280)
    assert [url for url in asked if not url.startswith(("data:", address))] == []
    tab.close()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        (390, "dark"),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
        pytest.param(390, "light", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing(browser: Browser, address: str, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="NO AXE: pip install headway[dev]")
    tab, _ = opened(browser, address, width, scheme)
    tab.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
    tab.evaluate(FEWER_ROWS)
    found = axe.Axe().run(tab)
    assert found.response["violations"] == [], [v["id"] for v in found.response["violations"]]
    tab.close()


def test_ids_of_findings_show_on_demand(browser: Browser, address: str) -> None:
    tab, _ = opened(browser, address, 1280)
    code = tab.locator("p.fid").first
    assert not code.is_visible()
    tab.keyboard.press("Tab")
    tab.get_by_label("Show the id of every finding").check()
    assert code.is_visible()
    tab.close()


def test_a_footnote_leads_there_and_back(browser: Browser, address: str) -> None:
    tab, _ = opened(browser, address, 1280)
    tab.locator("sup.notes a").first.click()
    assert "#note-1" in tab.url
    tab.locator("#note-1 .back a").first.click()
    assert "#ambition.goal" in tab.url
    tab.close()


def test_print_shows_the_whole_brief(browser: Browser, address: str) -> None:
    tab, _ = opened(browser, address, 390)
    tab.emulate_media(media="print")
    assert tab.locator(".wide").first.is_visible()
    assert not tab.locator("nav").is_visible()
    tab.close()
