"""Indexes that ship with the package, one YAML file each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from headway.core.errors import InputError
from headway.standing.spec import Spec, parse_yaml


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
