"""Names of countries as the great publishers of tables write them, at least ten of each."""

import pytest

from headway.core.errors import InputError
from headway.evidence.countries import NotACountry, classify, resolve

FAMILIES = {
    "Natural Earth": """
        Dem. Rep. Congo=COD; Bosnia and Herz.=BIH; S. Sudan=SSD; Central African Rep.=CAF; Dominican Rep.=DOM;
        Eq. Guinea=GNQ; W. Sahara=ESH; Solomon Is.=SLB; Falkland Is.=FLK; Fr. S. Antarctic Lands=ATF;
        Antigua and Barb.=ATG; St. Vin. and Gren.=VCT; St. Kitts and Nevis=KNA; Marshall Is.=MHL; Fr. Polynesia=PYF;
        U.S. Virgin Is.=VIR; N. Mariana Is.=MNP; S. Geo. and the Is.=SGS; Åland=ALA; eSwatini=SWZ; Czech Rep.=CZE""",
    "Eurostat": """
        EL=GRC; UK=GBR; DE=DEU; XK=XKX; CH=CHE; NO=NOR; IS=ISL; TR=TUR; BA=BIH; MK=MKD; ME=MNE; UA=UKR; Kosovo*=XKX;
        Germany (until 1990 former territory of the FRG)=DEU;
        Kosovo (under United Nations Security Council Resolution 1244/99)=XKX""",
    "UN M49": """
        410=KOR; 840=USA; 008=ALB; 156=CHN; 643=RUS; 826=GBR; 250=FRA; 076=BRA; 356=IND; 004=AFG; 036=AUS; 158=TWN;
        728=SSD; 729=SDN; 688=SRB; 499=MNE""",
    "Asian Development Bank": """
        Taipei,China=TWN; Hong Kong, China=HKG; Macao, China=MAC; Korea, Rep. of=KOR; China, People's Rep. of=CHN;
        Iran, Islamic Rep. of=IRN; Micronesia, Fed. States of=FSM; Fed. States of Micronesia=FSM; Lao PDR=LAO;
        Kyrgyz Republic=KGZ; Brunei Darussalam=BRN; Viet Nam=VNM; Cook Islands=COK; Korea, Republic of=KOR""",
    "United Nations": """
        Bolivia (Plurinational State of)=BOL; Iran (Islamic Republic of)=IRN; Venezuela (Bolivarian Republic of)=VEN;
        United Republic of Tanzania=TZA; Lao People's Democratic Republic=LAO; Syrian Arab Republic=SYR;
        Democratic People's Republic of Korea=PRK; Micronesia (Federated States of)=FSM; Russian Federation=RUS;
        United Kingdom of Great Britain and Northern Ireland=GBR; Netherlands (Kingdom of the)=NLD;
        China, Hong Kong Special Administrative Region=HKG; China, Macao Special Administrative Region=MAC;
        State of Palestine=PSE; Republic of Moldova=MDA""",
    "World Bank": """
        Korea, Rep.=KOR; Egypt, Arab Rep.=EGY; Iran, Islamic Rep.=IRN; Yemen, Rep.=YEM; Venezuela, RB=VEN;
        Gambia, The=GMB; Bahamas, The=BHS; Congo, Dem. Rep.=COD; Congo, Rep.=COG; Micronesia, Fed. Sts.=FSM;
        Virgin Islands (U.S.)=VIR; Hong Kong SAR, China=HKG; Korea, Dem. People's Rep.=PRK; Somalia, Fed. Rep.=SOM;
        Slovak Republic=SVK; West Bank and Gaza=PSE""",
}
NAMES = [(family, *entry.strip().rsplit("=", 1)) for family, names in FAMILIES.items() for entry in names.split(";")]


@pytest.mark.parametrize(("family", "name", "code"), NAMES)
def test_names_of_a_publisher_mean_a_country(family: str, name: str, code: str) -> None:
    assert resolve(name).code == code


@pytest.mark.parametrize("name", ["EA19", "EU28", "OWID_USS", "N. Cyprus", "Developing Asia"])
def test_regions_and_past_states_in_country_columns_are_no_countries(name: str) -> None:
    assert isinstance(classify(name), NotACountry)


def test_a_number_that_no_country_has_is_not_guessed() -> None:
    with pytest.raises(InputError, match=r"'999' is not a country.*give an ISO 3166 code"):
        resolve("999")
