"""Adapters, one module per publisher: its files in their true shape become observations."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import lru_cache

from headway.evidence.sources.base import Adapter


@lru_cache(maxsize=1)
def adapters() -> Mapping[str, Adapter]:
    """All adapters of the package, by slug; a module lists its own in `ADAPTERS`."""
    found: dict[str, Adapter] = {}
    for module in pkgutil.iter_modules(__path__):
        for adapter in getattr(importlib.import_module(f"{__name__}.{module.name}"), "ADAPTERS", ()):
            if adapter.slug in found:
                raise ValueError(f"adapter {adapter.slug} is defined twice")
            found[adapter.slug] = adapter
    return found
