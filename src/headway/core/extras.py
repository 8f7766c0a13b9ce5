"""Libraries that only some questions need: which extra of the package brings each, said in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from headway.core.errors import InputError

# By the name that is imported. Whatever else these libraries need comes with them.
_EXTRAS = dict.fromkeys(
    ("arviz", "h5netcdf", "jax", "jaxlib", "numpyro", "scoringrules", "sklearn", "xarray", "zarr"), "model"
)


@contextmanager
def naming_extras() -> Iterator[None]:
    """Context in which a library that is not installed is asked for in one sentence.

    Raises:
        InputError: a library of an extra is missing; the message says how to install it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in _EXTRAS:
            raise
        raise InputError(
            f"this question runs the model, and {library} is not installed: pip install 'headway[{_EXTRAS[library]}]'"
        ) from error
