"""The pages in a real browser: by mouse and by keyboard, nothing clipped, nothing fetched from elsewhere."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from headway.brief import view
from headway.brief.front import front_pictures
from headway.explorer.address import (
    CompareState,
    CountryState,
    HomeState,
    IndicatorsState,
    StandingState,
    WhatIfState,
    WorldState,
    address,
    fields,
)
from headway.explorer.ask import state_of
from headway.explorer.claimed import NOT_OURS
from in_browser import FEWER_ROWS, outside

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

    from headway.brief.compose import Brief
    from headway.site.home import HomeRow

pytestmark = pytest.mark.browser

PAGES = (
    "/?country=KOR", "/indicators?indicator=gdp_usd&countries=FRA,IND", "/world?top=10&country=FRA",
    "/standing?country=FRA&top=10", "/whatif?until=2030", "/claims", "/limits",
)  # fmt: skip
SETTLED = """() => {
  const said = document.querySelector('#sentence').textContent;
  return !said.startsWith('One moment') && !document.querySelector('#state').textContent;
}"""
DRAWN = "one => [one.dataset.name, Object.values(one.querySelector('.drawn').data)]"
WHOLE_WORLD = "() => document.querySelector('#notes').textContent.includes('whole world')"
FIGURES = "#charts figure, #further-charts figure"
# Scrolls to the levers: how many stand first, and whether a screen shows all of them with the first chart.
IN_VIEW = """() => {
  const scene = document.querySelector('.scene');
  window.scrollTo(0, scrollY + document.querySelector('.cockpit').getBoundingClientRect().top);
  const picture = document.querySelector('#charts svg').getBoundingClientRect();
  const levers = [...document.querySelectorAll('#first .control')].map((one) => one.getBoundingClientRect());
  const below = innerWidth < 900 ? scene.getBoundingClientRect().bottom : 0;
  const seen = (box, top) => box.top >= top - 1 && box.bottom <= innerHeight;
  return [levers.length, seen(picture, 0) && levers.every((box) => seen(box, below))];
}"""
OPEN = "() => document.querySelectorAll('.theme').forEach(one => { one.open = true; })"
ROOM_OF_MAP = """() => Math.abs(
  document.querySelector('#charts').clientWidth - document.querySelector('svg.world').width.baseVal.value)"""
SAID = "name => document.querySelector('#sentence').textContent.startsWith(name)"
CHARTS = "[...document.querySelectorAll('figure svg')]"


@pytest.fixture(scope="module", autouse=True)
def few_rows(first_rows: Callable[..., list[HomeRow]]) -> Iterator[None]:
    """The first page without the briefs of all countries."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("headway.explorer.views.home.rows", first_rows)
        yield


def complains(line: ConsoleMessage) -> bool:
    """Whether a line of the console is an error; 429 is none: it says that an answer is still being computed."""
    return line.type == "error" and "status of 429" not in line.text


def opened(browser: Browser, address: str, width: int = 1280, scheme: Any = "light") -> tuple[Page, list[str]]:
    """The page once its answer is painted, and what it asked for and complained of."""
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab.set_default_timeout(60_000)
    heard: list[str] = []
    tab.on("request", lambda request: heard.append(request.url))
    tab.on("console", lambda line: heard.append(f"console: {line.text}") if complains(line) else None)
    tab.on("pageerror", lambda error: heard.append(f"console: {error}"))
    tab.goto(address)
    tab.wait_for_function(SETTLED)
    tab.wait_for_timeout(300)
    return tab, heard


