"""Three readers in a real browser, from a question to its answer in under ten clicks; what they read is the API's."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from headway.inference.record import COMPUTE, DIFFUSION

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from headway.brief.compose import Brief

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A press of the mouse and a choice in a list count; a press that only opens a list does not count twice.
COUNTED = """() => {
  addEventListener('pointerdown', ({ isTrusted, target }) => {
    if (isTrusted && !target.closest('select')) window.clicked();
  }, true);
  addEventListener('change', (one) => { if (one.target.localName === 'select') window.clicked(); }, true);
}"""
REST = "() => document.querySelector('#notes').textContent.includes('whole world moves')"
SHOWN = "[...document.querySelectorAll('#charts svg text')].map((one) => one.textContent).join('\\n')"


@contextmanager
def walk(browser: Browser, address: str) -> Iterator[tuple[Page, list[int]]]:
    """A reader's tab, whose clicks are counted; there are under ten, and the console stays silent."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    clicks: list[int] = []
    faults: list[str] = []
    context.expose_binding("clicked", lambda _: clicks.append(1))
    context.add_init_script(f"({COUNTED})()")
    tab = context.new_page()
    tab.set_default_timeout(60_000)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(address)
    yield tab, clicks
    assert faults == []
    assert 0 < len(clicks) < 10
    context.close()


def told(tab: Page, base: str, path: str, suffix: str = "json") -> Any:
    """What the API says at an address of a page."""
    page, _, query = path.removeprefix(base).partition("?")
    while (response := tab.request.get(f"{base}{page}.{suffix}?{query}")).status == 429:
        pass
    assert response.ok, response.text()
    return response.json() if suffix == "json" else response.text()


def reads(tab: Page, sentence: str) -> None:
    """Wait until the page says a sentence."""
    tab.wait_for_function("words => document.querySelector('#sentence').textContent === words", arg=sentence)


def interval(end: Any) -> str:
    return f"{round(end['lag'])} ({round(end['low'])}–{round(end['high'])})"


