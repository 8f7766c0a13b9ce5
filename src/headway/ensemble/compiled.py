"""Compile once: a second run pays nothing, and a second process starts from what the first one compiled."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

OPTIONS: dict[str, Any] = {"xla_cpu_prefer_vector_width": 512}
"""Wide vectors, where the processor has them: members lie side by side, so that they are always full. For `jax.jit`."""


@lru_cache(maxsize=1)
def remember_compiled() -> None:
    """Keep compiled functions in the user's cache folder (JAX's persistent compilation cache).

    Called before the first run and not on import, so that a program that only reads labels pays and changes nothing. A
    folder that the user has set already is left alone.
    """
    import jax

    from headway.files import cache_folder

    if getattr(jax.config, "jax_compilation_cache_dir", None) is None:
        jax.config.update("jax_compilation_cache_dir", str(cache_folder("compiled")))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
