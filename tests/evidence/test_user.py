"""What a stranger's table may look like, and what he is told when it is wrong."""

import datetime as dt
from pathlib import Path

import pytest

from headway.core.errors import InputError
from headway.evidence import open_evidence
from headway.evidence.catalogue import indicators
from headway.evidence.user import read_user_files

DAY = dt.date(2026, 11, 22)
HEADER = "indicator,country,period,value,unit,source"
GOOD = "gdp_usd,France,2024,3.1,trillion USD,My ministry"


def read(tmp_path: Path, content: str | bytes, name: str = "my.csv") -> None:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    read_user_files([path], indicators(), DAY)


def line(**changes: str) -> str:
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | changes
    return ",".join(cells) + "\n" + ",".join(cells.values()) + "\n"


BAD: dict[str, tuple[str | bytes, str]] = {
    "empty file": ("", "the file is empty"),
    "blank file": ("\n  \n", "the file is empty"),
    "header only": (HEADER + "\n", "no row below the header"),
    "binary file": (b"PAR1\x00\x01\x02", "not a text file"),
    "spreadsheet": (b"PK\x03\x04\x00\x00", "looks like an Excel file but cannot be read"),
    "old spreadsheet": (b"\xd0\xcf\x11\xe0\x00\x00", "save it as .xlsx or as CSV"),
    "no encoding": (f"{HEADER}\n{GOOD}\n".encode() + b"gdp_usd,\x81\x8d,2024,1,USD,x\n", "row 3 is neither UTF-8 nor"),
    "column missing": (HEADER.replace(",unit", "") + "\ngdp_usd,FRA,2024,1,x\n", "column 'unit' is missing"),
    "column misspelt": (line(valeu="3"), "column 'valeu' is not known; did you mean 'value'"),
    "column unknown": (line(zzz="red"), "column 'zzz' is not known; allowed are"),
    "too many cells": (f"{HEADER}\n{GOOD},more\n", "row 2 has 7 cells, the header 6"),
    "one cell": (f"{HEADER}\n{GOOD}\ngdp_usd\n", "row 3 has 1 cell, the header 6"),
    "too few cells": (f"{HEADER}\n{GOOD}\ngdp_usd,FRA,2024\n", "row 3 has 3 cells, the header 6"),
    "column twice": (f"{HEADER},value\n{GOOD},3\n", "column 'value' stands twice"),
    "unclosed quote": (f'{HEADER}\n"{GOOD}\n', "not a CSV table"),
    "empty cell": (line(country=""), "row 2, field 'country' is empty"),
    "blank row": (f"{HEADER}\n{GOOD}\n\n{GOOD}\n", "row 4, field 'id'.*stand twice"),
    "unknown country": (line(country="Freedonia"), "row 2, field 'country': 'Freedonia' is not a country"),
    "country misspelt": (line(country="Frnace"), r"did you mean France \(FRA\)"),
    "region": (line(country="Europe"), "'Europe' is not a country: a region"),
    "unknown indicator": (line(indicator="happiness"), "row 2, field 'indicator': 'happiness' is not an indicator"),
    "indicator misspelt": (line(indicator="gdp_us"), "did you mean gdp_usd"),
    "text value": (line(value="about 3"), "row 2, field 'value' is 'about 3': give a finite number"),
    "both decimal marks": (
        line(value='"3,1"') + GOOD.replace("France", "Italy") + "\n",
        "row 2, field 'value' is '3,1': .* other cells of the table show a decimal point",
    ),
    "decimal or thousands": (line(value='"1,234"'), "'1,234': it may mean 1234 or 1.234; write one"),
    "no value": (line(value="n/a"), "no row holds a value"),
    "value with unit": (line(value="3%"), "row 2, field 'value' is '3%'"),
    "infinite value": (line(value="inf"), "row 2, field 'value' is 'inf'"),
    "nan value": (line(value="nan"), "row 2, field 'value' is 'nan'"),
    "wrong unit": (line(unit="EUR"), "row 2, field 'unit': unit 'EUR' does not fit; give 'USD'"),
    "unit of another kind": (line(unit="persons"), "row 2, field 'unit': unit 'persons' does not fit"),
    "per something else": (line(indicator="rd_share_gdp", unit="% of exports"), "give '% of GDP'"),
    "below what is possible": (line(value="-3"), "row 2, field 'value'.*below what the indicator allows"),
    "low above value": (line(low="9", high="10"), "row 2, field 'low'.*must not be above"),
    "high below value": (line(low="1", high="2"), "row 2, field 'high'.*must not be below"),
    "low alone": (line(low="1"), "row 2, field 'high'.*both or none"),
    "level in percent": (line(low="1", high="4", level="90"), "row 2, field 'level' is '90.0'"),
    "level alone": (line(level="0.9"), "row 2, field 'level'.*needs low and high"),
    "text for low": (line(low="little", high="4"), "row 2, field 'low' is 'little'"),
    "not a period": (line(period="last year"), "row 2, field 'period': 'last year' is not a period"),
    "a fifth quarter": (line(period="2024Q5"), "'2024Q5' is not a period"),
    "period long past": (line(period="1850"), "between 1950 and 2040"),
    "not a day": (line(published_on="05/17/2024"), "field 'published_on' is '05/17/2024': write a day as 2024-05-17"),
    "published in the future": (line(published_on="2031-01-01"), "2031-01-01: it lies after 2026-11-22"),
    "published before the period": (line(published_on="2023-01-01"), "before the period begins"),
    "period in the future": (line(period="2035"), "before the period begins"),
    "flag unknown": (line(flag="rumour"), "row 2, field 'flag'"),
    "the same row twice": (f"{HEADER}\n{GOOD}\n{GOOD}\n", "row 3, field 'id'.*stand twice"),
    "one figure in two spellings": (f"{HEADER}\n{GOOD}\n{GOOD.replace('France', 'fra')}\n", "row 3.*stand twice"),
    "log of nothing": (line(indicator="largest_training_run", value="0", unit="FLOP"), "must be above zero"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_tables_are_named_by_file_row_and_field(tmp_path: Path, case: str) -> None:
    content, told = BAD[case]
    with pytest.raises(InputError, match=rf"my\.csv: [\s\S]*{told}") as caught:
        read(tmp_path, content)
    assert caught.value.exit_code == 2


def test_there_are_enough_bad_cases() -> None:
    assert len(BAD) >= 30


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"give a \.csv table"):
        read(tmp_path, GOOD, "my.ods")
    with pytest.raises(InputError, match="cannot read"):
        read_user_files([tmp_path / "absent.csv"], indicators(), DAY)
    with pytest.raises(InputError, match="cannot read"):
        read_user_files([tmp_path], indicators(), DAY)


def test_a_good_row_is_converted_marked_and_dated(tmp_path: Path) -> None:
    path = tmp_path / "my.csv"
    path.write_text("\ufeff" + line(low="3", high="3.2", level="0.9"), encoding="utf-8")
    user = read_user_files([path], indicators(), DAY)
    row = user.observations.iloc[0]
    assert (row["country"], row["value"], row["low"], row["high"], row["unit"]) == ("FRA", 3.1e12, 3e12, 3.2e12, "USD")
    assert (row["flag"], row["source"]) == ("pseudo,user", "user_my_ministry")
    assert str(row["published_on"].date()) == "2024-12-31"
    assert user.sources["user_my_ministry"].publisher == "My ministry"
    assert len(user.hash) == 8


def test_the_users_row_stands_in_place_of_the_publishers(tmp_path: Path, tiny_snapshot: Path) -> None:
    path = tmp_path / "my.csv"
    path.write_text(line(period="2021", value="9"))
    known = open_evidence(user_files=[path], folder=tiny_snapshot)
    rows = known.observations("gdp_usd", "FRA").set_index("period")
    assert rows.loc["2021", "value"] == 9e12
    assert rows.loc["2020", "value"] == 2.7e12
    assert known.fact(rows.loc["2021", "id"]).source.publisher == "My ministry"
    assert known.user_hash is not None
    before = open_evidence(dt.date(2021, 6, 30), user_files=[path], folder=tiny_snapshot)
    assert before.observations("gdp_usd", "FRA").empty


def test_the_users_row_does_not_count_as_a_newer_edition(tmp_path: Path, tiny_snapshot: Path) -> None:
    path = tmp_path / "my.csv"
    unit = indicators()["rule_of_law"].unit
    path.write_text(line(indicator="rule_of_law", period="2024", value="0.5", unit=unit))
    known = open_evidence(user_files=[path], folder=tiny_snapshot)
    assert known.observations("rule_of_law", "FRA")["period"].tolist() == ["2021", "2024"]


def test_what_was_exported_can_be_read_again(tmp_path: Path, tiny_snapshot: Path) -> None:
    path = tmp_path / "my.csv"
    rows = open_evidence(folder=tiny_snapshot).observations("eci_frontier")
    rows.to_csv(path, index=False, date_format="%Y-%m-%d")
    again = read_user_files([path], indicators(), DAY).observations
    assert again["value"].tolist() == rows["value"].tolist()
    assert again["flag"].str.contains("user").all()


def test_the_same_figure_in_two_files_is_an_error(tmp_path: Path) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in paths:
        path.write_text(line())
    with pytest.raises(InputError, match="stands in two files"):
        read_user_files(paths, indicators(), DAY)


def test_a_best_so_far_of_the_users_holds_until_a_larger_value_is_known(tmp_path: Path, tiny_snapshot: Path) -> None:
    path = tmp_path / "my.csv"
    header = "indicator,country,period,value,unit,source"
    path.write_text(f"{header}\neci_frontier,RUS,2024Q3,112,ECI points,x\neci_frontier,KAZ,2024Q3,105,ECI points,x\n")
    known = open_evidence(user_files=[path], folder=tiny_snapshot)
    assert known.panel("eci_frontier")["RUS"].to_dict() == {"2024Q3": 112.0, "2024Q4": 112.0}
    assert known.panel("eci_frontier")["KAZ"].to_dict() == {"2024Q3": 105.0, "2024Q4": 111.0}
    row = known.latest("eci_frontier", country="RUS").iloc[0]
    assert row["flag"] == "derived,user"
    assert known.fact(row["id"]).inputs == ("user_x:eci_frontier:RUS:2024Q3:2024-09-30",)
