"""The rule of the house: a room imports from the rooms above it, never from below."""

import ast
import re
from collections.abc import Mapping
from functools import cache
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
LEAST_LINES = 80  # of a file that one other file of its room alone imports, unless it is named here with the reason
OWN_FILES = {
    "inference.levels": "a statistical model with its prior, one of the parts that a posterior is fitted in",
    "standing.denominate": "a step of an index, as screen, impute, treat and normalise are",
    "strategy.robustness": "a method: the measures of robustness, whose every line is tested by changing it",
    "claims.proposer.readings": "a method: the sets of readings that claims on causes, trends and gaps are tested by",
    "explorer.embed": "a page: charts and cards that other sites show in a frame",
    "explorer.reproduce": "lines of other languages, which an answer shows and does not run",
    "explorer.views.card": "a part of pages with a template of its own",
    "explorer.views.trace": "a page",
    "explorer.whatif.long_run": "a method: the second structure under the sliders",
    "site.whatif": "a page of the site",
}
SOURCE = Path(__file__).parent.parent / "src" / "headway"
FILES = sorted(file for room in ROOMS for file in (SOURCE / room).rglob("*.py"))


@cache
def parsed(text: str) -> ast.Module:
    """Syntax tree of a file's text, made once for all tests, which leave it as it is."""
    return ast.parse(text)


@cache
def nodes(text: str) -> tuple[ast.AST, ...]:
    """Nodes of a file's syntax tree, from the top down."""
    return tuple(ast.walk(parsed(text)))


def imported_rooms(file: Path) -> set[str]:
    """Rooms that `file` imports, at its top, inside a function, or for type checking alone."""
    modules: list[str] = []
    for node in nodes(file.read_text(encoding="utf-8")):
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
    found = nodes(file.read_text(encoding="utf-8"))
    plain = {alias.name for node in found if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in plain | {n.module or "" for n in found if isinstance(n, ast.ImportFrom)}}


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


def test_the_reader_of_articles_knows_nothing_of_what_is_proposed_for_them() -> None:
    reader = (SOURCE / "claims" / "reader").rglob("*.py")
    assert not [file.name for file in reader if "headway.claims.proposer" in file.read_text()]


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
        for node in parsed(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                where.setdefault(node.name, []).append(str(file.relative_to(SOURCE)))
    assert not {name: files for name, files in where.items() if len(files) > 1}


def test_docstrings_begin_with_what_they_describe_and_not_with_a_question_word() -> None:
    riddle = re.compile(r"(What|Those|Whom|Whose|Which|With which|Who|Where|That)\b")
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    faults = [
        f"{file.relative_to(SOURCE)}: {text.splitlines()[0]}"
        for file in FILES
        for node in nodes(file.read_text(encoding="utf-8"))
        if isinstance(node, kinds) and riddle.match(text := ast.get_docstring(node) or "")
    ]
    assert not faults


def test_functions_with_many_inputs_take_all_but_the_first_by_name() -> None:
    """Commands are left out, whose inputs are options, and functions that are compiled for inputs by their place."""
    many = [
        f"{file.relative_to(SOURCE)}:{node.name}"
        for file in FILES
        if file.parent.name != "cli"
        for node in parsed(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if len(node.args.posonlyargs) + len(node.args.args) > MOST_BY_PLACE
        if not any("compiled" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]
    assert not many


def helpers_of_one(sources: Mapping[str, str]) -> dict[str, str]:
    """Short modules that one other module alone imports, which is of their room, each with it.

    Args:
        sources: text by name below the package, as `core.cache`; that of a room or folder is its `__init__`.
    """
    users: dict[str, set[str]] = {name: set() for name in sources}
    for name, text in sources.items():
        for node in nodes(text):
            found: list[str] = []
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                found = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for module in {one.removeprefix("headway.") for one in found} & users.keys() - {name}:
                users[module].add(name)
    folders = {name.rpartition(".")[0] for name in sources}
    return {
        name: user
        for name, (user, *others) in ((name, sorted(those)) for name, those in users.items() if those)
        if not others and name not in folders and user.partition(".")[0] == name.partition(".")[0]
        if len(sources[name].splitlines()) < LEAST_LINES
    }


def test_a_file_that_one_other_needs_is_a_method_of_its_own() -> None:
    """A short helper of one file belongs in that file, or with its like in a file that is a method."""
    sources = {
        ".".join(file.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): file.read_text("utf-8")
        for file in FILES
    }
    found = helpers_of_one(sources)
    new = {name: f"join it to {user}" for name, user in found.items() if name not in OWN_FILES}
    assert not new, f"join these to their only users, or give the reason in OWN_FILES: {new}"
    gone = OWN_FILES.keys() - found.keys()
    assert not gone, f"take these out of OWN_FILES, they need no reason any more: {gone}"


def test_a_short_helper_of_one_file_is_noticed() -> None:
    long = "\n" * LEAST_LINES
    sources = {
        "core": "",
        "core.helper": "def one(): ...",
        "core.method": f"def two(): ...{long}",
        "core.shared": "def three(): ...",
        "core.user": "from headway.core import method\nfrom headway.core.helper import one",
        "evidence.user": "from headway.core.user import *\nimport headway.core.shared",
        "findings.user": "from headway.core import shared",
    }
    assert helpers_of_one(sources) == {"core.helper": "core.user"}
    assert not helpers_of_one(sources | {"evidence.other": "from headway.core.helper import one"})
    assert not helpers_of_one(sources | {"core.helper": sources["core.helper"] + long})
