"""Writes the tables of docs/reliability.md: bad files, processes that were killed, and mutants.

Run as `python docs/reliability_tables.py [files] [kills] [mutants]`; it changes what stands between the marks of those
tables, of all three where none is named. Mutants are not tried anew: their table is that of the last `make mutate`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE / "reliability.md"


def files() -> str:
    """The table of bad files in Markdown: a row for each command and file, and one for all."""
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


def kills() -> str:
    """The table of killed processes in Markdown: how often each was killed, and how often the next one was right."""
    sys.path.insert(0, str(HERE.parent / "tests" / "faults"))
    import steps
    import test_killed

    lines = [
        "| what is written | killed before a write | done again with the same result, nothing left |",
        "|---|---:|---:|",
    ]
    sums = [0, 0]
    for name, (prepare, act) in test_killed.ACTIONS.items():
        with tempfile.TemporaryDirectory() as folder:
            found = [wrong for _, wrong in steps.faults(prepare, act, Path(folder))]
        counts = [len(found), sum(not wrong for wrong in found)]
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        lines.append(f"| {name} | {' | '.join(map(str, counts))} |")
    return "\n".join([*lines, f"| all | {' | '.join(map(str, sums))} |"])


def mutants() -> str:
    """The table of mutants in Markdown, of the answers that `make mutate` has kept; empty where it has kept none."""
    sys.path.insert(0, str(HERE.parent / "tools"))
    import mutate

    return mutate.table() if mutate.KEPT.is_dir() else ""


TABLES = {"files": files, "kills": kills, "mutants": mutants}


def main() -> None:
    """Put the tables into the page."""
    for name in sys.argv[1:] or TABLES:
        made = TABLES[name]()
        if not made:  # nothing was measured here: the page keeps what was measured elsewhere
            continue
        text = PAGE.read_text("utf-8")
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, after = text.split(begin)[0], text.split(end)[1]
        PAGE.write_text(f"{before}{begin}\n\n{made}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
