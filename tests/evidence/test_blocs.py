from pathlib import Path

import pandas as pd
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.core.errors import InputError
from headway.evidence import Evidence, open_evidence
from headway.evidence.blocs import SIZE, aggregate, read_groups
from headway.evidence.catalogue import Bloc, indicators

MEMBERS = ("ARM", "BLR", "KAZ", "KGZ", "RUS")


@pytest.fixture(scope="module")
def evidence(tiny_snapshot: Path) -> Evidence:
    return open_evidence(folder=tiny_snapshot)


def test_a_scale_indicator_is_added(evidence: Evidence) -> None:
    made = evidence.observations("gdp_usd", "EAEU")
    assert made["value"].tolist() == [pytest.approx(1.0e10 + 1.8e12 + 2.0e11 + 7.0e10)]
    assert "aggregate" in made.loc[0, "flag"]
    assert made.loc[0, "inputs"].split() == [
        f"worldbank_wdi:gdp_usd:{code}:2021:2022-07-01" for code in ("ARM", "BLR", "KAZ", "RUS")
    ]


def test_an_intensity_is_weighted(evidence: Evidence) -> None:
    made = evidence.observations("gdp_growth", "EAEU")
    sizes = {"RUS": 1.8e12, "KAZ": 2.0e11, "BLR": 7.0e10}
    expected = (5 * sizes["RUS"] + 4 * sizes["KAZ"] + 2 * sizes["BLR"]) / sum(sizes.values())
    assert made["value"].tolist() == [pytest.approx(expected)]


def test_a_frontier_is_the_best_member_with_its_interval(evidence: Evidence) -> None:
    made = evidence.observations("eci_frontier", "EAEU")
    assert made[["value", "low", "high", "level"]].iloc[0].tolist() == [111.0, 107.0, 113.0, 0.9]
    assert made.loc[0, "inputs"].split() == ["epoch_eci:eci_frontier:KAZ:2024Q4:2025-01-31"]


def test_a_census_counts_members_without_rows_as_none(evidence: Evidence) -> None:
    assert indicators()["notable_models"].census
    assert evidence.observations("notable_models", "EAEU")["value"].tolist() == [2.0]


def test_too_few_members_make_no_value(evidence: Evidence) -> None:
    """France and Germany are not nine tenths of the EU, where every member without a size counts as the average."""
    assert evidence.observations("gdp_usd", "EU").empty


def rows_of(values: dict[str, float]) -> pd.DataFrame:
    return tiny.observations(
        *(tiny.row("gdp_usd", code, "2021", value, "2022-07-01") for code, value in values.items())
    )


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(MEMBERS), st.floats(1.0, 1e13), min_size=1))
def test_a_sum_is_made_exactly_when_enough_of_the_bloc_is_known(values: dict[str, float]) -> None:
    sizes = pd.Series({"RUS": 90.0, "KAZ": 6.0, "BLR": 2.0, "ARM": 1.0, "KGZ": 1.0})
    bloc = Bloc(slug="EAEU", name="EAEU", members=MEMBERS, as_of=tiny.DAY)
    made = aggregate(rows_of(values), [bloc], indicators(), {SIZE: sizes})
    if sum(sizes[code] for code in values) >= 90:
        assert made["value"].tolist() == [pytest.approx(sum(values.values()))]
    else:
        assert made.empty


@settings(max_examples=25)
@given(st.lists(st.sampled_from(MEMBERS), min_size=1, unique=True), st.floats(-20, 20))
def test_equal_members_average_to_themselves(codes: list[str], value: float) -> None:
    rows = tiny.observations(*(tiny.row("gdp_growth", code, "2021", value, "2022-07-01") for code in codes))
    bloc = Bloc(slug="MINE", name="Mine", members=tuple(codes), as_of=tiny.DAY)
    weights = {SIZE: pd.Series(dict.fromkeys(codes, 3.0))}
    assert aggregate(rows, [bloc], indicators(), weights)["value"].tolist() == [pytest.approx(value)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mine.toml", '[MINE]\nname = "Mine"\nmembers = ["Russia", "KAZ"]\n'),
        ("mine.yaml", "MINE:\n  name: Mine\n  members: [Russia, KAZ]\n"),
    ],
)
def test_a_group_of_the_users_own(tmp_path: Path, tiny_snapshot: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    known = open_evidence(user_files=[path], folder=tiny_snapshot)
    assert known.resolve("mine").members == ("KAZ", "RUS")
    assert known.observations("gdp_usd", "MINE")["value"].tolist() == [pytest.approx(2.0e12)]
    id = known.observations("gdp_usd", "MINE").loc[0, "id"]
    assert len(known.fact(id).inputs) == 2
    assert known.user_hash is not None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "one table per group"),
        ("[MINE", "not valid TOML"),
        ('[MINE]\nname = "x"\n', "members: give a list"),
        ("[MINE]\nmembers = []\n", "members"),
        ('[MINE]\nmembers = ["Rusia"]\n', r"did you mean Russia \(RUS\)"),
        ('[mine]\nmembers = ["RUS"]\n', "slug"),
        ('[MINE]\nmembers = ["RUS"]\ncolour = "red"\n', "colour"),
    ],
)
def test_a_wrong_group_file_is_named(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=rf"mine\.toml: [\s\S]*{wrong}"):
        read_groups(path)
