"""What a ledger holds, checked field by field."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from headway.claims.language import Node, parse_test
from headway.core import periods
from headway.core.errors import InputError

Kind = Literal["fact", "comparison", "trend", "cause", "forecast", "advice", "opinion"]


def _a_period(text: str) -> str:
    try:
        periods.span(text)
    except InputError as error:
        raise ValueError(str(error)) from None
    return text


def _a_test(text: str) -> str:
    try:
        parse_test(text)
    except InputError as error:
        raise ValueError(str(error)) from None
    return text


Period = Annotated[str, AfterValidator(_a_period)]
Test = Annotated[str, AfterValidator(_a_test)]
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


class Said(_LedgerModel):
    """Where a claim was made; a title alone ("general public debate") is what many say, nobody in particular."""

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


class Bearing(_LedgerModel):
    """Evidence that bears on a claim without deciding it; `when true` says on which side it then counts."""

    test: Test
    speaks: Literal["for", "against"] = "for"
    words: str = Field(min_length=3)


class Claim(_LedgerModel):
    """A claim.

    Attributes:
        speaks_of: the period that it speaks of.
        test: what would have to hold; of advice, what it presupposes.
        readings: where the claim can be understood in several ways, one test each, instead of `test`.
        bearing: further evidence, shown for and against.
        no_data: why no test is possible with the evidence there is.
        settle: the measurement that would settle it, in words.
    """

    id: str = Field(pattern=_SLUG, max_length=60)
    claim: str = Field(min_length=3, max_length=600)
    kind: Kind
    countries: tuple[str, ...] = ()
    said: Said = Said()
    speaks_of: Period | None = None
    test: Test | None = None
    readings: tuple[ClaimReading, ...] = ()
    bearing: tuple[Bearing, ...] = ()
    no_data: str = ""
    settle: str = ""
    note: str = ""
    confidence: float | None = Field(default=None, ge=0.0, le=1.0)
    sentence: str = ""

    @model_validator(mode="after")
    def _one_way_to_test(self) -> Claim:
        given = sum((self.test is not None, bool(self.readings), bool(self.no_data)))
        if self.kind == "opinion" and given:
            raise ValueError("an opinion has no test: remove it, or change `kind`")
        if given > 1:
            raise ValueError("give one of `test`, `readings` and `no_data`")
        if given == 0 and self.kind not in ("opinion", "advice"):
            raise ValueError("a claim needs a `test`, `readings`, or `no_data` with the reason why there is none")
        if len(self.readings) == 1:
            raise ValueError("one reading is a `test`; give two or more")
        return self

    @property
    def tests(self) -> tuple[ClaimReading, ...]:
        """The readings, or the one test as a reading."""
        return self.readings or ((ClaimReading(reading="as stated", test=self.test),) if self.test else ())


class Ledger(_LedgerModel):
    """A file of claims.

    Attributes:
        country: whose ledger it is, as a code; None for a draft about several.
        errors: relative errors by source type where publishers give no interval (claims/weighing/errors.toml).
    """

    ledger: str = Field(pattern=_SLUG)
    title: str
    country: str | None = None
    about: str = ""
    said: Said | None = None
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
