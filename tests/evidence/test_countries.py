import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.core.errors import InputError
from headway.evidence.catalogue import blocs
from headway.evidence.countries import NotACountry, classify, code_of, codes_in, countries, resolve

SPELLINGS = {
    "KOR": ["Korea (Republic of)", "Korea, Rep.", "South Korea", "Korea, South", "Republic of Korea", "KOR", "kr"],
    "PRK": [
        "Korea, Dem. People's Rep.",
        "North Korea",
        "Korea, Democratic People's Republic of",
        "Korea (Democratic People's Rep. of)",
    ],
    "SWZ": ["Eswatini (Kingdom of)", "Swaziland"],
    "RUS": ["Russian Federation", "Russia", "RUS", "ru", "RUSSIA", " russia "],
    "TUR": ["Türkiye", "Turkiye", "Turkey", "TUR"],
    "VNM": ["Viet Nam", "Vietnam"],
    "IRN": ["Iran, Islamic Rep.", "Iran (Islamic Republic of)", "Iran", "Iran, Islamic Republic of"],
    "EGY": ["Egypt, Arab Rep.", "Egypt"],
    "HKG": ["Hong Kong SAR, China", "Hong Kong", "China, Hong Kong SAR", "Hong Kong, China (SAR)", "HK"],
    "TWN": ["Taiwan", "Taiwan, Province of China", "Chinese Taipei", "Taiwan, China"],
    "XKX": ["Kosovo", "XKX", "XK", "OWID_KOS"],
    "CZE": ["Czechia", "Czech Republic"],
    "CIV": ["Cote d'Ivoire", "Côte d’Ivoire", "Ivory Coast", "C&#244;te d&#8217;Ivoire"],
    "USA": ["United States*", "United States", "United States of America", "USA", "U.S.", "us"],
    "GBR": ["United Kingdom of Great Britain and Northern Ireland", "UK", "United Kingdom", "gb"],
    "COD": ["Congo, Dem. Rep.", "Democratic Republic of Congo", "Congo (DRC)"],
    "COG": ["Congo, Rep.", "Congo"],
    "PSE": ["West Bank and Gaza", "Palestine", "State of Palestine"],
    "SRB": ["Serbia<sup>c</sup>", "Serbia"],
    "MKD": ["North Macedonia", "Macedonia, FYR", "Macedonia"],
    "NAM": ["NA", "Namibia"],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SPELLINGS.items() for text in texts])
def test_publishers_spellings(code: str, text: str) -> None:
    assert resolve(text).code == code


def test_every_iso_code_and_name_is_a_country() -> None:
    assert len(countries()) == len(list(pycountry.countries)) + 1
    for entry in pycountry.countries:
        for spelling in (entry.alpha_2, entry.alpha_3, entry.name):
            assert resolve(spelling).code == entry.alpha_3


@given(st.sampled_from(sorted(countries())), st.booleans())
def test_a_printed_name_resolves_to_its_code_in_any_case(code: str, upper: bool) -> None:
    name = countries()[code].name
    assert resolve(name.upper() if upper else name.lower()).code == code


@pytest.mark.parametrize(
    "text",
    ["AFE", "WLD", "World", "Europe", "High income", "Multinational", "OWID_EUR", "Euro area", "Channel Islands"],
)
def test_aggregates_are_known_and_are_no_countries(text: str) -> None:
    assert isinstance(classify(text), NotACountry)
    assert code_of(text) is None
    with pytest.raises(InputError, match="is not a country: "):
        resolve(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Rusia", "Russia (RUS)"),
        ("Untied States", "United States (USA)"),
        ("Brazill", "Brazil (BRA)"),
        ("BRIC", "BRICS"),
    ],
)
def test_an_unknown_name_gets_a_suggestion_and_is_never_guessed(text: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve(text)
    assert meant in str(caught.value)


@pytest.mark.parametrize("text", ["Atlantis", "", "Q", "12", "Serbia and Kosovo"])
def test_no_name_at_all(text: str) -> None:
    with pytest.raises(InputError, match="not a country, territory or bloc"):
        resolve(text)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("United States of America,United States of America", ("USA",)),
        ("Korea (Republic of),United Kingdom of Great Britain and Northern Ireland,China", ("KOR", "GBR", "CHN")),
        ("Multinational,Canada", ("CAN",)),
        ("Multinational", ()),
        ("Iran, Islamic Rep., Korea, Rep.", ("IRN", "KOR")),
        ("Hong Kong SAR, China", ("HKG",)),
        ("Hong Kong,China", ("HKG", "CHN")),
        ("France;Germany; France", ("FRA", "DEU")),
        ("France, Germany", ("FRA", "DEU")),
        ("", ()),
        ("Taiwan, Province of China, Japan", ("TWN", "JPN")),
    ],
)
def test_cells_that_list_several(cell: str, codes: tuple[str, ...]) -> None:
    assert codes_in(cell) == codes


def test_an_unknown_name_in_a_cell_is_an_error() -> None:
    with pytest.raises(InputError, match="Freedonia"):
        codes_in("France,Freedonia")


@given(st.lists(st.sampled_from(["France", "Korea (Republic of)", "Iran, Islamic Rep.", "Multinational", "USA"])))
def test_a_cell_is_read_as_its_parts(parts: list[str]) -> None:
    expected = dict.fromkeys(code for part in parts if (code := code_of(part)) is not None)
    assert codes_in(",".join(parts)) == tuple(expected)


def test_blocs_hold_countries_only_and_say_since_when() -> None:
    assert {"EU", "BRICS", "GCC", "ASEAN", "G7", "G20", "OECD", "EAEU", "CIS", "NATO"} <= set(blocs())
    for bloc in blocs().values():
        assert set(bloc.members) <= set(countries())
        assert len(set(bloc.members)) == len(bloc.members)
        assert not {bloc.slug} & set(countries())
    assert len(blocs()["EU"].members) == 27
    assert resolve("European Union").members == blocs()["EU"].members
