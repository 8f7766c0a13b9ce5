"""Mutation tests: one small change of the code at a time, and whether the tests of its room notice it.

    python tools/mutate.py [PART …]          every target, or those whose path holds a PART
    python tools/mutate.py --most 60 PART    at most 60 mutants of each, at even distances through the file
    python tools/mutate.py --table           the figures so far, as docs/reliability.md prints them

Each mutant runs in a process of its own, split off from one in which the libraries and all modules that do not need the
file are loaded, with its own cache folder; hypothesis makes fewer examples and shrinks none. Answers are kept
in `.mutants/`, one line a mutant, so that a run that was ended goes on. When a file changes all its mutants are tried
again, when its tests change those that survived. `EXPLAINED` names the survivors that no test can find, and says why.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import gc
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".mutants"

TARGETS: dict[str, tuple[str, ...]] = {
    "standing/ranks.py": ("tests/standing/test_ranks.py",),
    "evidence/derived/records.py": ("tests/evidence/derived/test_model_records.py",),
    "model/derive.py": ("tests/model/test_outlook.py",),
    "model/lag.py": ("tests/model/test_lag.py",),
    "standing/aggregate.py": ("tests/standing/test_aggregate.py",),
    "standing/normalise.py": ("tests/standing/test_normalise.py",),
    "standing/weights.py": ("tests/standing/test_weights.py",),
    "inference/scores.py": ("tests/inference/test_scores.py",),
    "ensemble/inputs.py": ("tests/ensemble/test_inputs.py",),
    "strategy/robustness.py": ("tests/strategy/test_robustness.py",),
    "claims/measure.py": ("tests/claims/test_measure.py",),
    "claims/evaluate/probability.py": ("tests/claims/test_probability.py",),
}
"""Files below src/headway, and the tests that answer for them."""

EXPLAINED: dict[str, dict[str, str]] = {
    "standing/ranks.py": {
        "@dataclass(": "whether a dataclass is frozen or has slots changes no result",
        "chunk = max(": "how many members are compared at a time changes memory alone",
    },
    "model/derive.py": {
        "served = 1 - jnp.eye(": "whoever rents its own model, as it was, has never more than what it runs itself; "
        "and 2 serves like 1",
    },
    "model/lag.py": {
        "share = (asked - low)": "where nothing rises the share is not read",
        "_NOBODY = ": "nobody stands that far below, nor a little nearer",
        "start = jnp.where(leads, earlier, 0) * jnp.ones_like(own)": "to multiply by one is to divide by it",
    },
    "standing/aggregate.py": {"xs = np.broadcast_to(x": "NumPy takes any negative length for the one that is left"},
    "standing/normalise.py": {
        "return np.where(score > 1, 1.0, score)": "a score of one is one either way",
        "* turn → ": "a direction is 1 or -1: to multiply by it is to divide by it",
        "_point(step, step.target) * frame.spec": "a direction is 1 or -1: to multiply by it is to divide by it",
    },
    "standing/weights.py": {
        "unit = minmax(": "weights are relative: on which scale children lie changes none",
        "entropy = -np.nansum(": "a share of nothing gives no number, which the sum leaves out",
        "vectors * np.where(vectors.sum": "a sign is 1 or -1: to multiply by it is to divide by it",
        "vectors.sum(axis=0) < 0 → ": "a vector whose entries sum to nothing has no sign of its own",
        "logs.max → logs.min": "weights are relative: by what their logarithms are shifted changes none",
        "off > 0.005 → ": "no solution misses by exactly half a percent",
        "s.sum() < before * (1 + tolerance) → ": "by then the rotation has settled",
        "500 → 501": "the rotation has settled long before",
        "1 + tolerance → 1 - tolerance": "by then the rotation has settled",
    },
    "inference/scores.py": {
        "PROBABILITIES:": "probabilities 0.025 apart have three digits",
        "loss = np.where(": "at a tie both losses are zero",
        "return bool(low - 1e-6": "a millionth off the end is a tie up to rounding, whichever way it falls",
    },
    "strategy/robustness.py": {"-1 → +1": "of a table of choices by futures the last axis is the second"},
    "claims/evaluate/probability.py": {
        "@dataclass(": "whether a dataclass is frozen or has slots changes no result",
        "moved > gain → ": "of two quantities that move the probability alike either may be named",
        "left = _value(leaf.left": "of the sign of an error no more than the sign is read",
        "right = _value(leaf.right": "of the sign of an error no more than the sign is read",
    },
    "claims/measure.py": {
        "@dataclass(": "whether a dataclass is frozen or has slots changes no result",
    },
    "evidence/derived/records.py": {
        "@dataclass(": "whether a dataclass is frozen or has slots changes no result",
        "1.0 → 2.0": "models that are counted have no value that is read",
    },
}
"""Survivors that change nothing that a test could see: by file, how the line begins or part of the mutant, why."""

Mutant = tuple[str, ast.Module]
PYTEST = ("-q", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin", "-m", "not slow")
LONGEST = 600.0  # seconds of processor time of one mutant

_OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
_NAMES = {
    "max": "min", "min": "max", "any": "all", "all": "any", "maximum": "minimum", "minimum": "maximum",
    "argmax": "argmin", "argmin": "argmax", "nanmax": "nanmin", "nanmin": "nanmax", "floor": "ceil", "ceil": "floor",
}  # fmt: skip


def mutants(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Every mutant of a module: what was changed in words (line, column, from, to), and the changed tree."""
    for number, (node, changes) in enumerate(_places(tree)):
        for which in range(changes):
            changed = copy.deepcopy(tree)
            place = list(_places(changed))[number][0]
            before = ast.unparse(place)
            _change(place, which)
            yield f"{node.lineno}:{node.col_offset} {before[:60]} → {ast.unparse(place)[:60]}", changed  # type: ignore[attr-defined]


