"""The rule of the house: a room imports from the rooms above it, never from below."""

import ast
from pathlib import Path

import pytest

ROOMS = [
    "evidence",
    "findings",
    "standing",
    "assumptions",
    "model",
    "ensemble",
    "inference",
    "explain",
    "strategy",
    "claims",
    "brief",
    "explorer",
    "cli",
]
SOURCE = Path(__file__).parent.parent / "src" / "headway"
FILES = sorted(file for room in ROOMS for file in (SOURCE / room).rglob("*.py"))


def imported_rooms(file: Path) -> set[str]:
    """Rooms that `file` imports, at its top or inside a function; imports for type checking alone do not bind."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    modules: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body.clear()
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            modules.append(node.module)
            modules += [f"{node.module}.{alias.name}" for alias in node.names if node.module == "headway"]
    return {parts[1] for module in modules if len(parts := module.split(".")) > 1 and parts[0] == "headway"} & set(
        ROOMS
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_room_imports_only_from_above(file: Path) -> None:
    room = file.relative_to(SOURCE).parts[0]
    allowed = {"model"} if room == "model" else set(ROOMS[: ROOMS.index(room) + 1])
    assert imported_rooms(file) <= allowed


RUN_WHAT_THEY_READ = {"pickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda file: str(file.relative_to(SOURCE)))
def test_no_module_reads_files_that_run_code(file: Path) -> None:
    """Neither through a module whose files are programs, nor through a library that reads such files for one."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        assert not {name.split(".")[0] for name in names} & RUN_WHAT_THEY_READ
        assert not any(name.startswith("jax.experimental.serialize_executable") for name in names)
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"pd.read_pickle", "pandas.read_pickle", "torch.load", "eval", "exec"}
            given = {word.arg: ast.unparse(word.value) for word in node.keywords}
            assert given.get("allow_pickle", "False") == "False"
            assert called not in {"np.load", "numpy.load"} or "allow_pickle" in given


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_files_stay_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 500
