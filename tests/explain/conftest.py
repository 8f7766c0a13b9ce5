"""Lets the tests of this room import the made world of the model's tests; a busy machine is no failure."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "model"))

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
