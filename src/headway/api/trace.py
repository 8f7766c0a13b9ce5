"""`headway.trace`: one finding made again, and the chain from it down to publisher and address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from headway.api.words import Files, files_of

if TYPE_CHECKING:
    import pandas as pd

    from headway.brief.trace import Chain, Link
    from headway.findings import Finding


def trace(finding: str, *, extra: Files = (), scenario: str | None = None, seed: int = 0) -> TracedFinding:
    """Finding made again from its id, with all it rests on.

    Parameters
    ----------
    finding : str
        Id as printed everywhere: ``"RUS:gap.training_compute:USA@2026-11-22"``.
    extra : str, path or sequence of them, optional
        The user's own files that took part, unchanged and in the same order.
    scenario : str, optional
        The user's own scenario file, where the id names one.
    seed : int, optional
        Seed of all draws, as given to the brief.

    Returns
    -------
    TracedFinding
        The finding and its facts, down to publisher, address and licence.

    Raises
    ------
    headway.core.errors.InputError
        Not an id, no such recipe, no such finding on this evidence, or other files than the id names.

    Examples
    --------
    >>> import headway as hw
    >>> t = hw.trace("KOR:gap.training_compute:USA@2026-11-22")
    >>> t.finding.tier.value, t.finding.unit
    ('derived', 'OOM')
    >>> "Epoch AI" in set(t.to_frame()["publisher"])
    True
    """
    from headway.brief.trace import context_of
    from headway.brief.trace import trace as chain_of
    from headway.core.limits import MOST_SEED, whole_number
    from headway.findings import FindingId

    whole_number("seed", seed, 0, MOST_SEED)
    identifier = FindingId.parse(finding)
    return TracedFinding(chain_of(identifier, context_of(identifier, files_of(extra), scenario, seed)))


@dataclass(frozen=True, repr=False)
class TracedFinding:
    """Finding with its chain of facts, made by :func:`headway.trace`; printing it shows the tree.

    Attributes
    ----------
    chain : headway.brief.trace.Chain
        Finding, recipe and facts.
    """

    chain: Chain

    def __repr__(self) -> str:
        return f"TracedFinding({self.finding.id}, facts={len(self.to_frame())})"

    def __str__(self) -> str:
        from io import StringIO

        from rich.console import Console

        from headway.brief.trace import tree

        screen = Console(file=StringIO(), width=_WIDTH, highlight=False, force_jupyter=False)
        with screen.capture() as captured:
            screen.print(tree(self.chain))
        return captured.get()

    @property
    def finding(self) -> Finding:
        """The finding, made again."""
        return self.chain.finding

    def to_frame(self) -> pd.DataFrame:
        """Facts of the chain as a table.

        Returns
        -------
        pandas.DataFrame
            One row per fact, each before those it was derived from: ``depth`` (0 for the finding's own), ``id``,
            ``text``, ``publisher``, ``title``, ``url``, ``licence``, ``retrieved_on``.
        """
        import pandas as pd

        rows = [row for link in self.chain.links for row in _rows(link, 0)]
        return pd.DataFrame(rows, columns=["depth", "id", "text", *_REFERENCE])

    def json(self) -> dict[str, Any]:
        """Document of ``headway trace --json``, as plain data."""
        from headway.brief.trace import document

        return document(self.chain)

    def _repr_html_(self) -> str:
        """The tree as text."""
        return f"<pre>{escape(str(self))}</pre>"


_WIDTH = 100
_REFERENCE = ("publisher", "title", "url", "licence", "retrieved_on")


def _rows(link: Link, depth: int) -> Iterator[dict[str, Any]]:
    """The fact and what it was derived from."""
    reference = {name: getattr(link.reference, name) for name in _REFERENCE}
    yield {"depth": depth, "id": link.id, "text": link.text, **reference}
    for below in link.inputs:
        yield from _rows(below, depth + 1)
