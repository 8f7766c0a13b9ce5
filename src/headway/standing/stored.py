"""A view of standing with its ensembles as one file of arrays, from which the very same ones are made again.

Stored is what takes long: the table as read off the evidence, and the scores of every member. Alternatives and ranks
follow from these in an instant.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.standing.ensemble import Ensemble, prepare
from headway.standing.evidence_table import Standing
from headway.standing.spec import parse
from headway.standing.table import Table

Shaken = tuple[Standing, Mapping[str, Ensemble]]


def write(shaken: Shaken) -> bytes:
    """The file of a view and its ensembles, which share one study.

    Raises:
        TypeError: the table has years, groups or further columns, which tables of the evidence never have.
    """
    data, ensembles = shaken
    table = data.table
    if table.years is not None or table.groups or table.extras:
        raise TypeError("only a table as the evidence gives it can be stored")
    told = {
        "spec": data.spec.model_dump(mode="json", exclude_unset=True),
        "name": data.spec.name,
        "hash": data.spec.hash,
        "units": table.units,
        "labels": dict(table.labels),
        "ids": data.ids.tolist(),
        "periods": data.periods.tolist(),
        "absent": data.absent,
        "nodes": list(ensembles),
    }
    first = next(iter(ensembles.values()))
    assert table.ages is not None
    arrays: dict[str, npt.NDArray[Any]] = {
        "told": np.frombuffer(json.dumps(told).encode(), np.uint8),
        "values": table.values,
        "ages": table.ages,
        **({} if table.errors is None else {"errors": table.errors}),
        **{f"design/{name}": numbers for name, numbers in first.design.items()},
        **{f"scores/{node}": ensemble.scores for node, ensemble in ensembles.items()},
    }
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def read(content: bytes) -> Shaken:
    """The view and the ensembles of a file that `write` made.

    Raises:
        ValueError, LookupError, InputError, zipfile.BadZipFile: it is the file of nothing, or of something else.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    told = json.loads(arrays["told"].tobytes())
    spec = parse(told["spec"], told["name"])
    if spec.hash != told["hash"]:
        raise ValueError("the specification is not the one that was stored")
    table = Table(
        tuple(told["units"]), spec.tree.leaves, arrays["values"],
        errors=arrays.get("errors"), ages=arrays["ages"], labels=told["labels"],
    )  # fmt: skip
    ids, periods = (_texts(told[name], arrays["values"].shape) for name in ("ids", "periods"))
    design = {name.removeprefix("design/"): numbers for name, numbers in arrays.items() if name.startswith("design/")}
    study = prepare(spec, table)
    shape = (len(next(iter(design.values()))), len(study.units))
    ensembles = {}
    for node in told["nodes"]:
        scores = arrays[f"scores/{node}"]
        if scores.shape != shape:
            raise ValueError(f"scores of {node} have the shape {scores.shape}, not {shape}")
        ensembles[node] = Ensemble(study, scores, design, node)
    return Standing(spec, table, ids, periods, tuple(told["absent"])), ensembles


def _texts(rows: list[list[str]], shape: tuple[int, ...]) -> npt.NDArray[np.object_]:
    found = np.empty(shape, dtype=object)
    found[:] = rows
    return found
