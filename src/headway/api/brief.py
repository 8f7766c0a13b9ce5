"""`headway.brief`: where a country stands in AI, why, what would change it, and how sure anyone can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.api.notebook import of_finding, with_picture
from headway.api.words import Day, Files, Names, known, names_of, near

if TYPE_CHECKING:
    import pandas as pd

    from headway.api.evidence import EvidenceTables
    from headway.brief.compose import Brief
    from headway.findings import Finding


def brief(
    country: str,
    *,
    against: Names = (),
    scenario: str | None = None,
    as_of: Day = None,
    extra: Files = (),
    evidence: EvidenceTables | None = None,
    seed: int = 0,
) -> CountryBrief:
    """Brief of a country: what ``headway brief`` prints, as findings.

    Modelled findings are drawn from the newest posterior that is not later than the evidence.

    Parameters
    ----------
    country : str
        ISO code, name or bloc: ``"KOR"``, ``"Korea"``, ``"EU"``.
    against : str or sequence of str, optional
        Countries to compare with; the leaders where none is given.
    scenario : str, optional
        Name of a shipped scenario or path of a YAML file; the baseline where none is given.
    as_of : str or datetime.date, optional
        Day of the evidence, as ``"2024-06-30"``.
    extra : str, path or sequence of them, optional
        The user's own tables and groups, as :func:`headway.evidence` takes them.
    evidence : EvidenceTables, optional
        Opened evidence, in place of `as_of` and `extra`.
    seed : int, optional
        Seed of all draws, 0 to 2³² − 1.

    Returns
    -------
    CountryBrief
        Its findings, by id and as a table; it shows itself in a notebook.

    Raises
    ------
    headway.core.errors.InputError
        An unknown country or scenario, a country compared with itself, a day or file that cannot be used.
    headway.core.errors.EvidenceError
        The shipped evidence is missing or damaged.
    headway.core.errors.ModelError
        The model failed.

    Examples
    --------
    >>> import headway as hw
    >>> b = hw.brief("Korea")
    >>> b.country, b.name
    ('KOR', 'South Korea')
    >>> b["gap.lag_sovereign"].unit
    'months'
    >>> b["gap.lag"]
    Traceback (most recent call last):
    KeyError: "KOR has no finding 'gap.lag'; did you mean ...
    >>> list(b.to_frame().columns[:7])
    ['id', 'section', 'quantity', 'value', 'low', 'high', 'level']
    """
    from headway.brief.edition import brief_of
    from headway.core.limits import MOST_SEED, whole_number
    from headway.scenarios.question import context

    whole_number("seed", seed, 0, MOST_SEED)
    asked = context(known(evidence, as_of, extra), country, names_of(against), scenario, seed)
    return CountryBrief(brief_of(asked))


@dataclass(frozen=True, repr=False)
class CountryBrief:
    """Brief of one country, made by :func:`headway.brief`.

    ``b["gap.lag_sovereign"]`` is one finding; iterating gives all of them in the order of the page.

    Attributes
    ----------
    composed : headway.brief.compose.Brief
        What every surface prints.
    """

    composed: Brief

    def __repr__(self) -> str:
        return f"CountryBrief({self.country}, as_of={self.as_of}, findings={len(self.findings)})"

    @property
    def country(self) -> str:
        """Code of the country or bloc."""
        return self.composed.country

    @property
    def name(self) -> str:
        """Name of the country or bloc."""
        return self.composed.name

    @property
    def as_of(self) -> dt.date:
        """Day of the evidence."""
        return self.composed.as_of

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings in the order of the page, most prominent first within a part."""
        return self.composed.findings

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, key: str) -> Finding:
        """Finding by id, whole (``KOR:gap.lag_to:USA@2026-11-22``) or without country and day (``gap.lag_to:USA``).

        Raises
        ------
        KeyError
            No finding, or more than one, answers to the name; the message gives those that are near.
        """
        by_name = {_short(finding.id): finding for finding in self.findings}
        by_id = {finding.id: finding for finding in self.findings}
        if key in by_id or key in by_name:
            return by_id.get(key) or by_name[key]
        several = [name for name in by_name if name.startswith(f"{key}:")]
        if len(several) == 1:
            return by_name[several[0]]
        if several:
            raise KeyError(f"{self.country} has {len(several)} findings '{key}': {', '.join(several)}")
        raise KeyError(f"{self.country} has no finding '{key}'; {near(key, list(by_name))}")

    def to_frame(self) -> pd.DataFrame:
        """Findings as a table.

        Returns
        -------
        pandas.DataFrame
            One row per finding: ``id``, ``section``, ``quantity``, ``value``, ``low`` and ``high`` (interval of content
            ``level``) in ``unit``, ``period``, ``as_of``, ``tier`` (observed, coded, derived, modelled or
            scenario), ``scenario``, ``sentence``, ``caveat``, ``weight`` (1 headline to 3 detail) and ``sources``
            (publishers). A value that is a name rather than a number, such as a strategy's, stands in the same column.
        """
        import pandas as pd

        notes = {note.number: note.reference.publisher for note in self.composed.footnotes}
        rows = [
            {
                **{name: getattr(finding, name) for name in _COLUMNS},
                "tier": str(finding.tier),
                "sources": "; ".join(dict.fromkeys(notes[n] for n in self.composed.marks.get(finding.id, ()))),
            }
            for finding in self.findings
        ]
        return pd.DataFrame(rows, columns=[*_COLUMNS, "sources"])

    def html(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the brief as one self-contained page.

        Parameters
        ----------
        path : str or path
            File to write: first a temporary one beside it, then a rename.
        force : bool, optional
            Replace an existing file.

        Raises
        ------
        headway.core.errors.InputError
            The file exists and `force` is false, or its folder is missing or cannot be written.
        """
        from headway.brief.html import page
        from headway.core.files import refuse_early, write_atomically

        refuse_early(Path(path), force=force)
        return write_atomically(Path(path), page(self.composed), force=force)

    def pdf(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the brief as a PDF; parameters and errors as :meth:`html`."""
        from headway.brief.pdf import pdf
        from headway.core.files import refuse_early, write_atomically

        refuse_early(Path(path), force=force)
        return write_atomically(Path(path), pdf(self.composed), force=force)

    def svg(self, key: str, path: str | Path, *, force: bool = False) -> Path:
        """Write the picture of a finding, on white.

        Parameters
        ----------
        key : str
            Id of the finding, as ``b[key]`` takes it; ``[one.id for one in b if one.picture]`` lists those with one.
        path : str or path
            File to write, as :meth:`html` does.
        force : bool, optional
            Replace an existing file.

        Raises
        ------
        KeyError
            No finding, or more than one, answers to the name.
        headway.core.errors.InputError
            The finding has no picture; the file exists and `force` is false, or cannot be written.
        """
        from headway.charts.figure import drawing
        from headway.core.errors import InputError
        from headway.core.files import refuse_early, write_atomically

        refuse_early(Path(path), force=force)
        finding = self[key]
        if finding.picture is None:
            raise InputError(
                f"{finding.id} has no picture; [one.id for one in b if one.picture] lists those that have one"
            )
        return write_atomically(Path(path), drawing(finding, background="white"), force=force)

    def json(self) -> dict[str, Any]:
        """Document of ``headway brief --json``, as plain data with ``schema_version`` first."""
        from headway.brief.document import SCHEMA_VERSION, document

        return {"schema_version": SCHEMA_VERSION, **document(self.composed)}

    def _repr_html_(self) -> str:
        """The judgement and the headline numbers; :meth:`html` writes the whole page."""
        from headway.brief import view

        tiles = "".join(
            f"<tr><td>{escape(tile.title)}</td><td><b>{escape(tile.number)}</b></td><td>{escape(tile.range)}</td>"
            f"<td>{escape(tile.tier)}</td></tr>"
            for tile in view.tiles(self.composed)
        )
        told = "".join(f"<p>{escape(sentence.text)}</p>" for sentence in view.judgement(self.composed))
        return (
            f"<div><h3>{escape(self.name)}</h3><p>{escape(' · '.join(view.dateline(self.composed)))}</p>"
            f"{told}<table><tbody>{tiles}</tbody></table><p><small>{escape(view.citation(self.composed))}"
            "</small></p></div>"
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        drawn = [one for one in self.findings if one.picture]
        if not drawn:
            return {"text/html": self._repr_html_()}
        fan = next((one for one in drawn if ":outlook.fan" in one.id), drawn[0])
        return with_picture(self._repr_html_(), of_finding(fan))


_COLUMNS = ("id", "section", "quantity", "value", "low", "high", "level", "unit", "period", "as_of", "tier", "scenario",
            "sentence", "caveat", "weight")  # fmt: skip


def _short(identifier: str) -> str:
    """Id without country, day and what follows it: `gap.lag_to:USA`."""
    return identifier.partition(":")[2].partition("@")[0]
