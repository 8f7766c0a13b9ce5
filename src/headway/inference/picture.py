"""The hindcast as a picture: mean CRPS of the model and of the naive forecasts, best first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headway.core import wording
from headway.findings.finding import Picture
from headway.inference.record import STACK

SOURCE = "Epoch AI (CC BY 4.0); Headway"


def hindcast_picture(record: Mapping[str, Any]) -> Picture:
    """Bars of mean CRPS, the stack marked."""
    order = sorted(record["summary"].items(), key=lambda item: float(item[1]["crps"]))
    rows = tuple(
        {"label": wording.sentence(name), "value": round(float(row["crps"]), 3), "highlight": name == STACK}
        for name, row in order
    )
    return Picture(
        kind="bars",
        title="Hindcast: mean CRPS 6 and 12 months ahead (less is better)",
        rows=rows,
        x="CRPS (ECI points)",
        y="",
        alternative="; ".join(f"{row['label']}: {row['value']:.2f}" for row in rows) + ".",
        source=SOURCE,
    )
