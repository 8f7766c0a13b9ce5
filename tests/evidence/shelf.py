"""The publishers' files, small: a few rows of each in its true shape, and how every adapter is given them."""

import datetime as dt
from pathlib import Path

SHELF = Path(__file__).parent / "fixtures"
DAY = dt.date(2026, 8, 22)

FILES: dict[str, dict[str, str]] = {
    "epoch_models": {
        "notable": "epoch/notable_ai_models.csv",
        "large_scale": "epoch/large_scale_ai_models.csv",
        "all_models@2025-03-14": "epoch/all_ai_models_2025-03.csv",
        "all_models@2025-06-10": "epoch/all_ai_models_2025-06.csv",
    },
    "epoch_eci": {"benchmarked_models": "epoch/benchmarked_models.csv"},
    "capability_scale": {"levels": "capability/levels.csv"},
    "epoch_clusters": {"clusters": "epoch/gpu_clusters.csv"},
    "epoch_chips": {
        "nvidia_owners": "epoch_chips/nvidia_owners_cumulative_totals.csv",
        "coreweave_owners": "epoch_chips/coreweave_owners_cumulative_totals.csv",
        "tpu_owners": "epoch_chips/tpu_owners_cumulative_totals.csv",
        "trainium_owners": "epoch_chips/trainium_owners_cumulative_totals.csv",
        "amd_owners": "epoch_chips/amd_owners_cumulative_totals.csv",
        "nvidia_totals": "epoch_chips/nvidia_cumulative_totals.csv",
    },
    "worldbank_wdi": {
        "NY.GDP.MKTP.CD": "worldbank/ny.gdp.mktp.cd.csv",
        "IT.NET.USER.ZS": "worldbank/it.net.user.zs.csv",
        "SP.POP.TOTL": "worldbank/sp.pop.totl.json",
    },
    "worldbank_wgi_2024": {"all": "worldbank/wgi_2024.csv"},
    "worldbank_wgi_2025": {"ge": "worldbank/wgi_2025_ge.csv"},
    "mpidr": {"countries": "mpidr/countries.csv", "flows": "mpidr/flows.csv"},
    "github_innovation_graph": {
        "developers": "github/developers.csv",
        "git_pushes": "github/git_pushes.csv",
        "organizations": "github/organizations.csv",
        "repositories": "github/repositories.csv",
        "topics": "github/topics.csv",
        "economy_collaborators": "github/economy_collaborators.csv",
    },
    "ncses": {
        "articles": "ncses/articles.csv",
        "coauthorship": "ncses/coauthorship.csv",
        "bilateral": "ncses/bilateral.csv",
        "venture_capital": "ncses/venture_capital.csv",
        "ai_venture_capital": "ncses/ai_venture_capital.csv",
    },
    "ember": {"generation": "ember/generation.csv"},
    "imo": {"results": "imo/results.csv"},
    "un_migrant_stock": {"stock": "un/stock.csv"},
}


def paths(adapter: str, **replaced: Path) -> dict[str, Path]:
    """Files of one adapter by role; `replaced` puts others in their place."""
    return {**{role: SHELF / name for role, name in FILES[adapter].items()}, **replaced}
