"""Ensembles that machines share: the summary of each slice of members is a piece, and all of them add up to the whole.

A member is drawn from its own number and the seed, so that a slice holds what a single run would have there. Summaries
add up exactly: up to 4,096 members a piece holds the values themselves, beyond that counts of bins which all pieces
share. Those bins are drawn around the first members, as a single run draws them; so the whole is equal to that of a
single run, bit for bit on the same platform.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np

from headway.core.cache import Arrays, fingerprint
from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.ensemble.pieces import Progress, Sharing, UnfinishedError, carry_out, gathered, opened, unfinished
from headway.ensemble.simulation import BLOCK, Ensemble, MemberBlock, cut, joined
from headway.ensemble.summary import EXACT, Summary

_PIECES = 64  # at least so many where members suffice, so that as many machines have something to do
_MOST = 64 * BLOCK  # members of one piece, so that a killed part loses minutes
_MOST_BYTES = 2**28  # of a piece that holds members themselves
_STATUS = "status"  # beside the series of such a piece
_BINS = "bins"  # name of the piece that holds the bins
_SORTED = "bins"  # name of the hash, in a piece, of the bins that it is sorted into

Bins = Mapping[str, tuple[Floats, Floats]]


def slices(what: str, count: int, least: int = BLOCK, most: int = _MOST) -> dict[str, range]:
    """Slices of `count` members by name, in order; all but the last of whole blocks, `least` to `most` members."""
    length = BLOCK * (min(most, max(least, count // _PIECES)) // BLOCK)
    found = (range(start, min(start + length, count)) for start in range(0, count, length))
    return {f"{what}-{one.start}-{one.stop}": one for one in found}


@dataclass(frozen=True)
class EnsembleTask:
    """Slices of an ensemble's members.

    Attributes:
        keeps: word for what a piece keeps of its slice. members: of the whole.
    """

    keeps: ClassVar[str]
    ensemble: Ensemble
    members: int

    @cached_property
    def key(self) -> str:
        """Sixteen hex digits of the question and of the number of members."""
        return hashlib.sha256(f"{self.ensemble.key} {self.keeps} {self.members}".encode()).hexdigest()[:16]

    @property
    def recipe(self) -> dict[str, str | int]:
        """All that the pieces depend on."""
        about = {"countries": ",".join(self.ensemble.countries), "series": ",".join(self.ensemble.series)}
        return {**self.ensemble.recipe, **about, "members": self.members}


@dataclass(frozen=True)
class SummaryTask(EnsembleTask):
    """Summaries of slices of an ensemble's members.

    Attributes:
        bins: by series, as `Quantiles.bins`; none where values themselves are kept.
    """

    keeps: ClassVar[str] = "summary"
    bins: Bins | None = None

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Names of the slices, in order; the bins come first where there are more members than values are kept of."""
        bins = (_BINS,) if self.members > EXACT else ()
        return (*bins, *self.slices)

    @cached_property
    def slices(self) -> dict[str, range]:
        """Members of each slice, by name, in order."""
        # Counts of bins take as much room for few members as for many, so that a piece of them needs enough.
        return slices("members", self.members, EXACT if self.members > EXACT else BLOCK)

    def run(self, piece: str) -> Arrays:
        """Summary of a slice, as `Summary.state`, and a hash of its bins; or the bins, (low or width, …), by series."""
        if piece == _BINS:
            return {name: np.stack(bins) for name, bins in self._drawn_bins().items()}
        summary = self.summary()
        for block in self.ensemble.pieces(self.slices[piece]):
            summary.add(block)
        return {**summary.state(), _SORTED: np.array(self.bins_hash)}

    @cached_property
    def bins_hash(self) -> str:
        """Hash of the bins: other machines may round them otherwise, and counts of other bins do not add up."""
        return fingerprint(self.bins)[:16]

    def summary(self) -> Summary:
        """Summary without members, with the bins of this question."""
        made = Summary(self.ensemble.series)
        for name, (low, width) in (self.bins or {}).items():
            made.quantiles[name].with_bins(low, width)
        return made

    def _drawn_bins(self) -> Bins:
        """Bins around the first members, drawn as a single run draws them; none if too few members run to the end."""
        summary = Summary(self.ensemble.series)
        for block in self.ensemble.pieces(range(self.members)):
            summary.add(block)
            if summary.good > EXACT:
                break
        found = {name: sketch.bins for name, sketch in summary.quantiles.items()}
        return {name: bins for name, bins in found.items() if bins is not None}


def summarised(
    ensemble: Ensemble, members: int, sharing: Sharing, progress: Progress = lambda done, of: None
) -> Summary:
    """Summary of members 0 … `members` − 1 from pieces.

    Raises:
        InputError: as `carry_out`, or a piece that is sorted into other bins.
        UnfinishedError: pieces of other parts are missing.
    """
    task = SummaryTask(ensemble, members)
    with opened(task, sharing) as store:
        if _BINS in task.pieces and not (store.has(_BINS) or sharing.merge):
            store.put(_BINS, task.run(_BINS))
        if store.has(_BINS):
            bins = {name: (pair[0], pair[1]) for name, pair in store.get(_BINS).items()}
            task = replace(task, bins=bins)
        if missing := carry_out(task, sharing, store, progress):
            raise UnfinishedError(unfinished(sharing, store, missing, len(task.pieces)))
        summary = task.summary()
        for piece in task.slices:
            state = store.get(piece)
            if str(state[_SORTED]) != task.bins_hash:
                raise InputError(
                    f"{store.folder}: {piece} is sorted into other bins than those that lie there now, as by a machine "
                    "that rounds otherwise; remove it and run its part again"
                )
            summary.add_state(state)
    return summary


@dataclass(frozen=True)
class MembersTask(EnsembleTask):
    """Slices of an ensemble's members as they are, for files that hold members."""

    keeps: ClassVar[str] = "members"

    @property
    def recipe(self) -> dict[str, str | int]:
        """All that the pieces depend on."""
        return {**super().recipe, "holds": self.keeps}

    @cached_property
    def slices(self) -> dict[str, range]:
        """Members of each slice, by name, in order; as many as keep a piece below its size."""
        cells = len(self.ensemble.series) * len(self.ensemble.world.grid) * len(self.ensemble.countries)
        return slices("members", self.members, most=max(BLOCK, min(_MOST, _MOST_BYTES // (4 * cells))))

    @property
    def pieces(self) -> tuple[str, ...]:
        """Names of the slices, in order."""
        return tuple(self.slices)

    def run(self, piece: str) -> Arrays:
        """Series of a slice, each (quarters, countries, members), and `status`, (members,)."""
        whole = joined(list(self.ensemble.pieces(self.slices[piece])))
        return {**whole.series, _STATUS: whole.status}


def members_of(
    ensemble: Ensemble, members: int, sharing: Sharing, progress: Progress = lambda done, of: None
) -> Iterator[MemberBlock]:
    """Members 0 … `members` − 1 from pieces, in the blocks and the order of a single run.

    Raises:
        InputError: as `gathered`. UnfinishedError: pieces of other parts are missing; nothing is yielded then.
    """
    task = MembersTask(ensemble, members)
    for one, found in zip(task.slices.values(), gathered(task, sharing, progress), strict=True):
        whole = MemberBlock(one, {name: found[name] for name in ensemble.series}, found[_STATUS])
        yield from (cut(whole, range(start, min(start + BLOCK, one.stop))) for start in one[::BLOCK])
