"""The model in C, compiled when it is first asked for, with the flags that make it fast on this machine."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np

from headway.model import Inputs

SOURCE = Path(__file__).with_name("model.c")
FLAGS = ("-O3", "-march=native", "-ffast-math", "-fopenmp-simd", "-shared", "-fPIC")


class NoCompilerError(RuntimeError):
    """There is no C compiler on the path."""


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    compiler = shutil.which("cc")
    if compiler is None:
        raise NoCompilerError("no C compiler (cc) on the path")
    target = Path(tempfile.mkdtemp(prefix="headway-bench-")) / "model.so"
    subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(target), "-lmvec", "-lm"], check=True)
    return ctypes.CDLL(str(target))


def _order(inputs: Inputs) -> list[np.ndarray]:
    """The arrays in the order of the enumeration in model.c."""
    p = inputs.parameters
    groups = (p.spending, p.supply, p.stock, p.training_run, p.talent, p.algorithms)
    members = [
        *inputs.initial, *(leaf for group in groups for leaf in group), p.capability.intercept, p.capability.slope,
        p.capability.discrepancy, p.capability.discrepancy_years, *p.reference,
    ]  # fmt: skip
    paths = inputs.paths
    drivers = (*paths[:4], *(leaf[:, :, 0] for leaf in paths[4:13]))
    arrays = (*members, *drivers, inputs.geography.log_pay, inputs.geography.closeness, inputs.shocks.level)
    return [np.ascontiguousarray(np.asarray(leaf), np.float32) for leaf in arrays]


def prepare(inputs: Inputs) -> Callable[[], tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """A call that runs the block and returns compute, level and sovereign capability, (quarters, countries, members).

    ctypes lets go of the interpreter lock during the call, so that threads run side by side.
    """
    library = _library()
    arrays = _order(inputs)
    pointers = (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))
    countries, members = inputs.initial.compute.shape
    dates = inputs.paths.year.shape[0]

    def call() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        compute, level, sovereign = (np.empty((dates, countries, members), np.float32) for _ in range(3))
        out = (compute, level, sovereign)
        library.run(
            countries, dates, members, ctypes.c_float(0.25), pointers, *(ctypes.c_void_p(o.ctypes.data) for o in out)
        )
        assert arrays  # kept alive as long as the call
        return out

    return call
