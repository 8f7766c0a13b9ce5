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
    for within in (0.01, 60.0):  # the process takes longer to begin than it has; the next one does not
        reads = ReadingProcess((), within)
        try:
            reads("ledger", "- a")
        except InputError as error:
            print(error, flush=True)
    time.sleep(600)
"""


@linux
def test_the_process_that_reads_is_ended_when_it_takes_too_long_and_ends_with_the_server(tmp_path: Path) -> None:
    (tmp_path / "reader.py").write_text(READER)
    server = subprocess.Popen(
        [sys.executable, "reader.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ledger: it takes longer than 0.01 s; give a shorter one\n"
        assert server.stdout.readline().startswith(b"ledger: ledger, line 1: a ledger is a YAML mapping")
        assert len(serving.of_group(server.pid)) > 1
        server.kill()
        assert serving.left_after(server.pid) == []
    finally:
        for left in serving.of_group(server.pid):
            os.kill(left, signal.SIGKILL)
        server.communicate()


@linux
@pytest.mark.slow
def test_a_server_killed_at_random_moments_and_begun_again(tmp_path: Path) -> None:
    found = list(serving.killed(3, tmp_path))
    assert [wrong for _, wrong in found] == [""] * 3
    assert any(busy for busy, _ in found), "no kill came while it answered"
