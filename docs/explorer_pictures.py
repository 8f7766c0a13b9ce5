"""The pictures of docs/explorer.md, made from a running explorer in Chromium: python docs/explorer_pictures.py

`--all FOLDER` writes every page instead, desk and phone, light and dark, whole length.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SETTLED = """() => !document.querySelector('#sentence').textContent.startsWith('One moment')
  && !document.querySelector('#state').textContent"""
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
SHOWN = {
    "world": ("/world?country=KOR&top=20", DESK, "light"),
    "whatif": ("/whatif?country=KOR&spending=3&education=2&within=24", DESK, "light"),
    "standing": ("/standing?country=KOR&compute=3", DESK, "light"),
    "claims": ("/claims", DESK, "light"),
    "phone": ("/whatif?country=KOR&spending=3&education=2&within=24", PHONE, "dark"),
}
PAGES = {
    "home": "/?country=KOR",
    "indicators": "/indicators",
    "indicator": "/indicators?indicator=gdp_usd&countries=KOR,JPN,EU",
    "world": "/world?country=KOR",
    "country": "/country?country=KOR",
    "whatif": "/whatif?country=FRA&spending=3&effort=1",
    "compare": "/compare",
    "standing": "/standing?country=KOR&compute=3",
    "claims": "/claims",
    "method": "/method",
    "data": "/data",
    "limits": "/limits",
    "record": "/record",
}


@contextmanager
def served() -> Iterator[str]:
    """Our server; yields its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "headway", "serve", "--port", "0"], stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        yield next(line for line in server.stderr if "http://" in line).split(" at ")[1].split("/ ")[0]
    finally:
        server.terminate()
        server.wait(20)


def opened(browser: Any, address: str, size: dict[str, int], scheme: str) -> Any:
    """A tab with the page, once its answer stands."""
    tab = browser.new_page(viewport=size, color_scheme=scheme)
    tab.set_default_timeout(300_000)
    tab.goto(address)
    tab.wait_for_function(SETTLED)
    if address.endswith("/claims"):
        tab.wait_for_function("() => document.querySelectorAll('#shipped option').length > 1")
        tab.locator("#shipped").select_option(index=1)
        tab.wait_for_selector(".ruling")
        tab.locator("#results").scroll_into_view_if_needed()
        tab.evaluate("() => document.querySelector('#results').scrollIntoView()")
    tab.wait_for_timeout(3_000)
    tab.wait_for_function(SETTLED)
    return tab


def main(folder: Path, everything: bool) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("install chromium to make the pictures")
    folder.mkdir(parents=True, exist_ok=True)
    with served() as base, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        wanted = SHOWN
        if everything:
            wanted = {
                f"{name}-{size['width']}-{scheme}": (path, size, scheme)
                for name, path in PAGES.items()
                for size in (DESK, PHONE)
                for scheme in ("light", "dark")
            }
        for name, (path, size, scheme) in wanted.items():
            tab = opened(browser, base + path, size, scheme)
            tab.screenshot(path=folder / f"{name}.png", full_page=everything)
            tab.close()
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page, into this folder")
    asked = parser.parse_args()
    main(asked.all or HERE / "img" / "explorer", asked.all is not None)
