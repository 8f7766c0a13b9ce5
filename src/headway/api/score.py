"""`headway.score`: anyone's forecasts on the points of the hindcast."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def score(forecasts: str | Path | pd.DataFrame, *, name: str | None = None) -> ForecastScores:
    """Score forecasts of the best capability score so far beside Headway's and the naive ones, on the same points.

    Parameters
    ----------
    forecasts : pandas.DataFrame, str or path
        One row per forecast, as a table or the path of a CSV file: ``origin`` (day it was made from, ``2024-12-31``),
        ``quarter`` (``2025Q2``), ``country`` (code), and ``mean`` and ``sd``, or quantiles (``q5``, ``q50``, ``q95``),
        or ``sample`` (a row per draw); all in ECI points.
    name : str, optional
        What the forecasts are called; the stem of the file, or ``mine``.

    Returns
    -------
    ForecastScores
        Scores as tables; it shows itself in a notebook.

    Raises
    ------
    headway.core.errors.InputError
        A row breaks a rule (the message names row and field), is for no point of the hindcast, or the name is taken.
    headway.core.errors.EvidenceError
        No hindcast record ships.

    Examples
    --------
    >>> import headway as hw
    >>> import pandas as pd
    >>> mine = pd.DataFrame({"origin": ["2024-12-31"], "quarter": ["2025Q2"], "country": ["USA"],
    ...                      "mean": [150.0], "sd": [5.0]})
    >>> scores = hw.score(mine)
    >>> scores.points, scores.name in scores.summary.index
    (1, True)
    """
    import pandas as pd

    from headway.core.errors import EvidenceError
    from headway.inference.league import league, parse_forecasts, read_forecasts
    from headway.inference.record import stored

    record = stored()
    if record is None:
        raise EvidenceError("no hindcast record ships; headway hindcast --out makes one")
    if isinstance(forecasts, pd.DataFrame):
        given, own = parse_forecasts(forecasts.to_csv(index=False), "the frame"), "mine"
    else:
        given, own = read_forecasts(Path(forecasts)), Path(forecasts).stem
    return ForecastScores(name or own, league(record, given, name or own))


@dataclass(frozen=True, repr=False, eq=False)
class ForecastScores:
    """Scores of forecasts, made by :func:`headway.score`.

    Attributes
    ----------
    name : str
        What the user's forecasts are called.
    found : dict
        Document of ``headway score --json``, as plain data.
    """

    name: str
    found: dict[str, Any]

    def __repr__(self) -> str:
        return f"ForecastScores({self.name!r}, points={self.points})"

    @property
    def points(self) -> int:
        """Points of the hindcast that were forecast."""
        return int(self.found["points"])

    @property
    def summary(self) -> pd.DataFrame:
        """Scores over all points, least CRPS first: one row per forecaster; ECI points, and shares inside intervals."""
        import pandas as pd

        return pd.DataFrame.from_dict(self.found["summary"], orient="index").rename_axis("forecast").sort_values("crps")

    @property
    def by_horizon(self) -> pd.DataFrame:
        """The same by horizon: rows by ``months`` ahead and ``forecast``."""
        import pandas as pd

        spans = self.found["by_horizon"].items()
        rows = {(int(span), one): row for span, of_span in spans for one, row in of_span.items()}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["months", "forecast"])

    @property
    def rows(self) -> pd.DataFrame:
        """The user's forecasts: ``origin``, ``quarter``, ``country``, ``months`` ahead, ``actual``, and scores."""
        import pandas as pd

        return pd.DataFrame(self.found["rows"])

    def json(self) -> dict[str, Any]:
        """Document of ``headway score --json``, as plain data."""
        return self.found

    def _repr_html_(self) -> str:
        """Scores over all points."""
        title = escape(f"{self.name}: {self.points} points, ECI points")
        return f"<div><h3>{title}</h3>{self.summary.to_html(float_format='{:.2f}'.format)}</div>"
