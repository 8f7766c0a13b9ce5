"""What a run is asked for, against the same worked out date by date with plain numbers."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from headway.model import Parameters, Paths
from headway.model.capability import CapabilityParameters
from headway.model.derive import ModelOutlook, outlook

QUARTERS, FIRST = 6, 1
SLOPE, METER, PENALTY = 8.0, 1.5, 2.0
OWN = np.array(
    [
        [100.0, 104.0, 108.0, 112.0, 116.0, 120.0],  # leads, is overtaken, leads again
        [90.0, 95.0, 100.0, 101.0, 103.0, 105.0],
        [85.0, 106.0, 109.0, 110.0, 111.0, 112.0],
    ]
)
GAP = [5.0, 1.0, 4.0]
PUBLISHED = np.array([[0, 0, 0], [0, 0, 1], [0, 0, 1], [0, 0, 0], [0, 1, 0], [0, 1, 0]])
RENTED = np.array([[1, 1, 1], [1, 0.5, 1], [1, 1, 0], [0.5, 0.8, 1], [1, 1, 1], [1, 0.9, 1]])
USE = np.array([[1, 1, 1], [1, 0.5, 1], [0.5, 1, 1], [1, 0.1, 1], [1, 0, 1], [1, 0.5, 0.5]])
ONE = np.array([[1, 1, 1], [1, 1, 0.6], [1, 0, 1], [0.7, 0.4, 1], [0, 1, 0], [1, 0.3, 0.3]])
CHOSEN = [1, 2, 0]
A_ALONE = [[0, 1, 1], [0, 0, 1], [1, 1, 0]]
"""Customer first: the first country serves the third alone."""

FIRST_OR_SECOND = [[0, 1, 0], [1, 0, 0], [1, 0, 0]]
"""Customer first: the one provider that may be cut alone."""


def asked(served: list[list[int]] | None, provider: list[list[int]] | None) -> ModelOutlook:
    one = lambda value: jnp.full((1,), value)  # noqa: E731
    groups: dict[str, Any] = dict.fromkeys(Parameters._fields)
    groups["capability"] = CapabilityParameters(
        one(0.0), one(SLOPE), jnp.array(GAP)[:, None], one(0.25), one(PENALTY), one(0.0), one(1.0), one(0.5), one(METER)
    )
    paths: dict[str, Any] = dict.fromkeys(Paths._fields)
    paths |= {"published": PUBLISHED, "rented": RENTED, "rented_use": USE, "one_provider": ONE}
    paths = {name: value if value is None else jnp.asarray(value, float)[:, :, None] for name, value in paths.items()}
    return outlook(
        {"sovereign": jnp.asarray(OWN.T[:, :, None])}, Parameters(**groups), Paths(**paths),
        countries=CHOSEN, first_scored=FIRST, served=None if served is None else jnp.asarray(served, float),
        provider=None if provider is None else jnp.asarray(provider, float),
    )  # fmt: skip


def months(path: np.ndarray, others: np.ndarray, at: int) -> tuple[float, bool]:
    """Lag of `path` behind `others` at a date, both rising, and whether it is longer; only dates with scores count."""
    dates = np.arange(FIRST, QUARTERS)
    own, best = path[FIRST:], others[FIRST:]
    behind = path[at] <= others[at]
    stood, rising = (path[at], best) if behind else (others[at], own)
    since = float(np.interp(stood, rising, dates))
    return (3 * (at - since) if behind else 3 * (since - at)), bool(stood < rising[0])


@pytest.mark.parametrize(("served", "provider"), [(None, FIRST_OR_SECOND), (A_ALONE, None), (A_ALONE, FIRST_OR_SECOND)])
def test_every_series_is_that_worked_out_by_hand(
    served: list[list[int]] | None, provider: list[list[int]] | None
) -> None:
    found = asked(served, provider)
    assert {getattr(found, name).shape for name in ModelOutlook._fields} == {(QUARTERS, len(CHOSEN), 1)}
    serves = served or [[int(a != b) for b in range(3)] for a in range(3)]
    for place, country in enumerate(CHOSEN):
        mine = OWN[country]
        frontier = np.delete(OWN, country, axis=0).max(axis=0)
        providers = [other for other in range(3) if serves[country][other]]
        reach, available, least = [], [], []
        for t in range(QUARTERS):
            before = max(t - 1, 0)  # open weights are in use a quarter later, at a price
            free = [OWN[c, s] - GAP[c] for s in range(before + 1) for c in range(3) if PUBLISHED[s, c]]
            reach.append(max([mine[t], *(level - PENALTY for level in free)]))
            share, use = RENTED[t, country], USE[t, country]
            shares = {c: share * (ONE[t, country] if provider and provider[country][c] else 1) for c in providers}
            # what is rented is two quarters old
            open_door = max(
                OWN[c, max(t - 2, 0)] + SLOPE * np.log10(part) if part else -1e9 for c, part in shares.items()
            )
            metered = open_door + SLOPE * METER * np.log10(use) if use else -1e9
            available.append(max(reach[-1], metered))
            least.append(10 ** (-max(open_door - reach[-1], 0) / (SLOPE * METER)))
        wanted = {
            "sovereign": mine, "frontier": frontier, "gap": frontier - mine, "gap_oom": (frontier - mine) / SLOPE,
            "accessible": reach, "available": available, "least_use": least,
            "rank": [1 + int((OWN[:, t] > mine[t]).sum()) for t in range(QUARTERS)],
        }  # fmt: skip
        for name, values in wanted.items():
            np.testing.assert_allclose(getattr(found, name)[:, place, 0], values, rtol=1e-5, err_msg=name)
        for name, path in (("lag", mine), ("accessible_lag", np.array(reach)), ("available_lag", np.array(available))):
            lags, censored = getattr(found, name)[:, place, 0], getattr(found, f"{name}_censored")[:, place, 0]
            assert (lags[0], censored[0]) == (0, True), "before the first scores nothing is known"
            if (np.diff(path[FIRST:]) > 0).all():
                told = [months(path, frontier, t) for t in range(FIRST, QUARTERS)]
                np.testing.assert_allclose(lags[FIRST:], [lag for lag, _ in told], atol=1e-4, err_msg=name)
                np.testing.assert_array_equal(censored[FIRST:], [longer for _, longer in told], err_msg=name)


def test_the_made_world_has_every_case() -> None:
    """The leader changes, a lead and a lag are seen, what is rented and what is open is each the best of some date."""
    found = asked(None, FIRST_OR_SECOND)
    assert (np.asarray(found.available) < np.asarray(asked(None, None).available)).any()
    assert {int(np.argmax(OWN[:, t])) for t in range(QUARTERS)} == {0, 2}
    lag = np.asarray(found.lag)[FIRST:]
    assert lag.min() < 0 < lag.max()
    assert np.asarray(found.lag_censored)[FIRST:].any()
    assert (np.asarray(found.available) > np.asarray(found.accessible)).any()
    assert (np.asarray(found.accessible) > np.asarray(found.sovereign)).any()
    assert ((np.asarray(found.least_use) > 0) & (np.asarray(found.least_use) < 1)).any()
