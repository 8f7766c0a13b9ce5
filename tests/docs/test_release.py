"""What a release states agrees with itself, and links of the README become absolute for an index of packages."""

import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import headway
from repository_scripts import script

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def release() -> ModuleType:
    return script("tools/release.py")


def test_the_version_is_stated_once_and_agreed_on(release: ModuleType) -> None:
    assert "version" in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dynamic"]
    assert release.version() == headway.__version__
    assert release.faults(headway.__version__, "") == []
    assert len(release.faults("9.9.9", " M README.md")) == 3


def test_links_to_files_become_absolute_and_others_stay(release: ModuleType) -> None:
    made = release.with_address((ROOT / "README.md").read_text("utf-8"), "https://example.org/headway", "1.2.3")
    links = re.findall(r"(!?)\[[^\]]*\]\(([^)\s]+)\)", made)
    assert all(re.match(r"https?://|#", target) for _, target in links)
    assert ("!", "https://example.org/headway/raw/v1.2.3/docs/img/brief-terminal.svg") in links
    assert ("", "https://example.org/headway/blob/v1.2.3/docs/tutorial.md") in links
    assert (
        release.with_address("[a](https://b.c/d) [e](#f)", "https://example.org", "1") == "[a](https://b.c/d) [e](#f)"
    )
