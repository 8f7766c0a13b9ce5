"""Documents on paper: PDF/UA-1 through Typst, in the package's own font, the same bytes on every run."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from headway.charts.layout import covers
from headway.core.errors import EvidenceError

if TYPE_CHECKING:
    import typst

_UNSET = "[…] stands for characters of a script for which this machine has no font; the data have them."


def typeset(template: bytes, content: Mapping[str, Any], day: dt.date) -> bytes:
    """PDF of a Typst template, which reads `content` as JSON from `sys.inputs.data`.

    Text in a script that the package's font lacks is set in a font of this machine, or, where it has none either,
    stands as `[…]`, and `content["unset"]` says so.

    Args:
        day: the document's date, so that its bytes do not depend on the clock.

    Raises:
        EvidenceError: what Typst cannot set.
    """
    import typst

    text = json.dumps({"unset": "", **content}, ensure_ascii=False)
    foreign = "".join(sorted({character for character in text if character.isprintable() and not covers(character)}))
    try:
        if foreign:
            with suppress(typst.TypstError):
                return _compiled(template, text, day, system=True)
            gaps = re.compile(f"[{re.escape(foreign)}]+")
            text = json.dumps({**json.loads(gaps.sub("[…]", text)), "unset": _UNSET}, ensure_ascii=False)
        return _compiled(template, text, day, system=False)
    except typst.TypstError as error:
        raise EvidenceError(f"the PDF could not be set: {error.message}") from error


def _compiled(template: bytes, text: str, day: dt.date, *, system: bool) -> bytes:
    import typst

    made = typst.compile(
        template,
        format="pdf",
        font_paths=_fonts(system=system),
        sys_inputs={"data": text},
        pdf_standards=["ua-1"],
        timestamp=dt.datetime.combine(day, dt.time(), dt.UTC),
    )
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=2)
def _fonts(*, system: bool) -> typst.Fonts:
    """The package’s faces, and the machine’s own only where a text needs them: others come out the same anywhere."""
    import typst

    folder = str(files("headway.charts").joinpath("fonts"))
    return typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[folder])
