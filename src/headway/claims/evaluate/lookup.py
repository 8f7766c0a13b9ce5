"""Lookup of evidence and findings on one date, each fetched once, as the terms of a test ask for them."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from headway.claims.evaluate.known import KnownInterval, KnownQuantity, MissingEvidence, quantile_function
from headway.core import periods, wording
from headway.core.errors import InputError
from headway.core.wording import of

if TYPE_CHECKING:
    import pandas as pd

    from headway.evidence import Evidence
    from headway.findings import Context, Finding


@lru_cache(maxsize=1)
def assumed_errors() -> Mapping[str, Any]:
    """Errors assumed where a publisher gives no interval, by kind of source, indicator and statement (errors.toml)."""
    return tomllib.loads(files("headway.claims.evaluate").joinpath("errors.toml").read_text("utf-8"))


class EvidenceLookup:
    """Evidence as the tests of claims ask for it, each series and finding fetched once.

    `errors` overrides relative errors by source type (`{"official": 0.03}`). `held` gives findings that were made
    before for the same question, or None: then recipes make them.
    """

    def __init__(
        self,
        evidence: Evidence,
        errors: Mapping[str, float] | None = None,
        held: Callable[[Context], Iterable[Finding] | None] = lambda _: None,
    ) -> None:
        self.evidence = evidence
        self._held = held
        self.errors = {**assumed_errors()["relative"], **(errors or {})}
        self._findings: dict[tuple[str, str, tuple[str, ...]], tuple[Finding, ...]] = {}
        self._rows: dict[tuple[str, str], pd.DataFrame] = {}
        self._silences: dict[str, str] = {}

    @property
    def as_of(self) -> dt.date:
        return self.evidence.as_of

    def country(self, name: str) -> str:
        """Code of a country, bloc or the user's group; raises InputError with a suggestion."""
        return str(self.evidence.resolve(name).code)

    def rows(self, slug: str, country: str) -> pd.DataFrame:
        """Observations of one series, oldest first, stated targets left out, with the end of each period.

        Raises:
            MissingEvidence: there are none.
        """
        key = (slug, self.country(country))
        if key not in self._rows:
            rows = self.evidence.observations(*key)
            rows = rows[~rows["flag"].str.contains("target", regex=False)]
            self._rows[key] = rows.assign(end=[periods.end(text) for text in rows["period"]]).sort_values("end")
        rows = self._rows[key]
        if rows.empty:
            name = self.evidence.indicators()[slug].name
            whose = wording.the(self.name(key[1]))
            raise MissingEvidence(f"no figure of {name} for {whose} was known on {wording.day(self.as_of)}")
        return rows

    def row(self, slug: str, country: str, period: str | None = None) -> Mapping[str, Any]:
        """Row of `period`, or of the newest period within it; without `period`, the newest row.

        Raises:
            MissingEvidence: the series has no row in that period.
        """
        rows = self.rows(slug, country)
        if period is not None:
            first, last = periods.span(period)
            within_sentence = rows[[first <= end <= last for end in rows["end"]]]
            covering = rows[
                [periods.start(p) <= first and end >= last for p, end in zip(rows["period"], rows["end"], strict=True)]
            ]
            chosen = within_sentence if len(within_sentence) else covering
            if chosen.empty:
                name, newest = self.evidence.indicators()[slug].name, rows["period"].iloc[-1]
                raise MissingEvidence(
                    f"{name} of {self.name(self.country(country))} has no figure for {wording.period(period)}; "
                    f"the newest known on {wording.day(self.as_of)} is of {wording.period(str(newest))}"
                )
            rows = chosen
        return {str(key): value for key, value in rows.iloc[-1].items()}

    def known(self, row: Mapping[str, Any]) -> KnownQuantity:
        """An observation with its distribution."""
        indicator = self.evidence.indicators()[str(row["indicator"])]
        low, high, level = (_number(row[key]) for key in ("low", "high", "level"))
        relative, points, note = (None, None, "")
        if low is None or high is None or level is None or high <= low:
            relative, points, note = self._assumed(row, indicator.unit)
        interval = KnownInterval(float(row["value"]), low, high, level, relative, points)
        return KnownQuantity(
            key=str(row["id"]),
            family=indicator.slug,
            words=f"{of(self.name(str(row['country'])))} {within_sentence(indicator.name)}, "
            f"{wording.period(str(row['period']))}",
            value=interval.value,
            unit=indicator.unit,
            quantiles=quantile_function(interval),
            period=str(row["period"]),
            low=low,
            high=high,
            level=level,
            assumed=note,
            tier="derived" if "derived" in str(row["flag"]) else "observed",
            facts=(str(row["id"]),),
            title=indicator.name,
        )

    def findings(self, recipe: str, country: str, against: Sequence[str]) -> tuple[Finding, ...]:
        """Findings of a recipe about a country, against the countries named.

        Raises:
            InputError: there is no such recipe; the message lists those that there are.
        """
        from headway.findings import Context, FindingId
        from headway.findings.recipe import recipes

        known = recipes()
        if recipe not in known:
            from difflib import get_close_matches

            near = get_close_matches(recipe, known, 3, 0.5)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise InputError(f"unknown quantity '{recipe}'{hint} Known ones: {', '.join(sorted(known))}")
        key = (recipe, self.country(country), tuple(against))
        if key not in self._findings:
            context = Context(self.evidence, key[1], key[2])
            held = self._held(context)
            self._findings[key] = tuple(
                known[recipe](context)
                if held is None
                else (finding for finding in held if FindingId.parse(finding.id).recipe == recipe)
            )
        return self._findings[key]

    def silence(self, test: str, ask: Callable[[], str]) -> str:
        """Reason why a test cannot be answered from this evidence, found by `ask` once; empty if it can."""
        if test not in self._silences:
            self._silences[test] = ask()
        return self._silences[test]

    def findings_seen(self, recipe: str) -> tuple[Finding, ...]:
        """The findings of a recipe that were fetched so far."""
        return tuple(one for key, found in self._findings.items() if key[0] == recipe for one in found)

    def name(self, code: str) -> str:
        """Name to print for a code."""
        return str(self.evidence.resolve(code).name)

    def _assumed(self, row: Mapping[str, Any], unit: str) -> tuple[float | None, float | None, str]:
        table = assumed_errors()
        slug, flag, source = str(row["indicator"]), str(row["flag"]), str(row["source"])
        if slug in table["points"]:
            points = float(table["points"][slug])
            return None, points, f"assumed error of {points:g} {unit}, none being published"
        sort = table["source"].get(source) or next(
            (sort for name, sort in table["source"].items() if source.startswith(name)), "press"
        )
        if "estimate" in flag and sort in ("official", "measured", "survey"):
            sort = "estimate"
        if "derived" in flag and sort != "estimate":
            sort = "derived"
        relative = float(self.errors[sort])
        return relative, None, f"assumed relative error of {100 * relative:g}% ({sort}), none being published"


def within_sentence(name: str) -> str:
    """An indicator's name within a sentence: its first letter lowered unless it is an abbreviation."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
