"""The Mazziotta–Pareto index: a mean penalised for imbalance between the children."""

from __future__ import annotations

import numpy as np

from headway.standing.aggregate.means import weighted_mean
from headway.standing.moments import Array


def mazziotta_pareto(x: Array, w: Array, penalty: int = -1) -> Array:
    """M ± S · cv with M the mean of the unit's scores, S their standard deviation (over n), cv = S / M.

    Children on mean 100 and standard deviation 10 give the Mazziotta–Pareto index (MPI), on the 70–130 band the
    adjusted one (AMPI), whose values compare over time.

    Args:
        x: positive scores, shape (…, units, children). w: shape (…, children).
        penalty: -1 where more is better, +1 where the index measures a burden.

    Source: De Muro, Mazziotta and Pareto (2011), Composite Indices of Development and Poverty, Social Indicators
    Research 104; Mazziotta and Pareto (2016), Social Indicators Research 127.
    """
    centre = weighted_mean(x, w)
    variance = weighted_mean((x - centre[..., None]) ** 2, w)
    return np.asarray(centre + penalty * variance / centre)
