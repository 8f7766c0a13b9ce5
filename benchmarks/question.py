"""A whole question: draws, history, run, lag and quantiles, as `headway simulate` does it, by number of members."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """Time and memory of a question. `seconds` per run has to stay flat; `peak` is of the whole process, in MiB."""

    members: int
    seconds: float
    peak: float


def costs(sizes: tuple[int, ...]) -> list[Cost]:
    """Cost of a baseline with three countries and the default series, on all cores, compiled beforehand."""
    from headway.ensemble.question import ask
    from headway.ensemble.summary import Summary
    from headway.evidence import open_evidence
    from headway.inference.posterior import chosen_for

    evidence = open_evidence()
    ensemble = ask(evidence, until="2040", posterior=chosen_for(evidence))
    list(ensemble.pieces(range(1024)))
    found = []
    for size in sizes:
        start = time.perf_counter()
        summary = Summary(ensemble.series)
        for piece in ensemble.pieces(range(size)):
            summary.add(piece)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found.append(Cost(size, time.perf_counter() - start, peak))
    return found
