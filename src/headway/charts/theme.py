"""Colours and sizes of all charts (Okabe and Ito's palette, and darker shades of it for text)."""

from __future__ import annotations

INK = "#1b2430"
MUTED = "#5b6772"
GRID = "#e3e7ea"
AXIS = "#9aa4ad"
CONTEXT = "#8a959f"  # rows and lines that stand for comparison

FILLS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
TEXTS = ("#005a8c", "#a34700", "#00704f", "#8f4a72")

FONT = "Noto Sans, Helvetica, Arial, sans-serif"
TITLE, LABEL, TICK, NOTE = 14, 12, 11, 10.5  # font sizes in px
LEADING = 1.3  # line height over font size


def fill(index: int) -> str:
    """Colour of the marks of series `index`; beyond the palette all are context."""
    return FILLS[index] if index < len(FILLS) else CONTEXT


def ink(index: int) -> str:
    """Colour of the text that labels series `index`."""
    return TEXTS[index] if index < len(TEXTS) else MUTED
