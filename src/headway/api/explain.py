"""`headway.explain`: why a country stands where it does against another one."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.api.notebook import of_finding, with_picture
from headway.api.words import Day, Files, known

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from headway.api.evidence import EvidenceTables
    from headway.explain.answer import ExplainedGap
    from headway.findings import Finding


def explain(
    country: str,
    against: str | None = None,
    *,
    at: str | int | None = None,
    since: str | int | None = None,
    draws: int = 256,
    causes: str | Path | None = None,
    scenario: str | None = None,
    prior: bool = False,
    as_of: Day = None,
    extra: Files = (),
    evidence: EvidenceTables | None = None,
    seed: int = 0,
) -> GapCauses:
    """Gap of a country split over its causes: size, spending, controls, talent, resources, openness.

    Parts are Shapley values over all combinations of counterfactual runs, draw by draw, so they add up to the gap.

    Parameters
    ----------
    country : str
        ISO code or name.
    against : str, optional
        The rival; the leader where none is given.
    at : str or int, optional
        Quarter or year; the last quarter with scores where none is given.
    since : str or int, optional
        An earlier one: then also how far each cause moved the gap.
    draws : int, optional
        Draws, 20 to 1,000,000; more make intervals steadier.
    causes : str or path, optional
        The user's own causes (``.yaml``).
    scenario, as_of, extra, evidence, seed
        As :func:`headway.brief` takes them.
    prior : bool, optional
        Draw from the prior even where a posterior ships.

    Returns
    -------
    GapCauses
        Causes as a table, all draws, and findings; it shows itself in a notebook.

    Raises
    ------
    headway.core.errors.InputError
        An unknown country or scenario, a date that cannot be, a malformed file of causes.
    headway.core.errors.EvidenceError
        The evidence says too little of a country.
    headway.core.errors.ModelError
        Fewer than 20 draws ran to the end.

    Examples
    --------
    >>> import headway as hw
    >>> why = hw.explain("KOR", against="USA", draws=20)
    >>> why.country, why.against, why.draws
    ('KOR', 'USA', 20)
    >>> parts = why.causes["months"]
    >>> bool(abs(parts[:-1].sum() - parts.iloc[-1]) < 0.01)
    True
    """
    from headway.core.limits import MOST_DRAWS, MOST_SEED, whole_number
    from headway.explain.answer import explain_gap
    from headway.inference.posterior import chosen_for
    from headway.scenarios.question import context

    whole_number("draws", draws, 20, MOST_DRAWS)
    whole_number("seed", seed, 0, MOST_SEED)
    opened = known(evidence, as_of, extra)
    found = explain_gap(
        context(opened, country, () if against is None else (against,), scenario, seed),
        at=None if at is None else str(at),
        since=None if since is None else str(since),
        draws=draws,
        causes_file=None if causes is None else Path(causes),
        fit=None if prior else chosen_for(opened),
    )
    return GapCauses(found)


@dataclass(frozen=True, repr=False, eq=False)
class GapCauses:
    """Gap split over its causes, made by :func:`headway.explain`.

    Attributes
    ----------
    answer : headway.explain.answer.ExplainedGap
        What the tables are made from.
    """

    answer: ExplainedGap

    def __repr__(self) -> str:
        return f"GapCauses({self.country} against {self.against}, {', '.join(self.dates)}, draws={self.draws})"

    @property
    def country(self) -> str:
        """Code of the country."""
        return self.answer.attribution.subject

    @property
    def against(self) -> str:
        """Code of the rival."""
        return self.answer.attribution.rival

    @property
    def dates(self) -> tuple[str, ...]:
        """Quarters, earliest first: ``2025Q4``."""
        return self.answer.attribution.dates

    @property
    def draws(self) -> int:
        """Draws that ran to the end."""
        return self.answer.attribution.draws

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings in order of weight, the headline first."""
        return self.answer.findings

    @property
    def recipe(self) -> dict[str, str | int]:
        """All that the result depends on."""
        return dict(self.answer.attribution.recipe)

    @property
    def causes(self) -> pd.DataFrame:
        """Parts of the gap (or lead) at the last date, positive where a cause widens it.

        Returns
        -------
        pandas.DataFrame
            One row per cause, largest first, then the rest and the whole. For each scale the mean and its 90 %
            interval: ``months``, ``eci`` (ECI points), ``oom`` (orders of magnitude of effective compute),
            ``compute_share`` (% of world compute), each with ``_low`` and ``_high``; and ``months_alone``, by how much
            the gap would shrink if this cause alone were taken away.
        """
        import pandas as pd

        return pd.DataFrame(self.findings[0].table).set_index("cause")

    def to_dataset(self) -> xr.Dataset:
        """All draws with named axes; positive where the rival is ahead.

        Returns
        -------
        xarray.Dataset
            For each scale (``months``, ``eci``, ``oom``, ``compute_share``): ``…_gap`` and ``…_rest``, shape (date,
            direction, draw), ``…_parts`` and ``…_alone``, shape (cause, date, direction, draw); gap =
            parts.sum("cause") + rest. Directions: the country gets the rival's causes, the rival gets the country's.
        """
        import xarray as xr

        from headway.explain.setting import METRICS

        found, axes = self.answer.attribution, ("cause", "date", "direction", "draw")
        variables: dict[str, Any] = {}
        for metric, split in found.splits.items():
            for name in ("gap", "rest", "parts", "alone"):
                both = getattr(split, name)
                values = both.reshape(*both.shape[:-1], 2, -1)
                variables[f"{metric}_{name}"] = (axes[-values.ndim :], values, {"units": METRICS[metric]})
        names = [cause.cause for cause in found.causes.causes]
        coordinates = {"cause": names, "date": list(found.dates), "direction": [found.subject, found.rival]}
        return xr.Dataset(variables, coordinates, {"country": self.country, "against": self.against, **found.recipe})

    def _repr_html_(self) -> str:
        """Headline, causes in months and ECI points, and what the parts are."""
        columns = ["months", "months_low", "months_high", "eci", "eci_low", "eci_high", "months_alone"]
        headline = self.findings[0]
        return (
            f"<div><h3>{escape(headline.title or headline.quantity)}</h3><p>{escape(headline.sentence)}</p>"
            f"{self.causes[columns].to_html(float_format='{:.1f}'.format)}"
            f"<p><small>{escape(headline.caveat)}</small></p></div>"
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return with_picture(self._repr_html_(), of_finding(self.findings[0]))
