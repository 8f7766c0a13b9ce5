"""A server that is killed leaves no process and no file, and the next one answers as if nothing had been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import serving

linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed from /proc")

READER = """
import time
from headway.core.errors import InputError
from headway.explorer.reading import ReadingProcess
if __name__ == "__main__":
    reads = ReadingProcess(())
    try:
        reads("ledger", "- a")
    except InputError as error:
        print(error, flush=True)
    time.sleep(600)
"""


@linux
def test_the_process_that_reads_ends_with_the_one_that_began_it(tmp_path: Path) -> None:
    (tmp_path / "reader.py").write_text(READER)
    parent = subprocess.Popen(
        [sys.executable, "reader.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert parent.stdout is not None
        assert b"a ledger is a YAML mapping" in parent.stdout.readline()
        assert len(serving.of_group(parent.pid)) > 1
        parent.kill()
        assert serving.left_after(parent.pid) == []
    finally:
        for left in serving.of_group(parent.pid):
            os.kill(left, signal.SIGKILL)
        parent.communicate()


@linux
@pytest.mark.slow
def test_a_server_killed_at_random_moments_and_begun_again(tmp_path: Path) -> None:
    found = list(serving.killed(3, tmp_path))
    assert [wrong for _, wrong in found] == [""] * 3
    assert any(busy for busy, _ in found), "no kill came while it answered"
