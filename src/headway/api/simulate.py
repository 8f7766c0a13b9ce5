"""`headway.simulate`: futures of countries under a scenario, from the model and its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headway.api.words import Day, Files, Names, known, names_of
from headway.core.limits import MEMBERS, MOST_DRAWS, whole_number

if TYPE_CHECKING:
    import xarray as xr

    from headway.api.evidence import EvidenceTables


def simulate(
    scenario: str | Mapping[str, Any] = "baseline",
    *,
    focal: str | None = None,
    countries: Names = (),
    series: Names | None = None,
    until: str | int | None = None,
    draws: int = MEMBERS,
    prior: bool = False,
    as_of: Day = None,
    extra: Files = (),
    evidence: EvidenceTables | None = None,
    seed: int = 0,
) -> xr.Dataset:
    """Quarterly futures of countries under a scenario, member by member.

    Members are drawn from the newest posterior that is not later than the evidence, and from the prior where there is
    none; ``draws_from`` among the attributes says which.

    Parameters
    ----------
    scenario : str or mapping, optional
        Name of a shipped scenario (``headway scenarios`` lists them), path of a YAML file, or the fields of such a file
        as a mapping: ``scenario``, ``title``, ``description``, ``extends``, and changes of drivers.
    focal : str, optional
        Country that the scenario is about; the first of `countries` where none is given.
    countries : str or sequence of str, optional
        Countries to report; the focal one and the three with the best scores where none is given.
    series : str or sequence of str, optional
        Series to keep, ``"all"`` for all; those that ``headway simulate`` keeps where none is given.
    until : str or int, optional
        Last year or quarter: ``2040``, ``"2040Q2"``; fifteen years after the last score where none is given.
    draws : int, optional
        Members, 1 to 1,000,000. Members of one seed are the same members in every run.
    prior : bool, optional
        Draw from the prior even where a posterior ships.
    as_of, extra, evidence, seed
        As :func:`headway.brief` takes them.

    Returns
    -------
    xarray.Dataset
        One variable per series, shape (quarter, country, member), with ``units`` and ``long_name`` among its
        attributes; ``status``, shape (member,), is 0 where a member ran to the end. Attributes of the dataset hold the
        recipe.

    Raises
    ------
    headway.core.errors.InputError
        An unknown scenario, country or series, a date outside the horizon, or more values than memory takes.
    headway.core.errors.EvidenceError
        The evidence cannot anchor the model, or a country that is named is only known by the prior.
    headway.core.errors.ModelError
        No member ran to the end.

    Examples
    --------
    >>> import headway as hw
    >>> run = hw.simulate("controls-lifted-2027", focal="Korea", series="lag", until=2030, draws=8)
    >>> run["lag"].dims, run["lag"].attrs["units"], run.attrs["draws_from"]
    (('quarter', 'country', 'member'), 'months', 'posterior')
    >>> run["lag"].sel(country="KOR", quarter="2030Q4").shape
    (8,)
    >>> own = {"scenario": "more-chips", "title": "More chips", "description": "Twice the investment from 2027.",
    ...        "extends": "baseline", "investment": [{"for": "focal", "multiply": {"2027": 2}}]}
    >>> hw.simulate(own, focal="Korea", series="lag", until=2030, draws=8).attrs["title"]
    'Headway: More chips'
    """
    from headway.ensemble.question import ask
    from headway.ensemble.series import DEFAULT, LABELS
    from headway.ensemble.simulation import survivors
    from headway.ensemble.summary import dataset, refuse_too_large
    from headway.inference.outlook import require_chosen
    from headway.inference.posterior import chosen_for

    whole_number("draws", draws, 1, MOST_DRAWS)
    wanted = tuple(DEFAULT) if series is None else names_of(series)
    opened = known(evidence, as_of, extra)
    ensemble = ask(
        opened,
        scenario,
        focal=[focal] if focal else [],
        countries=names_of(countries),
        series=tuple(LABELS) if wanted == ("all",) else wanted,
        until=None if until is None else str(until),
        seed=seed,
        posterior=None if prior else chosen_for(opened),
    )
    if not prior:
        require_chosen(opened, ensemble, names_of(countries), focal)
    refuse_too_large(ensemble, draws)
    run = dataset(ensemble, range(draws))
    survivors(run["status"].to_numpy())
    return run
