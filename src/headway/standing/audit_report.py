"""Audit report of an index: the Handbook's ten steps, one page each: what was chosen, what the data say, and pictures.

Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), table 1 (the ten steps); the statistics are those
of the JRC's statistical audits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from headway.standing.audit import AuditRemark, audit
from headway.standing.audit_data import (
    data_page,
    framework_page,
    imputation_page,
    multivariate_page,
    normalisation_page,
)
from headway.standing.audit_parts import Audited, AuditPage
from headway.standing.audit_ranks import (
    details_page,
    links_page,
    presentation_page,
    robustness_page,
    weighting_page,
)
from headway.standing.build import Index
from headway.standing.ensemble import prepare, run
from headway.standing.export import recipe
from headway.standing.ranks import summary
from headway.standing.sensitivity import mean_rank_shift, sensitivity

POINTS = 256
"""Base sample of the sensitivity analysis in a report."""


@dataclass(frozen=True)
class AuditReport:
    """Report of an audit: a summary and ten pages.

    Attributes:
        lines: what the index is made of and from, for the summary.
        made: versions and hashes that make it again.
    """

    title: str
    lines: tuple[str, ...]
    pages: tuple[AuditPage, ...]
    made: Mapping[str, object] = field(default_factory=dict)

    @property
    def verdict(self) -> tuple[tuple[int, AuditRemark], ...]:
        """Graded remarks with the number of their step."""
        return tuple((page.number, remark) for page in self.pages for remark in page.graded)


def audit_report(index: Index, others: Mapping[str, Mapping[str, float]] | None = None) -> AuditReport:
    """Report on an index, or on its latest year.

    Args:
        others: variables outside the index, name → unit → value, with which step 9 compares it.

    Raises:
        InputError: a variable shares too few units with the index.
    """
    study = prepare(index.spec, index.table, functions=index.functions)
    varied = bool(study.choices or study.errors)
    ensemble = run(study) if varied else None
    moved = sensitivity(study, mean_rank_shift(study), points=POINTS) if varied else None
    last = index.blocks()[-1]
    beside = {
        name: np.array([values.get(index.units[row], np.nan) for row in last])
        for name, values in {**_extras(index), **(others or {})}.items()
    }
    of = Audited(index, audit(index), study, ensemble, summary(ensemble) if ensemble else None, moved, beside)
    year = "" if study.year is None else f" in {study.year}"
    counted = f"{len(last)} units{year}, {len(index.spec.tree.leaves)} indicators, {len(index.spec.tree.nodes)} nodes"
    lines = (counted, *((index.spec.source,) if index.spec.source else ()))
    pages = tuple(
        make(of)
        for make in (
            framework_page,
            data_page,
            imputation_page,
            multivariate_page,
            normalisation_page,
            weighting_page,
            robustness_page,
            details_page,
            links_page,
            presentation_page,
        )
    )
    return AuditReport(index.spec.title or index.spec.name, lines, pages, recipe(index))


def _extras(index: Index) -> dict[str, dict[str, float]]:
    """Further columns of the data (denominators, columns for similarity), name → unit → value in the latest year."""
    rows = index.rows[index.blocks()[-1]]
    return {
        name.replace("_", " "): {index.table.units[i]: float(values[i]) for i in rows}
        for name, values in index.table.extras.items()
    }
