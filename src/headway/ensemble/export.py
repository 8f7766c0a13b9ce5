"""Results of an ensemble in files: quantiles as IAMC tables, and whole runs streamed to Zarr.

A Zarr run is keyed by content, resumes after a kill and can be extended to more members.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import headway
from headway.core.errors import InputError
from headway.core.files import refuse_foreign_folder
from headway.ensemble.series import LABELS
from headway.ensemble.simulation import BLOCK, Ensemble, MemberBlock
from headway.ensemble.summary import AXES, LEVELS, STATUS, Summary, attributes, coordinates, description

if TYPE_CHECKING:
    import pandas as pd


def long(ensemble: Ensemble, summary: Summary) -> pd.DataFrame:
    """Columns model, scenario, region, variable, unit, year, subannual (Q1 to Q4), value; one row per quantile.

    Series that are marks rather than quantities (what binds, whether a lag is censored) are left out.
    """
    import pandas as pd

    names = ensemble.world.grid.names
    frames = []
    for series in ensemble.series:
        variable = LABELS[series].variable
        if not variable:
            continue
        for level in LEVELS:
            table = summary.quantiles[series].quantile(level)
            for column, country in enumerate(ensemble.countries):
                frames.append(
                    pd.DataFrame(
                        {
                            "model": f"Headway {headway.__version__}",
                            "scenario": ensemble.scenario,
                            "region": country,
                            "variable": f"{variable}|{100 * level:.1f}th Percentile",
                            "unit": LABELS[series].unit,
                            "year": [int(name[:4]) for name in names],
                            "subannual": [name[4:] for name in names],
                            "value": table[:, column],
                        }
                    )
                )
    return pd.concat(frames, ignore_index=True)


def wide(ensemble: Ensemble, summary: Summary) -> pd.DataFrame:
    """Columns model, scenario, region, variable, unit, and one per year, with the value at the end of the year."""
    rows = long(ensemble, summary)
    ends = rows[rows["subannual"] == "Q4"]
    index = ["model", "scenario", "region", "variable", "unit"]
    table = ends.pivot_table(index=index, columns="year", values="value", sort=False)
    table.columns = [str(year) for year in table.columns]
    return table.reset_index()


CHUNK = 4 * BLOCK  # members per chunk on disk
_NOT_RUN = -1
_COMPRESSORS = {"zstd", "blosc"}  # those that Zarr takes of itself
# Names of Zarr's format 2: facts of the group and of an array, chunks, and what a killed write leaves of one.
_OWN_FILE = re.compile(r"(\w+/)?(\.z(group|attrs|array|metadata)|\d+(\.\d+)*)(\.[0-9a-f]{32}\.partial)?")


def refuse_foreign(path: Path) -> None:
    """Refuse a path where no run can be kept, before any work.

    Raises:
        InputError: the path is a link or a file, or a folder that is neither empty nor a run, or holds other files.
    """
    is_ours = lambda folder: _key(folder) is not None  # noqa: E731
    refuse_foreign_folder(path, "a run", is_ours=is_ours, is_own_file=lambda name: bool(_OWN_FILE.fullmatch(name)))


Source = Callable[[range], Iterator[MemberBlock]]
"""Function from members to their blocks, in order."""


def stream(
    ensemble: Ensemble,
    path: Path,
    count: int,
    *,
    force: bool = False,
    source: Source | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Summary:
    """Run members 0 … count − 1 into the Zarr group `path`, chunk by chunk; memory does not grow with `count`.

    A group of the same key is carried on: what it holds is read for the summary, what is missing is run. Members that a
    killed run left unwritten have status −1.

    Args:
        source: function that runs members; the ensemble's own where none is given.

    Raises:
        InputError: the path holds a run of another key and `force` is not given, or it holds something else.
    """
    import zarr

    group = _opened(ensemble, path, force)
    done = int(group.attrs.get("members_done", 0))
    _resize(group, ensemble, max(count, done))
    summary = Summary(ensemble.series)
    for piece in _stored(group, ensemble, min(done, count)):
        summary.add(piece)
        progress(summary.members)
    if done >= count:
        return summary
    for piece in _chunks((source or ensemble.pieces)(range(done, count))):
        for name in ensemble.series:
            group[name][:, :, piece.members.start : piece.members.stop] = piece.series[name]
        group["status"][piece.members.start : piece.members.stop] = piece.status
        group.attrs["members_done"] = piece.members.stop
        summary.add(piece)
        progress(summary.members)
    zarr.consolidate_metadata(path, zarr_format=2)
    return summary


def _opened(ensemble: Ensemble, path: Path, force: bool) -> Any:
    import zarr

    refuse_foreign(path)
    held = _key(path)
    if held == ensemble.key:
        group = zarr.open_group(path, mode="r+", zarr_format=2, use_consolidated=False)
        _refuse_strange_arrays(group, ensemble, path)
        return group
    if held is not None:
        if not force:
            raise InputError(f"{path} holds a run of another recipe; choose another name or pass --force to replace it")
        shutil.rmtree(path)
    # Format 2: the one that every reader of Zarr has, with names of axes and consolidated metadata.
    group = zarr.open_group(path, mode="w", zarr_format=2)
    group.attrs.update({**description(ensemble), "members_done": 0})
    return group


def _refuse_strange_arrays(group: Any, ensemble: Ensemble, path: Path) -> None:
    """Refuse arrays that are not stored as `_create` stores them: one of the codecs of Zarr is the pickle.

    Raises:
        InputError: names the array.
    """
    kinds = {**dict.fromkeys(ensemble.series, "float32"), "status": "int8", "member": "int32"}
    for name, kind in kinds.items():
        try:
            array = group.get(name)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}: {name} cannot be read ({error}); remove the folder to begin anew") from error
        if array is None:
            continue  # killed before it was made
        compressors = {type(codec).__name__.lower() for codec in array.compressors}
        if array.filters or not compressors <= _COMPRESSORS or str(array.dtype) != kind:
            raise InputError(f"{path}: {name} is not stored as {kind} numbers; remove the folder to begin anew")


def _key(path: Path) -> str | None:
    """Key of the run that a Zarr group holds, None if it holds none."""
    import zarr

    try:
        held = zarr.open_group(path, mode="r", zarr_format=2, use_consolidated=False).attrs
    except (FileNotFoundError, ValueError, NotADirectoryError):
        return None
    return str(held["key"]) if {"key", "members_done"} <= {*held} else None


def _resize(group: Any, ensemble: Ensemble, count: int) -> None:
    """Make room for `count` members; the arrays are created where they do not exist yet."""
    shape = (len(ensemble.world.grid), len(ensemble.countries), count)
    fixed: Any = coordinates(ensemble, range(count))
    if "status" not in group:
        for name in ensemble.series:
            _create(group, name, AXES, shape, (*shape[:2], CHUNK), "float32", attributes(name), np.nan)
        _create(group, "status", ("member",), (count,), (CHUNK,), "int8", STATUS, _NOT_RUN)
        _create(group, "member", ("member",), (count,), (64 * CHUNK,), "int32", {}, 0)
        days = fixed["date"][1].astype("datetime64[D]").astype(np.int64)
        dated = {"units": "days since 1970-01-01", "calendar": "proleptic_gregorian"}
        for name, axis, values, facts in (
            ("quarter", "quarter", fixed["quarter"], {}),
            ("date", "quarter", days, dated),
            ("country", "country", fixed["country"], {}),
        ):
            _create(group, name, (axis,), values.shape, values.shape, values.dtype, facts, None)[:] = values
    for name in ensemble.series:
        group[name].resize(shape)
    group["status"].resize((count,))
    group["member"].resize((count,))
    group["member"][:] = np.arange(count, dtype=np.int32)


def _create(
    group: Any, name: str, axes: tuple[str, ...], shape: Any, chunks: Any, dtype: Any, facts: dict[str, Any], fill: Any
) -> Any:
    """An array with the names of its axes where xarray looks for them."""
    array = group.create_array(name, shape=shape, chunks=chunks, dtype=dtype, fill_value=fill)
    array.attrs.update({**facts, "_ARRAY_DIMENSIONS": list(axes)})
    return array


def _stored(group: Any, ensemble: Ensemble, count: int) -> Iterator[MemberBlock]:
    """The members that are on disk already."""
    for start in range(0, count, CHUNK):
        members = range(start, min(start + CHUNK, count))
        inside = slice(members.start, members.stop)
        yield MemberBlock(
            members, {name: group[name][:, :, inside] for name in ensemble.series}, group["status"][inside]
        )


def _chunks(pieces: Iterator[MemberBlock]) -> Iterator[MemberBlock]:
    """Pieces joined up to the chunks they are written in."""
    held: list[MemberBlock] = []
    for piece in pieces:
        held.append(piece)
        if piece.members.stop % CHUNK == 0:
            yield _joined(held)
            held = []
    if held:
        yield _joined(held)


def _joined(pieces: list[MemberBlock]) -> MemberBlock:
    series = {name: np.concatenate([piece.series[name] for piece in pieces], axis=-1) for name in pieces[0].series}
    status = np.concatenate([piece.status for piece in pieces])
    return MemberBlock(range(pieces[0].members.start, pieces[-1].members.stop), series, status)
