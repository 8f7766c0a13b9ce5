"""A posterior as one file: draws of the parts, the data they were fitted to, diagnostics and hashes; no pickle."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.core.cache import UnreadableEntryError, unpack_arrays
from headway.core.errors import EvidenceError
from headway.core.files import read_bytes, write_atomically
from headway.inference.arrays import CapabilityData, Floats, Points, ScoredRuns

SHIPPED = Path(__file__).with_name("data")
FORMAT = 1
MOST_BYTES = 500_000_000  # of a file; the largest that ships has five million


@dataclass(frozen=True)
class Posterior:
    """Draws of every part that was fitted, and what they were fitted to.

    Attributes:
        draws: part → site → draws, shape (draw, ...).
        data: the likelihood's arrays. record: version, as_of, snapshot, plan, diagnostics by part.
        hash: sixteen hex digits of the file's content.
    """

    draws: Mapping[str, Mapping[str, Floats]]
    data: CapabilityData
    record: Mapping[str, Any]
    hash: str

    @property
    def as_of(self) -> dt.date:
        """The date whose evidence was fitted."""
        return self.data.as_of


def write(path: Path, posterior: Posterior, *, force: bool = False) -> Path:
    """Store a posterior.

    Raises:
        InputError: the file exists and `force` is false.
    """
    arrays: dict[str, Any] = {}
    for part, sites in posterior.draws.items():
        for site, values in sites.items():
            arrays[f"draws/{part}/{site}"] = values.astype(np.float32)
    plain: dict[str, Any] = {}
    for field in fields(CapabilityData):
        value = getattr(posterior.data, field.name)
        if isinstance(value, Points | ScoredRuns):
            for column in fields(value):
                arrays[f"data/{field.name}/{column.name}"] = getattr(value, column.name)
        elif isinstance(value, np.ndarray):
            arrays[f"data/{field.name}"] = value
        elif field.name == "nvidia_share":
            plain[field.name] = [[country, year, share] for (country, year), share in value.items()]
        else:
            plain[field.name] = value
    meta = {"format": FORMAT, "data": plain, "record": dict(posterior.record)}
    text = json.dumps(meta, default=str, ensure_ascii=False)
    arrays["meta"] = np.frombuffer(text.encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return write_atomically(path, buffer.getvalue(), force=force)


def read(path: Path) -> Posterior:
    """Load a stored posterior.

    Raises:
        InputError: no such file. EvidenceError: it is not a posterior of this version's format.
    """
    content = read_bytes(path, MOST_BYTES)
    try:
        arrays = unpack_arrays(content)
        meta = json.loads(arrays.pop("meta").tobytes().decode())
        if meta["format"] != FORMAT:
            raise ValueError(f"format {meta['format']}, expected {FORMAT}")
        _refuse_strange_arrays(arrays)
        draws: dict[str, dict[str, Floats]] = {}
        for name, values in arrays.items():
            if name.startswith("draws/"):
                _, part, site = name.split("/")
                draws.setdefault(part, {})[site] = values.astype(np.float64)
        data, record = _data(meta["data"], arrays), dict(meta["record"])
        _refuse_other_countries(draws, data)
        return Posterior(draws, data, record, hashlib.sha256(content).hexdigest()[:16])
    except (UnreadableEntryError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EvidenceError(
            f"{path} is not a posterior of this version ({error}); headway calibrate makes one"
        ) from error


def _refuse_strange_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Refuse arrays that `write` would not have written.

    Raises:
        ValueError: an array is not of finite numbers, parts have different numbers of draws, or the columns of a table
            different numbers of rows; names the array.
    """
    rows: dict[str, tuple[str, int]] = {}
    for name, values in arrays.items():
        kind, _, rest = name.partition("/")
        if values.ndim == 0 or values.dtype.kind not in ("f" if kind == "draws" else "biuf"):
            raise ValueError(f"{name} is no array of numbers")
        if not np.isfinite(values).all():
            raise ValueError(f"{name} holds a number that is not finite")
        table = kind if kind == "draws" else rest.partition("/")[0]
        first, count = rows.setdefault(table, (name, len(values)))
        if len(values) != count or (kind == "draws" and not count):
            raise ValueError(f"{name} has {len(values)} rows and {first} {count}")


def _refuse_other_countries(draws: Mapping[str, Mapping[str, Floats]], data: CapabilityData) -> None:
    """Refuse draws and data that are not of the countries that the data name.

    Raises:
        ValueError: names what is of other countries.
    """
    count = len(data.countries)
    if not count or not all(isinstance(code, str) for code in data.countries):
        raise ValueError("countries is no list of codes")
    if not isinstance(data.leader, int) or not 0 <= data.leader < count:
        raise ValueError(f"leader is {data.leader!r}, not the place of one of {count} countries")
    sizes = {"data/live": len(data.live), "data/talent": len(data.talent)}
    sizes |= {f"draws/runs/{site}": v.shape[1] for site, v in draws.get("runs", {}).items() if v.ndim == 2}
    for name, size in sizes.items():
        if size != count:
            raise ValueError(f"{name} is of {size} countries, and {count} are named")
    for field in fields(CapabilityData):
        points = getattr(data, field.name)
        if isinstance(points, Points | ScoredRuns) and len(points) and points.country.max() >= count:
            raise ValueError(f"data/{field.name}/country names a country behind the last")


def _data(plain: dict[str, Any], arrays: Mapping[str, Any]) -> CapabilityData:
    kinds: dict[str, Any] = {"runs": ScoredRuns}
    values = dict(plain)
    for field in fields(CapabilityData):
        columns = {name.split("/")[2]: a for name, a in arrays.items() if name.startswith(f"data/{field.name}/")}
        if columns:
            values[field.name] = kinds.get(field.name, Points)(**columns)
        elif f"data/{field.name}" in arrays:
            values[field.name] = arrays[f"data/{field.name}"]
    values["as_of"] = dt.date.fromisoformat(values["as_of"])
    values["nvidia_share"] = {(int(c), int(year)): float(share) for c, year, share in values["nvidia_share"]}
    for name in ("countries", "facts"):
        values[name] = tuple(values[name])
    return CapabilityData(**values)


def dates(folder: Path = SHIPPED) -> list[dt.date]:
    """Dates of the stored posteriors, ascending."""
    names = (path.stem.removeprefix("posterior-") for path in folder.glob("posterior-*.npz"))
    return sorted(dt.date.fromisoformat(name) for name in names)


def path_of(as_of: dt.date, folder: Path = SHIPPED) -> Path:
    """Path of the stored posterior of a date."""
    return folder / f"posterior-{as_of.isoformat()}.npz"
