"""Make the fonts that ship with the package: Noto Sans (Latin, Greek, Cyrillic) with the signs it lacks.

    apt-get download fonts-noto-core && dpkg -x fonts-noto-core_*.deb noto
    npm pack @fontsource/noto-sans && tar xzf fontsource-noto-sans-*.tgz
    python tools/subset_fonts.py noto/usr/share/fonts/truetype/noto package/files src/headway/charts/fonts

Debian's Noto Sans (2.004) has no true minus sign, the newer one of Fontsource has; relations and arrows come from Noto
Sans Math. Needs fonttools and brotli.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

RANGES = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x259, 0x259), (0x2BC, 0x2BC), (0x300, 0x30C), (0x327, 0x327), (0x370, 0x3FF),
    (0x400, 0x45F), (0x490, 0x491), (0x1EA0, 0x1EF9), (0x2010, 0x2027), (0x202F, 0x203A), (0x2070, 0x2094),
    (0x20A0, 0x20BF), (0x2116, 0x2116), (0x2122, 0x2122),
)  # fmt: skip
LETTERS = {code for first, last in RANGES for code in range(first, last + 1)}
SIGNS = set(map(ord, "←↑→↓∂∆∑√∞≈≠≤≥◊"))
MINUS = {0x2212}
FACES = {"Regular": "400-normal", "Bold": "700-normal", "Italic": "400-italic"}


def keep(file: Path, characters: set[int], folder: Path) -> str:
    """A TrueType copy of `file` with only `characters`; returns its path."""
    font = TTFont(file)
    font.flavor = None
    options = subset.Options(hinting=False, layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum"])
    worker = subset.Subsetter(options)
    worker.populate(unicodes=characters & set(font.getBestCmap()))
    worker.subset(font)
    target = folder / f"{file.stem}.ttf"
    font.save(target)
    return str(target)


def face(noto: Path, fontsource: Path, name: str) -> TTFont:
    """One style: letters, minus sign and signs, each from the font that has it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        parts = [
            keep(noto / f"NotoSans-{name}.ttf", LETTERS, folder),
            keep(fontsource / f"noto-sans-latin-{FACES[name]}.woff2", MINUS, folder),
            keep(noto / "NotoSansMath-Regular.ttf", SIGNS, folder),
        ]
        return Merger().merge(parts)


def advances(fonts: dict[str, TTFont]) -> dict[str, dict[str, int]]:
    """Widths of all characters in thousandths of an em, for laying out charts without a font library."""
    return {
        name: {chr(code): font["hmtx"][glyph][0] for code, glyph in sorted(font.getBestCmap().items())}
        for name, font in fonts.items()
    }


def main(noto: Path, fontsource: Path, target: Path) -> None:
    fonts = {name: face(noto, fontsource, name) for name in FACES}
    for name, font in fonts.items():
        assert font["head"].unitsPerEm == 1000
        for record in font["name"].names:
            wanted = {1: "Noto Sans", 2: name, 4: f"Noto Sans {name}", 6: f"NotoSans-{name}"}.get(record.nameID)
            if wanted:
                font["name"].setName(wanted, record.nameID, record.platformID, record.platEncID, record.langID)
        font.save(target / f"NotoSans-{name}.ttf")
        if name != "Italic":
            font.flavor = "woff2"
            font.save(target / f"NotoSans-{name}.woff2")
    table = advances({name: fonts[name] for name in ("Regular", "Bold")})
    (target / "advances.json").write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
