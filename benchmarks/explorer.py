"""The explorer in a real browser: from key press to repaint, the first chart of a cold server, twenty readers at once.

Dash and Streamlit show the same fans from the same ensemble beside it where they are installed
(`pip install dash streamlit plotly`).
"""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from headway.core.limits import MEMBERS

HERE = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PRESSES, WARM, TURN = 60, 8, 10
REST = 8_000  # ms after which a page at rest has asked for all that it wants
READERS, MOVES = 20, 25
DRAGGED = "whole=0&tables=false&width=700"  # what the page asks while a slider moves; the rest when it rests
OTHERS = {
    "Dash": ("dash", [sys.executable, "-m", "benchmarks.page_dash", "{port}"]),
    "Streamlit": (
        "streamlit",
        [sys.executable, "-m", "streamlit", "run", str(HERE / "page_streamlit.py"), "--server.port", "{port}",
         "--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false",
         "--server.fileWatcherType", "none"],
    ),
}  # fmt: skip

# From the key press to the frame after the last change of any chart; a chart is still when nothing changes for 250 ms.
WATCH = """() => {
  const inChart = (one) => one.target.closest?.('svg, figure, .js-plotly-plot');
  window.pressed = () => new Promise((done) => {
    let last = 0, start = 0, quiet;
    const settled = () => { watch.disconnect(); done(last - start); };
    const painted = () => {
      last = performance.now();
      clearTimeout(quiet);
      quiet = setTimeout(settled, 250);
    };
    const watch = new MutationObserver((changes) => {
      if (start && changes.some(inChart)) requestAnimationFrame(() => requestAnimationFrame(painted));
    });
    watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    document.addEventListener('keydown', () => { start = performance.now(); }, { capture: true, once: true });
  });
}"""

# The address that the page asked last, kept as it is sent.
KEPT = """() => {
  const send = window.fetch;
  window.fetch = (asked, ...how) => {
    if (String(asked).includes('tables=false')) window.asked = String(asked);
    return send(asked, ...how);
  };
}"""
# To the last byte of that answer with the lever a trifle further: the server has to work it out as it did for the page.
BARE = """async (number) => {
  const url = new URL(window.asked, location.href);
  url.searchParams.set('spending', (Number(url.searchParams.get('spending') ?? 1) + 0.001 * (number + 1)).toFixed(3));
  const start = performance.now();
  await (await fetch(url, { cache: 'no-store' })).arrayBuffer();
  return performance.now() - start;
}"""


def table() -> str:
    """All measurements as one piece of Markdown."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or importlib.util.find_spec("playwright") is None:
        return "## Explorer\n\nLeft out: it needs Chromium and Playwright."
    lines = ["## Explorer", "", f"Three fans (lag, capability, compute share) of {MEMBERS:,} members; from key press "
             f"to the frame after the last chart has changed, {PRESSES} presses of an arrow key.", "",
             "A bare request is for an answer of the same size that nobody asked before, from the same page to its "
             f"last byte; presses and bare requests take turns of {TURN}.", "",
             "| page | median, ms | 95th percentile, ms | a bare request, median, ms | times a bare request |",
             "|---|---|---|---|---|"]  # fmt: skip
    with served() as base:
        lines.append(_row("Headway", *presses(chromium, f"{base}/whatif", "#c-spending", bare=True)))
        load = readers(base)
    for name, (module, command) in OTHERS.items():
        if importlib.util.find_spec(module) is None:
            lines.append(f"| {name} | not installed | | | |")
            continue
        with running(command) as base:
            lines.append(_row(name, *presses(chromium, base, "[role=slider], input[type=range]")))
    world, whatif = (cold(chromium, path) for path in ("/world", "/whatif"))
    lines += [
        "",
        f"First chart of a cold server, from the address to the painted chart: **World {world:.1f} s, "
        f"What if {whatif:.1f} s**.",
        "",
        f"{READERS} readers dragging at once on loopback, {MOVES} moves each, no two alike, one request under way per "
        f"reader: median {np.median(load):.0f} ms, **95th percentile {np.quantile(load, 0.95):.0f} ms**.",
    ]
    return "\n".join(lines)


def _row(name: str, times: Sequence[float], bare: Sequence[float]) -> str:
    compared = f"{np.median(bare):.0f} | {np.median(times) / np.median(bare):.2f}" if bare else "| "
    return f"| {name} | {np.median(times):.0f} | {np.quantile(times, 0.95):.0f} | {compared} |"


@contextmanager
def served() -> Iterator[str]:
    """Our server, fresh; yields its address once it says it is up."""
    command = [sys.executable, "-m", "headway", "serve", "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=HERE.parent)
    try:
        assert server.stderr is not None
        line = next((line for line in server.stderr if "http://" in line), None)
        if line is None:
            raise SystemExit("the explorer did not start")
        yield line.split(" at ")[1].split("/ ")[0]
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def running(command: Sequence[str]) -> Iterator[str]:
    """Another server on a free port; yields its address once it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = [part.format(port=port) for part in command]
    server = subprocess.Popen(told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HERE.parent)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def tab(chromium: str) -> Iterator[Any]:
    """A fresh tab of a fresh browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()


def presses(chromium: str, address: str, slider: str, *, bare: bool = False) -> tuple[list[float], list[float]]:
    """Milliseconds from key press to repaint, one by one, and of as many bare requests where they are asked for."""
    times, requests = list[float](), list[float]()
    with tab(chromium) as page:
        page.set_default_timeout(120_000)
        page.add_init_script(f"({KEPT})()")
        page.goto(address)
        page.wait_for_function(
            "() => document.querySelectorAll('figure svg, .js-plotly-plot svg.main-svg').length >= 3"
        )
        page.wait_for_timeout(6_000)
        page.evaluate(WATCH)
        page.locator(slider).first.focus()
        for press in range(WARM + PRESSES):
            if bare and press >= WARM and (press - WARM) % TURN == 0:
                page.wait_for_timeout(REST)
                requests += [
                    float(page.evaluate(BARE, number)) for number in range(len(requests), len(requests) + TURN)
                ]
            page.evaluate("() => { window.waiting = window.pressed(); }")
            page.keyboard.press("ArrowRight")
            taken = page.evaluate("() => window.waiting")
            if press >= WARM:
                times.append(float(taken))
    return times, requests


def cold(chromium: str, path: str) -> float:
    """Seconds from asking a server that has just come up to its first chart."""
    with served() as base, tab(chromium) as page:
        page.set_default_timeout(120_000)
        start = time.perf_counter()
        page.goto(base + path, wait_until="commit")
        page.wait_for_selector("figure svg")
        return time.perf_counter() - start


def readers(base: str) -> list[float]:
    """Milliseconds of every answer while many drag at once."""
    import httpx

    async def reader(number: int, client: httpx.AsyncClient) -> list[float]:
        times = []
        for move in range(MOVES):
            spending = round(0.5 + 0.1 * move + 0.001 * number, 3)
            start = time.perf_counter()
            answer = await client.get(f"/whatif.json?spending={spending}&{DRAGGED}")
            answer.raise_for_status()
            times.append(1e3 * (time.perf_counter() - start))
        return times

    async def all_readers() -> list[list[float]]:
        async with httpx.AsyncClient(base_url=base, timeout=60) as client:
            while (await client.get(f"/whatif.json?{DRAGGED}")).status_code == 429:
                await asyncio.sleep(1)  # still compiling
            return await asyncio.gather(*(reader(number, client) for number in range(READERS)))

    return [taken for times in asyncio.run(all_readers()) for taken in times]
