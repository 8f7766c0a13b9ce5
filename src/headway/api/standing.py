"""`headway.standing`: the place of each country, and how sure it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

from headway.api.words import Day, Files, known

if TYPE_CHECKING:
    import pandas as pd

    from headway.api.evidence import EvidenceTables


def standing(
    domain: str | None = None,
    *,
    view: Literal["scale", "intensity", "frontier"] = "scale",
    as_of: Day = None,
    extra: Files = (),
    evidence: EvidenceTables | None = None,
) -> CountryStanding:
    """Place of each country, with its interval over alternative rankings.

    Parameters
    ----------
    domain : str, optional
        One domain, such as ``"compute"``; all of them where none is given.
    view : {"scale", "intensity", "frontier"}, optional
        Size, per head, or the best model, run and cluster; they are never blended.
    as_of, extra, evidence
        As :func:`headway.brief` takes them.

    Returns
    -------
    CountryStanding
        Ranks as a table; it shows itself in a notebook.

    Raises
    ------
    headway.core.errors.InputError
        An unknown view or domain, a day or file that cannot be used.
    headway.core.errors.EvidenceError
        The evidence of that day carries no ranking.

    Examples
    --------
    >>> import headway as hw
    >>> s = hw.standing("compute")
    >>> s.ranks.index.name, list(s.ranks.columns)
    ('code', ['country', 'tier', 'place', 'rank', 'low', 'high', 'p_top_10', 'indicators'])
    >>> bool((s.ranks["low"] <= s.ranks["rank"]).all())
    True
    """
    import pandas as pd

    from headway.standing.view import ranking, robust_standing, view_named

    kind = view_named(view)
    opened = known(evidence, as_of, extra)
    made = robust_standing(opened, kind)
    node = made.node(domain, kind)
    return CountryStanding(
        title=made.title(node, kind),
        as_of=opened.as_of,
        ranks=pd.DataFrame(ranking(made, node)).set_index("code"),
        alternatives=len(made.ensembles[node].scores),
        domains=made.domains,
        absent=made.data.absent,
    )


@dataclass(frozen=True, repr=False, eq=False)
class CountryStanding:
    """Ranks of countries, made by :func:`headway.standing`.

    Attributes
    ----------
    title : str
        Title of the ranking.
    as_of : datetime.date
        Day of the evidence.
    ranks : pandas.DataFrame
        One row per country by code, best first: ``country``, ``tier`` (countries that cannot be told apart from its
        first), ``place`` (by the baseline's scores), ``rank`` (median over the alternatives), ``low`` and ``high``
        (90 % interval, whole places), ``p_top_10`` (probability), ``indicators`` (known of all).
    alternatives : int
        Number of alternative weights, methods, errors, ages and imputations behind each interval.
    domains : tuple of str
        Domains that can be asked for by themselves.
    absent : tuple of str
        Indicators that the evidence has for too few countries.
    """

    title: str
    as_of: dt.date
    ranks: pd.DataFrame
    alternatives: int
    domains: tuple[str, ...]
    absent: tuple[str, ...]

    def __repr__(self) -> str:
        return f"CountryStanding({self.title!r}, as_of={self.as_of}, countries={len(self.ranks)})"

    def _repr_html_(self) -> str:
        """Table of the ranks, with what the interval is over."""
        return (
            f"<div><h3>{escape(self.title)}</h3>{self.ranks.to_html(max_rows=_SHOWN)}"
            f"<p><small>As known on {self.as_of}. Ranks: median and 90% interval over {self.alternatives} alternatives."
            "</small></p></div>"
        )


_SHOWN = 30
