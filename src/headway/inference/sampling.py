"""NUTS in chunks: a fit that is killed goes on from its last chunk, and a bad fit is an error.

Chains run side by side in one vectorised call; float64 throughout.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.errors import ModelError
from headway.files import write_atomically

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
        """What is wrong, in words; empty when the fit may be used."""
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
class Plan:
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
    plan: Plan,
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
        state, done = _restore(checkpoint, key, model, data, plan, sizes)
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
                write_atomically(checkpoint, _stored(key, state, done), force=True)
            if progress is not None:
                progress(plan.warmup + sum(sizes[: chunk + 1]), total)
    draws = {site: np.concatenate([part[site] for part in done], axis=1) for site in done[0]}
    divergent = int(draws.pop("diverging").sum())
    return draws, diagnose(draws, divergent)


def _stored(key: str, state: Any, done: list[dict[str, npt.NDArray[Any]]]) -> bytes:
    """A checkpoint: arrays alone, named by their place in the sampler's state, or by chunk and site."""
    import jax

    arrays = {"key": np.asarray(key)}
    for place, leaf in jax.tree_util.tree_flatten_with_path(state)[0]:
        arrays[f"state{jax.tree_util.keystr(place)}"] = np.asarray(leaf)
    for chunk, drawn in enumerate(done):
        arrays |= {f"draws/{chunk}/{site}": values for site, values in drawn.items()}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def _restore(
    checkpoint: Path | None, key: str, model: Callable[[Any], None], data: Any, plan: Plan, sizes: list[int]
) -> tuple[Any, list[dict[str, npt.NDArray[Any]]]]:
    """State and chunks of a checkpoint, none where there is no file.

    Raises:
        ModelError: the file cannot be read, is of another kind, or belongs to another fit.
    """
    if checkpoint is None or not checkpoint.exists():
        return None, []
    try:
        with np.load(io.BytesIO(checkpoint.read_bytes()), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        written_for = str(arrays.pop("key"))
    except (OSError, ValueError, LookupError, AttributeError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{checkpoint} cannot be read as a checkpoint ({error}); begin again with --afresh") from error
    if written_for != key:
        raise ModelError(f"{checkpoint} belongs to another fit; begin again with --afresh, or choose another --out")
    try:
        return _state(arrays, model, data, plan), _chunks(arrays, plan, sizes)
    except ValueError as error:
        raise ModelError(f"{checkpoint} is no checkpoint of this fit ({error}); begin again with --afresh") from error


def _state(arrays: Mapping[str, npt.NDArray[Any]], model: Callable[[Any], None], data: Any, plan: Plan) -> Any:
    """The sampler's state, put together as a new sampler of the same model would have it.

    Raises:
        ValueError: an array is missing, or of another shape or kind than the model's.
    """
    import jax
    from numpyro.infer import NUTS

    kernel = NUTS(model, target_accept_prob=plan.target_accept)
    chains = jax.random.split(jax.random.PRNGKey(plan.seed), plan.chains)
    wanted = jax.eval_shape(lambda keys: kernel.init(keys, plan.warmup, None, (data,), {}), chains)
    leaves = []
    for place, leaf in jax.tree_util.tree_flatten_with_path(wanted)[0]:
        name = f"state{jax.tree_util.keystr(place)}"
        if name not in arrays:
            raise ValueError(f"there is no {name}")
        found = arrays[name]
        if (found.shape, found.dtype) != (leaf.shape, leaf.dtype):
            raise ValueError(f"{name} is {found.dtype} {found.shape}, not {leaf.dtype} {leaf.shape}")
        leaves.append(jax.device_put(found))
    return jax.tree.unflatten(jax.tree.structure(wanted), leaves)


def _chunks(arrays: Mapping[str, npt.NDArray[Any]], plan: Plan, sizes: list[int]) -> list[dict[str, npt.NDArray[Any]]]:
    """Draws of each chunk that is done, by site.

    Raises:
        ValueError: there are none, chunks differ in their sites, or one is not of the plan's chains and draws.
    """
    done: dict[str, dict[str, npt.NDArray[Any]]] = {}
    for name, values in arrays.items():
        if name.startswith("draws/"):
            _, chunk, site = name.split("/", 2)
            done.setdefault(chunk, {})[site] = values
    if not 0 < len(done) <= len(sizes) or set(done) != {str(k) for k in range(len(done))}:
        raise ValueError(f"it holds the chunks {', '.join(done) or 'none'} of {len(sizes)}")
    chunks = [done[str(k)] for k in range(len(done))]
    for k, drawn in enumerate(chunks):
        if set(drawn) != {*chunks[0], "diverging"}:
            raise ValueError(f"chunk {k} holds other sites than the first")
        for site, values in drawn.items():
            if values.dtype.kind not in "fiub" or values.shape[:2] != (plan.chains, sizes[k]):
                raise ValueError(
                    f"{site} of chunk {k} is {values.dtype} {values.shape}, not numbers of {plan.chains} chains with "
                    f"{sizes[k]} draws"
                )
            if values.shape[2:] != chunks[0][site].shape[2:]:
                raise ValueError(f"{site} of chunk {k} is {values.shape}, unlike that of the first")
    return chunks


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
