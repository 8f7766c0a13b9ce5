"""A view of standing taken from disk is the one that was put there, to the last number."""

from __future__ import annotations

import io

import numpy as np
import pytest

from headway.evidence import open_evidence
from headway.standing import stored, view
from headway.standing.evidence_table import VIEWS, View
from headway.standing.robust import summary


@pytest.mark.parametrize("kind", VIEWS)
def test_a_view_comes_back_whole(kind: View) -> None:
    data, ensembles = view._made(open_evidence(), kind, None)
    again, others = stored.read(stored.write((data, ensembles)))
    assert again.spec == data.spec
    assert again.spec.hash == data.spec.hash
    assert again.table.hash == data.table.hash
    assert again.table.labels == data.table.labels
    assert again.absent == data.absent
    assert (again.ids == data.ids).all()
    assert (again.periods == data.periods).all()
    assert list(others) == list(ensembles)
    for node, ensemble in ensembles.items():
        other = others[node]
        assert other.units == ensemble.units
        np.testing.assert_array_equal(other.scores, ensemble.scores)
        np.testing.assert_array_equal(other.nominal_ranks, ensemble.nominal_ranks)
        for name, numbers in ensemble.design.items():
            np.testing.assert_array_equal(other.design[name], numbers)
        for name in ("nominal", "median", "mean", "low", "high", "ranked"):
            np.testing.assert_array_equal(getattr(summary(other), name), getattr(summary(ensemble), name))


def test_a_file_whose_scores_belong_to_another_table_is_refused() -> None:
    content = stored.write(view._made(open_evidence(), "scale", None))
    with np.load(io.BytesIO(content)) as archive:
        arrays = {name: archive[name] for name in archive.files}
    name = next(name for name in arrays if name.startswith("scores/"))
    buffer = io.BytesIO()
    np.savez(buffer, **{**arrays, name: arrays[name][:, :-1]})
    with pytest.raises(ValueError, match="have the shape"):
        stored.read(buffer.getvalue())
