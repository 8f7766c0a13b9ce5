"""NUTS in chunks: a fit that is killed goes on from its last chunk, and a bad fit is an error.

Chains run side by side in one vectorised call; float64 throughout.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.core.cache import UnreadableEntryError, pack_arrays, unpack_arrays
from headway.core.errors import ModelError
from headway.core.files import write_atomically
from headway.core.trees import build_tree, describe_tree

Draws = Mapping[str, npt.NDArray[np.float64]]  # site -> shape (chain, draw, ...)
Progress = Callable[[int, int], None]  # iterations done, iterations wanted

MAX_R_HAT = 1.02
MIN_ESS = 200.0
MAX_DIVERGENT = 0.005  # share of draws


@dataclass(frozen=True)
class Diagnostics:
    """Convergence of a fit, over all sampled sites.

    Attributes:
        r_hat: largest rank-normalised split R-hat. ess: smallest bulk effective sample size.
        divergent: number of divergent transitions. worst: site with the largest R-hat.
    """

    chains: int
    draws: int
    r_hat: float
    ess: float
    divergent: int
    worst: str

    def problems(self) -> list[str]:
        """Problems of the fit, in words; empty when it may be used."""
        found = []
        if not self.r_hat <= MAX_R_HAT:
            found.append(f"R-hat of {self.worst} is {self.r_hat:.3f} (at most {MAX_R_HAT})")
        if not self.ess >= MIN_ESS:
            found.append(f"smallest effective sample size is {self.ess:.0f} (at least {MIN_ESS:.0f})")
        if self.divergent > MAX_DIVERGENT * self.chains * self.draws:
            found.append(f"{self.divergent} of {self.chains * self.draws} draws diverged")
        return found

    def enforce(self) -> None:
        """Refuse a fit that has not converged.

        Raises:
            ModelError: with every failed check.
        """
        if problems := self.problems():
            raise ModelError(f"the fit has not converged: {'; '.join(problems)}; try more --draws or --warmup")

    def record(self) -> dict[str, Any]:
        """As a plain mapping, for the files that carry it."""
        return asdict(self)


@dataclass(frozen=True)
class SamplingPlan:
    """How long to sample. `chunk` draws lie between two checkpoints."""

    chains: int = 4
    warmup: int = 500
    draws: int = 1000
    chunk: int = 250
    seed: int = 0
    target_accept: float = 0.9


def sample(
    model: Callable[[Any], None],
    data: Any,
    plan: SamplingPlan,
    *,
    checkpoint: Path | None = None,
    key: str = "",
    progress: Progress | None = None,
) -> tuple[Draws, Diagnostics]:
    """Draw from the posterior of `model(data)`.

    Args:
        checkpoint: file that holds the state between chunks; when it exists and was written for the same `key`,
            sampling goes on from it. It is removed by the caller once the result is stored.
        key: identifies model, data and plan.

    Returns:
        Draws by site, including deterministic ones, and the diagnostics (not enforced).

    Raises:
        ModelError: the checkpoint belongs to another fit.
    """
    import jax
    from numpyro.infer import MCMC, NUTS, init_to_median

    with jax.enable_x64(True):
        # Starting at prior medians: far out, a chain may never find its way.
        kernel = NUTS(model, target_accept_prob=plan.target_accept, init_strategy=init_to_median)
        sizes = [min(plan.chunk, plan.draws - start) for start in range(0, plan.draws, plan.chunk)]
        mcmc = MCMC(
            kernel,
            num_warmup=plan.warmup,
            num_samples=sizes[0],
            num_chains=plan.chains,
            chain_method="vectorized",
            progress_bar=False,
        )
        state, done = _restore(checkpoint, key)
        total = plan.warmup + plan.draws
        for chunk in range(len(done), len(sizes)):
            if state is None:
                mcmc.run(jax.random.PRNGKey(plan.seed), data, extra_fields=("diverging",))
            else:
                mcmc.num_samples = sizes[chunk]
                mcmc.post_warmup_state = state
                mcmc.run(state.rng_key, data, extra_fields=("diverging",))
            state = mcmc.last_state
            drawn = {site: np.asarray(value) for site, value in mcmc.get_samples(group_by_chain=True).items()}
            drawn["diverging"] = np.asarray(mcmc.get_extra_fields(group_by_chain=True)["diverging"])
            done.append(drawn)
            if checkpoint is not None:
                write_atomically(checkpoint, _checkpoint(key, state, done), force=True)
            if progress is not None:
                progress(plan.warmup + sum(sizes[: chunk + 1]), total)
    draws = {site: np.concatenate([part[site] for part in done], axis=1) for site in done[0]}
    divergent = int(draws.pop("diverging").sum())
    return draws, diagnose(draws, divergent)


_NUMPYRO = "numpyro.infer."  # the state of a sampler is built of named tuples of these modules


def _checkpoint(key: str, state: Any, done: list[dict[str, npt.NDArray[Any]]]) -> bytes:
    """State of the sampler and the chunks drawn so far, as an npz archive of plain arrays."""
    import jax

    tree: Any
    leaves, tree = jax.tree.flatten(state)
    described = {"key": key, "state": describe_tree(jax.tree.unflatten(tree, range(tree.num_leaves)), _NUMPYRO)}
    arrays = {"head": np.asarray(json.dumps(described))}
    arrays |= {f"state:{number}": np.asarray(leaf) for number, leaf in enumerate(leaves)}
    arrays |= {f"draws:{number}:{site}": values for number, chunk in enumerate(done) for site, values in chunk.items()}
    return pack_arrays(arrays)


def _restore(checkpoint: Path | None, key: str) -> tuple[Any, list[dict[str, npt.NDArray[Any]]]]:
    """State and chunks of a checkpoint; nothing where there is none.

    Raises:
        ModelError: the file is no checkpoint, or belongs to another fit.
    """
    import jax
    import numpyro.infer  # noqa: F401 - the classes that the state is built of

    if checkpoint is None or not checkpoint.exists():
        return None, []
    try:
        arrays = unpack_arrays(checkpoint.read_bytes())
        head = json.loads(str(arrays["head"]))
        if head["key"] != key:
            raise ModelError(f"{checkpoint} belongs to another fit; begin again with --afresh, or choose another --out")
        tree: Any = jax.tree.structure(build_tree(head["state"], _NUMPYRO))
        state = jax.tree.unflatten(tree, [arrays[f"state:{number}"] for number in range(tree.num_leaves)])
        done: list[dict[str, npt.NDArray[Any]]] = []
        for name in (name for name in arrays if name.startswith("draws:")):
            _, number, site = name.split(":", 2)
            if int(number) == len(done):
                done.append({})
            done[int(number)][site] = arrays[name]
    except (UnreadableEntryError, OSError, KeyError, IndexError, ValueError, TypeError) as error:
        raise ModelError(f"{checkpoint} cannot be read as a checkpoint ({error}); begin again with --afresh") from error
    return state, done


def diagnose(draws: Draws, divergent: int) -> Diagnostics:
    """R-hat and effective sample size of every scalar that varies."""
    import arviz as az

    worst, r_hat, ess, shape = "", 0.0, np.inf, (0, 0)
    for site, values in draws.items():
        shape = values.shape[:2]
        flat = values.reshape(*shape, -1)
        flat = flat[:, :, flat.std(axis=(0, 1)) > 1e-12]
        if flat.shape[2] == 0:
            continue
        dataset = az.convert_to_dataset({site: flat})
        hat = float(az.rhat(dataset)[site].max())
        ess = min(ess, float(az.ess(dataset)[site].min()))
        if not hat <= r_hat:
            worst, r_hat = site, hat
    return Diagnostics(shape[0], shape[1], r_hat, ess, divergent, worst)
