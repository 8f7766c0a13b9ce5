"""Ledgers: claims in plain words, where each was made, and the test that stands for it.

A ledger is read from YAML and checked field by field; then the countries, quantities and periods that it names are
looked up. Every error names the line and the field.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from headway.claims.language import Node, Term, countries_in, parse_test, periods_in, terms
from headway.core import periods, wording, yaml_files
from headway.core.errors import InputError
from headway.core.files import read_bytes
from headway.evidence.catalogue import indicators
from headway.evidence.countries import resolve

Kind = Literal["fact", "comparison", "trend", "cause", "forecast", "advice", "opinion"]
Status = Literal["proposed", "confirmed"]


def _valid_period(text: str) -> str:
    try:
        periods.span(text)
    except InputError as error:
        raise ValueError(str(error)) from None
    return text


def _valid_test(text: str) -> str:
    try:
        parse_test(text)
    except InputError as error:
        raise ValueError(str(error)) from None
    return text


Period = Annotated[str, AfterValidator(_valid_period)]
Test = Annotated[str, AfterValidator(_valid_test)]
TABLES = (".csv", ".tsv", ".xlsx")
"""Endings of files that are read as tables."""

_MOST_TABLE_BYTES = 5_000_000
_SLUG = r"^[a-z0-9][a-z0-9-]*$"


class _LedgerModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Thresholds(_LedgerModel):
    """Probabilities at which a verdict changes its name; the same distances hold below one half."""

    supported: float = Field(default=0.9, gt=0.5, le=1.0)
    leaning: float = Field(default=0.65, gt=0.5, le=1.0)

    @model_validator(mode="after")
    def _ordered(self) -> Thresholds:
        if self.leaning > self.supported:
            raise ValueError("`leaning` must not be above `supported`")
        return self


class ClaimSource(_LedgerModel):
    """Place where a claim was made; a title alone ("general public debate") stands for many speakers."""

    title: str = ""
    publisher: str = ""
    who: str = ""
    date: Period | None = None
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")

    @property
    def day(self) -> dt.date | None:
        """The last day of `date`."""
        return periods.end(self.date) if self.date else None


class ClaimReading(_LedgerModel):
    """One way to understand a claim, with its test."""

    reading: str = Field(min_length=3)
    test: Test

    @property
    def node(self) -> Node:
        return parse_test(self.test)


class ProposedTest(_LedgerModel):
    """Test, or set of readings, that the reader of articles proposes for a claim; it decides nothing until chosen.

    Attributes:
        words: back-translation of the test, in plain words.
        covers: share of the claim's slots that the test uses, 0 to 1.
        leaves_out: the slots that it does not use, in words.
        proxy: what the test measures in place of what is claimed; empty where it measures that itself.
        confidence: of the match, 0 to 1; None for a proxy.
    """

    words: str = Field(min_length=3)
    test: Test | None = None
    readings: tuple[ClaimReading, ...] = ()
    covers: float = Field(default=0.0, ge=0.0, le=1.0)
    leaves_out: tuple[str, ...] = ()
    proxy: str = ""
    confidence: float | None = Field(default=None, ge=0.0, le=1.0)
    note: str = ""

    @property
    def sentence(self) -> str:
        """Its words, what it covers and what it leaves out, for a list to choose from."""
        left = f"; it leaves out {wording.listing(self.leaves_out)}" if self.leaves_out else ""
        proxy = f"; a proxy: {self.proxy}" if self.proxy else ""
        return f"{self.words} – covers {100 * self.covers:.0f} % of the claim{left}{proxy}"

    @model_validator(mode="after")
    def _something_to_choose(self) -> ProposedTest:
        if (self.test is None) == (not self.readings):
            raise ValueError("a proposal needs a `test` or `readings`, and not both")
        if self.proxy and self.confidence is not None:
            raise ValueError("a proxy has no `confidence`: remove one of the two")
        return self


class Correction(_LedgerModel):
    """Correction of a claim, its test or its source after it was published: the day, and what was changed and why."""

    date: Period
    words: str = Field(min_length=3)


class Bearing(_LedgerModel):
    """Evidence that bears on a claim without deciding it; `speaks` is the side on which it counts if `test` holds."""

    test: Test
    speaks: Literal["for", "against"] = "for"
    words: str = Field(min_length=3)


class Claim(_LedgerModel):
    """A claim.

    Attributes:
        status: `proposed` by the reader of articles, or `confirmed` by a person; without it, a test is taken as
            confirmed unless it carries the `confidence` of a draft.
        speaks_of: the period that it speaks of.
        test: what would have to hold; of advice, what it presupposes.
        readings: where the claim can be understood in several ways, one test each, instead of `test`.
        bearing: further evidence, shown for and against.
        no_data: why no test is possible with the evidence there is.
        not_read: why the reader of articles could make no test of it, whatever the evidence has.
        proposals: tests to choose from, the first thought the best.
        proxy: what the chosen test measures in place of what is claimed; such a test decides nothing.
        settle: the measurement that would settle it, in words.
        worth: how much it is worth checking, 0 to 1, as the reader of articles has it.
        corrections: changes since it was first published, the oldest first; each makes a new version.
    """

    id: str = Field(pattern=_SLUG, max_length=60)
    claim: str = Field(min_length=3, max_length=600)
    kind: Kind
    status: Status | None = None
    countries: tuple[str, ...] = ()
    said: ClaimSource = ClaimSource()
    speaks_of: Period | None = None
    test: Test | None = None
    readings: tuple[ClaimReading, ...] = ()
    bearing: tuple[Bearing, ...] = ()
    no_data: str = ""
    not_read: str = ""
    proposals: tuple[ProposedTest, ...] = ()
    proxy: str = ""
    settle: str = ""
    note: str = ""
    confidence: float | None = Field(default=None, ge=0.0, le=1.0)
    sentence: str = ""
    worth: float | None = Field(default=None, ge=0.0, le=1.0)
    corrections: tuple[Correction, ...] = ()

    @model_validator(mode="after")
    def _one_way_to_test(self) -> Claim:
        given = sum((self.test is not None, bool(self.readings), bool(self.no_data), bool(self.not_read)))
        if self.kind == "opinion" and (given or self.proposals):
            raise ValueError("an opinion has no test: remove it, or change `kind`")
        if given > 1:
            raise ValueError("give one of `test`, `readings`, `no_data` and `not_read`")
        if given == 0 and self.proposals:
            if self.status == "confirmed":
                raise ValueError("a confirmed claim needs the `test`, `readings` or `no_data` that was chosen")
        elif given == 0 and self.kind not in ("opinion", "advice"):
            raise ValueError("a claim needs a `test`, `readings`, or `no_data` with the reason why there is none")
        if len(self.readings) == 1:
            raise ValueError("one reading is a `test`; give two or more")
        days = [periods.end(one.date) for one in self.corrections]
        if days != sorted(days):
            raise ValueError("`corrections` stand in the order of their dates, the oldest first")
        return self

    @property
    def version(self) -> int:
        """Number of the claim's version: 1, and one more for each correction."""
        return 1 + len(self.corrections)

    @property
    def tests(self) -> tuple[ClaimReading, ...]:
        """The readings, or the one test as a reading."""
        return self.readings or ((ClaimReading(reading="as stated", test=self.test),) if self.test else ())

    @property
    def offered(self) -> tuple[ProposedTest, ...]:
        """Tests to choose from: the proposals, or the claim's own test where nobody has confirmed it."""
        if self.proposals or not self.tests:
            return self.proposals
        words = self.test or "; ".join(one.reading for one in self.readings)
        return (ProposedTest(words=words, test=self.test, readings=self.readings, confidence=self.confidence),)

    @property
    def awaits_choice(self) -> bool:
        """Whether there are tests to choose from and no person has chosen one."""
        if self.status is not None:
            return self.status == "proposed" and bool(self.offered)
        return bool(self.proposals) if not self.tests else self.confidence is not None


