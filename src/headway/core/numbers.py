"""Numbers that every room shares: the array type, the level of intervals, and how far grades of an estimate reach."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVEL = 0.9  # probability content of every interval unless another is stated
Z90 = 1.6448536269514722  # a normal variable lies within ± Z90 sd with probability 0.9

CONFIDENCE_FACTORS: Mapping[str, float] = MappingProxyType({"Confident": 3.0, "Likely": 10.0, "Speculative": 30.0})
"""Factor up and down of an estimate of training compute, by Epoch AI's grade of confidence, read as holding `LEVEL`.

Source of grades and factors: Epoch AI, "Data on AI Models", documentation,
https://epoch.ai/data/ai-models-documentation/estimation.
"""

UNGRADED_FACTOR = CONFIDENCE_FACTORS["Speculative"]  # an estimate without a grade is taken as speculative

USEFUL_SHARE = 0.15
"""Share of a variance from which a measurement that would remove it is said to help."""
