"""What the tests of samplers share: compiled programs."""

from __future__ import annotations

from collections.abc import Iterator

import jax
import pytest
from jax.experimental.compilation_cache import compilation_cache

from headway.core.files import cache_folder


@pytest.fixture(scope="module")
def kept_programs() -> Iterator[None]:
    """Programs compiled once are kept for later fits and later runs: compiling a sampler takes longer than sampling.

    The key of an entry is the whole program with the versions of compiler and machine, so a changed model is compiled
    anew. Only while these tests run: functions that the package itself keeps are compiled without it.
    """
    jax.config.update("jax_compilation_cache_dir", str(cache_folder("test-programs")))
    compilation_cache.reset_cache()
    yield
    jax.config.update("jax_compilation_cache_dir", None)
    compilation_cache.reset_cache()
