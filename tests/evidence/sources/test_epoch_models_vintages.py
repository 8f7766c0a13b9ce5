"""Which entry is which between tables, since when a figure was known, and what a country spent itself."""

import datetime as dt
from itertools import pairwise

import pandas as pd
import pytest
import shelf
from hypothesis import given
from hypothesis import strategies as st

from headway.evidence.sources import adapters
from headway.evidence.sources.epoch_models import attribution
from headway.evidence.sources.epoch_vintages import Entry, first_known, homes, own_compute, versions

MARCH, JUNE, NOW = dt.date(2025, 3, 14), dt.date(2025, 6, 10), dt.date(2026, 8, 22)
LAG = dt.timedelta(days=30)


def entry(model: str = "A", published: str = "2024-01-01", compute: float | None = 24.0, **more: object) -> Entry:
    day = dt.date.fromisoformat(published)
    fields = {"organization": "Lab", "countries": ("FRA",), "domain": "", "confidence": "Likely", "open_weights": None}
    return Entry(model, published=day, log10_compute=compute, **{**fields, **more})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def models() -> pd.DataFrame:
    return adapters()["epoch_models"].read(shelf.paths("epoch_models"), NOW).models


def standing(models: pd.DataFrame, model: str, day: dt.date) -> pd.Series:
    rows = models[(models["model"] == model) & (models["published_on"] <= day)]
    rows = rows[rows["withdrawn_on"].isna() | (rows["withdrawn_on"] > day)]
    assert len(rows) <= 1
    return rows.iloc[0] if len(rows) else pd.Series(dtype=object)


@pytest.mark.parametrize(("model", "compute"), [("GPT-4o", 25.5809), ("Claude 3 Opus", 25.2148)])
def test_a_withdrawn_estimate_stands_until_the_table_that_lacks_it(
    models: pd.DataFrame, model: str, compute: float
) -> None:
    assert standing(models, model, dt.date(2025, 12, 31))["log10_compute"] == pytest.approx(compute)
    assert pd.isna(standing(models, model, NOW)["log10_compute"])
    assert standing(models, model, dt.date(2024, 1, 1)).empty


def test_a_renamed_model_is_one_model(models: pd.DataFrame) -> None:
    known = standing(models, "GPT-4 (Mar 2023)", dt.date(2023, 12, 31))  # "GPT-4" in the older tables
    assert known["log10_compute"] == pytest.approx(25.3222)
    assert "GPT-4 Turbo" not in set(models["model"])  # now "GPT-4 Turbo (Nov 2023)", its estimate withdrawn
    assert pd.isna(standing(models, "GPT-4 Turbo (Nov 2023)", NOW)["log10_compute"])


def test_a_model_that_older_tables_should_have_had_is_known_from_the_first_that_has_it(models: pd.DataFrame) -> None:
    lite = models[models["model"] == "YandexGPT 5 Lite"]  # of February 2025, in neither table of that year
    assert list(lite["published_on"]) == [NOW]


def test_flags_follow_the_current_tables_which_are_not_nested(models: pd.DataFrame) -> None:
    now = models[models["withdrawn_on"].isna()].set_index("model")
    assert (now.loc["Poro 34B", "notable"], now.loc["Poro 34B", "large_scale"]) == (False, True)
    assert (now.loc["StyleGAN3-T", "notable"], now.loc["StyleGAN3-T", "large_scale"]) == (True, False)
    assert now.loc["CMS-RCNN", "countries"] == ""  # "Multinational"


def test_the_training_of_a_foreign_base_is_not_a_country_s_own(models: pd.DataFrame) -> None:
    now = models[models["withdrawn_on"].isna()].set_index("model")
    tuned = now.loc["NVLM-D 72B"]  # a US model on Qwen2-72B
    assert tuned["log10_compute"] == pytest.approx(24.48, abs=0.01)
    assert tuned["log10_own_compute"] == pytest.approx(22.39, abs=0.01)
    assert pd.isna(now.loc["MamayLM", "log10_own_compute"])  # base from model_corrections.toml; fine-tuning not counted
    assert now.loc["YandexGPT 5 Lite", "log10_own_compute"] == now.loc["YandexGPT 5 Lite", "log10_compute"]


def test_most_organisations_lead_and_the_first_named_on_a_tie() -> None:
    assert attribution("United States of America,China,China") == ("CHN", "USA")
    assert attribution("United Kingdom of Great Britain and Northern Ireland,Canada") == ("GBR", "CAN")
    assert attribution("Multinational,Finland") == ("FIN",)
    assert attribution("Multinational") == ()


def test_known_by_rule() -> None:
    tables = [MARCH, JUNE]
    assert first_known(dt.date(2024, 1, 1), MARCH, tables, LAG) == dt.date(2024, 1, 31)  # in the first table: the rule
    assert first_known(dt.date(2025, 3, 10), MARCH, tables, LAG) == MARCH  # entered faster than the rule says
    assert first_known(dt.date(2024, 1, 1), JUNE, tables, LAG) == JUNE  # the table of March lacked it
    assert first_known(dt.date(2025, 9, 1), NOW, tables, LAG) == dt.date(2025, 10, 1)  # no full table since


def test_changes_become_versions_and_small_ones_do_not() -> None:
    older = [(MARCH, {"a": entry(compute=24.0)}), (JUNE, {"a": entry(compute=24.001)})]
    found = list(versions({"a": entry(compute=24.5)}, older, NOW, LAG))
    assert [(v.told.log10_compute, v.known, v.until) for v in found] == [
        (24.0, dt.date(2024, 1, 31), NOW),
        (24.5, NOW, None),
    ]


def test_own_compute_needs_a_figure_for_the_tuning_and_a_base_of_the_same_country() -> None:
    table = {"base": entry("Base", countries=("USA",)), "home": entry("Home", countries=("FRA",))}
    places = homes([table])

    def own(**fields: object) -> float | None:
        version = next(iter(versions({"a": entry(**fields)}, [], NOW, LAG)))
        return own_compute(version, places)

    assert own() == 24.0
    assert own(base_model="Home") == 24.0
    assert own(base_model="Base", finetune=21.0) == 21.0
    assert own(base_model="Base") is None
    assert own(base_model="Nobody's model", finetune=22.0) == 22.0
    assert own(base_model="Home,Base", finetune=25.0) is None  # more than the whole: a slip


days = st.dates(dt.date(2019, 1, 1), dt.date(2025, 6, 9))
figures = st.one_of(st.none(), st.floats(18, 27))


@given(published=days, march=figures, june=figures, now=figures, missing=st.sampled_from(["", "march", "june", "both"]))
def test_at_any_day_at_most_one_version_stands_and_none_before_publication(
    published: dt.date, march: float | None, june: float | None, now: float | None, missing: str
) -> None:
    tables = [
        (day, {} if missing in (name, "both") else {"a": entry(published=published.isoformat(), compute=compute)})
        for day, name, compute in ((MARCH, "march", march), (JUNE, "june", june))
        if published <= day
    ]
    found = list(versions({"a": entry(published=published.isoformat(), compute=now)}, tables, NOW, LAG))
    assert found[0].known >= min(published + LAG, NOW) or found[0].known in (MARCH, JUNE)
    assert found[-1].until is None
    for before, after in pairwise(found):
        assert before.until == after.known > before.known