def walk_map(tab: Page) -> None:
    """Go over the map, which is one stop of the tab key and tells the country in focus, and over a line's points."""
    assert tab.evaluate(ROOM_OF_MAP) < 20
    tab.focus("svg.world a[tabindex='0']")
    first = tab.inner_text(".tip")
    tab.keyboard.press("ArrowRight")
    told = tab.evaluate("() => document.activeElement.getAttribute('aria-label')")
    assert tab.inner_text(".tip") == told != first
    if "/home" in tab.url:  # the answer beside the map is that of the country in focus
        tab.wait_for_function(
            "told => document.querySelector('#sentence').textContent.startsWith(told)", arg=told.split(":")[0]
        )
        assert tab.locator("svg.world a.chosen").get_attribute("aria-label") == told
        return
    tab.focus("svg.lines .line >> nth=1")
    newest = tab.inner_text(".tip")
    tab.keyboard.press("ArrowLeft")
    assert newest.startswith("India, 20")
    assert tab.inner_text(".tip") != newest
    shown = "() => [...document.querySelectorAll('#tables table')][0].querySelectorAll('td[data-value]')"
    tab.click("#tables thead th:nth-child(3) button")
    values = tab.evaluate(f"() => [...({shown})()].map(one => Number(one.dataset.value))")
    assert values == sorted(values)
    tab.locator("svg.world a[data-code=BRA]").click()  # puts a country into the chart
    tab.wait_for_function("() => document.querySelectorAll('svg.lines .line').length === 3")
    assert tab.url.endswith("countries=FRA,IND,BRA")
    tab.fill("#c-countries", "European Union")
    tab.press("#c-countries", "Enter")
    tab.wait_for_function("() => location.search.endsWith('countries=FRA,IND,BRA,EU')")
    tab.select_option("#c-axis", "log")
    tab.wait_for_function("() => document.querySelector('.lines .unit').textContent.includes('logarithmic')")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_page_is_whole(browser: Browser, base: str, path: str, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="NO AXE: pip install headway[dev]")
    tab, heard = opened(browser, base + path, width, scheme)
    assert [text for text in heard if text.startswith("console:")] == []
    assert [url for url in heard if not url.startswith((base, "data:", "blob:"))] == []
    assert tab.evaluate("() => document.documentElement.scrollWidth") <= width
    assert tab.evaluate(outside(CHARTS)) == []
    if path.startswith("/whatif"):
        tab.wait_for_selector("#first .control")
        assert tab.evaluate(IN_VIEW) == [6, True]
    if tab.locator("svg.world").count():
        walk_map(tab)
        tab.keyboard.press("Escape")
        assert not tab.locator(".tip").is_visible()
    tab.evaluate(FEWER_ROWS)
    found = axe.Axe().run(tab)
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]] == []
    tab.close()


def _sliders(tab: Page, selector: str) -> list[Locator]:
    """Sliders by their names: another year asked about may put others beside the chart while we go through them."""
    return [tab.locator(f"#{one.get_attribute('id')}") for one in tab.locator(selector).all()]


def test_every_slider_moves_by_keyboard_and_its_value_is_told(browser: Browser, base: str) -> None:
    tab, _ = opened(browser, f"{base}/whatif?until=2030")
    tab.wait_for_selector("#first .control")
    tab.evaluate(OPEN)
    for slider in _sliders(tab, "#controls input[type=range]"):
        before = slider.get_attribute("aria-valuetext")
        slider.focus()
        low = float(slider.evaluate("one => one.value - one.min"))
        tab.keyboard.press("ArrowLeft" if low > 0 else "ArrowRight")
        assert slider.get_attribute("aria-valuetext") != before
    tab.wait_for_function("() => document.querySelector('#c-spending') && location.search.includes('spending')")
    assert "spending=0.9" in tab.url
    tab.get_by_role("button", name="Reset all").click()
    tab.wait_for_function("() => !location.search.includes('spending')")
    tab.close()


def test_every_slider_moves_by_mouse(browser: Browser, base: str) -> None:
    tab, heard = opened(browser, f"{base}/whatif?until=2030")
    tab.wait_for_selector("#first .control")
    tab.evaluate(OPEN)
    sliders = _sliders(tab, "#controls input[type=range]:visible")
    assert len(sliders) > 10
    for slider in sliders:
        before = slider.get_attribute("aria-valuetext")
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box is not None
        right = slider.evaluate("one => (one.value - one.min) / (one.max - one.min) < 0.5")
        # A click of the locator waits until answers that come in have stopped moving the slider.
        slider.click(position={"x": (0.8 if right else 0.2) * box["width"], "y": box["height"] / 2})
        assert slider.get_attribute("aria-valuetext") != before
    tab.wait_for_function("() => location.search.includes('spending')")
    assert [text for text in heard if text.startswith("console:")] == []
    tab.close()


