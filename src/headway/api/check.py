"""`headway.check`: whether what is said holds, claim by claim."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.api.words import Day, Files, Names, files_of, known, names_of, near

if TYPE_CHECKING:
    import pandas as pd

    from headway.api.evidence import EvidenceTables
    from headway.claims.check import CheckedClaim, LedgerReport
    from headway.claims.evaluate.lookup import EvidenceLookup


def check(
    ledger: str | Path | Mapping[str, Any],
    *,
    claims: Names = (),
    then: bool = True,
    as_of: Day = None,
    extra: Files = (),
    evidence: EvidenceTables | None = None,
) -> CheckedLedger:
    """Verdict on every claim of a ledger, with the evidence for and against.

    Parameters
    ----------
    ledger : str, path or mapping
        A ledger (``.yaml``), the name of a shipped one (``headway claims list``), or the fields of a ledger.
    claims : str or sequence of str, optional
        Only these claims, by id.
    then : bool, optional
        Also judge each claim on what was known at the date of its article.
    as_of, extra, evidence
        As :func:`headway.brief` takes them. Evidence of a day after the shipped one is answered with a warning.

    Returns
    -------
    CheckedLedger
        Verdicts as a table and by id; it shows itself in a notebook.

    Raises
    ------
    headway.core.errors.InputError
        The ledger breaks a rule (the message names file, line and field), has no such claim, or a test asks for what
        does not exist.

    Examples
    --------
    >>> import headway as hw
    >>> from pathlib import Path
    >>> written = Path("claims.yaml").write_text('''
    ... ledger: mine
    ... title: What I read
    ... claims:
    ...   - id: rd
    ...     claim: Korea spends more on research than France does.
    ...     kind: fact
    ...     countries: [KOR, FRA]
    ...     test: indicator(rd_share_gdp, KOR) > indicator(rd_share_gdp, FRA)
    ... ''')
    >>> checked = hw.check("claims.yaml")
    >>> checked.to_frame()[["verdict", "words"]].loc["rd"].to_list()
    ['supported', 'almost certain']
    """
    from headway.brief.edition import held_findings
    from headway.claims.check import check as checked
    from headway.claims.evaluate.lookup import EvidenceLookup
    from headway.claims.ledger import parse_ledger, read_ledger
    from headway.core import yaml_files
    from headway.evidence import open_evidence

    if isinstance(ledger, Mapping):
        book = parse_ledger(yaml_files.dump(dict(ledger)), "the ledger given")
    else:
        book = read_ledger(ledger)
    wanted, files = names_of(claims), files_of(extra) if evidence is None else evidence.files
    opened = known(evidence, as_of, extra)
    if opened.as_of > opened.snapshot_date:
        warnings.warn(f"as_of {opened.as_of} is after the evidence, which ends on {opened.snapshot_date}", stacklevel=2)
    lookup = EvidenceLookup(opened, book.errors, held_findings)
    earlier = (lambda day: open_evidence(day, files)) if then else None
    return CheckedLedger(checked(book.only(wanted) if wanted else book, lookup, earlier), lookup)


@dataclass(frozen=True, repr=False, eq=False)
class CheckedLedger:
    """Checked ledger, made by :func:`headway.check`; ``checked["rd"]`` is one claim with its evidence.

    Attributes
    ----------
    report : headway.claims.check.LedgerReport
        Claims with their verdicts.
    lookup : headway.claims.evaluate.lookup.EvidenceLookup
        Evidence that they were checked on.
    """

    report: LedgerReport
    lookup: EvidenceLookup

    def __repr__(self) -> str:
        return (
            f"CheckedLedger({self.report.ledger.ledger!r}, as_of={self.report.as_of}, claims={len(self.report.claims)})"
        )

    def __getitem__(self, id: str) -> CheckedClaim:
        """Claim by id, with its readings and the evidence for and against.

        Raises
        ------
        KeyError
            No such claim; the message gives those that are near.
        """
        claims = {item.claim.id: item for item in self.report.claims}
        if id not in claims:
            raise KeyError(f"{self.report.ledger.ledger} has no claim '{id}'; {near(id, list(claims))}")
        return claims[id]

    def to_frame(self) -> pd.DataFrame:
        """Verdicts as a table.

        Returns
        -------
        pandas.DataFrame
            One row per claim by ``id``: ``claim``, ``kind``, ``countries``, ``verdict``, ``probability`` with ``low``
            and ``high`` (over what dependence between errors allows; missing where there is none), ``words`` (the
            probability in words), ``why``, ``settle`` (measurement that would settle it) and ``then`` (verdict at the
            date of the article, where that is earlier).
        """
        import pandas as pd

        rows = [
            {
                **{name: one[name] for name in _COLUMNS},
                "countries": ", ".join(one["countries"]),
                "then": one["then"] and one["then"]["verdict"],
            }
            for one in self.json()["claims"]
        ]
        return pd.DataFrame(rows, columns=[*_COLUMNS, "then"]).set_index("id")

    def json(self) -> dict[str, Any]:
        """Document of ``headway claims check --json``, as plain data."""
        from headway.claims.record import report_record

        return report_record(self.report)

    def html(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the page with the claims as cards; parameters and errors as :meth:`CountryBrief.html`."""
        from headway.claims.page import drawn_page
        from headway.core.files import refuse_early, write_atomically

        refuse_early(Path(path), force=force)
        return write_atomically(Path(path), drawn_page(self.report, self.lookup), force=force)

    def _repr_html_(self) -> str:
        """Claims with verdicts and probabilities."""
        shown = self.to_frame()[["claim", "verdict", "probability", "low", "high"]]
        title = escape(f"{self.report.ledger.title}, as known on {self.report.as_of}")
        return f"<div><h3>{title}</h3>{shown.to_html(na_rep='', float_format='{:.2f}'.format)}</div>"


_COLUMNS = ("id", "claim", "kind", "countries", "verdict", "probability", "low", "high", "words", "why", "settle")
