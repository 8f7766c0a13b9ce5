"""Data files: what is accepted, and errors that name column and row."""

import io
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import flat

from headway.core.errors import InputError
from headway.standing.build import build
from headway.standing.reader import parse_table, read_table, table_from_frame
from headway.standing.spec import Spec, parse

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
    (tmp_path / "latin.csv").write_bytes("unit,a,b\nZürich,1,2\nBern,3,4\n".encode("latin-1"))
    table = read_table(tmp_path / "latin.csv", SPEC)
    assert table.units == ("Bern", "Zürich")
    assert "read as Latin-1" in build(SPEC, table).remarks[0]
    (tmp_path / "wide.csv").write_bytes("unit,a,b\nZürich,1,2\n".encode("utf-16"))
    assert read_table(tmp_path / "wide.csv", SPEC).units == ("Zürich",)
    (tmp_path / "old.csv").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 40)
    with pytest.raises(InputError, match=r"before 2007 \(.xls\); save it as .xlsx or as CSV"):
        read_table(tmp_path / "old.csv", SPEC)
    (tmp_path / "bytes.csv").write_bytes(b"unit,a,b\n\0\xff\0")
    with pytest.raises(InputError, match="not a text file"):
        read_table(tmp_path / "bytes.csv", SPEC)


def test_an_excel_file_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["unit", "a", "b"], ["x", 1.5, None], [None, None, None], ["y", 3, "n/a"]):
        book.active.append(row)
    book.save(tmp_path / "d.csv")
    table = read_table(tmp_path / "d.csv", SPEC)
    np.testing.assert_array_equal(table.values, [[1.5, np.nan], [3, np.nan]])
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no book")
    with pytest.raises(InputError, match="cannot be read as one"):
        read_table(tmp_path / "broken.xlsx", SPEC)


def test_all_faulty_cells_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_table("unit,a,b\nx,one,2\nx,1,two\n,3,4\n", SPEC, "d.csv")
    assert str(caught.value).splitlines() == [
        "d.csv: 4 mistakes",
        "  line 4: column 'unit' is empty",
        "  line 2, column 'a': 'one' is not a number; leave the cell empty where there is no value",
        "  line 3, column 'b': 'two' is not a number; leave the cell empty where there is no value",
        "  lines 2 and 3: unit 'x' stands twice",
    ]
    with pytest.raises(InputError, match=r"(?s)50 mistakes.*and 30 more"):
        parse_table("unit,a,b\n" + "".join(f"u{i},?,1\n" for i in range(50)), SPEC, "d.csv")
    with pytest.raises(InputError, match=r"(?s)2 mistakes.*no column 'a'.*no column 'b'"):
        parse_table("unit,c,d\nx,1,2\n", SPEC, "d.csv")


def test_faulty_cells_are_named_by_the_column_of_the_file() -> None:
    panel = SPEC.model_copy(update={"year": "year"})
    with pytest.raises(InputError, match="line 3, column 'a_2021': 'x' is not a number"):
        parse_table("unit,a_2020,a_2021,b_2021\nx,1,2,3\ny,4,x,6\n", panel, "d.csv")
    with pytest.raises(InputError, match="line 2, column 'first': 'x' is not a number"):
        parse_table("unit,first,b\nx,x,2\n", SPEC, "d.csv", {"a": "first"})


def test_years_that_the_specification_does_not_name_are_told_from_duplicates() -> None:
    with pytest.raises(InputError, match="'x' stands twice; for data with years give the specification `year: Year`"):
        parse_table("unit,Year,a,b\nx,2020,1,2\nx,2021,3,4\n", SPEC, "d.csv")


@pytest.mark.parametrize("cell", ["1_000", "２０", "0x10", "True", "1e", "--1", "1 2"])
def test_only_plain_numbers_are_numbers(cell: str) -> None:
    with pytest.raises(InputError, match="is not a number"):
        parse_table(f"unit,a,b\nx,{cell},2\n", SPEC, "d.csv")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_numbers_are_read_to_the_last_digit(values: list[float]) -> None:
    text = "unit,a,b\n" + "".join(f"u{i},{x!r},1\n" for i, x in enumerate(values))
    assert parse_table(text, SPEC, "d.csv").values[:, 0].tolist() == values


