"""Rooms that are heavy to import declare their recipes: the declaration and what they register are the same."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import headway
from headway.findings.recipe import _REGISTRY, recipes

ROOMS = [file.parent for file in sorted(Path(headway.__file__).parent.glob("*/recipes.toml"))]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_declares_what_it_registers(room: Path) -> None:
    module = f"headway.{room.name}.findings"
    import_module(module)
    registered = {
        name: (recipe.make.__doc__ or "").partition("\n")[0]
        for name, recipe in _REGISTRY.items()
        if recipe.make.__module__.startswith(module)
    }
    declared = tomllib.loads((room / "recipes.toml").read_text("utf-8"))
    assert declared == registered
    assert list(declared) == list(registered)


def test_names_are_known_without_the_model() -> None:
    code = (
        "import sys; from headway.findings.recipe import recipes; recipes(); "
        "print(*sorted({'jax', 'numpyro', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
    assert {"why.attribution", "change.strategy", "outlook.fan", "standing.scale"} <= set(recipes())
