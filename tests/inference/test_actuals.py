"""Tables of what came true: every mistake is named with its row and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.core.errors import InputError
from headway.inference.forecast import read_actuals

SPAN = (4 * 2026, 4 * 2030 + 3)
HEAD = "country,quarter,eci\n"


def read(tmp_path: Path, text: str) -> list[object]:
    path = tmp_path / "actuals.csv"
    path.write_text(text, "utf-8")
    return list(read_actuals(path, ("USA", "CHN"), SPAN))


def test_a_good_table(tmp_path: Path) -> None:
    rows = read(tmp_path, HEAD + "USA,2026Q1,156.2\nUSA,2026Q2,157\nCHN, 2026Q1 ,150.5\n")
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column country"),
        ("country,eci\nUSA,156\n", "no column quarter"),
        (HEAD, "no row below"),
        (HEAD + "US,2026Q1,156\n", "row 2: country 'US' has no forecast"),
        (HEAD + "usa,2026Q1,156\n", "write USA"),
        (HEAD + "USA,2026-03,156\n", "row 2: quarter '2026-03'"),
        (HEAD + "USA,2025Q4,156\n", "2025Q4 is not forecast"),
        (HEAD + "USA,2026Q1,high\n", "row 2: eci 'high' is not a number"),
        (HEAD + "USA,2026Q1,\n", "row 2: eci '' is not a number"),
        (HEAD + "USA,2026Q1,nan\n", "row 2: eci nan is not a score"),
        (HEAD + "USA,2026Q1,1560\n", "row 2: eci 1560 is not a score"),
        (HEAD + "USA,2026Q1,156\nUSA,2026Q1,157\n", "row 3: USA 2026Q1 stands in row 2 already"),
        (HEAD + "USA,2026Q2,155\nUSA,2026Q1,156\n", "row 2: eci 155 of USA is below 156 in 2026Q1"),
        (HEAD + "USA,2026Q1,156,7\n", "more cells than the header"),
    ],
)
def test_mistakes_name_row_and_field(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path, text)


def test_a_missing_file_and_wrong_bytes(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_actuals(tmp_path / "none.csv", ("USA",), SPAN)
    (tmp_path / "bytes.csv").write_bytes(b"country,quarter,eci\nUSA,2026Q1,\xff\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_actuals(tmp_path / "bytes.csv", ("USA",), SPAN)
