"""What every test in a real browser needs: where Chromium is, how it is started, what must not stick out of a chart."""

from __future__ import annotations

import shutil

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


def outside(charts: str) -> str:
    """JavaScript that lists the texts of these charts (an expression for an array of svg) that leave their frame."""
    return f"""() => {charts}.flatMap(svg => {{
  const frame = svg.getBoundingClientRect();
  const inside = box => box.left >= frame.left - 1 && box.right <= frame.right + 1
    && box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
  const texts = [...svg.querySelectorAll('text')];
  return texts.filter(text => !inside(text.getBoundingClientRect())).map(text => text.textContent);
}})"""


# JavaScript that leaves the first rows of each table: the others are made alike, and axe takes seconds over a thousand.
FEWER_ROWS = """() => document.querySelectorAll('tbody').forEach(
  body => [...body.rows].slice(12).forEach(row => row.remove()))"""
