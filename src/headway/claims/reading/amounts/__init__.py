"""Numbers with their units, as a sentence gives them: money, shares, multiples, counts, durations and ranks."""

from headway.claims.reading.amounts.find import amounts
from headway.claims.reading.amounts.numbers import Amount, value_of

__all__ = ["Amount", "amounts", "value_of"]
