"""`import headway` is light, and every public function is there whatever was imported before."""

import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import headway as hw
from headway.core.errors import HeadwayError

API = Path(hw.__file__).parent / "api"


def fresh(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout.strip()


def test_import_loads_nothing_beyond_the_standard_library() -> None:
    code = "import sys; before = set(sys.modules); import headway; print(*sorted(set(sys.modules) - before))"
    loaded = {name.partition(".")[0] for name in fresh(code).split()}
    assert loaded - set(sys.stdlib_module_names) == {"headway"}


@pytest.mark.parametrize("name", hw.__all__)
def test_signature_can_be_read_without_heavy_libraries(name: str) -> None:
    code = f"import sys, inspect, headway; inspect.signature(headway._function('{name}')); print('jax' in sys.modules)"
    assert fresh(code) == "False"


@pytest.mark.parametrize("name", hw.__all__)
def test_each_function_is_documented_with_parameters_errors_and_an_example(name: str) -> None:
    documented = inspect.getdoc(hw._function(name)) or ""
    assert {"Parameters", "Returns", "Raises", "Examples"} <= set(documented.splitlines())
    missing = [one for one in inspect.signature(hw._function(name)).parameters if one not in documented]
    assert not missing


def test_a_room_of_the_same_name_answers_calls_and_stays_a_package() -> None:
    view = importlib.import_module("headway.standing.view")
    assert view.ranking
    assert callable(hw.standing)
    assert inspect.signature(hw.standing) == inspect.signature(hw._function("standing"))
    assert hw.standing.__doc__ == inspect.getdoc(hw._function("standing")), "help(hw.standing) says how to call it"


def test_an_error_names_the_parameter_and_not_an_option_of_a_command() -> None:
    with pytest.raises(HeadwayError, match=r"^view x: it is scale, "):
        hw.standing(view="x")
    with pytest.raises(HeadwayError, match=r"^against KOR: a country is not compared with itself"):
        hw.brief("KOR", against="KOR")


def test_rooms_are_callable_exactly_where_a_function_has_their_name() -> None:
    rooms = {path.parent.name for path in API.parent.glob("*/__init__.py")}
    assert {name for name in hw.__all__ if name in rooms} == hw._ROOMS & set(hw.__all__)


def test_every_public_function_has_a_file_of_its_name() -> None:
    assert set(hw.__all__) <= {path.stem for path in API.glob("*.py")}


def test_an_unknown_name_is_an_attribute_error_that_lists_the_public_ones() -> None:
    with pytest.raises(AttributeError, match="public are answer, brief, check"):
        hw.breif  # type: ignore[attr-defined]  # noqa: B018
