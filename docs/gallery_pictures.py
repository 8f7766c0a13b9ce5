"""Draw the pictures of the galleries by running the code on those pages, from top to bottom, in an empty folder."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
PAGES = ("gallery", "index-gallery")
"""Pages, each with a folder of its name in img/."""


def draw(page: str) -> None:
    """Run the page's Python in one process and its commands one by one; keep what they draw."""
    text = (DOCS / f"{page}.md").read_text("utf-8")
    python = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    commands = [["-m", "headway", *line.split()[1:]] for block in blocks for line in block.splitlines()]
    pictures = DOCS / "img" / page
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / "docs").symlink_to(DOCS.resolve())
        for arguments in ([["-c", python]] if python else []) + commands:
            subprocess.run([sys.executable, *arguments], cwd=work, check=True)
        for file in Path(work).glob("*.svg"):
            (pictures / file.name).write_bytes(file.read_bytes())


if __name__ == "__main__":
    for name in sys.argv[1:] or PAGES:
        draw(name)
