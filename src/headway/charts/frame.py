"""What surrounds every plot: title and unit above, interval note, caveat, source and date below."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from headway.charts import theme
from headway.charts.marks import TextMark
from headway.charts.text import wrap
from headway.core import wording

MARGIN = 4.0


@dataclass(frozen=True, slots=True)
class Caption:
    """What a chart must say besides its data, since it travels without its page.

    Attributes:
        as_of: nothing later is in it.
        level: probability content of the intervals; None where there are none.
        caveat: the main reservation, one sentence.
    """

    as_of: dt.date
    level: float | None = None
    caveat: str = ""


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """Lines of text above and below a plot, and how much room they take in px."""

    title: list[str]
    unit: list[str]
    notes: list[str]

    @property
    def top(self) -> float:
        return MARGIN + len(self.title) * _line(theme.TITLE) + len(self.unit) * _line(theme.LABEL) + 12

    @property
    def bottom(self) -> float:
        return 10 + len(self.notes) * _line(theme.NOTE) + MARGIN

    def above(self, left: float) -> list[TextMark]:
        """Title and unit; `left` is the plot's left padding."""
        items, y = [], MARGIN - self.top
        for lines, size, colour, bold in (
            (self.title, theme.TITLE, theme.INK, True),
            (self.unit, theme.LABEL, theme.MUTED, False),
        ):
            for line in lines:
                items.append(TextMark(MARGIN - left, y + _line(size) / 2, line, size, colour, bold=bold))
                y += _line(size)
        return items

    def below(self, left: float, y: float) -> list[TextMark]:
        """Notes from height `y` on."""
        return [
            TextMark(MARGIN - left, y + 10 + (i + 0.5) * _line(theme.NOTE), line, theme.NOTE, theme.MUTED)
            for i, line in enumerate(self.notes)
        ]


def frame(title: str, unit: str, note: str, source: str, caption: Caption, width: float) -> ChartFrame:
    """Break the texts to `width` px; `note` says what the marks mean."""
    room = width - 2 * MARGIN
    origin = f"Source: {source.rstrip('. ')}. As of {wording.day(caption.as_of)}."
    return ChartFrame(
        wrap(title, room, theme.TITLE, "Bold"),
        wrap(wording.sentence(unit), room, theme.LABEL),
        [line for text in (note, caption.caveat, origin) if text for line in wrap(text, room, theme.NOTE)],
    )


def percent(level: float) -> str:
    """`90%`."""
    return f"{100 * level:g}%"


def _line(size: float) -> float:
    return size * theme.LEADING