def test_the_picture_at_rest_is_the_whole_answer(browser: Browser, base: str) -> None:
    tab, heard = opened(browser, f"{base}/whatif?until=2035")
    tab.wait_for_function(WHOLE_WORLD)
    heard.clear()
    with tab.expect_response(lambda told: "whatif.json" in told.url and "spending=4&width" in told.url):
        tab.evaluate(
            """() => {
              const slider = document.querySelector('#c-spending');
              for (const value of ['2', '3', '4']) {
                slider.value = value;
                slider.dispatchEvent(new Event('input', { bubbles: true }));
              }
            }"""
        )
    tab.wait_for_function(WHOLE_WORLD)
    asked = [url for url in heard if "/whatif.json" in url]
    moving = [url for url in asked if "tables=false" in url]
    assert moving
    assert all("whole=0" in url for url in moving)
    assert len([url for url in asked if "tables=false" not in url]) == 1  # at rest alone
    query = tab.url.partition("?")[2]
    told = tab.request.get(f"{base}/whatif.json?{query}").json()  # the address as a program would ask it
    whole = tab.request.get(asked[-1]).json()
    assert whole == {**told, "charts": whole["charts"]}
    drawn = tab.evaluate(
        f"() => Object.fromEntries([...document.querySelectorAll({json.dumps(FIGURES)})].map({DRAWN}))"
    )
    assert drawn == {
        chart["name"]: [layer["data"]["values"] for layer in chart["spec"]["layer"]] for chart in whole["charts"]
    }
    assert tab.inner_text("#sentence") == told["sentence"]
    label = tab.get_attribute("#charts .drawn >> nth=0", "aria-label")
    assert label == f"{told['charts'][0]['title']}. {told['charts'][0]['alternative']}"  # numbers, for who cannot see

    fold = tab.locator("#tables details").first
    fold.locator("summary").click()
    fold.locator("tbody tr").first.wait_for()
    assert fold.locator("tbody tr").count() == len(told["tables"][0]["rows"])
    first = told["tables"][0]["rows"][-1]
    shown = fold.locator("tbody tr").last.locator("td, th").all_inner_texts()
    assert shown[:4] == [first["country"], first["series"], first["unit"], str(first["year"])]
    assert float(shown[-1].replace("−", "-")) == pytest.approx(first["baseline_q50"], rel=5e-3)
    assert tab.locator("#file-text").text_content() == told["scenario_file"]
    with tab.expect_download() as download:
        tab.get_by_role("link", name="JSON", exact=True).click()
    assert json.loads(download.value.path().read_text("utf-8")) == told
    with tab.expect_download() as download:
        tab.get_by_role("link", name="CSV", exact=True).click()
    assert download.value.path().read_text("utf-8") == tab.request.get(f"{base}/whatif.csv?{query}").text()
    tab.close()


def test_a_slider_moves_by_mouse_and_the_address_brings_the_same_page(browser: Browser, base: str) -> None:
    tab, _ = opened(browser, f"{base}/standing?country=FRA&top=10")
    before = tab.inner_text("#sentence")
    box = tab.locator("#c-compute").bounding_box()
    assert box is not None
    tab.mouse.click(box["x"] + 0.98 * box["width"], box["y"] + box["height"] / 2)
    tab.wait_for_function(f"() => document.querySelector('#sentence').textContent !== {json.dumps(before)}")
    moved, address = tab.inner_text("#sentence"), tab.url
    assert "compute=" in address
    again, _ = opened(browser, address)
    assert again.inner_text("#sentence") == moved
    with again.expect_download() as download:
        again.get_by_role("link", name="JSON", exact=True).click()
    stored = json.loads(download.value.path().read_text("utf-8"))
    assert stored["sentence"] == moved
    tab.close()
    again.close()