def test_quoted_cells_blank_rows_and_decimal_commas() -> None:
    table = parse_table('unit,a,b,label\n"x",1,2,"Korea, Rep."\n,,,\ny,3,4,"two\nlines"\n', SPEC, "d.csv")
    assert (table.name("x"), table.name("y")) == ("Korea, Rep.", "two lines")
    with pytest.raises(InputError, match="line 4, column 'a'"):
        parse_table('unit,a,b\n"x\ny",1,2\nz,?,1\n', SPEC, "d.csv")
    comma = parse_table("unit;a;b\nx;1,5;2\ny;-3,25e2;4\n", SPEC, "d.csv")
    assert comma.values[:, 0].tolist() == [1.5, -325.0]
    assert comma.remarks == ("decimal commas are read as decimal points",)


def test_a_unit_may_be_called_like_a_missing_value() -> None:
    assert parse_table("unit,a,b\nNA,1,2\nnan,3,4\n", SPEC, "d.csv").units == ("NA", "nan")


def test_years_as_columns_are_a_panel_or_told_apart() -> None:
    wide = "unit,a_2020,a_2021,b_2021\nx,1,2,3\ny,4,,6\n"
    table = parse_table(wide, years(), "d.csv")
    assert table.distinct_years == (2020, 2021)
    np.testing.assert_array_equal(table.values, [[1, np.nan], [4, np.nan], [2, 3], [np.nan, 6]])
    with pytest.raises(InputError, match=r"one column a year \(a_2020 … a_2021\): give the .* or name .*a=a_2021"):
        parse_table(wide, SPEC, "d.csv")
    assert parse_table(wide, SPEC, "d.csv", {"a": "a_2021", "b": "b_2021"}).values.shape == (2, 2)
    with pytest.raises(InputError, match=r"years as columns \(2019 … 2021\): it needs one row per unit and year"):
        parse_table("unit,series,2019,2020,2021\nx,a,1,2,3\n", years(), "d.csv")


def test_columns_may_have_other_names_in_the_file() -> None:
    text = "iso,alpha,b\nx,1,2\ny,3,4\n"
    assert parse_table(text, SPEC, "d.csv", {"unit": "iso", "a": "alpha"}).values.tolist() == [[1, 2], [3, 4]]
    with pytest.raises(InputError, match="no column 'alhpa'; did you mean 'alpha'"):
        parse_table(text, SPEC, "d.csv", {"unit": "iso", "a": "alhpa"})
    with pytest.raises(InputError, match="knows no 'c'"):
        parse_table(text, SPEC, "d.csv", {"c": "alpha"})


def test_a_frame_gives_what_its_file_gives() -> None:
    text = "unit,year,a,b,a.se,label\nx,2020,1,2,.1,X\ny,2020,3,4,,\nx,2021,5,6,.2,X\ny,2021,1,,,\nz,2021,2,1,,\n"
    frame = pd.read_csv(io.StringIO(text))
    from_file, from_frame = parse_table(text, years(), "d.csv"), table_from_frame(frame, years())
    assert from_frame.hash == from_file.hash
    assert from_frame.labels == from_file.labels
    assert build(years(), frame).scores["top"].tolist() == build(years(), from_file).scores["top"].tolist()
    indexed = frame.set_index(["unit", "year"])
    assert table_from_frame(indexed, years()).hash == from_file.hash
    named = pd.DataFrame({"a": [1.0, 2.0], "b": [3, None]}, index=["x", "y"])
    assert table_from_frame(named, SPEC).units == ("x", "y")


def test_faults_of_a_frame_name_its_rows() -> None:
    frame = pd.DataFrame({"unit": ["x", "x", None], "a": [1, "one", 3], "b": [1.0, np.inf, 2.0]}, index=[7, 8, 9])
    with pytest.raises(InputError) as caught:
        table_from_frame(frame, SPEC, "mine")
    said = str(caught.value)
    for words in ("row 9: column 'unit' is empty", "row 8, column 'a': 'one' is not", "row 8, column 'b': inf is not"):
        assert words in said
    assert "rows 7 and 8: unit 'x' stands twice" in said
    with pytest.raises(InputError, match="the frame: no column 'b'; the file has unit, a"):
        table_from_frame(pd.DataFrame({"unit": ["x"], "a": [1]}), SPEC)
