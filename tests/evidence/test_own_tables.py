"""Tables as people have them: dialects, encodings, layouts, what is left out and said, all faults at once."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.core.errors import InputError
from headway.core.text_tables import NumberStyle, number_style, read_number, read_text_table
from headway.evidence import open_evidence
from headway.evidence.catalogue import indicators
from headway.evidence.layout import OwnFiles, Reading, parse_mapping
from headway.evidence.user import UserEvidence, read_user_files

DAY = dt.date(2026, 11, 22)
HEADER = ("indicator", "country", "period", "value", "unit", "source")
ROWS = (
    ("rd_share_gdp", "Türkiye", "2021", "1.4", "% of GDP", "Ministère"),
    ("rd_share_gdp", "France", "2021", "2.25", "% of GDP", "Ministère"),
    ("gdp_usd", "Côte d'Ivoire", "2021", "71.125", "billion USD", "Ministère"),
)
WORLD_BANK = """"Data Source","World Development Indicators",

"Last Updated Date","2026-07-01",

"Country Name","Country Code","Indicator Name","Indicator Code","2019","2020","2021",
"Korea, Rep.","KOR","GDP (current US$)","NY.GDP.MKTP.CD","1651422932447.77","1644312831906.17","",
"Arab World","ARB","GDP (current US$)","NY.GDP.MKTP.CD","2.8e12","2.5e12","2.9e12",
"Egypt, Arab Rep.","EGY","GDP (current US$)","NY.GDP.MKTP.CD","..","383817841547.099","424671765455.684",
"""
OWID = """Entity,Code,Year,Research spending (% of GDP)
France,FRA,2020,2.28
World,OWID_WRL,2020,2.6
Asia (excl. China),,2020,1.9
South Korea,KOR,2020,4.8
South Korea,KOR,1930,0.1
"""


def read(path: Path, content: str | bytes, **mapping: str) -> UserEvidence:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_user_files(OwnFiles([path], Reading(mapping)), indicators(), DAY)


def values(user: UserEvidence) -> dict[tuple[str, str, str], float]:
    rows = user.observations
    return dict(zip(zip(rows["indicator"], rows["country"], rows["period"], strict=True), rows["value"], strict=True))


def text(separator: str = ",", decimal: str = ".") -> str:
    lines = [separator.join(HEADER)]
    lines += [
        separator.join(cell.replace(".", decimal) if at == 3 else cell for at, cell in enumerate(r)) for r in ROWS
    ]
    return "\n".join(lines) + "\n"


EXPECTED = {
    ("rd_share_gdp", "TUR", "2021"): 1.4,
    ("rd_share_gdp", "FRA", "2021"): 2.25,
    ("gdp_usd", "CIV", "2021"): 71.125e9,
}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text().encode(), "read as comma, UTF-8: 3 rows"),
        (text().encode("utf-8-sig"), "read as comma, UTF-8: 3 rows"),
        (text().encode("utf-16"), "read as comma, UTF-16: 3 rows"),
        (text("\t").encode(), "read as tab, UTF-8: 3 rows"),
        (text(";", ",").encode("cp1252"), "read as semicolon, Latin-1 (Windows-1252), decimal comma: 3 rows"),
        (text(";").replace("\n", "\r\n").encode(), "read as semicolon, UTF-8: 3 rows"),
        (text("\t", ",").encode("utf-16"), "read as tab, UTF-16, decimal comma: 3 rows"),
        (("My figures\n\n" + text() + "\nSource: the ministry\n").encode(), "read as comma, UTF-8: 3 rows"),
    ],
)
def test_dialects_and_encodings_give_the_same_rows(tmp_path: Path, content: bytes, said: str) -> None:
    user = read(tmp_path / "my.csv", content)
    assert values(user) == pytest.approx(EXPECTED)
    assert user.remarks == (f"my.csv: {said}",)


def test_an_excel_workbook_is_read_as_it_shows_its_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Figures")
    sheet = book.worksheets[1]
    sheet.append(HEADER)
    for row in ROWS:
        sheet.append([*row[:2], int(row[2]), float(row[3]), *row[4:]])
    sheet["D3"] = 0.0225
    sheet["D3"].number_format = "0.00%"  # shows 2.25 %
    book.save(tmp_path / "my.xlsx")
    user = read_user_files([tmp_path / "my.xlsx"], indicators(), DAY)
    assert values(user) == pytest.approx(EXPECTED)
    assert "read as Excel sheet 'Figures' (the first of 2 sheets with rows): 3 rows" in user.remarks[0]


def test_the_world_banks_table_needs_no_mapping(tmp_path: Path) -> None:
    user = read(tmp_path / "API_NY.csv", WORLD_BANK)
    assert values(user) == pytest.approx(
        {
            ("gdp_usd", "KOR", "2019"): 1651422932447.77,
            ("gdp_usd", "KOR", "2020"): 1644312831906.17,
            ("gdp_usd", "EGY", "2020"): 383817841547.099,
            ("gdp_usd", "EGY", "2021"): 424671765455.684,
        }
    )
    assert user.remarks == (
        "API_NY.csv: read as comma, UTF-8, the World Bank's layout, years as columns: 4 rows, 2 cells without a value",
        "API_NY.csv: left out, as no countries: Arab World",
    )
    assert user.observations["source"].unique().tolist() == ["user_api_ny_csv"]


def test_our_world_in_datas_table_needs_its_indicator_alone(tmp_path: Path) -> None:
    user = read(tmp_path / "owid.csv", OWID, indicator="rd_share_gdp")
    assert values(user) == {("rd_share_gdp", "FRA", "2020"): 2.28, ("rd_share_gdp", "KOR", "2020"): 4.8}
    assert user.remarks[1:] == (
        "owid.csv: left out, as no countries: World, Asia (excl. China)",
        "owid.csv: left out: 1 row of before 1950",
    )


def test_an_owid_table_without_an_indicator_says_how_to_name_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"column 'indicator' is missing; .* as --map 'indicator=rd_share_gdp'"):
        read(tmp_path / "owid.csv", OWID)


def test_years_as_columns_with_one_indicator_for_all(tmp_path: Path) -> None:
    content = "geo\\TIME_PERIOD;2019;2020\nEL;1,28;1,51\nUK;:;2,9\n"
    user = read(tmp_path / "estat.tsv", content, indicator="rd_share_gdp", unit="per cent")
    assert values(user) == {
        ("rd_share_gdp", "GRC", "2019"): 1.28,
        ("rd_share_gdp", "GRC", "2020"): 1.51,
        ("rd_share_gdp", "GBR", "2020"): 2.9,
    }


def test_a_long_table_of_other_names_is_mapped(tmp_path: Path) -> None:
    content = "Land,Jahr,R&D share,remark\n410,2021,4.9,final\n8,2021,0.2,\n"
    mapping = parse_mapping(["indicator=rd_share_gdp,country=Land,period=Jahr", "value=R&D share, unit=% of GDP"])
    user = read(tmp_path / "my.csv", content, **mapping)
    assert values(user) == {("rd_share_gdp", "KOR", "2021"): 4.9, ("rd_share_gdp", "ALB", "2021"): 0.2}
    assert user.remarks[0].endswith("; columns not read: remark")


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["country"], "write FIELD=COLUMN"),
        (["country="], "write FIELD=COLUMN"),
        (["contry=Code"], "did you mean 'country'"),
        (["country=A", "country=B"], "'country' is given twice"),
        (["decimal=dot"], "decimal=comma or decimal=point"),
    ],
)
def test_a_wrong_mapping_is_named(texts: list[str], told: str) -> None:
    with pytest.raises(InputError, match=f"--map.*{told}"):
        parse_mapping(texts)


def test_a_mapping_to_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--map value=R&D: no column 'R&D'; .*'?R&D share"):
        read(tmp_path / "my.csv", "Code,Year,R&D share\nFRA,2021,2\n", value="R&D", indicator="rd_share_gdp")


def test_a_column_may_hold_a_comma_in_a_mapping() -> None:
    assert parse_mapping(["value=Spending, total,unit=% of GDP"]) == {"value": "Spending, total", "unit": "% of GDP"}


def test_all_faults_are_told_at_once_and_the_same_one_once(tmp_path: Path) -> None:
    rows = ["rd_share_gdp,Freedonia,2020,1,% of GDP,x", "happiness,FRA,2020,1,% of GDP,x"]
    rows += ["rd_share_gdp,FRA,soon,1,% of GDP,x", "rd_share_gdp,FRA,2020,much,% of GDP,x"]
    rows += ["rd_share_gdp,FRA,2020,1,furlongs,x", "rd_share_gdp,FRA,2020,1,% of GDP"]
    rows += [f"rd_share_gdp,Freedonia,{year},1,% of GDP,x" for year in range(2010, 2015)]
    with pytest.raises(InputError) as caught:
        read(tmp_path / "my.csv", ",".join(HEADER) + "\n" + "\n".join(rows) + "\n")
    lines = str(caught.value).split("\n  ")
    assert lines[0].endswith("my.csv: 6 faults")
    assert [line.split(",")[0].split(" has")[0].split(" (")[0] for line in lines[1:]] == [
        f"row {n}" for n in range(2, 8)
    ]
    assert lines[1].endswith("(so in 5 more: 8, 9, 10 …)")


def test_faults_are_bounded(tmp_path: Path) -> None:
    rows = [f"rd_share_gdp,Nowhere {n},2020,1,% of GDP,x" for n in range(30)]
    with pytest.raises(InputError) as caught:
        read(tmp_path / "my.csv", ",".join(HEADER) + "\n" + "\n".join(rows) + "\n")
    lines = str(caught.value).split("\n  ")
    assert len(lines) == 22
    assert lines[-1] == "and 10 more"


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("1.8", "USD", r"1\.8 USD: GDP of France lies between .* did you mean 1\.8e\+12 \(unit 'trillion USD'\)\?"),
        ("1.8e24", "USD", r"GDP of France lies between .* say --accept-outliers"),
    ],
)
def test_a_value_far_from_all_known_ones_is_asked_about(
    tmp_path: Path, tiny_snapshot: Path, value: str, unit: str, told: str
) -> None:
    path = tmp_path / "my.csv"
    path.write_text(f"{','.join(HEADER)},accept_outlier\ngdp_usd,FRA,2024,{value},{unit},x,\n")
    with pytest.raises(InputError, match=told):
        open_evidence(user_files=[path], folder=tiny_snapshot)
    known = open_evidence(user_files=OwnFiles([path], Reading(accept_outliers=True)), folder=tiny_snapshot)
    assert known.observations("gdp_usd", "FRA")["value"].iloc[-1] == float(value)
    path.write_text(f"{','.join(HEADER)},accept_outlier\ngdp_usd,FRA,2024,{value},{unit},x,yes\n")
    assert open_evidence(user_files=[path], folder=tiny_snapshot).observations("gdp_usd", "FRA")["value"].iloc[-1] > 0


SETTINGS = """
[indicators.chip_fabs]
name = "Fabs for advanced chips"
unit = "fabs"
kind = "scale"
direction = 1
minimum = 0