def test_script_and_server_read_and_write_the_same_addresses(browser: Browser, base: str) -> None:
    draw = random.Random(18)
    states = [*(_any_whatif(draw) for _ in range(40)), WorldState(), WorldState(year=2020, domain="money"),
              CompareState(countries="FRA,DEU", scenarios="baseline,head-on"), StandingState(country="KOR", flows=2.5),
              CountryState(country="EU", against="USA,CHN", model="prior"), HomeState(country="KOR", year=2024),
              IndicatorsState(indicator="gdp_usd", countries="FRA,EU", axis="log", rows="all", group="EU")]  # fmt: skip
    told = [{"fields": fields(type(one)), "path": f"/{one.path}", "address": address(one)} for one in states]
    tab, _ = opened(browser, f"{base}/standing?country=DEU&top=10")
    read = tab.evaluate(
        """async (told) => {
          const { load, address } = await import('/static/address.js');
          return told.map((one) => {
            const choices = load(one.fields, one.address);
            return [choices, address(one.path, one.fields, choices)];
          });
        }""",
        told,
    )
    for state, (choices, text) in zip(states, read, strict=True):
        assert choices == state.model_dump()
        assert text == address(state)

    links = {one.get_attribute("data-page"): one.get_attribute("href") for one in tab.locator("a[data-page]").all()}
    leaders = (tab.get_attribute("body", "data-leaders") or "").split(",")
    first = ",".join([code for code in leaders if code != "DEU"][:2])
    assert links == {
        "world": "/world?country=DEU", "country": "/country?country=DEU", "whatif": "/whatif?country=DEU",
        "compare": f"/compare?countries=DEU,{first}", "standing": "/standing?country=DEU", "claims": "/claims",
        "home": "/home?country=DEU", "indicators": f"/indicators?countries=DEU,{first}", "record": "/record",
    }  # fmt: skip
    field = tab.get_by_label("Country", exact=True)
    assert field.input_value() == "Germany"
    for typed, name, code in (("Britain", "United Kingdom", "GBR"), ("Korea, Rep.", "South Korea", "KOR")):
        field.fill(typed)
        field.press("Enter")
        tab.wait_for_function(f"() => location.search.includes('country={code}')")
        assert field.input_value() == name
    field.fill("Atlantis")
    field.press("Tab")
    tab.wait_for_function("() => document.querySelector('#m-country').textContent.includes('Atlantis')")
    assert "country=KOR" in tab.url
    tab.close()


def _any_whatif(draw: random.Random) -> WhatIfState:
    """A state as sliders make them, of some levers."""
    values = {
        "country": draw.choice(["", "FRA"]), "against": draw.choice(["", "USA,CHN"]), "whole": draw.random() < 0.5,
        "scenario": draw.choice(["baseline", "head-on"]), "since": draw.randint(2022, 2035),
        "spending": round(draw.uniform(0.1, 10), 1), "controls": draw.choice([None, 0.0, 93.0]),
        "growth": draw.randint(-10, 10) / 2, "partner": float(10 * draw.randint(0, 100)), "cut": draw.choice([0, 2031]),
        "snapshot": draw.choice(["", "0123abcd"]), "until": draw.randint(2027, 2040),
    }  # fmt: skip
    return WhatIfState.model_validate({key: value for key, value in values.items() if draw.random() < 0.5})


