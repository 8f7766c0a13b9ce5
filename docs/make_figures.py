"""Make everything in the docs that a command makes: tables and pictures. Run by `make figures`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run every other script of this folder, in order of name; stop at the first that fails."""
    for script in sorted(HERE.glob("*.py")):
        if script.name not in (Path(__file__).name, "conf.py"):
            print(script.name, file=sys.stderr)
            subprocess.run([sys.executable, str(script)], check=True)


if __name__ == "__main__":
    main()
