"""Draws of a fit as the ensemble takes them: parameters, and the history of countries by quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from headway.core.numbers import Floats


@dataclass(frozen=True, eq=False)
class PosteriorDraws:
    """Arrays have the draw first; NaN where the fit says nothing.

    Attributes:
        hash: sixteen hex digits of the file that it was read from.
        countries: codes. quarters: as `2025Q4`. reference: code of the country that levels are measured from.
        values: what is the same for all countries, by registry key, (draws,); `intercept` (ECI) among them.
        log10_compute: log10 H100e. level: OOM. log10_run: log10 FLOP. All (draws, countries, quarters).
        discrepancy: ECI, (draws, countries).
    """

    hash: str
    countries: tuple[str, ...]
    quarters: tuple[str, ...]
    reference: str
    values: Mapping[str, Floats]
    log10_compute: Floats
    level: Floats
    log10_run: Floats
    discrepancy: Floats

    def __len__(self) -> int:
        """How many draws."""
        return len(self.discrepancy)
