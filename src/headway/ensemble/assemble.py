"""From what all members share and what each has drawn to the typed arrays of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import jax.numpy as jnp
from jax import Array

from headway.ensemble.given import WorldArrays, WorldIndex
from headway.ensemble.members import Members
from headway.ensemble.past import History, reconstruct
from headway.model import Geography, Inputs, Parameters, Reference, State
from headway.model.algorithms import AlgorithmParameters
from headway.model.capability import CapabilityParameters
from headway.model.history import abduct
from headway.model.spending import SpendingParameters
from headway.model.stock import StockParameters
from headway.model.supply import SupplyParameters
from headway.model.talent import TalentParameters
from headway.model.training_run import TrainingRunParameters

Group = TypeVar("Group")


def assemble(given: WorldArrays, marks: WorldIndex, members: Members) -> Inputs:
    """Inputs of a block under the scenario, with the shocks that lead every member through its history. Pure."""
    past = reconstruct(given, marks, members)
    initial = State(
        past.log_spending[0], jnp.exp(past.log_compute[0]), past.talent, jnp.zeros_like(past.talent), past.level[0]
    )
    quiet = Inputs(
        initial,
        parameters(given, marks, members, past),
        given.baseline,
        Geography(given.log_pay, given.closeness, given.partners),
    )
    shocks = abduct(quiet, past.log_spending, jnp.exp(past.log_compute), past.level)
    assert shocks.level is not None
    explained = shocks.level[: marks.known - 1]
    shocks = shocks._replace(level=jnp.concatenate([explained, _noise(given, marks, members)]))
    return quiet._replace(paths=given.scenario, shocks=shocks)


def parameters(given: WorldArrays, marks: WorldIndex, members: Members, past: History) -> Parameters:
    """The model's parameters. The spending target is stated against spending at the anchor, rents included in it."""
    v = members.values
    at_anchor = past.log_spending[-1] + v["resource_drag"] * given.rents
    return Parameters(
        spending=SpendingParameters(
            at_anchor + v["boom"] + v["boom_deviation"], v["adjustment_years"], v["ceiling"], v["resource_drag"]
        ),
        supply=_group(SupplyParameters, v),
        stock=_group(StockParameters, v),
        training_run=TrainingRunParameters(past.concentration, v["length_growth"], v["length_end"]),
        talent=_group(TalentParameters, {**v, "training_scale": v["training_scale"] * past.talent / given.talent}),
        algorithms=_group(AlgorithmParameters, v),
        capability=CapabilityParameters(
            past.intercept,
            v["slope"],
            jnp.maximum(given.open_gap + v["open_gap_error"], 0),
            v["adoption_delay"],
            v["adoption_penalty"],
            past.discrepancy,
            v["discrepancy_years"],
        ),
        reference=Reference(
            given.years[marks.first][None],
            past.compute_reference,
            jnp.log(past.talent[marks.reference]),
            past.run_reference,
        ),
    )


def _group(kind: Callable[..., Group], values: Mapping[str, Array]) -> Group:
    """A group of model parameters whose fields are registry keys."""
    return kind(*(values[field] for field in kind._fields))  # type: ignore[attr-defined]


def _noise(given: WorldArrays, marks: WorldIndex, members: Members) -> Array:
    """Shocks of A from the anchor on, OOM per year, one draw a year, (quarters ahead, countries, members)."""
    ahead = given.years.shape[0] - (marks.known - 1)
    return jnp.repeat(members.noise * members.values["level_noise"], 4, axis=0)[:ahead]
