"""The ledger: claims in plain words, where they were said, and the test that stands for each."""

from headway.claims.ledger.model import Claim, ClaimReading, Ledger, Said, Thresholds
from headway.claims.ledger.read import ledgers_of, read_ledger, shipped_ledgers

__all__ = ["Claim", "ClaimReading", "Ledger", "Said", "Thresholds", "ledgers_of", "read_ledger", "shipped_ledgers"]
