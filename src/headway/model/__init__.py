"""How it moves: national AI systems as eight mechanisms on a quarterly grid. Arrays in, arrays out.

One file per mechanism, each with its equation and source. Every function is elementwise over countries (axis 0) and
over any trailing axes, so the same definition serves one trajectory in float64 (inference) and blocks of members in
float32 (ensembles): the dtype is that of the inputs. Nothing here reads a file or knows a country.
"""

from headway.model.simulate import Inputs, Run, simulate
from headway.model.state import Geography, Outside, Parameters, Paths, Reference, Shocks, State
from headway.model.status import Status

__all__ = [
    "Geography",
    "Inputs",
    "Outside",
    "Parameters",
    "Paths",
    "Reference",
    "Run",
    "Shocks",
    "State",
    "Status",
    "simulate",
]
