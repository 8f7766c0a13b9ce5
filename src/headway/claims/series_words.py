"""Words for the series that tests name, and forms of verbs, from which back-translations are put together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from headway.claims.evaluate.lookup import within_sentence
from headway.evidence.catalogue import indicators


@dataclass(frozen=True, slots=True)
class Verbs:
    """Forms of verbs of what is said, or denied."""

    denied: bool = False

    def be(self, past: str = "was") -> str:
        return f"{past} not" if self.denied else past

    def do(self, past: str, base: str) -> str:
        """Past form of a verb, or its denial: "rose", "did not rise"."""
        return f"did not {base}" if self.denied else past

    @property
    def will(self) -> str:
        return "will not" if self.denied else "will"


_COUNTED = frozenset(
    {
        *("persons", "articles", "applications", "accounts", "pushes", "repositories", "medals", "models", "chips"),
        *("servers", "systems", "GPUs"),
    }
)
"""Units of series that count things, so that a country "had more of them"."""
_PLURAL = re.compile(
    r"(?:[\w-]+ ){0,3}(?:rents|exports|researchers|developers|users|servers|articles|scholars|residents|natives|"
    r"inflows|applications|clusters|organisations|specialists)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SeriesWords:
    """Words for a series.

    Attributes:
        name: the series without a country.
        share: " as a share of GDP", " per million persons"; empty for a total.
        counted: whether it counts things.
        place: whether it is a place in a table, of which the first is the best.
    """

    name: str
    share: str
    counted: bool

    place: bool = False

    @property
    def full(self) -> str:
        return f"{self.name}{self.share}"

    @property
    def plural(self) -> bool:
        return _PLURAL.match(self.name) is not None

    @property
    def that(self) -> str:
        return "those" if self.plural else "that"

    def be(self, verbs: Verbs) -> str:
        return verbs.be("were" if self.plural else "was")


_NAMES: Mapping[str, tuple[str, str]] = {  # where the catalogue's name does not stand well in a sentence
    "ai_adoption_share": ("use of generative AI", " as a share of working-age people"),
    "ai_talent_concentration": ("AI talent", " as a share of LinkedIn members"),
    "nvidia_flow_share": ("part of the chips that Nvidia delivers in a year", ""),
    "oil_gas_revenue_share": ("revenue from oil and gas", " as a share of government revenue"),
    "ai_articles_international_share": ("AI articles with authors abroad", " as a share of its AI articles"),
    "imo_score": ("score at the Mathematical Olympiad", ""),
    "pisa_mean_score": ("mean score in PISA", ""),
    "scholars_net_rate": ("net migration of scholars", ""),
    "eci_frontier": ("best score on the Capabilities Index", ""),
    "eci_frontier_open": ("best score of open weights on the Capabilities Index", ""),
    "cluster_h100e": ("computing power in known AI clusters", ""),
    "cluster_h100e_per_million": ("computing power in known AI clusters", " per million people"),
    "compute_stock_h100e": ("stock of AI chips", ""),
    "compute_stock_per_million": ("stock of AI chips", " per million people"),
    "tech_emigrants_estimate": ("IT specialists who left", ""),
    "developers_left_share": ("developers who list another country", " as a share of all"),
    "top500_systems": ("systems among the 500 fastest", ""),
    "cyber_power_rank": ("rank in the National Cyber Power Index", ""),
    "chip_import_price": ("price of imported chips", ""),
    "rule_of_law": ("score for the rule of law", ""),
    "control_of_corruption": ("score for the control of corruption", ""),
    "government_effectiveness": ("score for the effectiveness of government", ""),
    "researchers_per_million": ("researchers", " per million people"),
}


@lru_cache(maxsize=256)
def series_words(slug: str) -> SeriesWords:
    """Words for a series; a share or a density says of what, since a total often has the same name."""
    entry = indicators().get(slug)
    if entry is None:
        return SeriesWords(slug, "", False)
    counted = entry.unit in _COUNTED
    if slug in _NAMES:
        name, share = _NAMES[slug]
        return SeriesWords(name, share, counted, entry.unit == "rank")
    share = ""
    if match := re.fullmatch(r"% of (.+)", entry.unit):
        share = f" as a share of {match[1]}"
    elif match := re.fullmatch(r"(?:.+ )?(per \w+ \w+)", entry.unit):
        share = f" {match[1].replace('persons', 'people')}"
    return SeriesWords(within_sentence(entry.name), share, counted)
