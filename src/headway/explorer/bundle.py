"""The charting libraries for the browser, as vl-convert bundles them; made once and kept in the user's cache folder."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version

_SNIPPET = "window.vegaEmbed = vegaEmbed;"
_lock = threading.Lock()


@lru_cache(maxsize=1)
def bundle() -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one classic script that defines `vegaEmbed`."""
    import vl_convert

    from headway.errors import InputError
    from headway.files import cache_folder, make_own_folders, read_own, write_atomically

    path = cache_folder(f"vega-embed-{version('vl-convert-python')}.js")
    with _lock:
        # Whoever could write to it would run a script in the browser of every reader.
        with suppress(OSError):
            return read_own(path, (path.parent,))
        made = vl_convert.javascript_bundle(_SNIPPET).encode()
        try:
            make_own_folders((path.parent,))
            write_atomically(path, made, force=True)
        except (OSError, InputError):
            pass  # a read-only home: the bundle is made again by the next server
        return made