def _places(tree: ast.Module) -> list[tuple[ast.AST, int]]:
    """Nodes that can be changed and in how many ways; no words, no types, no messages of errors."""
    left_out = set()
    for node in ast.walk(tree):
        quiet: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg)
            quiet = [node.returns, *(arg.annotation for arg in every if arg), *node.decorator_list]
        elif isinstance(node, ast.AnnAssign):
            quiet = [node.annotation]
        elif isinstance(node, ast.Raise | ast.JoinedStr):
            quiet = [node]
        left_out |= {id(below) for start in quiet if start is not None for below in ast.walk(start)}
    return [(node, _ways(node)) for node in ast.walk(tree) if id(node) not in left_out and _ways(node)]


def _ways(node: ast.AST) -> int:
    if isinstance(node, ast.Compare):
        return len(node.ops)
    if isinstance(node, ast.BinOp):
        words = any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (node.left, node.right))
        return int(type(node.op) in _OTHER and not words)
    if isinstance(node, ast.BoolOp):
        return 1
    if isinstance(node, ast.UnaryOp):
        return int(isinstance(node.op, ast.Not | ast.USub | ast.Invert))
    if isinstance(node, ast.Constant):
        return int(isinstance(node.value, bool | int | float) and not isinstance(node.value, complex))
    if isinstance(node, ast.Name):
        return int(node.id in _NAMES)
    if isinstance(node, ast.Attribute):
        return int(node.attr in _NAMES)
    return int(isinstance(node, ast.IfExp))


def _change(node: ast.AST, which: int) -> None:
    if isinstance(node, ast.Compare):
        node.ops[which] = _OTHER[type(node.ops[which])]()  # type: ignore[call-overload]
    elif isinstance(node, ast.BinOp | ast.BoolOp):
        node.op = _OTHER[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.USub):
            node.op = ast.UAdd()
        else:
            node.operand = ast.UnaryOp(node.op, node.operand)
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1  # type: ignore[operator]
    elif isinstance(node, ast.Name):
        node.id = _NAMES[node.id]
    elif isinstance(node, ast.Attribute):
        node.attr = _NAMES[node.attr]
    elif isinstance(node, ast.IfExp):
        node.body, node.orelse = node.orelse, node.body


