"""`headway.strategy`: what would change it, at what cost, and in which futures it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.api.notebook import of_finding, with_picture
from headway.api.words import Day, Files, known

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from headway.api.evidence import EvidenceTables
    from headway.findings import Finding
    from headway.strategy.answer import FileOrData, StrategyQuestion
    from headway.strategy.results import Results

Entries = str | Path | Mapping[str, Mapping[str, Any]]


def strategy(
    country: str,
    budget: float = 0.5,
    until: str | int = "2035",
    *,
    levers: Entries | None = None,
    strategies: Entries | None = None,
    futures: str | Path | None = None,
    judgement: str | Path | None = None,
    draws: int = 256,
    sample: int = 0,
    scenario: str | None = None,
    prior: bool = False,
    as_of: Day = None,
    extra: Files = (),
    evidence: EvidenceTables | None = None,
    seed: int = 0,
) -> StrategyComparison:
    """Every strategy in every future: effect, cost, regret, exposure.

    Parameters
    ----------
    country : str
        ISO code or name.
    budget : float, optional
        % of GDP a year that every strategy may spend, above 0 and at most 20.
    until : str or int, optional
        Last year or quarter.
    levers : mapping, str or path, optional
        What money can be spent on. A mapping from names to fields stands beside the shipped levers, and one of the same
        name takes its place; a lever that no strategy uses gets a strategy that puts the whole budget on it. A file
        (``.yaml``) stands in place of the shipped ones. docs/strategy.md has the fields.
    strategies : mapping, str or path, optional
        The user's strategies beside the named ones, likewise: a mapping from names to fields, or a file.
    futures : str or path, optional
        What may happen (``.yaml``).
    judgement : str or path, optional
        What counts, and for how much (``.yaml``).
    draws : int, optional
        Draws, 20 to 1,000,000; times what may happen they are the futures.
    sample : int, optional
        So many further mixes that fill the space of what the budget can do.
    scenario, as_of, extra, evidence, seed
        As :func:`headway.brief` takes them.
    prior : bool, optional
        Draw from the prior even where a posterior ships.

    Returns
    -------
    StrategyComparison
        Strategies as a table, all outcomes, and findings; it shows itself in a notebook.

    Raises
    ------
    headway.core.errors.InputError
        An unknown country, a malformed file or entry (the message names lever or line, and field), a budget outside
        (0, 20], a date in the past.
    headway.core.errors.EvidenceError
        The evidence says too little of the country, or it is a group of countries.
    headway.core.errors.ModelError
        Fewer than half of the draws ran to the end.

    Examples
    --------
    >>> import headway as hw
    >>> st = hw.strategy("KOR", budget=0.5, draws=20)
    >>> st.to_frame().loc["head-on", "title"]
    'Head-on race'
    >>> st.to_dataset()["sovereign_lag"].dims
    ('strategy', 'happening', 'draw')
    """
    from headway.core.limits import MOST_DRAWS, MOST_SEED, whole_number
    from headway.inference.posterior import chosen_for
    from headway.scenarios.question import context
    from headway.strategy.answer import strategy_question
    from headway.strategy.run import kept_in, run

    whole_number("draws", draws, 20, MOST_DRAWS)
    whole_number("sample", sample, 0, MOST_DRAWS)
    whole_number("seed", seed, 0, MOST_SEED)
    opened = known(evidence, as_of, extra)
    asked = strategy_question(
        context(opened, country, (), scenario, seed),
        budget=budget,
        until=str(until),
        draws=draws,
        sample=sample,
        strategies=_entries(strategies),
        own_levers=_entries(levers),
        futures_file=None if futures is None else Path(futures),
        judgement_file=None if judgement is None else Path(judgement),
        posterior=None if prior else chosen_for(opened),
    )
    return StrategyComparison(asked, run(asked.experiment, store=kept_in(asked.experiment, None)))


def _entries(given: Entries | None) -> FileOrData | None:
    return Path(given) if isinstance(given, str) else given


@dataclass(frozen=True, repr=False, eq=False)
class StrategyComparison:
    """Strategies over all futures, made by :func:`headway.strategy`.

    Attributes
    ----------
    question : headway.strategy.answer.StrategyQuestion
        Country, budget, levers, strategies and futures.
    results : headway.strategy.results.Results
        Outcomes of every strategy in every future.
    """

    question: StrategyQuestion
    results: Results

    def __repr__(self) -> str:
        return (
            f"StrategyComparison({self.question.context.country}, budget={self.question.experiment.budget:g}, "
            f"strategies={len(self.results.names)}, futures={self.results.futures:,})"
        )

    def to_frame(self) -> pd.DataFrame:
        """Strategies as a table, least regret first.

        Returns
        -------
        pandas.DataFrame
            One row per strategy by name: ``title``, ``cost_share_of_gdp`` (% a year); for each objective
            (``sovereign_lag`` and ``accessible_lag`` in months, ``niches`` above break-even) ``…_value`` and ``…_gain``
            (improvement on the status quo, positive is good), both with ``_low`` and ``_high`` (90 % interval),
            ``…_regret`` and ``…_success`` (share of futures good enough); ``available_lag`` (months, rented models
            included), which is no objective, with value and gain alone; ``loss`` and ``regret`` (months, all
            objectives together), ``success``; and ``share_…``, part of the money that goes to each lever.
        """
        import pandas as pd

        from headway.strategy.report import flat

        rows = flat(self.results, self.question.judged, self.question.titles)
        return pd.DataFrame(rows).set_index("strategy").sort_values("regret", kind="stable")

    def to_dataset(self) -> xr.Dataset:
        """All outcomes and ``status`` (0 is good), shape (strategy, happening, draw); ``cost`` by strategy."""
        from headway.strategy.report import labelled

        return labelled(self.results)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Strategy of least regret and where it fails, whether supremacy is in reach, and what is worth measuring."""
        from headway.strategy.supremacy import reach

        speaker = self.question.findings(self.results)
        return speaker.robust(), speaker.supremacy(reach(self.question.experiment)), speaker.information()

    def _repr_html_(self) -> str:
        """Table for people, least regret first, with the futures it is over."""
        import pandas as pd

        from headway.strategy.report import table

        speaker = self.question.findings(self.results)
        rows = table(self.results, speaker.effects, speaker.whole, self.question.titles)
        shown = pd.DataFrame(rows).sort_values("regret, months", kind="stable")
        words = f"{self.question.context.name(self.question.context.country)}, {self.results.futures:,} futures"
        return f"<div><h3>{escape(words)}</h3>{shown.to_html(index=False, max_rows=_SHOWN)}</div>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return with_picture(self._repr_html_(), of_finding(self.findings[0]))


_SHOWN = 20
