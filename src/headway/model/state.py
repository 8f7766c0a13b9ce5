"""The typed arrays of the model: what moves, what is supposed, what is given.

Shapes: `countries` is always the axis before the last, `members` the last one; time, where there is one, comes first.
An axis of length 1 means "the same for all". Row k of a path acts from date k to date k + 1; states carry dates.
"""

from __future__ import annotations

from typing import NamedTuple

from jax import Array

from headway.model.algorithms import AlgorithmParameters
from headway.model.capability import CapabilityParameters
from headway.model.spending import SpendingParameters
from headway.model.stock import StockParameters
from headway.model.supply import SupplyParameters
from headway.model.talent import TalentParameters
from headway.model.training_run import TrainingRunParameters


class State(NamedTuple):
    """State variables of the model, each (countries, members).

    log_spending: natural log of x, AI capital spending as a share of GDP.
    compute: K, installed AI compute, H100e.
    talent: L, AI researchers living in the country, persons.
    distance: Q, researchers abroad who still work for the country, persons.
    level: A, algorithmic level, OOM of compute saved against the reference state.
    """

    log_spending: Array
    compute: Array
    talent: Array
    distance: Array
    level: Array


class Reference(NamedTuple):
    """The reference country at the reference date, where A = 0 and own progress is g_A; each (members,) or (1,).

    year: decimal year. log_compute: natural log of H100e. log_talent: natural log of persons.
    log_run: log10 FLOP of its largest training run.
    """

    year: Array
    log_compute: Array
    log_talent: Array
    log_run: Array


class Parameters(NamedTuple):
    """One group per mechanism, in the order of the equations."""

    spending: SpendingParameters
    supply: SupplyParameters
    stock: StockParameters
    training_run: TrainingRunParameters
    talent: TalentParameters
    algorithms: AlgorithmParameters
    capability: CapabilityParameters
    reference: Reference


class Paths(NamedTuple):
    """Exogenous paths, each (quarters, countries, 1), the first four (quarters, 1, 1).

    year: decimal year of the date. price_age: years since the date that the chip price is stated for.
    projected: years since GDP is projected rather than observed, ≥ 0. anchored: years since the anchor date, negative
    before it.
    log_gdp: natural log of constant US dollars. rents: resource rents, share of GDP.
    lever: policy lever on the spending target, log points.
    controlled: S, share of demand under export controls. capacity: G, H100e per year through all other channels.
    graduates: persons per year. push: emigration hazard relative to m0. shock: extra emigration hazard, 1/year.
    openness: in [0, 1]. depth: of collaboration with the partners of `Geography`, in [0, 1].
    published: 1 where the country publishes the weights of its best open models, else 0.
    rented: a, share of effective compute up to which others' models are served to the country, in [0, 1]; 0 is a cut.
    rented_use: b, share of the wanted use of rented models that is served, in [0, 1]; 1 is no meter.
    one_provider: p, share of effective compute up to which the one provider of `Geography` serves the country.
    """

    year: Array
    price_age: Array
    projected: Array
    anchored: Array
    log_gdp: Array
    rents: Array
    lever: Array
    controlled: Array
    capacity: Array
    graduates: Array
    push: Array
    shock: Array
    openness: Array
    depth: Array
    published: Array
    rented: Array
    rented_use: Array
    one_provider: Array


class Shocks(NamedTuple):
    """Residual shocks per year, each (quarters, countries, members), or None for nothing.

    spending: growth of x, log points per year. compute: growth of K, log points per year. level: growth of A, OOM per
    year.
    """

    spending: Array | None = None
    compute: Array | None = None
    level: Array | None = None


class Geography(NamedTuple):
    """Closeness of countries to each other, over all countries of the world, simulated or held.

    log_pay: (countries, 1), natural log of pay. closeness: (countries, countries), origin first, zero on the diagonal.
    partners: (countries, countries), row-stochastic weights of each country's partners, a row of zeros for none; None
    where nobody collaborates.
    served: (countries, countries), customer first, 1 where the provider's models are served there, zero on the
    diagonal; None where everybody serves everybody else.
    provider: (countries, countries), customer first, 1 for the one provider that `Paths.one_provider` is about; None
    where there is none.
    """

    log_pay: Array
    closeness: Array
    partners: Array | None = None
    served: Array | None = None
    provider: Array | None = None


class Outside(NamedTuple):
    """The part of the world that is held while a few countries are simulated.

    simulated: positions of the simulated countries in `Geography`, (countries,) of integers.
    level: smooth maximum of A over the held countries, (quarters, members).
    arrivals: people per year from held countries, (quarters, countries, members).
    partner_level: Σ weight · A over held partners, OOM, (quarters, countries, members), or None.
    """

    simulated: Array
    level: Array
    arrivals: Array
    partner_level: Array | None = None
