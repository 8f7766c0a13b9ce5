"""Where a country is: composite indicators, robust ranks.

Read it in this order: `spec` and `settings` say what an index is, `read` and `table` what its data are; `build` runs
the `steps` and climbs the tree (`weighting`, `score`); `ensemble` builds it a thousand ways at once, `robust`,
`weightspace` and `sensitivity` question the result; `audit`, `compare` and `change` judge it. `evidence_table`, `view`
and `findings` apply all that to countries.
"""

from headway.standing.audit import audit, verdict
from headway.standing.build import Index, build
from headway.standing.change import Edition, RankChange, rank_changes
from headway.standing.compare import compare
from headway.standing.ensemble import IndexEnsemble, Study, evaluate, prepare, run, run_nodes
from headway.standing.presets import preset
from headway.standing.read import parse_table, read_table
from headway.standing.robust import above, rank_probabilities, tiers, within
from headway.standing.robust import summary as rank_summary
from headway.standing.sensitivity import lead_of, mean_rank_shift, rank_of, sensitivity
from headway.standing.spec import Spec, dump, load, parse
from headway.standing.table import Table
from headway.standing.weightspace import effective_weights, linear, share_leading, smallest_change

__all__ = [
    "Edition",
    "Index",
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
    "tiers",
    "verdict",
    "within",
]
