"""`headway.evidence`: what was known on a day, as tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from headway.api.words import Day, Files, Names, files_of, known, names_of

if TYPE_CHECKING:
    import pandas as pd

    from headway.evidence import Evidence


def evidence(
    as_of: Day = None,
    extra: Files = (),
    posterior: str | Path | None = None,
    parameters: str | Path | None = None,
) -> EvidenceTables:
    """Evidence as known on a day: nothing in it was published later.

    Parameters
    ----------
    as_of : str or datetime.date, optional
        Day, as ``"2024-06-30"``; the day of the shipped evidence where none is given.
    extra : str, path or sequence of them, optional
        The user's own tables (``.csv``) and groups of countries (``.toml``, ``.yaml``). Their rows stand in place of
        the publishers' for the same indicator, country and period.
    posterior : str or path, optional
        The user's own fit, made by ``headway calibrate``: every question about this evidence draws from it.
    parameters : str or path, optional
        The user's own distributions of model parameters (``.toml``); see docs/own-evidence.md.

    Returns
    -------
    EvidenceTables
        Tables of it. Every other function takes it as ``evidence=``, which spares opening it again.

    Raises
    ------
    headway.core.errors.InputError
        The day lies in the future or before 2000, or a file breaks a rule: the message names file, row and field.
    headway.core.errors.EvidenceError
        The shipped evidence is missing, or a file of it does not have its recorded hash.

    Examples
    --------
    >>> import headway as hw
    >>> ev = hw.evidence("2024-06-30")
    >>> ev
    EvidenceTables(as_of=2024-06-30)
    >>> ev.series("rd_share_gdp", ["FRA", "Korea"], since=2020)[["country", "period", "unit"]].head(1)
      country period      unit
    0     FRA   2020  % of GDP
    """
    own = files_of(extra).with_model(posterior, parameters)
    return EvidenceTables(known(None, as_of, own), own)


@dataclass(frozen=True, repr=False)
class EvidenceTables:
    """Tables of the evidence as known on one day; made by :func:`headway.evidence`.

    Attributes
    ----------
    opened : headway.evidence.Evidence
        What the tables are read from.
    files : tuple of path
        The user's own files.
    """

    opened: Evidence
    files: tuple[Path, ...] = ()

    def __repr__(self) -> str:
        return f"EvidenceTables(as_of={self.as_of})"

    @property
    def as_of(self) -> dt.date:
        """Day of the evidence."""
        return self.opened.as_of

    @property
    def snapshot(self) -> str:
        """Hash of the shipped evidence, 64 hexadecimal digits."""
        return self.opened.snapshot_hash

    @property
    def indicators(self) -> pd.DataFrame:
        """Indicators by slug: name, unit, domain, and what they measure; shape (indicators, 4)."""
        import pandas as pd

        entries = self.opened.indicators().items()
        rows = {slug: (one.name, one.unit, one.domain, one.description) for slug, one in entries}
        columns = ["name", "unit", "domain", "meaning"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("indicator")

    @property
    def sources(self) -> pd.DataFrame:
        """Publishers by slug: publisher, title, url, licence, citation; shape (sources, 5)."""
        import pandas as pd

        columns = ("publisher", "title", "url", "licence", "citation")
        rows = {slug: [getattr(one, name) for name in columns] for slug, one in self.opened.sources().items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns)).rename_axis("source")

    def series(
        self,
        indicator: Names,
        countries: Names | None = None,
        since: str | int | None = None,
        until: str | int | None = None,
    ) -> pd.DataFrame:
        """Figures of indicators by country and period, each with its dates and its source.

        Parameters
        ----------
        indicator : str or sequence of str
            Slugs, as in :attr:`indicators`.
        countries : str or sequence of str, optional
            Codes or names; blocs are computed from their members. All countries where none is given.
        since, until : str or int, optional
            First and last period: ``2020``, ``"2024Q3"``.

        Returns
        -------
        pandas.DataFrame
            One row per indicator, country and period, with ``indicator``, ``country``, ``period``, ``value`` (in
            ``unit``), ``low`` and ``high`` (interval of content ``level``, where the publisher states one), ``unit``,
            ``published_on`` (day from which it could be known), ``publisher``, ``title``, ``url``, ``licence``,
            ``flag`` and ``id`` (as :func:`headway.trace` prints it).

        Raises
        ------
        headway.core.errors.InputError
            An unknown indicator, country or period; the message suggests the nearest name.

        Examples
        --------
        >>> import headway as hw
        >>> table = hw.evidence().series("population", "KOR", since=2020, until=2021)
        >>> list(table["period"]), set(table["publisher"])
        (['2020', '2021'], {'World Bank'})
        """
        rows = self.opened.observations(
            names_of(indicator), None if countries is None else names_of(countries), since, until
        )
        table = rows.join(self.sources[["publisher", "title", "url", "licence"]], on="source")
        return table[list(_SERIES)]

    def models(self) -> pd.DataFrame:
        """Known models: name, country, day, training compute and what else is known of each; one row a model."""
        return self.opened.models()

    def statements(self, kind: str | None = None, country: str | None = None) -> pd.DataFrame:
        """Cited facts in words, one row each; `kind` is goal, budget, event or niche."""
        return self.opened.statements(kind, country)


_SERIES = ("indicator", "country", "period", "value", "low", "high", "level", "unit", "published_on", "publisher",
           "title", "url", "licence", "flag", "id")  # fmt: skip
