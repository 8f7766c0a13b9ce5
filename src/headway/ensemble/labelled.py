"""Labelled results: named axes, units, meanings, and the recipe that made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headway.ensemble import engine
from headway.ensemble.engine import Ensemble, MemberBlock
from headway.ensemble.series import LABELS
from headway.model.status import Status

if TYPE_CHECKING:
    import xarray as xr

AXES = ("quarter", "country", "member")
STATUS = {
    "meaning": "how the member ended",
    "flag_values": [int(status) for status in Status],
    "flag_meanings": " ".join(status.name.lower() for status in Status),
    **{status.name.lower(): status.reason for status in Status},
}


def attributes(name: str) -> dict[str, str]:
    """Unit and meaning of a series, under the names that CF readers know."""
    return {"units": LABELS[name].unit, "long_name": LABELS[name].meaning}


def description(ensemble: Ensemble) -> dict[str, str | int]:
    """Attributes of a whole result: the recipe and the words of the scenario."""
    scenario = ensemble.scenarios[-1]
    return {
        "title": f"Headway: {scenario.title}",
        "description": scenario.description.strip(),
        "key": ensemble.key,
        **ensemble.recipe,
        "interval": "history before the anchor is reconstructed; after it, members are draws of the model",
    }


def coordinates(ensemble: Ensemble, members: range) -> dict[str, object]:
    """Coordinates of the three axes, and the date that ends each quarter."""
    grid = ensemble.world.grid
    months = np.datetime64("1970-01", "M") + 3 * (np.arange(grid.first, grid.last + 1) + 1 - 4 * 1970)
    ends = months.astype("datetime64[D]") - np.timedelta64(1, "D")
    return {
        "quarter": np.asarray(grid.names),
        "date": ("quarter", ends.astype("datetime64[ns]")),
        "country": np.asarray(ensemble.countries),
        "member": np.arange(members.start, members.stop, dtype=np.int32),
    }


def dataset(ensemble: Ensemble, members: range, threads: int | None = None) -> xr.Dataset:
    """Run the members and label the result; everything stays in memory (see `headway.ensemble.store` for more).

    Returns:
        One variable per series of the ensemble, (quarter, country, member), and `status`, (member,).
    """
    return joined(ensemble, list(ensemble.pieces(members, threads)))


def joined(ensemble: Ensemble, pieces: list[MemberBlock]) -> xr.Dataset:
    """Consecutive pieces as one labelled result."""
    import xarray as xr

    whole = engine.joined(pieces)
    variables = {name: (AXES, whole.series[name], attributes(name)) for name in ensemble.series}
    status = ("member", whole.status, STATUS)
    return xr.Dataset({**variables, "status": status}, coordinates(ensemble, whole.members), description(ensemble))
