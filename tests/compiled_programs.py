"""Programs of JAX that tests compile, kept from run to run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import jax
from jax.experimental.compilation_cache import compilation_cache

from headway.core.files import cache_folder


@contextmanager
def programs_kept() -> Iterator[None]:
    """Programs compiled once are kept for later fits and later runs: compiling a sampler takes longer than sampling.

    The key of an entry is the whole program with the versions of compiler and machine, so a changed model is compiled
    anew. Only while some tests run: functions that the package itself keeps are compiled without it.
    """
    options = {"jax_compilation_cache_dir": str(cache_folder("test-programs")),
               "jax_persistent_cache_min_compile_time_secs": 0.0}  # fmt: skip
    before = {name: getattr(jax.config, name) for name in options}
    for name, value in options.items():
        jax.config.update(name, value)
    compilation_cache.reset_cache()
    yield
    for name, value in before.items():
        jax.config.update(name, value)
    compilation_cache.reset_cache()
