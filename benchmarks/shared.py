"""Cost of sharing a question: CPU time of the same members in one run, and in parts that are put together.

python -m benchmarks shared
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MEMBERS = 20_000
PARTS = (1, 5)
_ROUNDS = 1


def table() -> str:
    """CPU seconds of all parts together, with pieces on disk and the merge, and their bytes; compiled beforehand."""
    from headway.ensemble.pieces import Part, Sharing, UnfinishedError
    from headway.ensemble.question import ask
    from headway.ensemble.shared import summarised
    from headway.ensemble.summary import Summary
    from headway.evidence import open_evidence
    from headway.inference.posterior import chosen_for

    evidence = open_evidence()
    ensemble = ask(evidence, until="2040", posterior=chosen_for(evidence))
    sizes: dict[int, int] = {}

    def alone() -> None:
        summary = Summary(ensemble.series)
        for block in ensemble.pieces(range(MEMBERS)):
            summary.add(block)

    def shared(parts: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for number in range(1, parts + 1):
                with suppress(UnfinishedError):  # until the last one
                    summarised(ensemble, MEMBERS, Sharing(Path(folder), Part(number, parts)))
            sizes[parts] = sum(path.stat().st_size for path in Path(folder).rglob("*.piece"))

    alone()
    whole = _cpu(alone)
    rows = [f"| one run | {whole:.1f} | 1 | |"]
    for parts in PARTS:
        seconds = _cpu(lambda parts=parts: shared(parts))  # type: ignore[misc]
        name = "1 part" if parts == 1 else f"{parts} parts"
        rows.append(f"| {name} | {seconds:.1f} | {seconds / whole:.2f} | {sizes[parts] / 1e6:.0f} |")
    return "\n".join(
        [
            "## A question in parts",
            "",
            f"`headway simulate --until 2040 --draws {MEMBERS}` in one run, and as `--part 1/n` … `--part n/n` with "
            "the merge; CPU time of all parts together, without starting their processes.",
            "",
            "| what | CPU seconds | times one run | MB of pieces |",
            "|---|---|---|---|",
            *rows,
        ]
    )


def _cpu(work: Callable[[], None]) -> float:
    """CPU seconds of this process, the least of some rounds."""
    found = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)
