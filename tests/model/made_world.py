"""A made world for tests: plausible sizes, nothing looked up."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from hypothesis import settings

from headway.model import Geography, Inputs, Parameters, Paths, Reference, Shocks, State
from headway.model.algorithms import AlgorithmParameters
from headway.model.capability import CapabilityParameters
from headway.model.spending import SpendingParameters
from headway.model.stock import StockParameters
from headway.model.supply import SupplyParameters
from headway.model.talent import TalentParameters
from headway.model.training_run import TrainingRunParameters

few = settings(max_examples=15)
"""For property tests: each example dispatches dozens of array calls."""

START = 2022.25


def made_inputs(
    countries: int = 4, members: int = 3, quarters: int = 40, seed: int = 0, dtype: str = "float32"
) -> Inputs:
    """A leader (country 0) and followers; country 1 is under controls, everybody migrates."""
    random = np.random.default_rng(seed)

    def every(value: float, spread: float = 0.1) -> jnp.ndarray:
        return jnp.asarray(value * np.exp(spread * random.standard_normal(members)), dtype)

    def each(value: float | np.ndarray, spread: float = 0.1) -> jnp.ndarray:
        column = np.broadcast_to(np.asarray(value, float).reshape(-1, 1), (countries, members))
        return jnp.asarray(column + spread * random.standard_normal((countries, members)), dtype)

    def path(value: float | np.ndarray) -> jnp.ndarray:
        return jnp.asarray(np.broadcast_to(np.asarray(value, float), (quarters, countries)), dtype)[:, :, None]

    rank = np.arange(countries)
    compute = 2e5 * 0.3**rank
    talent_size = 6e4 * 0.7**rank
    time = START + 0.25 * np.arange(quarters)
    dates = jnp.asarray(time, dtype)[:, None, None]
    only_second = np.where(rank == 1, 1.0, 0.0)
    parameters = Parameters(
        spending=SpendingParameters(each(np.log(6e-3) - 0.5 * rank), every(2.5), every(0.03), every(0.5)),
        supply=SupplyParameters(every(0.5), every(30e3), every(0.3), every(1.4), jnp.exp(each(0.0)), each(0.0, 0.01)),
        stock=StockParameters(every(0.2)),
        training_run=TrainingRunParameters(each(19.8), every(0.15), jnp.full((members,), 2027.0, dtype)),
        talent=TalentParameters(every(0.03), every(0.02), every(1.0), every(0.5), every(1.0), every(1.0)),
        algorithms=AlgorithmParameters(
            every(0.5), every(0.6), every(0.5), every(0.8), every(0.5), every(0.5), every(0.4), every(0.2), every(5e3)
        ),
        capability=CapabilityParameters(
            every(120.0, 0.01),
            every(8.5),
            jnp.abs(each(3.0)),
            every(0.4),
            every(1.0),
            each(0.0, 2.0),
            every(1.5),
            jnp.full((members,), 0.1, dtype),
            jnp.full((members,), 1.4, dtype),
        ),
        reference=Reference(
            jnp.asarray([START], dtype),
            jnp.asarray([np.log(compute[0])], dtype),
            jnp.asarray([np.log(talent_size[0])], dtype),
            jnp.asarray([np.log10(compute[0]) + 19.8], dtype),
        ),
    )
    initial = State(
        each(np.log(1.5e-3) - 0.5 * rank),
        jnp.exp(each(np.log(compute))),
        jnp.exp(each(np.log(talent_size))),
        jnp.zeros((countries, members), dtype),
        each(-0.3 * rank),
    )
    paths = Paths(
        year=dates,
        price_age=dates - 2023,
        projected=jnp.maximum(dates - 2026, 0),
        anchored=dates - 2025,
        log_gdp=path(np.log(2e13) - 0.8 * rank + 0.02 * (time[:, None] - START)),
        rents=path(0.1 * only_second),
        lever=path(0.0),
        controlled=path(0.8 * only_second),
        capacity=path(8e3 * only_second),
        graduates=path(0.08 * talent_size),
        push=path(1 + 0.5 * only_second),
        shock=path(np.where((time[:, None] > 2023) & (time[:, None] < 2024), 0.1, 0.0) * only_second),
        openness=path(1 - 0.3 * only_second),
        depth=path(0.0),
        published=path(np.where(rank == 2, 1.0, 0.0)),
        rented=path(1.0),
        rented_use=path(1.0),
        one_provider=path(1.0),
    )
    closeness = np.exp(random.standard_normal((countries, countries)))
    np.fill_diagonal(closeness, 0)
    geography = Geography(
        jnp.asarray(np.log(8e4) - 0.3 * rank, dtype)[:, None],
        jnp.asarray(closeness, dtype),
        jnp.zeros((countries, countries), dtype),
    )
    shocks = Shocks(*(jnp.asarray(0.05 * random.standard_normal((quarters, countries, members)), dtype) for _ in "xKA"))
    return Inputs(initial, parameters, paths, geography, shocks)
