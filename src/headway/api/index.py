"""`headway.index`: any composite indicator from a specification and a table, and questions to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.api.notebook import pictured, with_picture

if TYPE_CHECKING:
    import pandas as pd

    from headway.standing.build import Index
    from headway.standing.spec import Spec
    from headway.standing.table import Table


def index(
    spec: str | Path | Mapping[str, Any] | Spec,
    data: str | Path | pd.DataFrame | Table,
    functions: Mapping[str, Callable[..., Any]] | None = None,
) -> CompositeIndex:
    """Composite indicator from a specification and a table.

    Parameters
    ----------
    spec : str, path or mapping
        Name of a preset (``headway index presets`` lists them), path of a YAML file, or the same as plain data; or a
        specification that is read already, as ``headway.standing.from_coinr`` gives it.
    data : pandas.DataFrame, str or path
        One row per unit (and year), one column per indicator; a table, or the path of a CSV or Excel file. Beside the
        indicators: the unit and year columns that `spec` names, ``label``, group and denominator columns, and for an
        indicator optionally ``<indicator>.se`` (standard error) and ``<indicator>.year`` (year that the value speaks
        of). Units may be the table's index. Missing values stay empty. A table that
        ``headway.standing.from_coinr`` or ``from_coin_tool`` gives does as well.
    functions : mapping, optional
        Functions of your own by the name of the step or node that they take the place of: for a step from the values
        of one year (units by indicators) to values of the same shape, for a node from its children's scores and their
        weights to one score per unit.

    Returns
    -------
    CompositeIndex
        Scores, ranks and everything on the way, as tables; it shows itself in a notebook.

    Raises
    ------
    headway.core.errors.InputError
        The specification or the table breaks a rule: the message names field or line, and column.

    Examples
    --------
    >>> import headway as hw
    >>> import pandas as pd
    >>> spec = {"name": "two", "indicators": ["chips", "people"], "steps": ["normalise"],
    ...         "nodes": {"both": {"children": ["chips", "people"]}},
    ...         "robustness": {"weights": {"kind": "dirichlet", "concentration": 1}}}
    >>> data = pd.DataFrame({"chips": [1, 5, 9], "people": [2, 9, 3]}, index=["A", "B", "C"])
    >>> ix = hw.index(spec, data)
    >>> ix.scores["both"].round(2).to_dict()
    {'B': 75.0, 'C': 57.14, 'A': 0.0}
    >>> ix.ranks["both"].to_dict()
    {'B': 1, 'C': 2, 'A': 3}
    >>> ix.robustness(200).shape
    (3, 7)
    >>> hw.index(spec, data, {"both": lambda children, weights: children.min(axis=1)}).ranks["both"].to_dict()
    {'B': 1, 'C': 2, 'A': 3}
    """
    from headway.standing.build import build
    from headway.standing.presets import specification
    from headway.standing.reader import read_table
    from headway.standing.spec import Spec, parse

    chosen = spec if isinstance(spec, Spec) else parse(spec, "spec") if isinstance(spec, Mapping) else None
    chosen = chosen or specification(str(spec))
    table = read_table(Path(data), chosen) if isinstance(data, str | Path) else data
    return CompositeIndex(build(chosen, table, functions))


@dataclass(frozen=True, repr=False, eq=False)
class CompositeIndex:
    """Composite indicator, made by :func:`headway.index`.

    Attributes
    ----------
    built : headway.standing.build.Index
        Arrays that the tables are made from.
    """

    built: Index

    def __repr__(self) -> str:
        return f"CompositeIndex({self.spec.name!r}, units={len(set(self.built.units))})"

    @property
    def spec(self) -> Spec:
        """Specification, checked; ``spec.hash`` changes whenever anything in it does."""
        return self.built.spec

    @cached_property
    def results(self) -> pd.DataFrame:
        """Ranks and scores of all nodes, best unit first, and the share of each unit's indicators not observed."""
        from headway.standing.export import results

        return results(self.built)

    @property
    def ranks(self) -> pd.DataFrame:
        """Rank of every unit (and year) in every node, 1 is best; shape (units, nodes), best unit first."""
        return self._of_nodes("rank")

    @property
    def scores(self) -> pd.DataFrame:
        """Score of every unit (and year) in every node; shape (units, nodes), best unit first."""
        return self._of_nodes("score")

    @property
    def cells(self) -> pd.DataFrame:
        """Value of every unit and indicator before and after each step, with marks of what was done to it."""
        from headway.standing.export import cells

        return cells(self.built)

    @property
    def weights(self) -> pd.DataFrame:
        """Weight of every child within its node, and in the whole index."""
        from headway.standing.export import weights

        return weights(self.built)

    @property
    def recipe(self) -> dict[str, Any]:
        """Versions and hashes that make the index again."""
        from headway.standing.export import recipe

        return recipe(self.built)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Remarks for the reader: units left out, cells imputed, and the like."""
        return self.built.remarks

    def robustness(self, draws: int | None = None, *, node: str | None = None, year: int | None = None) -> pd.DataFrame:
        """Rank intervals over the alternatives and errors that the specification states.

        Parameters
        ----------
        draws : int, optional
            Members of the ensemble; the specification's own number where none is given.
        node : str, optional
            A node other than the whole index.
        year : int, optional
            For data with years; the latest where none is given.

        Returns
        -------
        pandas.DataFrame
            One row per unit, by mean rank: ``nominal`` (rank as specified), ``median``, ``low`` and ``high`` (90 %
            interval), ``mean``, ``p_top_10`` (probability) and ``tier`` (units of one tier cannot be told apart).

        Raises
        ------
        headway.core.errors.InputError
            An unknown node or year, a number of draws outside 1 to 1,000,000, or data that carry no ranking.
        """
        import pandas as pd

        from headway.core.limits import MOST_DRAWS, whole_number
        from headway.standing.ensemble import prepare, run
        from headway.standing.ranks import rank_records, tiers

        if draws is not None:
            whole_number("draws", draws, 1, MOST_DRAWS)
        study = prepare(self.spec, self.built.table, node=node, year=year, functions=self.built.functions)
        made = run(study, draws)
        return pd.DataFrame(rank_records(made, tiers(made))).set_index("unit")

    def audit(self) -> pd.DataFrame:
        """Verdicts on the index: coherence, balance, whether it stands without one part; columns grade and verdict."""
        import pandas as pd

        from headway.standing.audit import audit, verdict

        lines = verdict(self.built, audit(self.built))
        return pd.DataFrame([{"grade": line.grade, "verdict": line.text} for line in lines])

    def html(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the index as one self-contained page; parameters and errors as :meth:`CountryBrief.html`."""
        from headway.core.files import refuse_early, write_atomically
        from headway.standing.export import intervals, page

        refuse_early(Path(path), force=force)
        ranked, remark = intervals(self.built)
        return write_atomically(Path(path), page(self.built, None, ranked, remark), force=force)

    def excel(self, path: str | Path, *, force: bool = False) -> Path:
        """Write all tables as an Excel workbook, which needs ``headway[index]``; parameters and errors as `html`."""
        from headway.core.files import refuse_early, write_atomically
        from headway.standing.export import excel, intervals

        refuse_early(Path(path), force=force)
        return write_atomically(Path(path), excel(self.built, intervals(self.built)[0]), force=force)

    def _of_nodes(self, what: str) -> pd.DataFrame:
        keys = ["unit"] if self.built.years is None else ["year", "unit"]
        ending = f".{what}"
        wanted = [name for name in self.results.columns if name.endswith(ending)]
        table = self.results.set_index(keys)[wanted]
        return table.rename(columns=lambda name: name.removesuffix(ending))

    def _repr_html_(self) -> str:
        """Ranks and scores of the index, with the remarks."""
        root = self.spec.tree.root
        shown = self.results.drop(columns=[c for c in self.results if c.endswith(".score") and c != f"{root}.score"])
        remarks = "".join(f"<li>{escape(words)}</li>" for words in self.remarks)
        title = escape(self.spec.title or self.spec.name)
        return f"<div><h3>{title}</h3>{shown.to_html(index=False, max_rows=_SHOWN)}<ul>{remarks}</ul></div>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        from headway.charts import Caption
        from headway.core.periods import today
        from headway.standing.pictures import picture

        drawn = pictured(picture("scores", self.built), Caption(today()))
        return with_picture(self._repr_html_(), drawn)


_SHOWN = 30