def test_charts_follow_the_slider_and_a_change_is_replayed(browser: Browser, base: str) -> None:
    tab, heard = opened(browser, f"{base}/whatif?until=2035")
    shape = "() => [...document.querySelectorAll('#charts svg path')].map(one => one.getAttribute('d')).join()"
    slider = tab.locator("#c-spending")

    def moved(to: str) -> None:
        drawn = tab.evaluate(shape)
        slider.fill(to)
        tab.wait_for_function(f"before => ({shape})() !== before", arg=drawn)

    tab.route("**/why.json*", lambda route: None)  # an answer that never comes: the world stays held
    for first in ("2", "2.5"):  # whatever was under way for the page as it opened is over then
        moved(first)
    element = tab.query_selector("#charts svg")
    moved("3")
    assert element is not None
    assert element.evaluate("one => one.isConnected")  # the same picture with other data, not a new one
    tab.unroute("**/why.json*")
    moved("4")
    tab.wait_for_function("() => !document.querySelector('#why').hidden")
    assert "AI spending" in tab.inner_text("#why-sentence")
    tab.wait_for_function("() => document.querySelector('#notes').textContent.includes('whole world')")
    tab.get_by_role("button", name="Replay the last change").click()
    tab.wait_for_function("() => document.querySelector('#c-spending').value < 4")
    tab.wait_for_function("() => document.querySelector('#c-spending').value === '4'")
    assert tab.inner_text("#state") == ""
    assert [text for text in heard if text.startswith("console:")] == []
    tab.close()


def test_a_search_tells_how_far_it_is_and_can_be_cancelled(browser: Browser, base: str) -> None:
    tab, _ = opened(browser, f"{base}/whatif?until=2035&within=36")
    tab.get_by_role("button", name="Find it").click()
    tab.wait_for_function("() => /at the end of|No setting/.test(document.querySelector('#found').textContent)")
    tab.locator("#progress").wait_for(state="hidden")  # it goes just after the answer is written
    tab.route("**/search.ndjson*", lambda route: None)  # an answer that never comes
    tab.get_by_role("button", name="Find it").click()
    assert tab.locator("#progress").is_visible()
    tab.get_by_role("button", name="Cancel").click()
    tab.wait_for_function("() => document.querySelector('#found').textContent === 'Cancelled.'")
    tab.close()


def test_claims_are_checked_and_shared_by_their_address(browser: Browser, base: str) -> None:
    tab, heard = opened(browser, f"{base}/claims")
    tab.fill("#text", "France has more AI researchers than Germany.")
    tab.get_by_role("button", name="Find the claims").click()
    field = tab.locator(".claims input[type=text]")
    field.fill("indicator(population, FRA) > indicator(population, DEU)")
    tab.get_by_role("button", name="Check them").click()
    tab.wait_for_selector(".ruling")
    assert "contradicted" in tab.inner_text(".ruling")
    tab.get_by_role("button", name="Copy address").click()
    tab.wait_for_function("() => location.hash.startsWith('#sheet=')")
    again, _ = opened(browser, tab.url)
    again.wait_for_selector(".ruling")
    assert "contradicted" in again.inner_text(".ruling")
    assert again.locator("mark").count() == 1
    with again.expect_download() as download:
        again.get_by_role("link", name="Ledger").click()
    stored = download.value.path()
    again.set_input_files("#file", stored)
    again.wait_for_function("() => document.querySelector('#text').value === ''")
    assert again.locator(".claims > li").count() == 1
    assert [text for text in heard if text.startswith("console:")] == []
    tab.close()
    again.close()


def test_a_draft_has_no_verdict_until_a_proposal_is_chosen_by_keyboard(browser: Browser, base: str) -> None:
    tab, heard = opened(browser, f"{base}/claims")
    tab.fill("#text", "Germany's R&D spending exceeds France's. France spends about 9.2 percent of GDP on R&D.")
    tab.get_by_role("button", name="Find the claims").press("Enter")
    tab.wait_for_selector(".offers")
    assert "research and development spending" in tab.inner_text(".offers >> nth=0")
    tab.get_by_role("button", name="Check them").press("Enter")
    tab.wait_for_selector(".ruling.proposed")
    assert tab.locator(".ruling").all_inner_texts() == ["proposed", "proposed"]
    tab.locator(".offers >> nth=1").locator("input >> nth=0").focus()
    tab.keyboard.press("Space")
    tab.wait_for_selector(".ruling.contradicted")
    assert tab.locator(".ruling.proposed").count() == 1
    assert tab.locator(".claims input[type=text] >> nth=1").input_value().startswith("indicator(rd_share_gdp, FRA)")
    tab.keyboard.press("ArrowDown")  # to “none of these”
    tab.wait_for_selector(".ruling.data-cannot-decide")
    assert [text for text in heard if text.startswith("console:")] == []
    tab.close()


