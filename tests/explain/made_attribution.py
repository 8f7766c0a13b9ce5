"""An attribution of made numbers: what surfaces are told, without running a model; both directions are alike."""

from __future__ import annotations

import numpy as np

from headway.explain.attribution import Attribution, Split
from headway.explain.causes import causes
from headway.explain.setting import METRICS
from headway.scenarios.registry import Scope, registry


def made_attribution(draws: int = 300, sign: float = 1.0, dates: int = 2, seed: int = 0) -> Attribution:
    """Parts of known size: 10, 8, 6, −3, 1, 0.5, 0.2, 0, 0.1 months of a gap; `sign` −1 turns it into a lead."""
    random = np.random.default_rng(seed)
    sizes = np.asarray([10, 8, 6, -3, 1, 0.5, 0.2, 0, 0.1])
    values = {key: np.tile(drawn, 2) for key, drawn in _values(draws, random).items()}
    splits = {}
    for metric in METRICS:
        noise = 0.1 * random.standard_normal((len(sizes), dates, draws)) * (sizes != 0)[:, None, None]
        growth = np.linspace(0.5, 1, dates)[:, None]
        parts = sign * (sizes[:, None, None] * growth + noise)
        rest = sign * 0.3 * random.standard_normal((dates, draws))
        one = Split(parts.sum(axis=0) + rest, rest, parts, 0.8 * parts)
        splits[metric] = Split(*(np.concatenate([v, v], axis=-1) for v in (one.gap, one.rest, one.parts, one.alone)))
    made = Attribution(
        subject="RUS",
        rival="USA",
        dates=("2023Q4", "2025Q4")[-dates:],
        causes=causes(),
        splits=splits,
        beyond=np.zeros(dates),
        values=values,
        recipe={"draws_from": "posterior", "posterior": "abcd1234"},
        errors={},
        failed=0,
        controlled=(True, False),
    )
    return made.agreeing(*made.whole)


def _values(draws: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Prior draws of every parameter, in one transformation."""
    import jax.numpy as jnp

    from headway.scenarios.distributions import transform

    names, distributions = [], []
    for key, parameter in registry().parameters.items():
        own = {Scope.WORLD: [key], Scope.COUNTRY: [f"{key}/subject", f"{key}/rival"], Scope.NICHE: []}[parameter.scope]
        names += own
        distributions += [parameter.distribution] * len(own)
    drawn = transform(distributions, jnp.asarray(random.standard_normal((len(names), draws))))
    return dict(zip(names, np.asarray(drawn, float), strict=True))
