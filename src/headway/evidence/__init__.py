"""Evidence: publishers’ files as observations in a snapshot, and the part of it that was known on a date."""

from __future__ import annotations

from headway.evidence.catalogue import Bloc, Indicator, Source
from headway.evidence.countries import Country, resolve
from headway.evidence.store import Evidence, Fact, open_evidence

__all__ = ["Bloc", "Country", "Evidence", "Fact", "Indicator", "Source", "open_evidence", "resolve"]