def test_a_map_is_not_drawn_anew_while_nobody_has_room_to_see_it(browser: Browser, base: str) -> None:
    tab, heard = opened(browser, f"{base}/?country=KOR")
    assert tab.evaluate(ROOM_OF_MAP) < 20
    tab.set_viewport_size({"width": 1, "height": 1})  # as Chromium does before some pictures of a whole page
    tab.wait_for_function("() => document.querySelector('#charts').clientWidth === 0")
    tab.wait_for_timeout(300)
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.wait_for_timeout(300)
    assert len([url for url in heard if "/home.json" in url]) == 1
    assert tab.evaluate(ROOM_OF_MAP) < 20
    tab.set_viewport_size({"width": 1000, "height": 900})
    tab.wait_for_function(f"() => ({ROOM_OF_MAP})() < 20")
    tab.close()


def test_a_confirmed_claim_is_shared_by_keyboard_and_its_page_says_whose_it_is(browser: Browser, base: str) -> None:
    tab, heard = opened(browser, f"{base}/claims")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.fill("#text", "Germany's R&D\nspending exceeds France's.")
    tab.get_by_role("button", name="Find the claims").press("Enter")
    tab.wait_for_selector(".offers")
    assert tab.locator(".link-copy").count() == 0  # nobody has chosen yet
    tabbed_to(tab, ".offers input")
    tab.keyboard.press("Space")
    ruling = tab.locator(".ruling").inner_text()
    tabbed_to(tab, ".link-copy")
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => document.querySelector('.link-copy + [role=status]').textContent.trim() === 'Copied.'")
    copied = tab.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith(f"{base}/claim?snapshot=")
    link = tab.locator(".verdict a").get_attribute("href")
    assert copied == f"{base}{link}"
    assert address(state_of(copied)) == copied.removeprefix(base)  # the script writes addresses as the server does

    page, more = opened(browser, copied)
    page.wait_for_selector("#charts figure svg")
    assert page.inner_text("#claimed") == "“Germany's R&D spending exceeds France's.”"
    assert page.inner_text(".remark") == NOT_OURS
    assert page.inner_text("#sentence").lower().startswith(ruling.split(" · ")[0])
    assert "Evidence for and against" in page.inner_text("#tables")
    page.locator(".take summary").first.click()
    assert "/embed/claim?" in page.locator(".take pre").first.inner_text()
    assert page.evaluate(outside(CHARTS)) == []
    broken = browser.new_page()
    broken.goto(copied.replace("%3E", "%3E%3E"))
    assert broken.inner_text("#state").startswith("test: the test cannot be read at")
    assert [text for text in (*heard, *more) if text.startswith("console:")] == []
    for one in (tab, page, broken):
        one.close()


def tabbed_to(tab: Page, selector: str) -> None:
    """Press Tab until what `selector` names has the focus, as somebody without a mouse does."""
    for _ in range(80):
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"80 times Tab do not lead to {selector}")


