"""Where no strategy falls far short of the best, the sentence says that the choice makes little difference."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from headway.strategy import sentences
from headway.strategy.discovery import MARGIN


def test_small_regret_of_all_strategies_is_said_to_make_little_difference() -> None:
    results = cast(Any, SimpleNamespace(futures=1536, names=["a", "b", "c"]))
    least = np.array([0.1, 0.2, MARGIN / 2])
    text = sentences.robust(results, 0, "A", regret=least, share=0.1, condition=cast(Any, "it gains nothing"), box=None)
    assert "makes little difference which of 3 strategies" in text
    assert "least regret" in text
