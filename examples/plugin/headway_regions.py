"""Example of a plug-in: a source, a recipe, a niche and a mechanism, each found by an entry point of pyproject.toml.

docs/extending.md explains it. The figures are real and from a library; the mechanism is a supposition.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pycountry

from headway.core.numbers import Floats
from headway.findings.finding import Finding, FindingTier
from headway.findings.recipe import Context, recipe
from headway.scenarios.drivers import Drivers

INDICATOR = "regions_first_level"
SETTINGS = f"""\
[indicators.{INDICATOR}]
name = "Regions of the first level"
unit = "regions"
kind = "scale"
direction = 0
minimum = 1
"""


def regions(folder: Path) -> Sequence[Path]:
    """A source: regions by country in ISO 3166-2, counted in the installed pycountry, whose version is a day."""
    year, month, day = map(int, version("pycountry").split(".")[:3])
    counted = Counter(one.country_code for one in pycountry.subdivisions if one.parent_code is None)
    table, settings = folder / "regions.csv", folder / "regions.toml"
    with table.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["indicator", "country", "period", "value", "unit", "source", "published_on"])
        for code, count in sorted(counted.items()):
            country = pycountry.countries.get(alpha_2=code)
            published = f"{2000 + year}-{month:02}-{day:02}"
            rows.writerow(
                [INDICATOR, country.alpha_3, 2000 + year, count, "regions", "ISO 3166-2, pycountry", published]
            )
    settings.write_text(SETTINGS, encoding="utf-8")
    return [table]  # settings of the same name beside a table are read with it


@recipe("strengths.articles_per_region")
def articles_per_region(context: Context) -> Iterator[Finding]:
    """A derived indicator: articles on AI in a year, per region of the first level."""
    known = context.evidence
    if INDICATOR not in known.indicators():
        return  # the source was not asked for
    found = [known.observations(slug, context.country).tail(1) for slug in ("ai_articles", INDICATOR)]
    if any(rows.empty for rows in found):
        return
    articles, counted = (rows.iloc[0] for rows in found)
    share = float(articles["value"]) / float(counted["value"])
    yield Finding(
        id=context.id("strengths.articles_per_region"),
        section="strengths",
        quantity="articles on AI per region",
        value=share,
        unit="articles per region",
        period=str(articles["period"]),
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        observations=(str(articles["id"]), str(counted["id"])),
        sentence=f"{context.the(context.country)[:1].upper()}{context.the(context.country)[1:]} published {share:,.0f} "
        f"articles on AI per region in {articles['period']}, over {counted['value']:.0f} regions.",
        caveat="Regions differ in size from country to country, so that the figure says little between countries.",
    )


PUBLIC_SERVICES = ("rca_data", "rca_science")
"""A niche: the fields of evidence that speak of it, or none where its strength is not measured."""

YEARS, SHARE = 3, 0.25


def spending_trains(changed: Drivers, before: Drivers) -> Mapping[str, Floats]:
    """A mechanism: AI spending that a scenario adds trains people `YEARS` later.

    Graduates grow by the factor of spending to the power of `SHARE`; both numbers are suppositions of this example.
    """
    now, base = changed.paths["investment"], before.paths["investment"]
    factor = np.divide(now, base, out=np.ones_like(now), where=base > 0)
    later = np.concatenate([np.ones_like(factor[: 4 * YEARS]), factor[: -4 * YEARS]])[: len(factor)]
    return {"graduates": changed.paths["graduates"] * later**SHARE}