class Ledger(_LedgerModel):
    """A file of claims.

    Attributes:
        country: whose ledger it is, as a code; None for a draft about several.
        errors: relative errors by source type where publishers give no interval (claims/evaluate/errors.toml).
    """

    ledger: str = Field(pattern=_SLUG)
    title: str
    country: str | None = None
    about: str = ""
    said: ClaimSource | None = None
    thresholds: Thresholds = Thresholds()
    errors: dict[str, Annotated[float, Field(gt=0, lt=2)]] = {}
    claims: tuple[Claim, ...]

    @property
    def newest(self) -> dt.date | None:
        """The last day on which a claim was made or of which a claim of fact speaks; None where no claim is dated."""
        said = [self.said, *(claim.said for claim in self.claims)]
        facts = [claim.speaks_of for claim in self.claims if claim.kind == "fact" and claim.speaks_of]
        days = [*(one.day for one in said if one and one.day), *map(periods.end, facts)]
        return max(days, default=None)

    def only(self, wanted: Sequence[str]) -> Ledger:
        """The same ledger with some of its claims, in the order in which they are asked for.

        Raises:
            InputError: it has no such claim.
        """
        known = {claim.id: claim for claim in self.claims}
        for id in wanted:
            if id not in known:
                raise InputError(f"{self.ledger} has no claim '{id}'; it has {', '.join(known)}")
        return self.model_copy(update={"claims": tuple(known[id] for id in dict.fromkeys(wanted))})


