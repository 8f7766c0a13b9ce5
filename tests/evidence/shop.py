"""A manifest over the small files of `shelf`, as if a publisher served them."""

import datetime as dt
import shutil
from pathlib import Path

from faulty import Publisher
from shelf import FILES, SHELF

from headway.evidence.catalogue import sources
from headway.evidence.fetch import Manifest, ManifestFile, sha256

DAY = dt.date(2026, 11, 22)
ADAPTERS = ("epoch_models", "epoch_eci", "worldbank_wdi", "mpidr")


def stock(cache: Path, server: Publisher | None = None) -> Manifest:
    """Copy the shelf into `cache` and describe it."""
    files = []
    for adapter in ADAPTERS:
        for role, name in FILES[adapter].items():
            (cache / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SHELF / name, cache / name)
            files.append(
                ManifestFile(
                    path=name,
                    role=role,
                    adapter=adapter,
                    source=adapter,
                    url=server.url(name) if server else f"https://example.org/{name}",
                    sha256=sha256(cache / name),
                    retrieved_on=sources()[adapter].retrieved_on,
                )
            )
    return Manifest(snapshot_date=DAY, files=tuple(files))
