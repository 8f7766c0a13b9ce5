"""The brief names the ledger of its country, and only that."""

import pytest

from headway.claims.findings import ledger
from headway.evidence import open_evidence
from headway.findings import Context


@pytest.mark.parametrize(("country", "count"), [("RUS", 1), ("FRA", 1), ("GCC", 1), ("TUV", 0)])
def test_a_country_is_told_of_its_own_ledger(country: str, count: int) -> None:
    found = list(ledger(Context(open_evidence(), country)))
    assert len(found) == count
    assert all("headway claims check" in finding.sentence for finding in found)
