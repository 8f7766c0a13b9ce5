"""A site in a real browser, opened from disk: all of it loads, nothing sticks out, a typed name finds a country."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from headway.evidence import open_evidence

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_pages_open_from_disk_and_a_country_is_found_by_typing_its_name(browser: Browser, site: Path) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 900})
    tab.set_default_timeout(120_000)
    faults: list[str] = []
    tab.on("console", lambda message: faults.append(message.text))
    tab.on("requestfailed", lambda request: faults.append(request.url))
    for name in ("index.html", "standing.html", "record.html", "indicators/gdp_usd.html", "countries/KOR.html"):
        tab.goto((site / name).as_uri())
        assert tab.evaluate("() => document.documentElement.scrollWidth") <= 390, name
        assert tab.evaluate("() => document.fonts.check('16px Noto Sans')"), name
    tab.goto((site / "indicators/gdp_usd.html").as_uri())
    tab.click("#newest thead th:nth-child(3) button")
    shown = tab.evaluate("() => [...document.querySelectorAll('#newest td[data-value]')].map(c => +c.dataset.value)")
    assert len(shown) > 1
    assert shown == sorted(shown)
    tab.fill("#add", "south kor")
    tab.press("#add", "Enter")
    names = tab.locator("#chart .name").all_text_contents()
    assert "South Korea" in names
    assert len(names) == len(tab.locator("#picked li").all()) > 2
    tab.check("#log")
    assert "logarithmic" in (tab.text_content("#chart .unit") or "")
    line = tab.locator("#chart .line", has_text="South Korea")
    line.focus()  # tells its newest figure, and with an arrow key the one before
    known = open_evidence().observations("gdp_usd", "KOR").sort_values("period")
    for key, row in (("Home", known.iloc[-1]), ("ArrowLeft", known.iloc[-2])):
        tab.keyboard.press(key)
        assert tab.inner_text(".tip").startswith(
            f"South Korea, {row['period']}: {row['value'] / 1e12:.4g} trillion USD"
        )
    tab.goto((site / "index.html").as_uri())
    tab.fill("#find", "korea")
    assert tab.evaluate("() => [...document.querySelectorAll('#countries li')].filter(i => !i.hidden).length") == 1
    assert tab.inner_text("#answer h2") == "South Korea"
    tab.focus("svg.world a[tabindex='0']")  # the map is one stop of the tab key, its arrows go from country to country
    before = tab.inner_text("#answer")
    tab.keyboard.press("ArrowRight")
    told = tab.evaluate("() => document.activeElement.getAttribute('aria-label')")
    assert tab.inner_text(".tip") == told
    assert told.startswith(f"{tab.inner_text('#answer h2')}: ")
    assert tab.inner_text("#answer") != before
    tab.press("#find", "Enter")
    tab.wait_for_url("**/countries/KOR.html")
    assert faults == []
    tab.close()
