"""A made world of the size that a question has: 30 countries and the rest, a hundred quarters."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from headway.model import Geography, Inputs, Parameters, Paths, Reference, Shocks, State
from headway.model.algorithms import AlgorithmParameters
from headway.model.capability import CapabilityParameters
from headway.model.spending import SpendingParameters
from headway.model.stock import StockParameters
from headway.model.supply import SupplyParameters
from headway.model.talent import TalentParameters
from headway.model.training_run import TrainingRunParameters

COUNTRIES, QUARTERS = 31, 100
RECORD = ("compute", "level", "sovereign")


def inputs(members: int, countries: int = COUNTRIES, quarters: int = QUARTERS, seed: int = 0) -> Inputs:
    """Inputs of a block in float32; every parameter differs between members."""
    random = np.random.default_rng(seed)

    def every(value: float) -> jax.Array:
        return jnp.asarray(value * np.exp(0.1 * random.standard_normal(members)), jnp.float32)

    def each(value: np.ndarray | float) -> jax.Array:
        column = np.broadcast_to(np.reshape(value, (-1, 1)), (countries, members))
        return jnp.asarray(column + 0.1 * random.standard_normal((countries, members)), jnp.float32)

    def path(value: np.ndarray | float) -> jax.Array:
        return jnp.asarray(np.broadcast_to(value, (quarters, countries))[:, :, None], jnp.float32)

    rank = np.arange(countries)
    time = 2016.25 + 0.25 * np.arange(quarters)
    controlled = (rank % 7 == 1) & (time[:, None] > 2022)
    compute, people = 2e5 * 0.7**rank, 6e4 * 0.9**rank
    parameters = Parameters(
        SpendingParameters(each(np.log(6e-3) - 0.05 * rank), every(2.5), every(0.05), every(0.5)),
        SupplyParameters(every(0.5), every(30e3), every(0.3), every(1.4), jnp.exp(each(0.0)), 0.1 * each(0.0)),
        StockParameters(every(0.2)),
        TrainingRunParameters(each(19.8), every(0.15), jnp.full((members,), 2027.0)),
        TalentParameters(every(0.03), every(0.02), every(1.0), every(0.5), every(1.0), every(1.0)),
        AlgorithmParameters(
            every(0.5), every(0.6), every(0.5), every(0.8), every(0.5), every(0.5), every(0.4), every(0.2), every(5e3)
        ),
        CapabilityParameters(
            every(120.0),
            every(8.5),
            jnp.abs(each(3.0)),
            every(0.4),
            every(1.0),
            each(0.0),
            every(1.5),
            *(jnp.full((members,), value, jnp.float32) for value in (0.1, 1.4)),
        ),
        Reference(*(jnp.full((members,), value, jnp.float32) for value in (2016.25, np.log(2e5), np.log(6e4), 25.1))),
    )
    initial = State(
        each(np.log(1.5e-3) - 0.05 * rank), jnp.exp(each(np.log(compute))), jnp.exp(each(np.log(people))),
        jnp.zeros((countries, members)), each(-0.05 * rank),
    )  # fmt: skip
    column = jnp.asarray(time, jnp.float32)[:, None, None]
    paths = Paths(
        column, column - 2023, jnp.maximum(column - 2026, 0), column - 2026,
        path(np.log(2e13) - 0.15 * rank), path(0.05), path(0.0),
        path(np.where(controlled, 0.8, 0.0)), path(np.where(controlled, 8e3, 0.0)), path(0.08 * people), path(1.0),
        path(np.where(controlled, 0.02, 0.0)), path(1.0), path(0.0), path(rank % 5 == 2),
        path(1.0), path(1.0), path(1.0),
    )  # fmt: skip
    closeness = np.exp(random.standard_normal((countries, countries))) * (1 - np.eye(countries))
    geography = Geography(
        jnp.asarray(np.log(8e4) - 0.05 * rank, jnp.float32)[:, None], jnp.asarray(closeness, jnp.float32)
    )
    noise = jnp.asarray(0.1 * random.standard_normal((quarters, countries, members)), jnp.float32)
    return Inputs(initial, parameters, paths, geography, Shocks(level=noise))