def test_an_aide_of_a_minister_asks_about_france(
    browser: Browser, base: str, stored_brief: Callable[[str], Brief], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.brief.edition.stored", lambda context: (stored_brief("FRA"), ""))
    with walk(browser, f"{base}/world?top=10") as (tab, _):
        tab.get_by_label("Country to mark").click()
        tab.keyboard.type("France")
        tab.keyboard.press("Enter")
        world = told(tab, base, "/world?country=FRA&top=10")
        reads(tab, world["sentence"])
        row = next(row for row in world["tables"][0]["rows"] if row["code"] == "FRA")
        assert f"{row['rank']} ({row['low']}–{row['high']})" in tab.evaluate(SHOWN)

        tab.get_by_role("link", name="Country", exact=True).click()
        number = tab.locator("#standing .finding >> nth=0 >> button.number")
        number.wait_for()
        brief = told(tab, base, "/country?country=FRA&part=standing")["tables"][0]["rows"][0]
        assert brief["value"] == row["rank"]
        assert number.inner_text().startswith(str(row["rank"]))
        number.click()
        tab.wait_for_selector("#drawer .source a")
        chain = told(tab, base, f"/trace?id={brief['id']}")
        assert tab.inner_text("#drawer .sentence") == chain["sentence"]
        tab.keyboard.press("Escape")

        tab.get_by_role("link", name="What if", exact=True).click()
        tab.wait_for_function(REST)
        tab.get_by_label("In the long run").select_option("both")
        tab.wait_for_function("() => location.search.includes('structure=both')")
        future = told(tab, base, "/whatif?country=FRA&structure=both")
        reads(tab, future["sentence"])
        ends = {one["structure"]: interval(one) for one in future["structures"]}
        assert all(end in tab.evaluate(SHOWN) for end in ends.values())
        assert ends[COMPUTE] != ends[DIFFUSION]


def test_an_analyst_doubles_the_domestic_chips_of_china(browser: Browser, base: str) -> None:
    with walk(browser, f"{base}/whatif?until=2032") as (tab, _):
        tab.get_by_label("Country", exact=True).click()
        tab.keyboard.type("China")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#first .control")
        tab.wait_for_function("() => location.search.includes('country=CHN')")
        before = told(tab, base, "/whatif?country=CHN&until=2032")
        tab.wait_for_function("() => document.querySelector('#c-domestic ~ .tick, #c-domestic')")
        today = told(tab, base, "/levers?country=CHN&until=2032")["told"]["domestic"]["today"]
        made = min(1000, round(float(today.split()[0]), -1))  # thousand a year, in the slider's steps of ten
        assert made > 0
        slider = tab.locator("#c-domestic")
        fold = tab.locator(".theme", has=slider)
        if fold.count() and not fold.evaluate("one => one.open"):
            fold.locator("summary").click()
        slider.click(position={"x": 1, "y": 12})  # the slider has the focus, and its value is typed
        slider.fill(f"{made:g}")
        query = f"/whatif?country=CHN&until=2032&domestic={made:g}"
        after = told(tab, base, query)
        reads(tab, after["sentence"])
        tab.wait_for_function(REST)
        assert tab.url == base + after["address"]
        end = next(one for one in after["structures"] if one["structure"] == COMPUTE)
        usual = next(one for one in before["structures"] if one["structure"] == COMPUTE)
        assert end["lag"] < usual["lag"]
        drawn = tab.evaluate(SHOWN)
        assert interval(end) in drawn
        assert f"as things go {round(usual['lag'])}" in drawn
        marked = [row for row in after["tables"][1]["rows"] if row["label"].startswith("chips")]
        assert any(f"{row['label']}" in drawn for row in marked)
        with tab.expect_download() as download:
            tab.get_by_role("link", name="CSV", exact=True).click()
        text = download.value.path().read_text("utf-8")
        assert text == told(tab, base, query, "csv")
        rows = list(csv.DictReader(io.StringIO("".join(line for line in text.splitlines(True) if line[0] != "#"))))
        (last,) = (
            row
            for row in rows
            if (row["country"], row["year"]) == ("China", "2032") and row["series"].startswith("Lag")
        )
        assert float(last["q50"]) == pytest.approx(end["lag"], rel=1e-4)


@pytest.fixture
def newspaper(tmp_path: Path) -> Iterator[str]:
    """Address of another site, which serves what lies in the test's folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def test_a_journalist_checks_a_claim_and_embeds_its_chart(
    browser: Browser, base: str, newspaper: str, tmp_path: Path
) -> None:
    with walk(browser, f"{base}/claims") as (tab, _):
        tab.locator("#text").click()
        tab.keyboard.insert_text("Germany's R&D spending exceeds France's.")
        tab.get_by_role("button", name="Find the claims").click()
        tab.locator(".offers input").first.click()
        with tab.expect_response("**/claims/check.json") as checked:
            tab.get_by_role("button", name="Check them").click()
        (claim,) = checked.value.json()["claims"]
        verdict = tab.inner_text(".ruling")
        assert verdict.startswith(claim["verdict"])
        assert f"{round(100 * claim['probability'])} in 100" in verdict

        tab.route("**/claims/check.json", lambda route: None)  # a whole ledger takes long; a page of one claim does not
        tab.wait_for_function("() => document.querySelectorAll('#shipped option').length > 1")
        tab.locator("#shipped").select_option(label="Russia in the AI race")
        tab.locator("#claim-rivals-invest-more").get_by_role("link").click()
        shown = told(tab, base, "/claim?ledger=russia-ai-race&claim=rivals-invest-more")
        reads(tab, shown["sentence"])
        tab.locator(".take summary").first.click()
        code = tab.locator(".take pre").first.inner_text()

        host = tab.context.new_page()
        (tmp_path / "article.html").write_text(f"<h1>An article</h1>{code}", "utf-8")
        host.goto(f"{newspaper}/article.html")
        frame = host.frame_locator("iframe")
        frame.locator("figure svg").first.wait_for(state="attached")
        assert frame.locator(".sentence").inner_text() == shown["sentence"]
        drawing = tab.request.get(f"{base}/claim.svg?ledger=russia-ai-race&claim=rivals-invest-more").text()
        texts = frame.locator("figure .wide text").all_text_contents()
        assert texts
        assert all(words in drawing.replace("&amp;", "&") for words in texts if words)
