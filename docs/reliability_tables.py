"""Writes the table of docs/reliability.md: every bad file of tests/bad_input tried, and what the commands answered.

Run as `python docs/reliability_tables.py`; it changes what stands between the two marks of the page.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE / "reliability.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def table() -> str:
    """The table in Markdown: a row for each command and file, and one for all."""
    sys.path.insert(0, str(HERE.parent / "tests" / "bad_input"))
    import campaign
    import commands
    import pytest
    import runner

    rows, sums = [], [0, 0, 0, 0]
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        runner.stop_before_computing(patch)
        for reader in commands.READERS:
            found = [
                (case.accepted, bool(campaign.judged(reader, case, Path(folder) / "case")))
                for case in campaign.cases(reader)
            ]
            counts = [
                len(found),
                sum(not accepted and not wrong for accepted, wrong in found),
                sum(accepted and not wrong for accepted, wrong in found),
                sum(wrong for _, wrong in found),
            ]
            sums = [a + b for a, b in zip(sums, counts, strict=True)]
            rows.append((reader.command, reader.file, *counts))
    lines = [
        "| command | file | tried | refused clearly | accepted rightly | faults left |",
        "|---|---|---:|---:|---:|---:|",
        *(f"| {' | '.join(map(str, row))} |" for row in rows),
        f"| all | | {' | '.join(map(str, sums))} |",
    ]
    return "\n".join(lines)


def main() -> None:
    """Put the table into the page."""
    text = PAGE.read_text("utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
