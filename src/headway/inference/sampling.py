"""NUTS in chunks: a fit that is killed goes on from its last chunk, and a bad fit is an error.

Chains run one by one or side by side, as there are cores; float64 throughout. Much of what a fit costs is its compiler:
one program takes all steps, of warm-up and of draws, and what runs once is compiled without being optimised.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
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
    """How long to sample. `chunk` steps, of warm-up or of draws, lie between two checkpoints."""

    chains: int = 4
    warmup: int = 500
    draws: int = 2000
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
        ModelError: the checkpoint belongs to another fit, or the model has no density where the chains start.
    """
    import jax
    from numpyro.infer import NUTS
    from numpyro.infer.util import constrain_fn, potential_energy

    with jax.enable_x64(True):
        potential = jax.jit(partial(potential_energy, model, (data,), {}))  # read once, however often it is asked
        kernel = NUTS(potential_fn=potential, target_accept_prob=plan.target_accept)
        state, done = _restore(checkpoint, key)
        state = _started(kernel, partial(_prior_means, model, data), plan, state)
        advance = _chunk(kernel, plan.chunk)
        ends = (*_ends(0, plan.warmup, plan.chunk), *_ends(plan.warmup, plan.draws, plan.chunk))
        for end in (end for end in ends if end > state.i[0]):
            steps = end - int(state.i[0])
            state, drawn = _stacked([advance(_of_chain(state, chain), steps) for chain in range(plan.chains)])
            if end > plan.warmup:
                done.append({name: values[:, :steps] for name, values in drawn.items()})
            if checkpoint is not None:
                write_atomically(checkpoint, _checkpoint(key, state, done), force=True)
            if progress is not None:
                progress(end, plan.warmup + plan.draws)
        kept = {name: np.concatenate([part[name] for part in done], axis=1) for name in done[0]}
        divergent = int(kept.pop(_DIVERGING).sum())
        constrained = partial(constrain_fn, model, (data,), {}, return_deterministic=True)
        sites = jax.jit(jax.vmap(jax.vmap(constrained)), compiler_options=_BRIEFLY)(kept)
        draws = {site: np.asarray(values) for site, values in sites.items()}
    return draws, diagnose(draws, divergent)


_DIVERGING = "diverging"  # beside the sites of a chunk
_BRIEFLY = {"xla_backend_optimization_level": 0}  # for programs that run once: optimising them takes longer
_APART = 0.3  # sd of the chains' starts about the prior means, on the scale on which the sampler moves


def _of_chain(tree: Any, chain: int) -> Any:
    import jax

    return jax.tree.map(lambda rows: rows[chain], tree)


def _stacked(chains: list[Any]) -> Any:
    """Trees of all chains as one of arrays, a row for each."""
    import jax

    return jax.tree.map(lambda *rows: np.stack(rows), *chains)


def _ends(first: int, steps: int, chunk: int) -> list[int]:
    """Steps taken after each chunk of a phase that begins after `first` of them."""
    return [first + min(taken + chunk, steps) for taken in range(0, steps, chunk)]


def _prior_means(model: Callable[[Any], None], data: Any) -> dict[str, Any]:
    """Prior mean of each sampled site, on the scale on which the sampler moves."""
    from numpyro import handlers
    from numpyro.distributions import biject_to
    from numpyro.infer import init_to_mean

    at_means = handlers.substitute(handlers.seed(model, 0), substitute_fn=init_to_mean())
    sites = handlers.trace(at_means).get_trace(data)
    free = {name: site for name, site in sites.items() if site["type"] == "sample" and not site["is_observed"]}
    return {name: biject_to(site["fn"].support).inv(site["value"]) for name, site in free.items()}


def _started(kernel: Any, means: Callable[[], dict[str, Any]], plan: SamplingPlan, state: Any) -> Any:
    """State from which the chains go on: the one given, or where none is, one before the first step.

    Chains start near the prior means: far out, a chain may never find its way.

    Raises:
        ModelError: the model has no density there.
    """
    import jax
    from jax.flatten_util import ravel_pytree

    @partial(jax.jit, compiler_options=_BRIEFLY)
    def start(key: Any) -> Any:
        middle, unravel = ravel_pytree(means())
        own, apart = jax.random.split(key)
        near = unravel(middle + _APART * jax.random.normal(apart, middle.shape))
        return kernel.init(own, plan.warmup, near, (), {})

    keys = jax.random.split(jax.random.PRNGKey(plan.seed), plan.chains)
    if state is not None:
        jax.eval_shape(start, keys[0])  # a kernel has its functions once it was asked to start
        return state
    first = _stacked([start(key) for key in keys])
    if not np.isfinite(first.potential_energy).all():
        raise ModelError("the model has no density near the prior means, where chains start")
    return first


def _chunk(kernel: Any, size: int) -> Callable[[Any, int], tuple[Any, dict[str, Any]]]:
    """Function that takes up to `size` steps of a chain: the state after them, and what each step drew.

    One program serves all chains, warm-up and draws, since compiling it takes longer than most fits take to draw.
    Chains do not share its steps: it would have to go both ways at every fork, and all would wait for the slowest.
    """
    import jax
    import jax.numpy as jnp

    @jax.jit
    def advance(state: Any, steps: Any) -> Any:
        def seen(state: Any) -> dict[str, Any]:
            return {**state.z, _DIVERGING: state.diverging}

        def step(number: Any, carried: Any) -> Any:
            state, kept = carried
            state = kernel.sample(state, (), {})
            return state, jax.tree.map(lambda rows, row: rows.at[number].set(row), kept, seen(state))

        empty = jax.tree.map(lambda row: jnp.zeros((size, *row.shape), row.dtype), seen(state))
        return jax.lax.fori_loop(0, steps, step, (state, empty))

    return advance


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
