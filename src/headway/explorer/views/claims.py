"""Claims: a text is read into a draft, a person edits it, and every claim gets its verdict from the evidence."""

from __future__ import annotations

from typing import Any

from headway.brief.document import plain_data
from headway.claims.check import check as check_ledger
from headway.claims.evaluate.lookup import EvidenceLookup as ClaimEvidence
from headway.claims.ledger import Ledger, parse_ledger, shipped_ledgers
from headway.claims.proposer.draft import as_yaml
from headway.claims.proposer.draft import draft as read_draft
from headway.claims.reader.article import Article, normalise_whitespace
from headway.claims.record import report_record
from headway.core import yaml_files
from headway.core.errors import InputError
from headway.explorer.address import ParameterError
from headway.explorer.session import ExplorerSession

MOST = 40  # claims in one ledger


def draft(text: str, desk: ExplorerSession) -> dict[str, Any]:
    """The statements of a text, and a ledger with the tests that the rules propose.

    Raises:
        ParameterError: no words in the text.
    """
    plain = normalise_whitespace(text)
    if not plain.strip():
        raise ParameterError("text", "paste a text with at least one sentence")
    found = read_draft(Article(plain), ClaimEvidence(desk.evidence))
    at = {(one.statement.start, one.statement.end): one.id for one in found.claims}
    ledger = yaml_files.document(as_yaml(found), "draft").value
    return {
        "schema_version": 1,
        "text": plain,
        "statements": [
            {"start": one.start, "end": one.end, "kind": one.kind, "claim": at.get((one.start, one.end))}
            for one in found.statements
        ],
        "testable": found.testable,
        "ledger": plain_data(ledger),
    }


def check(text: str, desk: ExplorerSession) -> dict[str, Any]:
    """Every claim of a ledger with its verdict, as `headway claims check --json` prints it.

    Raises:
        ParameterError: not a ledger, too many claims, or a test that cannot be.
    """
    book = _book(text)
    try:
        report = check_ledger(book, ClaimEvidence(desk.evidence, book.errors))
    except InputError as error:
        raise ParameterError("ledger", str(error)) from error
    return {"schema_version": 1, **plain_data(report_record(report))}


def ledger(text: str) -> dict[str, Any]:
    """A ledger file as plain data, for the page to edit.

    Raises:
        ParameterError: not a ledger, or too many claims.
    """
    return {"schema_version": 1, "ledger": _plain(_book(text))}


def shipped() -> dict[str, Any]:
    """The ledgers that come with the package, each as plain data."""
    return {
        "schema_version": 1,
        "ledgers": [_plain(parse_ledger(text, name)) for name, text in shipped_ledgers().items()],
    }


def _plain(book: Ledger) -> dict[str, Any]:
    """As its file would say it: what is not told is left out."""
    found: dict[str, Any] = book.model_dump(mode="json", exclude_defaults=True)
    return found


def _book(text: str) -> Ledger:
    try:
        book = parse_ledger(text, "ledger")
        if len(book.claims) > MOST:
            raise InputError(f"{len(book.claims)} claims are too many for one request; at most {MOST}")
    except InputError as error:
        raise ParameterError("ledger", str(error)) from error
    return book
