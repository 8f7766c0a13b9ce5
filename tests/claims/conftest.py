"""A lookup with the shipped evidence and a few made figures whose distributions are known exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.claims.evaluate.lookup import EvidenceLookup
from headway.evidence import open_evidence

MADE = """\
indicator,country,period,value,low,high,level,unit,source,published_on
rd_share_gdp,AND,2020,1.0,0.5,1.5,0.9,% of GDP,made,2021-06-01
rd_share_gdp,AND,2023,2.0,1.5,2.5,0.9,% of GDP,made,2024-06-01
rd_share_gdp,SMR,2023,2.0,1.0,4.0,0.9,% of GDP,made,2024-06-01
rd_share_gdp,LIE,2016,1.0,,,,% of GDP,made,2020-06-01
rd_share_gdp,LIE,2017,1.1,,,,% of GDP,made,2020-06-01
rd_share_gdp,LIE,2018,1.2,,,,% of GDP,made,2020-06-01
rd_share_gdp,LIE,2019,1.31,,,,% of GDP,made,2020-06-01
rd_share_gdp,LIE,2020,1.4,,,,% of GDP,made,2021-06-01
gdp_usd,AND,2023,3000000000,2900000000,3100000000,0.9,USD,made,2024-06-01
resource_rents_share,AND,2023,2.0,1.5,2.5,0.9,% of GDP,made,2024-06-01
"""


@pytest.fixture(scope="session")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> EvidenceLookup:
    file: Path = tmp_path_factory.mktemp("made") / "made.csv"
    file.write_text(MADE)
    return EvidenceLookup(open_evidence(user_files=[file]))


@pytest.fixture(scope="session")
def shipped() -> EvidenceLookup:
    return EvidenceLookup(open_evidence())
