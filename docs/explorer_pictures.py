"""Pictures of every page of the explorer, desk and phone, light and dark: python docs/explorer_pictures.py FOLDER"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

PAGES = {
    "world": "/world?country=KOR",
    "country": "/country?country=KOR",
    "whatif": "/whatif?country=FRA&spending=3",
    "compare": "/compare",
    "standing": "/standing?country=KOR&compute=3",
    "claims": "/claims",
    "limits": "/limits",
}
SETTLED = """() => !document.querySelector('#sentence').textContent.startsWith('One moment')
  && !document.querySelector('#state').textContent"""


def main(folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        sys.exit("install chromium to make the pictures")
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "headway", "serve", "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        base = next(line for line in server.stderr if "http://" in line).split(" at ")[1].split("/ ")[0]
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
            for name, path in PAGES.items():
                for width in (1280, 390):
                    for scheme in ("light", "dark"):
                        tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
                        tab.goto(base + path)
                        tab.wait_for_function(SETTLED, timeout=300_000)
                        tab.wait_for_timeout(1_500)
                        tab.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
                        tab.close()
            browser.close()
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