[map]
indicator = "chip_fabs"
unit = "fabs"

[VISEGRAD]
name = "Visegrád Group"
members = ["CZE", "HUN", "POL", "SVK"]
"""


def test_settings_beside_a_table_declare_indicators_groups_and_the_mapping(tmp_path: Path, tiny_snapshot: Path) -> None:
    path = tmp_path / "fabs.csv"
    path.write_text("Country,Year,Fabs\nTaipei,2024,4\n".replace("Taipei", '"Taipei,China"') + "USA,2024,3\n")
    (tmp_path / "fabs.toml").write_text(SETTINGS)
    known = open_evidence(user_files=[path], folder=tiny_snapshot)
    assert known.observations("chip_fabs").set_index("country")["value"].to_dict() == {"TWN": 4.0, "USA": 3.0}
    assert known.indicators()["chip_fabs"].domain == "own"
    assert known.resolve("VISEGRAD").members == ("CZE", "HUN", "POL", "SVK")
    before = known.user_hash
    (tmp_path / "fabs.toml").write_text(SETTINGS.replace("Fabs for", "Plants for"))
    assert open_evidence(user_files=[path], folder=tiny_snapshot).user_hash != before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[FRA]\nname = "x"\nmembers = ["RUS"]\n', r"\[FRA\] would hide France \(FRA\)"),
        ('[FR]\nname = "x"\nmembers = ["RUS"]\n', r"\[FR\] would hide France"),
        ('[EU]\nname = "x"\nmembers = ["RUS"]\n', r"\[EU\] would hide European Union"),
        ('[indicators.gdp_usd]\nname = "x"\n', r"\[indicators\.gdp_usd\] is an indicator of Headway's"),
        ('[indicators.fabs]\nname = "x"\n', r"\[indicators\.fabs\] unit: Field required\n.*kind"),
        ('[indicators.fabs]\nname="x"\nunit="a"\nkind="big"\ndirection=1\n', r"\[indicators\.fabs\] kind"),
        ("[indicators]\nfabs = 3\n", r"\[indicators\.fabs\]: give name, unit"),
        ('[map]\ncuontry = "Code"\n', r"\[map\]: 'cuontry' is not a field; did you mean 'country'"),
        ('accept_outliers = "yes"\n', "write true or false"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "my.toml").write_text(content)
    with pytest.raises(InputError, match=rf"my\.toml: [\s\S]*{told}"):
        read_user_files([tmp_path / "my.toml"], indicators(), DAY)


NUMBERS = st.lists(st.floats(-1e12, 1e12).map(lambda x: float(f"{x:.6g}")), min_size=1, max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    NUMBERS,
    st.sampled_from([(",", "."), (";", ","), (";", "."), ("\t", ","), ("\t", ".")]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_a_table_written_in_any_dialect_reads_back(numbers: list[float], marks: tuple[str, str], encoding: str) -> None:
    separator, decimal = marks
    cells = [f"{number!r}".replace(".", decimal) for number in [*numbers, 0.5]]
    lines = [separator.join(("country", "größe")), *(f"Türkiye{separator}{cell}" for cell in cells)]
    table = read_text_table(("\n".join(lines) + "\n").encode(encoding), "t.csv")
    assert table.header == ("country", "größe")
    assert [row[0] for row in table.rows] == ["Türkiye"] * len(cells)
    style = number_style(row[1] for row in table.rows)
    assert style.decimal == decimal
    assert [read_number(row[1], style) for row in table.rows] == [*numbers, 0.5]


@pytest.mark.parametrize(
    ("cell", "style", "number"),
    [
        ("1 234,5", NumberStyle(","), 1234.5),
        ("1.234.567", NumberStyle(","), 1234567.0),
        ("1.234,5", NumberStyle(","), 1234.5),
        ("1,234.5", NumberStyle("."), 1234.5),
        ("1'234'567", NumberStyle("."), 1234567.0),
        ("−3", NumberStyle("."), -3.0),
        ("1,234", NumberStyle("."), None),
        ("1,234", NumberStyle(".", grouped=True), 1234.0),
        ("1.234", NumberStyle(","), None),
        ("12,34,567", NumberStyle("."), None),
        ("1e400", NumberStyle("."), None),
        ("0x10", NumberStyle("."), None),
        ("1_000", NumberStyle("."), None),
        ("", NumberStyle("."), None),
    ],
)
def test_numbers_are_read_only_in_one_way(cell: str, style: NumberStyle, number: float | None) -> None:
    assert read_number(cell, style) == number
