"""Second structure of the long run in What if: lags that revert to their mean, whatever the levers do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from headway.core import periods
from headway.inference.diffusion import DRAWS, SEED, lag_process
from headway.inference.posterior import stored_for

if TYPE_CHECKING:
    from headway.evidence import Evidence

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]


def reverting_lags(evidence: Evidence, countries: Sequence[str], years: Sequence[int], past: Singles) -> Floats | None:
    """Lags at the ends of years if knowledge diffuses, months, (years, countries, draws); the brief's draws.

    Years that the data of the fit reach are those of `past`; a country that has no measured lag, such as the leader, is
    NaN in all years.

    Args:
        past: lags as things go under the equations, (years, countries, members).

    Returns:
        None where the first country has no measured lag, or no posterior ships for the evidence.
    """
    fit = stored_for(evidence)
    if fit is None:
        return None
    process = evidence.once("lag process", lambda: lag_process(fit.data))
    if countries[0] not in process.mean:
        return None
    ahead = np.asarray([periods.quarter_number(f"{year}Q4") - fit.data.last for year in years])
    members = np.arange(DRAWS) % past.shape[-1]
    out = np.full((len(years), len(countries), DRAWS), np.nan)
    for k, code in enumerate(countries):
        if code not in process.mean:
            continue
        drawn = process.draws(code, max(1, int(ahead.max())), np.random.default_rng(SEED))
        for row, quarters in enumerate(ahead):
            out[row, k] = drawn[:, quarters - 1] if quarters > 0 else past[row, k, members]
    return out
