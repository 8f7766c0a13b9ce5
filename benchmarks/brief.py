"""How long a reader waits for a brief: in the first process after installation, for other countries, for the same."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

COUNTRIES = ("RUS", "FRA", "KOR")


def table() -> str:
    """Seconds from the command to the printed brief."""
    with tempfile.TemporaryDirectory() as cache:
        told = dict(os.environ, XDG_CACHE_HOME=cache)

        def seconds(country: str) -> float:
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "headway", "brief", country], env=told, check=True, capture_output=True
            )
            return time.perf_counter() - start

        rows = [(f"{COUNTRIES[0]}, the first after installation", seconds(COUNTRIES[0]))]
        rows += [(f"{code}, another country", seconds(code)) for code in COUNTRIES[1:]]
        rows.append((f"{COUNTRIES[-1]} once more", seconds(COUNTRIES[-1])))
    about = (
        "`headway brief` with all its parts, each in a process of its own: from the command to the printed page. The "
        "first process compiles the model, later ones take it from the user's cache folder."
    )
    lines = ["| process | seconds |", "|---|---|", *(f"| {name} | {value:.1f} |" for name, value in rows)]
    return f"## A brief\n\n{about}\n\n" + "\n".join(lines)
