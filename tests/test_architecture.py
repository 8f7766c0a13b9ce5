"""The rule of the house: a room imports from the rooms above it, never from below."""

import ast
import re
from pathlib import Path

ROOMS = [
    "core",
    "evidence",
    "findings",
    "charts",
    "capability",
    "standing",
    "scenarios",
    "model",
    "ensemble",
    "inference",
    "explain",
    "strategy",
    "claims",
    "brief",
    "site",
    "explorer",
    "api",
    "mcp",
    "cli",
]
MOST_BY_PLACE = 5  # inputs of a function that a call may give without their names
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


def imported_modules(file: Path) -> set[str]:
    """First parts of the names of all modules that `file` imports."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in plain | {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}}


def allowed_rooms(room: str) -> set[str]:
    """Rooms that a file of `room` may import; the model knows no other room."""
    return {"model"} if room == "model" else set(ROOMS[: ROOMS.index(room) + 1])


def test_rooms_import_only_from_above() -> None:
    faults = {
        str(file.relative_to(SOURCE)): wrong
        for file in FILES
        if (wrong := imported_rooms(file) - allowed_rooms(file.relative_to(SOURCE).parts[0]))
    }
    assert not faults


def test_files_stay_short() -> None:
    lengths = {str(file.relative_to(SOURCE)): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert not {file: lines for file, lines in lengths.items() if lines > 500}


def test_nothing_is_read_by_a_library_that_runs_what_it_reads() -> None:
    forbidden = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
    faults = {str(file.relative_to(SOURCE)): found for file in FILES if (found := imported_modules(file) & forbidden)}
    assert not faults


def test_class_names_are_unique_over_the_package() -> None:
    where: dict[str, list[str]] = {}
    for file in FILES:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                where.setdefault(node.name, []).append(str(file.relative_to(SOURCE)))
    assert not {name: files for name, files in where.items() if len(files) > 1}


def test_docstrings_begin_with_what_they_describe_and_not_with_a_question_word() -> None:
    riddle = re.compile(r"(What|Those|Whom|Whose|Which|With which|Who|Where|That)\b")
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    faults = [
        f"{file.relative_to(SOURCE)}: {text.splitlines()[0]}"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, kinds) and riddle.match(text := ast.get_docstring(node) or "")
    ]
    assert not faults


def test_functions_with_many_inputs_take_all_but_the_first_by_name() -> None:
    """Commands are left out, whose inputs are options, and functions that are compiled for inputs by their place."""
    many = [
        f"{file.relative_to(SOURCE)}:{node.name}"
        for file in FILES
        if file.parent.name != "cli"
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if len(node.args.posonlyargs) + len(node.args.args) > MOST_BY_PLACE
        if not any("compiled" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]
    assert not many
