"""Positions of labels that must not overlap: as near to their targets as can be."""

from __future__ import annotations

from collections.abc import Sequence


def spread(targets: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres of labels of given heights within [low, high], without overlap, least squares from their targets.

    The order of the targets is kept. Stacked labels at the best common offset are an isotonic regression (pool adjacent
    violators); a stack that leaves the range is moved back into it. Labels that cannot fit start at `low` and run over.
    """
    order = sorted(range(len(targets)), key=lambda i: (targets[i], i))
    stacked = 0.0  # distance from the first centre to this one when labels touch
    offsets: list[float] = []
    for position, i in enumerate(order):
        if position:
            stacked += (heights[order[position - 1]] + heights[i]) / 2
        offsets.append(stacked)
    free = _isotonic([targets[i] - offset for i, offset in zip(order, offsets, strict=True)])
    if not order:
        return []
    first = low + heights[order[0]] / 2
    last = max(first, high - heights[order[-1]] / 2 - stacked)
    centres = [0.0] * len(targets)
    for i, offset, value in zip(order, offsets, free, strict=True):
        centres[i] = offset + min(last, max(first, value))
    return centres


def _isotonic(values: Sequence[float]) -> list[float]:
    """The nearest non-decreasing sequence, by pooling adjacent violators."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while blocks and blocks[-1][0] > mean:
            before, size = blocks.pop()
            mean, count = (before * size + mean * count) / (size + count), size + count
        blocks.append((mean, count))
    return [mean for mean, count in blocks for _ in range(count)]
