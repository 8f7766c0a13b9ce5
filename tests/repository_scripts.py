"""Scripts of the repository (docs/, tools/) as modules, so that tests can call what they are made of."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent


def script(path: str) -> ModuleType:
    """The script at `path` below the root, as a module that is made anew."""
    name = Path(path).stem
    spec = importlib.util.spec_from_file_location(name, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made  # its dataclasses look for their module there
    spec.loader.exec_module(made)
    return made
