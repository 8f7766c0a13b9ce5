"""Standing of countries: composite indicators, robust ranks.

In reading order:

- specification: `settings`, `spec`, `legality`, `presets` (`mistakes` words what is wrong); data: `table`, `reader`
- steps, one file each: `screen`, `denominate`, `impute`, `treat`, `normalise`; they pass on a `sheet`
- weights of children: `weights`; from children to parents: `aggregate`, `outranking`, `benefit_of_doubt`
- `build`: all of it, once; `configuration`, `ensemble`: thousands of times, with alternatives and errors
- from Python: `frames` (steps on DataFrames), `custom` (functions of one's own), `coinr` (a COINr coin, a
  COIN Tool workbook)
- questions to the result: `ranks`, `weightspace`, `sensitivity`, `audit`, `compare` (with another build, or with
  another ranking), `change`; statistics for all: `moments`
- output: `export`, `pictures`; the audit's report: `audit_report`, its pages `audit_data` and `audit_ranks`, shared
  parts in `audit_parts`
- the countries' own index: `evidence_table`, `view`, `findings`
"""

from headway.standing.audit import audit, verdict
from headway.standing.build import Index, build
from headway.standing.change import IndexEdition, RankChange, rank_changes
from headway.standing.coinr import from_coin_tool, from_coinr
from headway.standing.compare import compare
from headway.standing.ensemble import IndexEnsemble, Study, evaluate, prepare, run, run_nodes
from headway.standing.presets import preset
from headway.standing.ranks import above, rank_probabilities, tiers, within
from headway.standing.ranks import summary as rank_summary
from headway.standing.reader import parse_table, read_table, table_from_frame
from headway.standing.sensitivity import lead_of, mean_rank_shift, rank_of, sensitivity
from headway.standing.spec import Spec, dump, load, parse
from headway.standing.table import Table
from headway.standing.weightspace import effective_weights, linear, share_leading, smallest_change

__all__ = [
    "Index",
    "IndexEdition",
    "IndexEnsemble",
    "RankChange",
    "Spec",
    "Study",
    "Table",
    "above",
    "audit",
    "build",
    "compare",
    "dump",
    "effective_weights",
    "evaluate",
    "from_coin_tool",
    "from_coinr",
    "lead_of",
    "linear",
    "load",
    "mean_rank_shift",
    "parse",
    "parse_table",
    "prepare",
    "preset",
    "rank_changes",
    "rank_of",
    "rank_probabilities",
    "rank_summary",
    "read_table",
    "run",
    "run_nodes",
    "sensitivity",
    "share_leading",
    "smallest_change",
    "table_from_frame",
    "tiers",
    "verdict",
    "within",
]
