"""Every library that the project names has a line that says why, and licences that need a reader are found."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_library_is_explained_and_no_other() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    named = {plain(re.split(r"[<>=\\[ ]", line)[0]) for line in asked} - {"headway"}
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    explained = [plain(name) for name in re.findall(r"^\| ([\w.-]+) \|[^|]*\| [^|]+ \|$", page, re.MULTILINE)]
    assert sorted(set(explained) - {"library"}) == sorted(named)
    assert len(explained) == len(set(explained))


def test_the_small_locks_hold_versions_of_the_large_one() -> None:
    def pinned(lock: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^ ;\\]+", (ROOT / lock).read_text("utf-8"), re.MULTILINE))

    for lock in ("constraints-core.txt", "constraints-serve.txt"):
        assert pinned(lock), lock
        assert pinned(lock) <= pinned("constraints.txt"), lock


def test_every_licence_of_the_lock_is_known() -> None:
    words = [sys.executable, str(ROOT / "tools" / "dependencies.py")]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


def test_a_licence_that_is_not_known_is_told(tmp_path: Path) -> None:
    """The project's own licence is known; a name in the lock that is not installed is said."""
    lock = tmp_path / "lock.txt"
    lock.write_text("pytest==9 \\\n    --hash=sha256:0\nno-such-package==1\n")
    words = [sys.executable, str(ROOT / "tools" / "dependencies.py"), str(lock)]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert said.returncode == 0
    assert "MIT" in said.stdout
    assert said.stdout.rstrip().endswith("no-such-package")
    sys.path.insert(0, str(ROOT / "tools"))
    import dependencies

    assert dependencies.permitted("MPL-1.1 OR GPL-2.0-only")
    assert dependencies.permitted("BSD-3-Clause AND (MIT)")
    assert not dependencies.permitted("MIT AND GPL-3.0-only")
    assert not dependencies.permitted("")
