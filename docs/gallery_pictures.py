"""Draw the pictures of docs/gallery.md by running the code on that page, from top to bottom, in an empty folder."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
PICTURES = DOCS / "img" / "gallery"


def main() -> None:
    """Run the page's Python in one process and its commands one by one; keep what they draw."""
    page = (DOCS / "gallery.md").read_text("utf-8")
    python = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    commands = [line.split()[1:] for block in blocks for line in block.splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "docs").symlink_to(DOCS.resolve())
        for arguments in (["-c", python], *(["-m", "headway", *command] for command in commands)):
            subprocess.run([sys.executable, *arguments], cwd=folder, check=True)
        PICTURES.mkdir(parents=True, exist_ok=True)
        for file in Path(folder).glob("*.svg"):
            (PICTURES / file.name).write_bytes(file.read_bytes())


if __name__ == "__main__":
    main()