def passes(path: Path, tree: ast.Module | None, tests: list[str]) -> tuple[bool, float]:
    """Whether the tests pass with `tree` in place of the file, and the seconds of processor time that they took."""
    begun = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with tempfile.TemporaryDirectory() as cache:
        child = os.fork()
        if child == 0:
            code = 1
            with contextlib.suppress(BaseException):
                code = _in_child(path, tree, tests, cache)
            os._exit(code)
        end = time.monotonic() + 6 * LONGEST
        while (done := os.waitpid(child, os.WNOHANG))[0] == 0:
            time.sleep(0.05)
            if time.monotonic() > end:
                os.kill(child, signal.SIGKILL)
    return done[1] == 0, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begun


def _in_child(path: Path, tree: ast.Module | None, tests: list[str], cache: str) -> int:
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (int(LONGEST), int(LONGEST)))
    os.environ["XDG_CACHE_HOME"] = cache
    out = os.open(os.devnull, os.O_WRONLY)
    os.dup2(out, 1)
    os.dup2(out, 2)
    true_code = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: importlib.machinery.SourceFileLoader, name: str) -> object:
        if tree is not None and Path(loader.path) == path:  # never the bytes of the original
            return compile(ast.fix_missing_locations(tree), loader.path, "exec", dont_inherit=True)
        return true_code(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    from hypothesis import Phase, settings

    settings.register_profile("mutants", deadline=None, max_examples=40, phases=(Phase.explicit, Phase.generate))
    return int(pytest.main([*PYTEST, "-x", "--hypothesis-profile=mutants", *tests]))


class _Blocked(importlib.abc.MetaPathFinder):
    """Finder that refuses one module, so that what needs it cannot be loaded."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname == self.name:
            raise ImportError(f"{fullname} is to be changed")


def load_others(name: str, tests: list[str]) -> None:
    """Import the modules that tests of a file load and that do not need that file themselves."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        import pytest

        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):
            pytest.main([*PYTEST, *tests])
        os.write(write, "\n".join(module for module in sys.modules if module.startswith("headway.")).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as names:
        loaded = names.read().split()
    os.waitpid(child, 0)
    blocked = _Blocked(f"headway.{name.removesuffix('.py').replace('/', '.')}")
    sys.meta_path.insert(0, blocked)
    for module in loaded:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    sys.meta_path.remove(blocked)
    gc.collect()
    gc.freeze()  # what is loaded is not searched for garbage by each mutant


def apart(name: str, tests: tuple[str, ...], most: int | None) -> None:
    """Try a target in a process of its own, since what one has loaded another may change."""
    child = os.fork()
    if child == 0:
        load_others(name, [test for test in tests if (ROOT / test).is_file()])
        try_target(name, tests, most)
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{name}: not tried to its end")


def try_target(name: str, tests: tuple[str, ...], most: int | None = None) -> None:
    """Try the mutants of a file that have no answer yet; where it has more than `most`, every so-many-th of them."""
    path = ROOT / "src" / "headway" / name
    found = [test for test in tests if (ROOT / test).is_file()]
    state = {"code": _hash(path.read_bytes()), "tests": _hash(b"".join((ROOT / test).read_bytes() for test in found))}
    kept = KEPT / f"{name.replace('/', '-')}l"
    answers = {
        mutant
        for mutant, row in _rows(kept).items()
        if row["code"] == state["code"] and (not row["survived"] or row["tests"] == state["tests"])
    }
    tree = ast.parse(path.read_text("utf-8"))
    fine, seconds = passes(path, None, found)
    if not fine:
        sys.exit(f"{name}: its tests fail without any change")
    print(f"{name}: tests take {seconds:.0f} s", flush=True)
    for mutant, changed in sampled(list(mutants(tree)), most):
        if mutant in answers:
            continue
        survived, seconds = passes(path, changed, found)
        row = {**state, "mutant": mutant, "survived": survived, "seconds": round(seconds, 1)}
        with kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        if survived:
            print(f"survived: {name}:{mutant}", flush=True)


def sampled(every: list[Mutant], most: int | None) -> list[Mutant]:
    """All of a list, or `most` of it at even distances."""
    if most is None or len(every) <= most:
        return every
    return [every[number * len(every) // most] for number in range(most)]


def _rows(kept: Path) -> dict[str, dict[str, object]]:
    """Last answer of every mutant of the newest code, by mutant."""
    rows = [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept.is_file() else []
    return {row["mutant"]: row for row in rows if row["code"] == rows[-1]["code"]}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def table() -> str:
    """Killed and survived by file and by room, in Markdown, then why survivors are explained."""
    lines = [
        "| | mutants | tried | killed | explained | left | killed of the rest |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    rooms: dict[str, list[int]] = {}
    reasons = []
    for name in TARGETS:
        source = (ROOT / "src" / "headway" / name).read_text("utf-8")
        rows = list(_rows(KEPT / f"{name.replace('/', '-')}l").values())
        if not rows or rows[0]["code"] != _hash(source.encode()):
            continue
        left = [str(row["mutant"]) for row in rows if row["survived"]]
        whys = [why for mutant in left if (why := _explained(name, mutant, source.splitlines()))]
        every = sum(1 for _ in mutants(ast.parse(source)))
        counts = [every, len(rows), len(rows) - len(left), len(whys), len(left) - len(whys)]
        lines.append(_line(f"`{name}`", counts))
        reasons += [f"- `{name}`: {why}." for why in dict.fromkeys(whys)]
        for room in (name.split("/")[0], "all"):
            rooms[room] = [a + b for a, b in zip(rooms.get(room, [0] * 5), counts, strict=True)]
    lines += [_line(f"**{room}**", counts) for room, counts in sorted(rooms.items(), key=lambda item: item[0] == "all")]
    return "\n".join([*lines, "", *reasons])


def _explained(name: str, mutant: str, lines: list[str]) -> str:
    """Why a survivor changes nothing that a test could see; empty where nobody has said so."""
    line = lines[int(mutant.split(":")[0]) - 1].strip()
    known = EXPLAINED.get(name, {})
    return next((why for what, why in known.items() if line.startswith(what) or what in mutant), "")


def _line(name: str, counts: list[int]) -> str:
    share = counts[2] / max(counts[1] - counts[3], 1)
    return f"| {name} | {' | '.join(map(str, counts))} | {share:.0%} |"


def main() -> None:
    """Try what was asked for, or print the figures so far."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("part", nargs="*", help="part of the path of a target")
    asked.add_argument("--most", type=int, help="mutants of each file at most")
    asked.add_argument("--table", action="store_true", help="print the figures so far")
    words = asked.parse_args()
    if words.table:
        print(table())
        return
    os.chdir(ROOT)
    KEPT.mkdir(exist_ok=True)
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(KEPT / "bytecode")  # compiled once, not by each mutant
    os.environ |= {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # plug-ins of libraries take longer to load than most tests to run
        "JAX_COMPILATION_CACHE_DIR": str(KEPT / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }
    for library in ("duckdb", "hypothesis", "jax", "numpy", "pandas", "pyarrow", "pydantic", "pytest", "scipy.stats"):
        with contextlib.suppress(ImportError):
            __import__(library)
    for name, tests in TARGETS.items():
        if not words.part or any(part in name for part in words.part):
            apart(name, tests, words.most)


if __name__ == "__main__":
    main()