def test_an_article_is_reviewed_by_keyboard_alone(browser: Browser, base: str) -> None:
    tab, heard = opened(browser, f"{base}/claims")
    tabbed_to(tab, "#text")
    tab.keyboard.insert_text("Germany's R&D spending exceeds France's. France spends about 9.2 percent of GDP on R&D.")
    tabbed_to(tab, "#paste button")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".offers")
    assert tab.locator("mark").count() == 2
    assert "worth checking: " in tab.inner_text(".claims > li:nth-child(1)")
    tabbed_to(tab, "#by-worth")
    tab.keyboard.press("Space")
    places = [text.split(", place ")[1][0] for text in tab.locator(".claims > li").all_inner_texts()]
    assert places == sorted(places)
    tab.keyboard.press("Space")
    tabbed_to(tab, ".claims > li:nth-child(1) .offers input")
    tab.keyboard.press("Space")
    tab.wait_for_selector(".claims > li:nth-child(1) .ruling.supported")
    assert tab.locator(".claims > li:nth-child(2) .ruling").count() == 0  # nobody has chosen for it
    tabbed_to(tab, ".claims > li:nth-child(2) .offers input")
    tab.keyboard.press("Space")
    tab.wait_for_selector(".claims > li:nth-child(2) .ruling.contradicted")
    tab.keyboard.press("ArrowUp")  # round to “none of these”
    tab.wait_for_selector(".claims > li:nth-child(2) .ruling.data-cannot-decide")
    tabbed_to(tab, "#check")
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => document.querySelector('#sentence').textContent.startsWith('Of 2 claims checked')")
    tabbed_to(tab, "#copy")
    tab.keyboard.press("Enter")
    tab.wait_for_function("() => location.hash.startsWith('#sheet=')")
    assert [text for text in heard if text.startswith("console:")] == []
    tab.close()


def test_a_claim_says_in_full_why_it_has_no_test_and_which_sentence_it_is_part_of(browser: Browser, base: str) -> None:
    part = {
        "id": "part", "claim": "it will lead the world.", "kind": "fact", "sentence": "Ruritania says it will lead.",
        "not_read": "no test holds “the world”", "status": "proposed", "note": "the writer hedges",
    }  # fmt: skip
    ledger = json.dumps({"ledger": "try", "title": "Try", "claims": [part]}).encode()
    tab, heard = opened(browser, f"{base}/claims")
    tab.set_input_files("#file", files=[{"name": "try.yaml", "mimeType": "text/yaml", "buffer": ledger}])
    tab.wait_for_selector("#claim-part")
    card = tab.inner_text("#claim-part")
    assert "In the sentence: Ruritania says it will lead." in card
    assert "fact · the writer hedges" in card
    assert tab.inner_text("#why-part") == "No test holds “the world”."
    assert tab.get_attribute("#test-part", "aria-describedby") == "why-part"
    assert [text for text in heard if text.startswith("console:")] == []
    tab.close()


def test_a_brief_that_no_edition_holds_has_its_judgement_too(
    browser: Browser, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.brief.edition.stored", lambda context: (None, "no edition"))
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    tab.set_default_timeout(120_000)
    tab.goto(f"{base}/country?country=TUV")
    tab.wait_for_selector("#argument p:nth-child(3)")
    told = tab.request.get(f"{base}/country.json?country=TUV").json()["judgement"]
    assert [tab.inner_text("#sentence"), *tab.locator("#argument p").all_inner_texts()] == told
    tab.wait_for_function("() => document.querySelector('#state').textContent === ''")
    tab.close()


def test_a_number_opens_its_trace(
    browser: Browser, base: str, stored_brief: Callable[[str], Brief], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.brief.edition.stored", lambda context: (stored_brief("FRA"), ""))
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    tab.set_default_timeout(60_000)
    tab.goto(f"{base}/country?country=FRA")
    told = tab.request.get(f"{base}/country.json?country=FRA&part=standing").json()
    first = told["front"][0]["finding"]
    pictures = [view.anchor(one.id) for one in front_pictures(stored_brief("FRA"))]
    assert [one["finding"] for one in told["front"]] == pictures
    tab.wait_for_selector(f"#front figure[data-name='{first}'] svg")
    bottom = tab.locator("#front svg").first.evaluate("one => one.getBoundingClientRect().bottom + scrollY")
    annex = tab.locator("#annex").evaluate("one => one.getBoundingClientRect().top + scrollY")
    assert bottom <= 800
    assert annex <= 3 * 800
    tab.locator("#standing button.number").first.click()
    tab.wait_for_selector("#drawer .source")
    assert tab.locator("#drawer .source a").first.get_attribute("href")
    tab.keyboard.press("Escape")
    assert not tab.locator("#drawer").is_visible()
    tab.close()
