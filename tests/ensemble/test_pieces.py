"""Questions that machines share: the pieces add up to a single run, and what is none of theirs is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from headway.core.cache import Arrays
from headway.core.errors import InputError
from headway.ensemble import shared, summary
from headway.ensemble.pieces import Part, PieceStore, Sharing, UnfinishedError
from headway.ensemble.question import ask
from headway.ensemble.shared import SummaryTask, members_of, summarised
from headway.ensemble.simulation import BLOCK, Ensemble, MemberBlock, cut
from headway.ensemble.summary import Summary
from headway.evidence import open_evidence

MEMBERS = 2 * BLOCK + 88
SERIES = (  # those of test_ensemble.py, which so shares what is compiled
    "compute", "talent", "level", "sovereign", "accessible", "available", "lag", "lag_censored", "available_lag",
    "rank",
)  # fmt: skip


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return ask(open_evidence(), focal=["RUS"], countries=["RUS", "USA"], series=SERIES, until="2031", posterior=None)


@pytest.fixture(scope="module")
def single(ensemble: Ensemble) -> Callable[[], Summary]:
    """Function that sums up the members of a single run, which is made once."""
    blocks = list(ensemble.pieces(range(MEMBERS)))

    def summed() -> Summary:
        made = Summary(SERIES)
        for block in blocks:
            made.add(block)
        return made

    return summed


def equal(one: Summary, other: Summary) -> bool:
    """Whether two summaries say the same in every bit."""
    a, b = one.state(), other.state()
    same = {*a} == {*b} and all(np.array_equal(a[name], b[name]) for name in a)
    quantiles = (
        np.array_equal(one.quantiles[name].quantile(level), other.quantiles[name].quantile(level))
        for name in SERIES
        for level in (0.05, 0.5, 0.95)
    )
    return same and all(quantiles)


@pytest.mark.parametrize("exact", [summary.EXACT, BLOCK + 10], ids=["values", "counts"])
def test_parts_add_up_to_a_single_run(
    ensemble: Ensemble,
    single: Callable[[], Summary],
    exact: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (summary, shared):
        monkeypatch.setattr(module, "EXACT", exact)
    with pytest.raises(UnfinishedError, match="part 2 of 2 is done"):
        summarised(ensemble, MEMBERS, Sharing(tmp_path, Part(2, 2)))
    with pytest.raises(InputError, match=r"--merge: only \d of \d pieces lie in"):
        summarised(ensemble, MEMBERS, Sharing(tmp_path, merge=True))
    last = summarised(ensemble, MEMBERS, Sharing(tmp_path, Part(1, 2)))
    again = summarised(ensemble, MEMBERS, Sharing(tmp_path, merge=True))
    assert equal(last, single())
    assert equal(again, single())
    assert last.members == MEMBERS
    assert (last.quantiles["lag"].bins is None) == (exact > MEMBERS)


def test_members_put_together_are_those_of_a_single_run_and_cut_where_a_file_goes_on(
    ensemble: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {start: block(start) for start in range(0, MEMBERS, BLOCK)}
    monkeypatch.setattr(
        Ensemble, "pieces", lambda _, members: (cut(b, members) for b in made.values() if overlap(b, members))
    )
    with pytest.raises(UnfinishedError, match="part 1 of 2 is done; 1 of 3 pieces"):
        next(members_of(ensemble, MEMBERS, Sharing(tmp_path, Part(1, 2))))
    found = list(members_of(ensemble, MEMBERS, Sharing(tmp_path, Part(2, 2))))
    single = list(ensemble.pieces(range(MEMBERS)))
    assert [one.members for one in found] == [one.members for one in single]
    for one, other in zip(found, single, strict=True):
        assert np.array_equal(one.status, other.status)
        assert all(np.array_equal(one.series[name], other.series[name]) for name in SERIES)


def block(start: int) -> MemberBlock:
    """Members that are told apart by their numbers."""
    numbers = np.arange(start, start + BLOCK, dtype=np.float32)
    series = {name: np.broadcast_to(numbers + place, (2, 2, BLOCK)) for place, name in enumerate(SERIES)}
    return MemberBlock(range(start, start + BLOCK), series, (numbers % 2).astype(np.int8))


def overlap(one: MemberBlock, members: range) -> bool:
    """Whether a block holds any of the members."""
    return one.members.start < members.stop and members.start < one.members.stop


def test_a_part_that_was_killed_runs_only_what_is_missing(
    ensemble: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def run(self: SummaryTask, piece: str) -> Arrays:
        ran.append(piece)
        return self.summary().state()

    monkeypatch.setattr(SummaryTask, "run", run)
    monkeypatch.setattr(SummaryTask, "bins_hash", "none")
    names = SummaryTask(ensemble, MEMBERS).pieces
    store = PieceStore(tmp_path, SummaryTask(ensemble, MEMBERS).key, {})
    store.put(names[2], {})
    with pytest.raises(UnfinishedError, match="part 2 of 2 is done; 2 of 3 pieces"):
        summarised(ensemble, MEMBERS, Sharing(tmp_path, Part(2, 2)))
    assert ran == [names[1]]  # the third is of this part too, and is there


def test_pieces_that_are_damaged_moved_or_foreign_are_refused(tmp_path: Path) -> None:
    numbers = {"numbers": np.arange(3.0), "file": np.ones(2)}  # a name that NumPy's own argument has
    here, there = PieceStore(tmp_path, "one", {}), PieceStore(tmp_path, "two", {})
    here.put("a", numbers)
    np.testing.assert_equal(here.get("a"), numbers)

    shutil.copy(here.folder / "a.piece", there.folder / "a.piece")
    with pytest.raises(InputError, match=r"a\.piece holds a of the question one, not a of two; remove it"):
        there.get("a")
    shutil.copy(here.folder / "a.piece", here.folder / "b.piece")
    with pytest.raises(InputError, match=r"holds a of the question one, not b of one"):
        here.get("b")
    with pytest.raises(InputError, match=r"one holds b\.piece, which is no piece of this question"):
        here.refuse_foreign(["a"])
    (here.folder / "a.piece").write_bytes((here.folder / "a.piece").read_bytes()[:-1])
    with pytest.raises(InputError, match="was cut short or changed"):
        here.get("a")


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "a/b", "1/4/2", "-1/2"])
def test_a_part_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write k/n, k from 1 to n"):
        Part.parse(text)


def test_every_piece_belongs_to_one_part() -> None:
    pieces = [str(number) for number in range(7)]
    shares = [list(Part.parse(f"{k}/3").share(pieces)) for k in (1, 2, 3)]
    assert sorted(piece for share in shares for piece in share) == pieces
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_options_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--part needs --store"):
        Sharing(part=Part(1, 2))
    with pytest.raises(InputError, match="--merge needs --store"):
        Sharing(merge=True)
    with pytest.raises(InputError, match="--merge runs nothing"):
        Sharing(tmp_path, Part(1, 2), merge=True)
