"""Data files: what is accepted, and errors that name column and row."""

from pathlib import Path

import numpy as np
import pytest
from indexes import flat

from headway.core.errors import InputError
from headway.standing.build import build
from headway.standing.spec import Spec, parse
from headway.standing.table import parse_table, read_table

SPEC = flat(2)


def years() -> Spec:
    return parse({**SPEC.model_dump(mode="json", exclude_unset=True), "year": "year"}, "x")


def test_cells_labels_and_missing_values() -> None:
    table = parse_table("unit,b,a,label\nz,1,2,Zed\ny,..,n/a,\n", SPEC, "d.csv")
    assert table.units == ("y", "z")
    assert table.indicators == ("a", "b")
    np.testing.assert_array_equal(table.values, [[np.nan, np.nan], [2, 1]])
    assert (table.name("z"), table.name("y")) == ("Zed", "y")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("unit,a\nx,1\n", "no column 'b'; the file has unit, a"),
        ("unit,a,bb\nx,1,2\n", "no column 'b'; did you mean 'bb'"),
        ("unit,a,b\nx,1,2\ny,1,2\nx,3,4\n", "lines 2 and 4: unit 'x' stands twice"),
        ("unit,a,b\nx,1,2\ny,one,2\n", "line 3, column 'a': 'one' is not a number; leave the cell empty"),
        ('unit,a,b\nx,1,2\ny,"1,5",2\n', "line 3, column 'a': '1,5' is not a number .write decimals with a point"),
        ("unit,a,b\nx,1,inf\n", "line 2, column 'b': inf is not a finite number"),
        ("unit,a,b\nx,1\n", "line 2: 2 cells, but the first line names 3 columns"),
        ("unit,a,a,b\nx,1,2,3\n", "column 'a' stands twice"),
        ("unit,a,b\n,1,2\n", "line 2: column 'unit' is empty"),
        ("unit,a,b\n", "no rows"),
        ("", "no rows"),
    ],
)
def test_faults_name_their_place(text: str, words: str) -> None:
    with pytest.raises(InputError, match=f"d.csv.*{words}"):
        parse_table(text, SPEC, "d.csv")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    with pytest.raises(InputError, match="line 5, column 'a'"):
        parse_table("unit,a,b\n\nx,1,2\n\ny,?,2\n", SPEC, "d.csv")


def test_years() -> None:
    table = parse_table("unit,year,a,b\nx,2021,3,4\nx,2020,1,2\n", years(), "d.csv")
    assert table.distinct_years == (2020, 2021)
    assert table.of_year(2021).values.tolist() == [[3, 4]]
    with pytest.raises(InputError, match="lines 2 and 3: unit 'x' stands twice in 2020"):
        parse_table("unit,year,a,b\nx,2020,3,4\nx,2020,1,2\n", years(), "d.csv")
    with pytest.raises(InputError, match=r"line 2: the year 2020\.5 is not a whole number"):
        parse_table("unit,year,a,b\nx,2020.5,3,4\n", years(), "d.csv")
    with pytest.raises(InputError, match="line 3: the year"):
        parse_table("unit,year,a,b\nx,2020,3,4\ny,,3,4\n", years(), "d.csv")
    with pytest.raises(InputError, match="no rows of 1999; the data hold 2020, 2021"):
        table.of_year(1999)


def test_standard_errors_and_years_of_values() -> None:
    table = parse_table("unit,a,b,a.se,b.year\nx,1,2,0.5,2018\ny,3,4,,2020\n", SPEC, "d.csv")
    assert table.errors is not None
    assert table.ages is not None
    np.testing.assert_array_equal(table.errors, [[0.5, np.nan], [np.nan, np.nan]])
    np.testing.assert_array_equal(table.ages, [[0, 2], [0, 0]])


def test_semicolons_tabs_and_byte_order_marks(tmp_path: Path) -> None:
    for delimiter in ";\t":
        text = "\ufeffunit,a,b\nx,1,2\n".replace(",", delimiter)
        (tmp_path / "d.csv").write_text(text, encoding="utf-8")
        assert read_table(tmp_path / "d.csv", SPEC).values.tolist() == [[1, 2]]


def test_a_row_without_data_is_marked_not_dropped() -> None:
    table = parse_table("unit,a,b\nx,1,2\ny,3,4\nz,,\n", SPEC, "d.csv")
    index = build(SPEC, table)
    assert index.units == ("x", "y", "z")
    assert np.isnan(index.scores["top"][2])
    assert any("too little data for a score: z" in words for words in index.remarks)


def test_a_hundred_thousand_rows() -> None:
    rng = np.random.default_rng(0)
    x = rng.random((100_000, 2))
    text = "unit,a,b\n" + "".join(f"u{i},{a},{b}\n" for i, (a, b) in enumerate(x))
    index = build(SPEC, parse_table(text, SPEC, "d.csv"))
    assert len(index.units) == 100_000
    assert np.nanmin(index.ranks["top"]) == 1


def test_values_too_large_to_compute_with_are_named() -> None:
    with pytest.raises(InputError, match=r"'a' of x is 1e\+308; values beyond"):
        build(SPEC, parse_table("unit,a,b\nx,1e308,1\ny,-1e308,2\n", SPEC, "d.csv"))


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(InputError, match="at most 200,000"):
        parse_table("unit,a,b\n" + "x,1,2\n" * 200_001, SPEC, "d.csv")


def test_a_missing_file_and_other_encodings(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_table(tmp_path / "absent.csv", SPEC)
    (tmp_path / "latin.csv").write_bytes("unit,a,b\nZürich,1,2\n".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_table(tmp_path / "latin.csv", SPEC)
