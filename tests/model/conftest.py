"""Lets the tests of this room import their made world, and keeps what they compile."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True, scope="module")
def keeps_programs(kept_programs: None) -> None:
    """Every file of this room compiles the model alone, and no function that the package keeps."""
