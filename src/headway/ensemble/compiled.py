"""Compile once: a second run pays nothing, and a second process starts from what the first one compiled."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Hashable
from functools import lru_cache, update_wrapper
from inspect import signature
from pathlib import Path
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar, cast

import jax
from jax import Array

from headway.core.cache import Format, UnreadableEntryError, cached_on_disk
from headway.core.trees import build_tree, describe_tree

P = ParamSpec("P")
R = TypeVar("R")
Leaves = list[Array]

OPTIONS: dict[str, Any] = {"xla_cpu_prefer_vector_width": 512}
"""Wide vectors, where the processor has them: members lie side by side, so that they are always full."""
# Hundreds of streams that run in milliseconds: optimising them takes a second more and gains nothing.
BRIEFLY = {**OPTIONS, "xla_backend_optimization_level": 1}
MOST = 500  # compiled functions kept on disk
_PACKAGE = "headway."  # results are built of named tuples of this package alone


class Compiled(Generic[P, R]):
    """A function that is compiled on its first call with arguments of some shapes, and kept for later processes.

    As `jax.jit`, whose own cache spares the compiler alone; here a later process neither traces nor lowers, which takes
    longer than to compile once these are large. For the outermost function of a question: it cannot be transformed.
    """

    def __init__(self, function: Callable[P, R], static: tuple[str, ...], options: dict[str, Any]) -> None:
        update_wrapper(self, function)
        self._name = f"{function.__module__}.{function.__qualname__}"
        self._function, self._static, self._options = function, static, options
        self._signature = signature(function)
        self._ready: dict[Hashable, tuple[Callable[..., Leaves], Any]] = {}
        self._locks: dict[Hashable, Lock] = {}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Result of the function for these arguments; see its own description."""
        given = self._signature.bind(*args, **kwargs).arguments
        fixed = {name: given.pop(name) for name in self._static if name in given}
        leaves, tree = jax.tree.flatten(given)
        shapes = tuple(leaf.aval if isinstance(leaf, Array) else jax.typeof(leaf) for leaf in leaves)
        key = (tuple(fixed.items()), tree, shapes, jax.dtypes.canonicalize_dtype(float).name)
        if key not in self._ready:
            with self._locks.setdefault(key, Lock()):  # whoever else asks for the same waits instead of compiling it
                if key not in self._ready:
                    self._ready[key] = self._load(fixed, tree, leaves, key[2:])
        run, out = self._ready[key]
        return cast(R, jax.tree.unflatten(out, run(*leaves)))

    def _load(self, fixed: dict[str, Any], tree: Any, leaves: Leaves, shapes: Hashable) -> Any:
        """The compiled function of leaves to leaves, from an earlier process or anew, and how its results are built."""
        facts = (self._name, fixed, str(tree), shapes, self._options, _machine())
        return cached_on_disk("compiled", facts, lambda: self._compile(fixed, tree, leaves), _PROGRAM, MOST)

    def _compile(self, fixed: dict[str, Any], tree: Any, leaves: Leaves) -> tuple[Callable[..., Leaves], Any]:
        """A program that takes every leaf, used or not, and the tree of its results."""
        found: list[Any] = []

        def flat(*given: Array) -> Leaves:
            values, out = jax.tree.flatten(self._function(**jax.tree.unflatten(tree, given), **fixed))  # type: ignore[call-arg]
            found.append(out)
            return values

        flat.__name__ = self._name.rpartition(".")[2]
        return jax.jit(flat, keep_unused=True, compiler_options=self._options).lower(*leaves).compile(), found[0]


class _Program:
    """A program read from the cache, called as the compiled function that it was written from."""

    def __init__(self, executable: Any) -> None:
        self._executable = executable

    def __call__(self, *leaves: Any) -> Leaves:
        placed = [leaf if isinstance(leaf, Array) else jax.device_put(leaf) for leaf in leaves]
        return [
            shards[0] for shards in self._executable.execute_sharded(placed).disassemble_into_single_device_arrays()
        ]


def _pack(made: tuple[Any, Any]) -> bytes:
    """A line of JSON that says how results are built, then the compiler's own bytes of the program."""
    program, out = made
    try:
        if isinstance(program, _Program) or program._params.const_args:
            raise UnreadableEntryError("a program with constants of its own cannot be written")
        executable = program.runtime_executable()
        content = executable.client.serialize_executable(executable)
    except (AttributeError, jax.errors.JaxRuntimeError) as error:
        raise UnreadableEntryError(str(error)) from error
    described = describe_tree(jax.tree.unflatten(out, range(out.num_leaves)), _PACKAGE)
    return json.dumps(described).encode() + b"\n" + bytes(content)


def _unpack(content: bytes) -> tuple[Any, Any]:
    head, _, program = content.partition(b"\n")
    device = jax.devices()[0]
    try:
        out = jax.tree.structure(build_tree(json.loads(head), _PACKAGE))
        return _Program(device.client.deserialize_executable(program, (device,))), out
    except (ValueError, AttributeError, TypeError, RecursionError, jax.errors.JaxRuntimeError) as error:
        raise UnreadableEntryError(str(error)) from error


_PROGRAM: Format[tuple[Any, Any]] = Format(".xla", _pack, _unpack)


def compiled(*static: str, options: dict[str, Any] = OPTIONS) -> Callable[[Callable[P, R]], Compiled[P, R]]:
    """Compile a function on its first call. `static` names arguments that are no arrays: each value compiles anew."""
    return lambda function: Compiled(function, static, options)


@lru_cache(maxsize=1)
def _machine() -> tuple[str, ...]:
    """Machine that a compiled function runs on: processor, its instructions, and the options of the compiler."""
    told = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith(("JAX_", "XLA_")))
    try:
        able = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags"))
    except (OSError, StopIteration):
        able = platform.processor()
    return platform.platform(), platform.machine(), able, jax.default_backend(), *told
