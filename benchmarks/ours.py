"""Our own: the compiled model over blocks of members, on one thread or several."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.made import RECORD, inputs
from headway.ensemble.compiled import OPTIONS
from headway.model import Inputs, Run, simulate
from headway.model.focal import HELD_SERIES, hold

BLOCK = 256


def compiled(record: tuple[str, ...] = RECORD) -> Callable[[Inputs], Run]:
    """The model as one compiled function of a block."""
    return jax.jit(lambda block: simulate(block, record), compiler_options=OPTIONS)


def in_threads(call: Callable[[], Any], blocks: int, threads: int) -> float:
    """Seconds that `blocks` calls take on so many threads."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: call(), range(threads)))
        start = time.perf_counter()
        list(pool.map(lambda _: call(), range(blocks)))
        return time.perf_counter() - start


def fan(members: int, block: int = 2000) -> tuple[Callable[[], None], int]:
    """A fan of one country against a held world: the call to time, and the number of members it runs."""
    made = inputs(block)
    full = compiled(HELD_SERIES)(made)
    held = jax.block_until_ready(hold(made, full.series, jnp.asarray([1])))
    alone = compiled(("compute", "sovereign"))
    count = members // block

    def call() -> None:
        for _ in range(count):
            jax.block_until_ready(alone(held))

    return call, count * block


def gradient_ratio(members: int = BLOCK) -> float:
    """Time of the gradient over time of the value: of mean final capability by every parameter and initial state."""
    made = inputs(members)

    def final(parameters: Any, initial: Any, rest: Inputs) -> jax.Array:
        run = simulate(rest._replace(parameters=parameters, initial=initial), ("sovereign",))
        return jnp.mean(run.series["sovereign"][-1])

    value = jax.jit(final, compiler_options=OPTIONS)
    both = jax.jit(jax.value_and_grad(final, argnums=(0, 1)), compiler_options=OPTIONS)

    def seconds(call: Callable[..., Any]) -> float:
        start = time.perf_counter()
        jax.block_until_ready(call(made.parameters, made.initial, made))  # all of it data, as in use
        return time.perf_counter() - start

    times = [(seconds(both), seconds(value)) for _ in range(41)][1:]  # in turns: what slows one down slows both
    return min(one for one, _ in times) / min(other for _, other in times)
