"""Recipes are known by name before their rooms are imported: what the source says is what its import registers."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

from headway.findings.recipe import _REGISTRY, recipes


def test_what_the_source_says_is_what_its_import_registers() -> None:
    entries = sorted(entry_points(group="headway.recipes"), key=lambda entry: entry.name)
    for entry in entries:
        entry.load()
        known = [name for name, recipe in recipes().items() if recipe.make.__module__ == entry.module]
        assert known == [name for name, one in _REGISTRY.items() if one.make.__module__.startswith(entry.module)]
    assert {name: (one.make.__doc__ or "").partition("\n")[0] for name, one in _REGISTRY.items()} == {
        name: one.make.__doc__ for name, one in recipes().items()
    }


def test_names_are_known_without_the_model() -> None:
    code = (
        "import sys; from headway.findings.recipe import recipes; recipes(); "
        "print(*sorted({'jax', 'numpyro', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
    assert {"why.attribution", "change.strategy", "outlook.fan", "standing.scale"} <= set(recipes())
