"""Data that the server holds open: evidence by date, the posterior, names; the state of no reader."""

from __future__ import annotations

import datetime as dt
import gc
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.brief import edition
from headway.core.errors import EvidenceError, InputError
from headway.core.limits import MEMBERS
from headway.evidence import Evidence, open_evidence
from headway.evidence.catalogue import blocs
from headway.evidence.countries import other_names
from headway.explorer.address import ParameterError
from headway.explorer.answer import AnswerProvenance
from headway.findings import Context
from headway.findings.rivals import leaders

if TYPE_CHECKING:
    from headway.brief.edition_diff import EditionDiff
    from headway.ensemble.question import PosteriorDraws
    from headway.explorer.whatif.engine import Engine

FIRST_YEAR = 2018
_KEPT = 12
_FURTHER = 2  # ensembles kept besides the first: of countries that have peers beyond those modelled for all


class ExplorerSession:
    """Evidence and posterior of one server; `draws` is how many members the futures have.

    Attributes:
        since: an earlier edition, with which the first page compares; None where none was given.
    """

    def __init__(
        self, user_files: Sequence[Path] = (), draws: int = MEMBERS, *, since: edition.Edition | None = None
    ) -> None:
        self._files, self._draws, self.since = user_files, draws, since
        self._engines: list[Engine] = []
        self._engine_lock = threading.Lock()
        self._worlds: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self.evidence = open_evidence(None, self._files)
        self._dated: dict[int, Evidence] = {}
        self._leaders: dict[tuple[str, int], tuple[str, ...]] = {}
        self._lock = threading.Lock()

    def ready(self) -> None:
        """Work out beforehand what the first pages need, so that nobody waits: ranks, names, the model's world."""
        from headway.standing.view import robust_standing

        robust_standing(self.evidence, "scale")
        _ = self.countries, self.default_country, self.model
        with suppress(EvidenceError):  # then the page says why
            self.engine(self.default_country)

    def warm(self) -> None:
        """Read the edition and run the world once as things go, so that the first questions find it done."""
        from headway.explorer.views import home

        home.rows(self, self.evidence)
        engine = self.engine(self.default_country)
        moving = engine.moving((self.default_country, *self.leaders(self.default_country, 2)))
        engine.baseline(moving)
        engine.baseline(moving, held=True)
        gc.freeze()  # what is there now stays: a search for garbage through it would hold up all readers for 0.2 s

    def on(self, year: int) -> Evidence:
        """Evidence as known at the end of `year`; 0 is today.

        Raises:
            ParameterError: before the first year offered, or after the evidence.
        """
        last = self.evidence.as_of.year
        if year in (0, last):
            return self.evidence
        if not FIRST_YEAR <= year <= last:
            raise ParameterError("year", f"give a year from {FIRST_YEAR} to {last}, or 0 for today")
        with self._lock:
            if year not in self._dated:
                while len(self._dated) >= _KEPT:
                    self._dated.pop(next(iter(self._dated)))
                self._dated[year] = open_evidence(dt.date(year, 12, 31), self._files)
            return self._dated[year]

    @cached_property
    def posterior(self) -> PosteriorDraws | None:
        """Draws of the fit; None where none ships: then the model draws from its prior, and every answer says so."""
        from headway.inference.posterior import chosen_for

        return chosen_for(self.evidence)

    @property
    def model(self) -> str:
        """Hash of the posterior, or `prior`."""
        return "prior" if self.posterior is None else self.posterior.hash

    @cached_property
    def edition(self) -> edition.Edition | None:
        """Edition made from this evidence and this model; None where there is none."""
        return edition.fitting(self.context(""))

    @cached_property
    def changes(self) -> EditionDiff | None:
        """Headlines whose sentence is not that of the earlier edition; None where there are no two editions."""
        from headway.brief.edition_diff import compare

        return compare(self.since, self.edition, weight=1) if self.since and self.edition else None

    def made(self, evidence: Evidence | None = None, *, model: bool = False) -> AnswerProvenance:
        """Sources of an answer; `model` where the model took part."""
        known = evidence or self.evidence
        return AnswerProvenance(known.snapshot_hash, self.model if model else "", known.as_of, known.user_hash)

    def context(self, country: str, against: Sequence[str] = (), evidence: Evidence | None = None) -> Context:
        """The context of a country, of the default one where the code is empty.

        Raises:
            ParameterError: an unknown code, or a country compared with itself.
        """
        known = evidence or self.evidence
        code = self.code("country", country or self.default_country)
        others = tuple(dict.fromkeys(self.code("against", text) for text in against))
        if code in others:
            raise ParameterError("against", f"{code} is not compared with itself")
        return Context(known, code, others)

    def code(self, parameter: str, text: str) -> str:
        """The code that a parameter names.

        Raises:
            ParameterError: it is none.
        """
        try:
            return self.evidence.resolve(text).code
        except InputError as error:
            raise ParameterError(parameter, str(error)) from error

    def leaders(self, country: str, count: int) -> tuple[str, ...]:
        """The countries ahead of all others, the country left out; remembered."""
        if (country, count) not in self._leaders:
            self._leaders[country, count] = leaders(Context(self.evidence, country), count)
        return self._leaders[country, count]

    @cached_property
    def default_country(self) -> str:
        """The country shown where none is asked: the third of those with the best models."""
        return self.first[-1] if self.first else self._any

    @cached_property
    def first(self) -> tuple[str, ...]:
        """Codes of the three countries with the best models."""
        return leaders(Context(self.evidence, self._any), 3)

    def engine(self, country: str) -> Engine:
        """The ensemble of the world in the country's brief, ready for any drivers.

        Raises:
            EvidenceError: the country cannot be modelled.
        """
        from headway.explorer.whatif.engine import Engine

        with self._engine_lock:
            if country not in self._worlds:
                self._worlds[country] = self._world(country)
            include, world = self._worlds[country]
            for engine in self._engines:
                if engine.world.countries == world:
                    return engine
            made = Engine(self.evidence, self.posterior, include, self._draws)
            self._engines = [*self._engines[:1], *self._engines[1:][-_FURTHER + 1 :], made]
            return made

    def _world(self, country: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Countries that the country's brief asks the model for, and all that its world has then."""
        from headway.ensemble.question import world
        from headway.inference.findings.common import companions
        from headway.inference.outlook import HORIZON, require

        require(self.evidence, (country,))
        context = Context(self.evidence, country)
        include = (country, *(code for group in companions(context) for code in group))
        return include, world(self.evidence, HORIZON, include).countries

    @cached_property
    def _any(self) -> str:
        rows = self.evidence.latest("population").sort_values("value")
        if rows.empty:
            raise EvidenceError("the evidence holds no population of any country")
        return str(rows["country"].iloc[0])

    @cached_property
    def countries(self) -> list[tuple[str, str]]:
        """Code and name of every country in the evidence, by name."""
        known = self.evidence.latest("population")["country"]
        named: list[Any] = [(str(code), self.evidence.resolve(str(code)).name) for code in known]
        return sorted(named, key=lambda pair: pair[1])

    @cached_property
    def names(self) -> list[tuple[str, str, str]]:
        """Names under which a reader finds a country or a group, by name: the name, the code, and the name we print."""
        printed = {**dict(self.countries), **{code: bloc.name for code, bloc in blocs().items()}}
        further = [(name, code, printed[code]) for name, code in other_names().items() if code in printed]
        return sorted({*further, *((name, code, name) for code, name in printed.items())})
