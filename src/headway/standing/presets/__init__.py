"""Indexes that ship with the package, one YAML file each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from headway.core.errors import InputError
from headway.standing.mistakes import nearest
from headway.standing.spec import Spec, load, parse_yaml


@lru_cache(maxsize=1)
def texts() -> Mapping[str, str]:
    """YAML texts of the presets, by name."""
    folder = files("headway.standing.presets")
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): folder.joinpath(name).read_text("utf-8") for name in found}


def preset(name: str) -> Spec:
    """Specification that ships with the package.

    Raises:
        InputError: no such preset.
    """
    if name not in texts():
        raise InputError(f"'{name}' is no preset; there are {', '.join(texts())}")
    return parse_yaml(texts()[name], f"preset {name}")


def specification(name: str) -> Spec:
    """Specification of a preset, or of the user's own YAML file.

    Raises:
        InputError: neither a preset nor a file, or a file that is not a specification.
    """
    if name in texts():
        return preset(name)
    if not Path(name).suffix:
        raise InputError(
            f"'{name}' is no preset ({', '.join(texts())}); a specification of your own is a .yaml file"
            f"{nearest(name, texts())}"
        )
    return load(Path(name))
