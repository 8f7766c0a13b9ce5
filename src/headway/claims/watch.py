"""Verdicts that changed between two states of the evidence, from the records of a ledger checked on each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from headway.core import wording
from headway.core.errors import InputError


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """Claim whose verdict is not as it was.

    Attributes:
        before, after: verdicts; empty where the ledger had, or has, no such claim.
        chance_before, chance_after: probabilities, 0 to 1; None without one.
        moved: quantities that the tests used and that are new or have another value, in words.
        findings: ids of the findings among them.
        rewritten: whether the claim's tests are not those of before, so that not the evidence alone changed.
    """

    id: str
    claim: str
    kind: Literal["changed", "new", "gone"]
    before: str
    after: str
    chance_before: float | None
    chance_after: float | None
    moved: tuple[str, ...]
    findings: tuple[str, ...]
    rewritten: bool

    def told(self, reasons: Sequence[str] = ()) -> str:
        """The change in words, in one line or a few."""
        if self.kind != "changed":
            verdict = self.after or self.before
            return f"{self.id}: {'new in the ledger' if self.kind == 'new' else 'no longer in the ledger'} ({verdict})"
        chances = [
            wording.in_hundred(one) if one is not None else "" for one in (self.chance_before, self.chance_after)
        ]
        number = f" ({' → '.join(chances)})" if all(chances) else ""
        lines = [f"{self.id}: {self.before} → {self.after}{number}", f"  {self.claim}"]
        lines += ["  its test is not the same"] if self.rewritten else []
        lines += [f"  now {one}" for one in self.moved]
        lines += [f"  [{', '.join(reasons)}]"] if reasons else []
        return "\n".join(lines)


def verdict_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[VerdictChange, ...]:
    """Claims whose verdict changed from one record to a later one (`headway claims check --json`), in ledger order.

    Raises:
        InputError: the records are not of one ledger.
    """
    if before["ledger"] != after["ledger"]:
        raise InputError(f"the earlier verdicts are those of {before['ledger']}, not of {after['ledger']}")
    old, new = ({claim["id"]: claim for claim in record["claims"]} for record in (before, after))
    return tuple(
        change for id in dict.fromkeys((*new, *old)) if (change := _change(id, old.get(id), new.get(id))) is not None
    )


def _change(id: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> VerdictChange | None:
    if old is not None and new is not None and old["verdict"] == new["verdict"]:
        return None
    one = new or old or {}
    known = {_quantity(used): used for used in (old or {}).get("used", ())}
    moved = [used for used in (new or {}).get("used", ()) if old and _quantity(used) not in known]
    return VerdictChange(
        id=id,
        claim=str(one["claim"]),
        kind="new" if old is None else "gone" if new is None else "changed",
        before=str(old["verdict"]) if old else "",
        after=str(new["verdict"]) if new else "",
        chance_before=old["probability"] if old else None,
        chance_after=new["probability"] if new else None,
        moved=tuple(f"{used['what']}: {used['value']:g} {used['unit']}".strip() for used in moved),
        findings=tuple(str(used["finding"]) for used in moved if used["finding"]),
        rewritten=bool(old and new) and _tests(old) != _tests(new),
    )


def _quantity(used: Mapping[str, Any]) -> tuple[Any, ...]:
    return (used["what"], used["value"], used["low"], used["high"])


def _tests(claim: Mapping[str, Any] | None) -> list[str]:
    return [reading["test"] for reading in (claim or {}).get("readings", ())]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class KeptQuantity(_Kept):
    """Quantity that a test used, as a record of verdicts holds it."""

    what: str
    value: float
    low: float | None
    high: float | None
    unit: str
    finding: str | None


class KeptTest(_Kept):
    """Test of a reading, as a record of verdicts holds it."""

    test: str


class KeptVerdict(_Kept):
    """Claim with its verdict, as a record of verdicts holds it."""

    id: str
    claim: str
    verdict: str
    probability: float | None = Field(ge=0.0, le=1.0)
    readings: tuple[KeptTest, ...]
    used: tuple[KeptQuantity, ...]


class KeptVerdicts(_Kept):
    """Record of a checked ledger, as far as verdicts are compared."""

    ledger: str
    as_of: dt.date
    claims: tuple[KeptVerdict, ...]


def earlier_verdicts(record: Any, name: str) -> Mapping[str, Any]:
    """Record of verdicts that were kept in a file, as far as they are compared.

    Raises:
        InputError: it is none; the message calls it `name` and says what was to be given.
    """
    try:
        return KeptVerdicts.model_validate(record).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise InputError(
            f"{name}, {place}: {first['msg']}; give an edition, or what `headway claims check --json` printed"
        ) from None