_SERIES_TERMS = frozenset({"indicator", "ratio", "change", "growth", "trend", "rank"})


def unknown_names(ledger: Ledger) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Path of the field and message, for every name in the ledger that does not exist."""
    if ledger.country is not None:
        yield from _country(ledger.country, ("country",))
    unknown = sorted(set(ledger.errors) - {"official", "measured", "estimate", "survey", "press", "derived"})
    if unknown:
        yield (
            ("errors", unknown[0]),
            "no such type of source; there are official, measured, estimate, survey, press, derived",
        )
    for number, claim in enumerate(ledger.claims):
        for place, code in enumerate(claim.countries):
            yield from _country(code, ("claims", number, "countries", place))
        for path, term in _terms(claim):
            for complaint in name_errors(term):
                yield ("claims", number, *path), complaint


def name_errors(term: Term) -> Iterator[str]:
    """Messages about the names in one term that do not exist."""
    from headway.claims.evaluate.terms import term_form

    if term.is_finding:
        yield from _finding(term)
        return
    try:
        term_form(term)
    except InputError as error:
        yield str(error)
        return
    if term.name in _SERIES_TERMS and term.arguments[0] not in indicators():
        near = get_close_matches(term.arguments[0], indicators(), 3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; `headway evidence list` names them"
        yield f"unknown quantity '{term.arguments[0]}'{hint}"
    if term.name in ("statement", "count") and term.arguments[0] not in ("goal", "budget", "event", "niche"):
        yield f"'{term.arguments[0]}' is no kind of statement; there are goal, budget, event, niche"
    for name in countries_in(term):
        yield from (complaint for _, complaint in _country(name, ()))
    for period in periods_in(term):
        try:
            periods.span(period)
        except InputError as error:
            yield str(error)


def _finding(term: Term) -> Iterator[str]:
    from headway.findings.recipe import recipes

    if term.name not in recipes():
        near = get_close_matches(term.name, recipes(), 3, 0.5)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        yield f"unknown quantity '{term.name}'{hint} Known ones: {', '.join(sorted(recipes()))}"
    elif not term.arguments:
        yield f"{term.name} needs a country: {term.name}(COUNTRY)"
    else:
        yield from (complaint for _, complaint in _country(term.arguments[0], ()))


def _terms(claim: Claim) -> Iterator[tuple[tuple[str | int, ...], Term]]:
    if claim.test is not None:
        yield from ((("test",), term) for term in terms(parse_test(claim.test)))
    for number, reading in enumerate(claim.readings):
        yield from ((("readings", number, "test"), term) for term in terms(reading.node))
    for number, offer in enumerate(claim.proposals):
        for test in (offer.test, *(one.test for one in offer.readings)):
            yield from ((("proposals", number), term) for term in (terms(parse_test(test)) if test else ()))
    for number, bearing in enumerate(claim.bearing):
        yield from ((("bearing", number, "test"), term) for term in terms(parse_test(bearing.test)))


def _country(name: str, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    try:
        resolve(name)
    except InputError as error:
        yield path, str(error)


def read_ledger(path: str | Path) -> Ledger:
    """Ledger from the file `path` (YAML, or a table by its ending), or the shipped ledger of that name.

    Raises:
        InputError: missing, not YAML, or an entry breaks a rule; the message names file, line and field (of a table
            row and column).
    """
    shipped = shipped_ledgers()
    if str(path) in shipped and not Path(path).exists():
        return parse_ledger(shipped[str(path)], f"{path}.yaml")
    if Path(path).suffix.lower() in TABLES:
        from headway.claims.spreadsheet import ledger_from_table

        slug = re.sub(r"[^a-z0-9]+", "-", Path(path).stem.lower()).strip("-") or "ledger"
        return ledger_from_table(read_bytes(Path(path), _MOST_TABLE_BYTES), str(path), slug)
    try:
        text = yaml_files.read_text(Path(path))
    except InputError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            words = f"{path}: no such file, and no shipped ledger of that name ({', '.join(shipped)})"
            raise InputError(words) from error
        raise
    return parse_ledger(text, str(path))


def parse_ledger(text: str, name: str) -> Ledger:
    """Ledger from its text; messages call it `name`.

    Raises:
        InputError: as `read_ledger`.
    """
    document = yaml_files.document(text, name)
    if not isinstance(document.value, dict):
        raise InputError(f"{name}, line 1: a ledger is a YAML mapping with `ledger`, `title` and `claims`")
    return checked_ledger(document.value, name, lambda where: _place(where, document))


def checked_ledger(record: dict[str, Any], name: str, place: Callable[[yaml_files.Location], str]) -> Ledger:
    """Ledger from plain data, if its ids are unique and its countries, dates and quantities exist.

    Args:
        name: name of the file, for messages.
        place: words for the place of a field in it.

    Raises:
        InputError: an entry breaks a rule; the message names file, place and field.
    """
    try:
        ledger = Ledger.model_validate(_normalised(record))
    except ValidationError as error:
        raise InputError(_complaints(error, name, place)) from None
    return _checked(ledger, name, place)


def _normalised(record: dict[str, Any]) -> dict[str, Any]:
    """Record with `said: TITLE` written out as a mapping, and with years without quotes as text."""

    def said(value: Any) -> Any:
        if isinstance(value, str):
            return {"title": value}
        if isinstance(value, dict) and isinstance(value.get("date"), int):
            return {**value, "date": str(value["date"])}
        return value

    claims = record.get("claims")
    if isinstance(claims, list):
        claims = [
            {
                key: said(value)
                if key == "said"
                else str(value)
                if key == "speaks_of" and isinstance(value, int)
                else value
                for key, value in claim.items()
            }
            if isinstance(claim, dict)
            else claim
            for claim in claims
        ]
    return {**record, "claims": claims, **({"said": said(record["said"])} if "said" in record else {})}


def _checked(ledger: Ledger, name: str, place: Callable[[yaml_files.Location], str]) -> Ledger:
    """The ledger, if its ids are unique and its countries, dates and quantities exist."""
    seen: dict[str, str] = {}
    for number, claim in enumerate(ledger.claims):
        here = place(("claims", number, "id"))
        if claim.id in seen:
            raise InputError(f"{name}, {here}: '{claim.id}' is used already in {seen[claim.id]}")
        seen[claim.id] = here.split(",")[0]
    for where, complaint in unknown_names(ledger):
        raise InputError(f"{name}, {place(where)}: {complaint}")
    return ledger


def _complaints(error: ValidationError, name: str, place: Callable[[yaml_files.Location], str]) -> str:
    texts = []
    for item in error.errors()[:5]:
        where = tuple(part for part in item["loc"] if isinstance(part, (str, int)))
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            message = "no such field"
        elif item["type"] in ("tuple_type", "list_type"):
            message = "give a list"
        texts.append(f"{name}, {place(where)}: {message}")
    more = error.error_count() - len(texts)
    return "\n".join(texts) + (f"\n… and {more} more" if more > 0 else "")


def _place(where: yaml_files.Location, document: yaml_files.YamlDocument) -> str:
    field = ".".join(str(part + 1 if isinstance(part, int) else part) for part in where) or "top"
    return f"line {document.line(where)}, {field}"


@lru_cache(maxsize=1)
def shipped_ledgers() -> Mapping[str, str]:
    """Texts of the ledgers that come with the package, by name."""
    folder = files("headway.claims").joinpath("ledgers")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): folder.joinpath(name).read_text("utf-8") for name in names}


def ledgers_of(country: str) -> tuple[str, ...]:
    """Names of the shipped ledgers of a country or bloc, by code; only their heads are read."""
    heads = {
        name: yaml_files.document(text.split("\nclaims:", 1)[0], name).value for name, text in shipped_ledgers().items()
    }
    return tuple(name for name, head in heads.items() if head["country"] == country)
