"""Compile once: a second run pays nothing, and a second process starts from what the first one compiled."""

from __future__ import annotations

import io
import json
import os
import platform
import sys
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache, partial, update_wrapper
from inspect import signature
from pathlib import Path
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar, cast

import jax
import numpy as np
from jax import Array
from jaxlib.xla_client import DeviceList

from headway.kept import Form, kept

P = ParamSpec("P")
R = TypeVar("R")
Leaves = list[Array]

OPTIONS: dict[str, Any] = {"xla_cpu_prefer_vector_width": 512}
"""Wide vectors, where the processor has them: members lie side by side, so that they are always full."""
# Hundreds of streams that run in milliseconds: optimising them takes a second more and gains nothing.
BRIEFLY = {**OPTIONS, "xla_backend_optimization_level": 1}
MOST = 500  # compiled functions kept on disk


@dataclass(frozen=True)
class Program:
    """A compiled function of leaves to leaves.

    Attributes:
        executable: what the compiler made. results: the tree of the results, with the numbers of the leaves in it.
    """

    executable: Any
    results: Any

    def __call__(self, leaves: Leaves) -> Any:
        """The results for these leaves."""
        given = [leaf if isinstance(leaf, Array) else jax.device_put(leaf) for leaf in leaves]
        found = self.executable.execute_sharded(given).disassemble_into_single_device_arrays()
        return jax.tree.unflatten(jax.tree.structure(self.results), [parts[0] for parts in found])


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
        self._ready: dict[Hashable, Program] = {}
        self._locks: dict[Hashable, Lock] = {}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """What the function gives for these arguments; see its own description."""
        given = self._signature.bind(*args, **kwargs).arguments
        fixed = {name: given.pop(name) for name in self._static if name in given}
        leaves, tree = jax.tree.flatten(given)
        shapes = tuple(leaf.aval if isinstance(leaf, Array) else jax.typeof(leaf) for leaf in leaves)
        key = (tuple(fixed.items()), tree, shapes, jax.dtypes.canonicalize_dtype(float).name)
        if key not in self._ready:
            with self._locks.setdefault(key, Lock()):  # whoever else asks for the same waits instead of compiling it
                if key not in self._ready:
                    facts = (self._name, fixed, str(tree), key[2:], self._options, _machine())
                    make = partial(self._compile, fixed, tree, leaves)
                    self._ready[key] = kept("compiled", facts, make, Form(".npz", _write, _read), MOST)
        return cast(R, self._ready[key](leaves))

    def _compile(self, fixed: dict[str, Any], tree: Any, leaves: Leaves) -> Program:
        found: list[Any] = []

        def flat(*given: Array) -> Leaves:
            values, out = jax.tree.flatten(self._function(**jax.tree.unflatten(tree, given), **fixed))  # type: ignore[call-arg]
            found.append(out)
            return values

        flat.__name__ = self._name.rpartition(".")[2]
        # Leaves that the function does not use stay arguments, so that those of the call are those of the program.
        jitted = jax.jit(flat, keep_unused=True, compiler_options=self._options)
        executable = jitted.lower(*leaves).compile().runtime_executable()
        (out,) = found
        return Program(executable, jax.tree.unflatten(out, range(out.num_leaves)))


def _write(program: Program) -> bytes:
    """The file of a program: the compiler's bytes, and the tree of its results as JSON.

    Raises:
        TypeError: the results hold a container that `read` could not make again.
    """
    tree = json.dumps(_told(program.results))
    content = _client().serialize_executable(program.executable)
    buffer = io.BytesIO()
    np.savez(buffer, executable=np.frombuffer(content, np.uint8), results=np.frombuffer(tree.encode(), np.uint8))
    return buffer.getvalue()


def _read(content: bytes) -> Program:
    """The program of a file that `_write` made.

    The compiler's bytes are code of the machine, as in JAX's own cache on disk: whoever can write to the folder could
    run what they like. So `kept` gives only files here that nobody but the user can have written.

    Raises:
        ValueError, LookupError, RuntimeError, zipfile.BadZipFile: it is the file of nothing, or of something else.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        code, tree = (archive[name] for name in ("executable", "results"))
    results = _made(json.loads(tree.tobytes()))
    if code.dtype != np.uint8 or code.ndim != 1:
        raise ValueError("not a compiled function")
    client = _client()
    return Program(client.deserialize_executable(code.tobytes(), DeviceList((jax.devices()[0],))), results)


def _client() -> Any:
    return jax.devices()[0].client


def _told(tree: Any) -> Any:
    """A tree with numbers for leaves as JSON; a record, which is a named tuple or a dataclass, by its class."""
    if tree is None or type(tree) in (int, str, bool):
        return tree
    if type(tree) is dict and all(type(key) is str for key in tree):
        return {"dict": {key: _told(branch) for key, branch in tree.items()}}
    if type(tree) in (list, tuple):
        return {type(tree).__name__: [_told(branch) for branch in tree]}
    place = [type(tree).__module__, type(tree).__qualname__]
    return {"record": place, "fields": {name: _told(getattr(tree, name)) for name in _fields(_record(*place))}}


def _made(plain: Any) -> Any:
    """What `_told` was given."""
    if plain is None or type(plain) in (int, str, bool):
        return plain
    if "record" in plain:
        return _record(*plain["record"])(**{name: _made(branch) for name, branch in plain["fields"].items()})
    ((kind, branches),) = plain.items()
    if kind == "dict":
        return {key: _made(branch) for key, branch in branches.items()}
    return {"list": list, "tuple": tuple}[kind](map(_made, branches))


def _record(module: str, name: str) -> Any:
    """A class of the package that is a named tuple or a dataclass, and nothing else.

    Raises:
        LookupError: there is none of that name.
    """
    found = vars(sys.modules[module]).get(name) if module.startswith("headway.") else None
    if not (isinstance(found, type) and found.__module__ == module and _fields(found)):
        raise LookupError(f"{module}.{name} is no record of Headway")
    return found


def _fields(record: type[Any]) -> tuple[str, ...]:
    if is_dataclass(record):
        return tuple(field.name for field in fields(record))
    return tuple(getattr(record, "_fields", ())) if issubclass(record, tuple) else ()


def compiled(*static: str, options: dict[str, Any] = OPTIONS) -> Callable[[Callable[P, R]], Compiled[P, R]]:
    """Compile a function on its first call. `static` names arguments that are no arrays: each value compiles anew."""
    return lambda function: Compiled(function, static, options)


@lru_cache(maxsize=1)
def _machine() -> tuple[str, ...]:
    """What a compiled function runs on: processor and what it can do, and how the compiler was told to work."""
    told = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith(("JAX_", "XLA_")))
    try:
        able = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags"))
    except (OSError, StopIteration):
        able = platform.processor()
    return platform.platform(), platform.machine(), able, jax.default_backend(), *told
