"""Numbers that every room shares: the array type, the level of intervals and its half-width in standard deviations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVEL = 0.9  # probability content of every interval unless another is stated
Z90 = 1.6448536269514722  # a normal variable lies within ± Z90 sd with probability 0.9
