"""Review of a draft: a person chooses among the proposals of each claim, and choices order those of later reviews.

Choices lie in a file of the user, one JSON object a line: the kind of the claim, the form of each test offered, and the
form that was chosen. They order what a review shows and nothing else: `--assume-first` gives everybody the same.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headway.claims.language import parse_test, terms
from headway.claims.ledger import Claim, ProposedTest
from headway.core.errors import InputError
from headway.core.files import make_folder, read_text

MOST_BYTES = 10_000_000  # of kept choices
NONE_FITS = "none of the proposals says what is meant"


@dataclass(frozen=True, slots=True)
class ProposalChoice:
    """Choice of a person: the kind of the claim, the forms offered, and the form chosen ("" for none of them)."""

    kind: str
    offered: tuple[str, ...]
    chosen: str


def form(offer: ProposedTest) -> str:
    """Form of a proposal without its countries, years and numbers: its terms and series, and whether it is denied."""
    tests = [offer.test] if offer.test else [one.test for one in offer.readings]
    return "; ".join(_form(test) for test in tests)


def _form(test: str) -> str:
    named = " ".join(f"{term.name}:{_series(term.arguments)}" for term in terms(parse_test(test)))
    return f"not {named}" if test.startswith("not ") else named


def _series(arguments: Sequence[str]) -> str:
    return arguments[0] if arguments and re.fullmatch(r"[a-z][a-z0-9_]*", arguments[0]) else ""


def ordered(claim: Claim, choices: Sequence[ProposalChoice]) -> tuple[ProposedTest, ...]:
    """Proposals of a claim, those first whose form was chosen more often than passed over for claims of this kind."""
    score: Counter[str] = Counter()
    for choice in choices:
        if choice.kind == claim.kind:
            for one in choice.offered:
                score[one] += 1 if one == choice.chosen else -1
    return tuple(sorted(claim.offered, key=lambda offer: (bool(offer.proxy), -score[form(offer)])))


def choose(record: Mapping[str, Any], offer: ProposedTest | None) -> dict[str, Any]:
    """The record of a claim once a person has chosen `offer`, or turned all of them down (None)."""
    kept = {
        key: value
        for key, value in record.items()
        if key not in ("test", "readings", "proxy", "no_data", "not_read", "status")
    }
    if offer is None:
        return {**kept, "status": "confirmed", "no_data": NONE_FITS}
    chosen = offer.model_dump(mode="json", include={"test", "readings", "proxy"}, exclude_defaults=True)
    return {**kept, "status": "confirmed", **chosen}


def choice_of(claim: Claim, offer: ProposedTest | None) -> ProposalChoice:
    """The choice as it is kept."""
    return ProposalChoice(claim.kind, tuple(form(one) for one in claim.offered), form(offer) if offer else "")


def read_choices(path: Path) -> tuple[ProposalChoice, ...]:
    """Choices kept in `path`; none where there is no such file.

    Raises:
        InputError: a line is no choice; the message names file and line.
    """
    if not os.path.lexists(path):
        return ()
    found = []
    for number, line in enumerate(read_text(path, MOST_BYTES).splitlines(), start=1):
        try:
            record = json.loads(line)
            found.append(ProposalChoice(str(record["kind"]), tuple(map(str, record["offered"])), str(record["chosen"])))
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            words = f"{path}, line {number}: no choice ({error}); delete the line, or the file to forget all choices"
            raise InputError(words) from error
    return tuple(found)


def keep_choice(path: Path, choice: ProposalChoice) -> None:
    """Add a choice to `path`, which is made where it is missing.

    Raises:
        InputError: it cannot be written.
    """
    make_folder(path.parent, f"cannot write {path}")
    record = {"kind": choice.kind, "offered": list(choice.offered), "chosen": choice.chosen}
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error
