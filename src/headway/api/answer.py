"""`headway.answer`: what a page of the explorer says, by its address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from headway.api.words import Files, files_of

if TYPE_CHECKING:
    import pandas as pd

    from headway.evidence.layout import OwnFiles
    from headway.explorer.session import ExplorerSession


def answer(address: str, *, extra: Files = ()) -> AddressAnswer:
    """Answer of the explorer at an address: the sentence and the tables of that page.

    Parameters
    ----------
    address : str
        As a page of the explorer has it, with or without scheme and host: ``"/world?view=intensity"``.
    extra : str, path or sequence of them, optional
        The user's own files, as :func:`headway.brief` takes them.

    Returns
    -------
    AddressAnswer
        Words and tables; it shows itself in a notebook.

    Raises
    ------
    headway.core.errors.InputError
        No view answers at this address, or a parameter cannot be; the message names it.
    headway.core.errors.EvidenceError
        The evidence cannot answer.

    Examples
    --------
    >>> import headway as hw
    >>> a = hw.answer("/world?domain=compute")
    >>> a.address, list(a.table.columns)
    ('/world?domain=compute', ['code', 'country', 'rank', 'low', 'high', 'p_top_10', 'indicators'])
    """
    import pandas as pd

    from headway.brief.document import plain_data
    from headway.explorer import ask
    from headway.explorer.address import address as canonical

    state = ask.state_of(address)
    found = ask.answer(state, _session(files_of(extra)))
    tables = {
        one.name: pd.DataFrame([{key: plain_data(row.get(key)) for key in one.columns} for row in one.rows])
        for one in found.tables
    }
    return AddressAnswer(
        canonical(state), found.title, found.sentence, found.caveat, found.source, found.made.note, tables
    )


def _session(files: OwnFiles) -> ExplorerSession:
    """Evidence and ensemble, kept for the next question where no file of the user takes part, which may change."""
    from headway.explorer.session import ExplorerSession

    return ExplorerSession(files) if files else _shipped()


@lru_cache(maxsize=1)
def _shipped() -> ExplorerSession:
    """Evidence that ships, and its ensemble."""
    from headway.explorer.session import ExplorerSession

    return ExplorerSession()


@dataclass(frozen=True, repr=False, eq=False)
class AddressAnswer:
    """Answer of a page of the explorer, made by :func:`headway.answer`.

    Attributes
    ----------
    address : str
        Canonical address: only what differs from the default.
    title, sentence, caveat, source, made : str
        Words of the page, publishers, and version, evidence and posterior that the answer was made from.
    tables : dict of str to pandas.DataFrame
        Tables by name, the first one first.
    """

    address: str
    title: str
    sentence: str
    caveat: str
    source: str
    made: str
    tables: dict[str, pd.DataFrame]

    @property
    def table(self) -> pd.DataFrame:
        """The first table, which CSV and Parquet hold.

        Returns
        -------
        pandas.DataFrame
            Rows of the page's first table.

        Raises
        ------
        headway.core.errors.InputError
            The page has none.
        """
        from headway.core.errors import InputError

        if not self.tables:
            raise InputError(f"the answer at {self.address} has no table")
        return next(iter(self.tables.values()))

    def __repr__(self) -> str:
        return f"AddressAnswer({self.address!r}, tables={list(self.tables)})"

    def _repr_html_(self) -> str:
        """Title, sentence, first table and source."""
        shown = next(iter(self.tables.values())).to_html(max_rows=30) if self.tables else ""
        return (
            f"<div><h3>{escape(self.title)}</h3><p>{escape(self.sentence)}</p>{shown}"
            f"<p><small>{escape(self.source)}. {escape(self.made)}. {escape(self.caveat)}</small></p></div>"
        )
