"""`headway.standing`: the place of each country, and how sure it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from headway.api.notebook import pictured, with_picture
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
    ranks = pd.DataFrame(ranking(made, node)).set_index("code")
    return CountryStanding(
        title=made.title(node, kind),
        as_of=opened.as_of,
        ranks=ranks,
        alternatives=len(made.ensembles[node].scores),
        domains=made.domains,
        absent=made.data.absent,
        publishers=made.publishers(opened, str(ranks.index[0])),
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
    publishers : str
        Publishers of the first country's figures.
    """

    title: str
    as_of: dt.date
    ranks: pd.DataFrame
    alternatives: int
    domains: tuple[str, ...]
    absent: tuple[str, ...]
    publishers: str

    def __repr__(self) -> str:
        return f"CountryStanding({self.title!r}, as_of={self.as_of}, countries={len(self.ranks)})"

    def _repr_html_(self) -> str:
        """Table of the ranks, with what the interval is over."""
        return (
            f"<div><h3>{escape(self.title)}</h3>{self.ranks.to_html(max_rows=_SHOWN)}"
            f"<p><small>As known on {self.as_of}. Ranks: median and 90% interval over {self.alternatives} alternatives."
            "</small></p></div>"
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        from headway.charts import Caption
        from headway.core.numbers import LEVEL
        from headway.findings import Picture

        first = self.ranks.head(_DRAWN)
        rows = tuple(
            {"label": row["country"], "value": float(row["rank"]), "low": float(row["low"]), "high": float(row["high"])}
            for row in first.to_dict("records")
        )
        picture = Picture(
            kind="intervals",
            title=f"{self.title}: rank, with {round(100 * LEVEL)}% intervals",
            rows=rows,
            x=f"rank among {len(self.ranks)} countries (1 is best)",
            y="",
            alternative=f"{rows[0]['label']} is first of {len(self.ranks)} countries.",
            source=self.publishers,
        )
        return with_picture(self._repr_html_(), pictured(picture, Caption(self.as_of, LEVEL)))


_SHOWN = 30
_DRAWN = 15
