"""Every file that a command reads, with every fault that such a file may have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import campaign
import commands
import pytest
import runner


@pytest.fixture(autouse=True, scope="module")
def no_computing() -> Iterator[None]:
    """Long computations end where they begin."""
    with pytest.MonkeyPatch.context() as patch:
        runner.stop_before_computing(patch)
        yield


# A third of the cases of every file always runs, another third for the next file; `make test-slow` runs all.
THIRDS = [pytest.param(3, id="a third"), pytest.param(1, id="all", marks=pytest.mark.slow)]


@pytest.mark.parametrize("step", THIRDS)
@pytest.mark.parametrize("reader", commands.READERS, ids=lambda reader: reader.command)
def test_a_file_is_refused_clearly_or_accepted_rightly(reader: commands.Reader, step: int, tmp_path: Path) -> None:
    first, before = commands.READERS.index(reader) % step, runner.most_memory()
    wrong = [
        f"{case.name}: {words}"
        for number, case in enumerate(campaign.cases(reader))
        if number % step == first and (words := campaign.judged(reader, case, tmp_path / str(number)))
    ]
    assert not wrong, f"{len(wrong)} faults\n" + "\n".join(wrong)
    assert runner.most_memory() - before < runner.MOST_BYTES
