"""YAML files are read within limits, and each refusal names file, line and field."""

from __future__ import annotations

import ast
import math
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

import headway
from headway.claims.ledger import parse_ledger
from headway.cli.app import main
from headway.core.errors import InputError
from headway.core.yaml_files import MAX_BYTES, MAX_DEPTH, document, dump, parse, read, read_text
from headway.scenarios import scenario
from headway.standing.spec import parse_yaml

HEAD = "scenario: mine\ntitle: Mine\ndescription: A test.\n"


class Planned(BaseModel):
    """A model to read files into."""

    model_config = ConfigDict(extra="forbid")

    day: str
    sizes: dict[str, list[int]] = {}


def best_of_three(text: str) -> float:
    """Seconds that reading a text takes, refused or not; the best of three, as the machine may be busy."""
    taken = []
    for _ in range(3):
        start = perf_counter()
        try:
            document(text, "x.yaml")
        except InputError:
            pass
        taken.append(perf_counter() - start)
    return min(taken)


def test_no_other_module_reads_yaml() -> None:
    root = Path(headway.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] in {"yaml", "ruamel"} for name in names):
                found.add(path.relative_to(root).as_posix())
    assert found == {"core/yaml_files.py"}


# ------------------------------------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("true", True),
        ("NO", "NO"),
        ("yes", "yes"),
        ("12", 12),
        ("-1_000", -1000),
        ("0x1F", 31),
        ("0o17", 15),
        ("007", 7),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.2.3", "1.2.3"),
        ("12:30", "12:30"),
        ("2027-13-01", "2027-13-01"),
        ("2027-01-01", "2027-01-01"),
        ("'12'", "12"),
        ("|\n  a\n  b\n", "a\nb\n"),
        ("[a, {b: 1}, []]", ["a", {"b": 1}, []]),
        ("{1: a, 2027-01-01: b}", {1: "a", "2027-01-01": "b"}),
        ("a:\n- &x 1\n- *x\n", {"a": [1, 1]}),
    ],
)
def test_plain_data_comes_out_and_dates_stay_text(text: str, value: object) -> None:
    assert document(text, "x.yaml").value == value


def test_every_part_has_the_line_of_its_key() -> None:
    found = document("a:\n  b:\n  - 1\n  - c: 2\n    d: 3\n2027: x\n", "x.yaml")
    lines = {("a",): 1, ("a", "b"): 2, ("a", "b", 1): 4, ("a", "b", 1, "d"): 5, (2027,): 6}
    assert {at: found.line(at) for at in lines} == lines
    assert found.line(("a", "union-branch", "b", 1, "d")) == 5, "names that the schema added are passed over"
    assert found.line(("a", "b", 7)) == 2, "the deepest part that is there"


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**29), 10**29)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs", "Cc")))
    | st.sampled_from(["no", "null", "1e5", "0x1", "2027-01-01", "1_0", "-", "*a", "&a", "<<", "=", "0b_", ".inf"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abNO01.-: ", max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_what_is_written_is_read_back(value: object) -> None:
    assert document(dump(value), "x.yaml").value == value


def test_shared_parts_are_written_out_without_aliases() -> None:
    shared = ["a"]
    assert document(dump({"one": shared, "two": shared}), "x.yaml").value == {"one": ["a"], "two": ["a"]}


@pytest.mark.parametrize("text", ["no", "Yes", "on", "y", "1:30", "0b11", "=", "<<", "2024-05-17", "1e3", "true", ""])
def test_text_that_looks_like_something_else_is_quoted(text: str) -> None:
    assert dump({"word": text}) == f"word: '{text}'\n"


def test_folded_lines_end_without_blanks() -> None:
    written = dump({"about": "word " * 60 + "end", "claims": ["two: " + "word " * 60 + "end"]})
    assert written.count("\n") > 4
    assert not any(line.endswith(" ") for line in written.splitlines())


@given(st.text(st.sampled_from("ab01:-[]{}&*!#%|>'\"\\?,.~ \n\tUx\ufeff\x07\u2028"), max_size=40))
def test_any_text_is_either_read_or_refused_with_the_file(text: str) -> None:
    refusal = ""
    try:
        document(text, "x.yaml")
    except InputError as error:
        refusal = str(error)
    assert not refusal or refusal.startswith("x.yaml, line ")


# ------------------------------------------------------------------------------------------------ limits


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: 'a' is given twice; keep one"),
        ("a:\n  b: 1\n  b: 2\n", "line 3: a: 'b' is given twice; keep one"),
        ("a: {1: x, '1': y}\n", "line 1: a: '1' is given twice; keep one"),
        ("a: 1\n? [1]\n: 2\n", "line 2: a key must be a single value, such as a name"),
        ("a:\n- {? {b: 1} : 2}\n", "line 2: a.0: a key must be a single value"),
        (f"a:\n- 1\n- {'9' * 31}\n", "line 3: a.1: a whole number of 31 digits; at most 30"),
        (f"a: 0x{'f' * 5000}\n", "line 1: a: a whole number of 5002 digits; at most 30"),
        ("a: .inf\n", "line 1: a: .inf is not a finite number; give one"),
        ("a:\n  b: -.INF\n", "line 2: a.b: -.INF is not a finite number"),
        ("a: .nan\n", "line 1: a: .nan is not a finite number"),
        ("a: 1e999\n", "line 1: a: 1e999 is not a finite number"),
        ("a: &x [1]\nb: *x\n", "line 2: b: the alias \\*x refers to a list or mapping; write it out"),
        ("a: &x {b: *x}\n", "line 1: a.b: the alias \\*x refers to a list or mapping"),
        ("a: &x {b: 1}\nc: {<<: *x}\n", "line 2: c.<<: the alias \\*x refers to a list or mapping"),
        ("a: *x\n", "line 1: a: the alias \\*x refers to no anchor above"),
        ("a: &x 1\nb:\n" + "- *x\n" * 11, "line 13: b.10: more than 10 aliases; write the values out"),
        ("a: !!python/object:os.system x\n", "line 1: a: the tag .*os.system is not read here; write plain values"),
        ("a: 1\n---\na: 2\n", "line 2: a second document starts here; one file holds one"),
        ("a: [1\nb: 2\n", "line 2, column 2: not valid YAML"),
        ("a: 1\nb: \x07\n", r"line 2: not valid YAML \(character #x0007 is not allowed"),
        ('a: 1\nb: "\\UFFFFFFFF"\n', "line [12].*: not valid YAML"),
    ],
)
def test_a_refusal_names_file_line_and_field(text: str, words: str) -> None:
    with pytest.raises(InputError, match=f"^x.yaml, {words}") as caught:
        document(text, "x.yaml")
    assert caught.value.exit_code == 2


def test_not_a_number_is_a_value_only_where_the_caller_says_so() -> None:
    assert math.isnan(document("a: .nan\n", "x.yaml", allow_nan=True).value["a"])
    for text in ("a: .inf\n", ".nan: 1\n"):
        with pytest.raises(InputError, match="line 1"):
            document(text, "x.yaml", allow_nan=True)


@pytest.mark.parametrize(
    "level", ["[", "{a: ", "- ", "? ", "- - ? ", "a: [", "[a: ", "[{"], ids=lambda level: level.strip()
)
def test_deep_nesting_is_refused_at_once(level: str) -> None:
    text = level * (200_000 // len(level))
    with pytest.raises(
        InputError, match=r"^x\.yaml, line 1.*(nested deeper than 50 levels|a key must be a single value)"
    ):
        document(text, "x.yaml")
    assert best_of_three(text) < 20  # quadratic time would take minutes


@pytest.mark.parametrize("text", ["[" * 200_000, "a: " + "[" * 200_000, "- " * 100_000, "x:\n  - " + "{" * 200_000])
def test_deep_nesting_says_how_deep_is_right(text: str) -> None:
    with pytest.raises(InputError, match=r"line \d.*nested deeper than 50 levels; flatten"):
        document(text, "x.yaml")


def test_fifty_levels_are_read() -> None:
    assert document("[" * MAX_DEPTH + "]" * MAX_DEPTH, "x.yaml").value is not None
    with pytest.raises(InputError, match="deeper than 50"):
        document("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "x.yaml")
    blocks = "\n".join(" " * depth + "a:" for depth in range(MAX_DEPTH))
    assert document(blocks, "x.yaml").line(("a",) * MAX_DEPTH) == MAX_DEPTH
    with pytest.raises(InputError, match=r"line 51.*deeper than 50"):
        document(blocks + "\n" + " " * MAX_DEPTH + "a:", "x.yaml")


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    with pytest.raises(InputError, match=r"x\.yaml, line 2: a1.0: the alias"):
        document(bomb, "x.yaml")


def test_large_files_are_refused_before_they_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("#" * (MAX_BYTES + 1))
    for attempt in (lambda: read(Planned, path), lambda: document(path.read_text(), path)):
        with pytest.raises(InputError, match=r"large\.yaml: larger than 1 MB; split"):
            attempt()


def test_what_is_no_text_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nb: Zürich\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.yaml, line 2: not UTF-8 text .*save the file as UTF-8"):
        read_text(path)
    with pytest.raises(InputError, match=r"cannot read .*none"):
        read_text(tmp_path / "none.yaml")
    path.write_bytes(b"\xef\xbb\xbfday: x\n")
    assert read(Planned, path).day == "x", "a mark of the byte order is no part of the text"


def test_the_schema_refuses_with_the_line() -> None:
    with pytest.raises(InputError, match=r"x\.yaml, line 4: sizes\.a\.1: Input should be a valid integer"):
        parse(Planned, "day: x\nsizes:\n  a: [1,\n    much]\n", Path("x.yaml"))
    with pytest.raises(InputError, match=r"x\.yaml, line 2: size: unknown field; known are day, sizes"):
        parse(Planned, "day: x\nsize: 1\n", Path("x.yaml"))


# ------------------------------------------------------------------------------------------------ callers


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("gdp:\n  - set: {2027: .inf}\n", "line 5: gdp.0.set.2027: .inf is not a finite number"),
        ("gdp:\n  - set: {2027: inf}\n", r"line 5: gdp.0.set.*inf is outside \[0, 1e\+16\] \(USD\)"),
        ("domestic:\n  - set: {2027: 1e300}\n", r"line 5: domestic.0.set.*1e\+300 is outside \[0, 1e\+10\]"),
        ("exodus:\n  - add: {2027: -.inf}\n", "line 5: exodus.0.add.2027: -.inf is not a finite number"),
        ("exodus:\n  - add: {2027: -1e30}\n", r"line 5: exodus.0.add.*-1e\+30 is outside \[-10, 10\]"),
        ("controls:\n  - add: {2027: 2}\n", r"line 5: controls.0.add.*2 is outside \[-1, 1\]"),
        ("rents:\n  - multiply: {2027: 1e30}\n", r"line 5: rents.0.multiply.*1e\+30 is outside \[0, 1000\]"),
        ("niches:\n  - {niche: x, set: {2027: 1e9}}\n", r"line 5: niches.0.set.*1e\+09 is outside \[0, 1000\]"),
        ("gdp:\n  - set: {2027: 1}\n    for: []\n", "line 6: gdp.0.for: no country is given; write codes"),
        ("parameters: {slope: inf}\n", "line 4: parameters.slope: Input should be a finite number"),
        ("gdp:\n  - set: {12027: 1}\n", "line 5: gdp.0.set.12027.*a year is between 1 and 9999"),
        (f"gdp:\n  - set: {{{'9' * 25}: 1}}\n", "line 5: gdp.0.set.*a year is between 1 and 9999"),
        ("gdp:\n  - set: {2027-13-01: 1}\n", "line 5: gdp.0.set.2027-13-01.*month must be in"),
        ("gdp:\n  - set: {2027Q5: 1}\n", "line 5: gdp.0.set.2027Q5.*'2027Q5' is not a quarter; write"),
        ("gdp:\n  - set: {0000Q1: 1}\n", "line 5: gdp.0.set.0000Q1.*year"),
        ("gdp:\n  - set: {2027.5: 1}\n", "line 5: gdp.0.set.*a date is written 2027"),
    ],
)
def test_a_scenario_holds_only_finite_and_calculable_numbers(change: str, words: str) -> None:
    with pytest.raises(InputError, match=f"^mine.yaml, {words}"):
        scenario.parse(HEAD + change, Path("mine.yaml"))


def test_not_a_number_ends_a_path_as_null_does() -> None:
    paths = [
        scenario.parse(HEAD + f"gdp:\n  - set: {{2027: 1, 2028: {end}}}\n", Path("x")).gdp[0].dated
        for end in ("null", ".nan")
    ]
    assert [[math.isnan(value) for value in path.values()] for path in paths] == [[False, True]] * 2


@pytest.mark.parametrize("text", ["[" * 50_000, "ledger: x\nclaims: " + "[" * 50_000])
def test_ledgers_and_specifications_are_refused_as_quickly(text: str) -> None:
    for reader in (parse_ledger, parse_yaml):
        start = perf_counter()
        with pytest.raises(InputError, match=r"x\.yaml, line \d.*nested deeper than 50 levels"):
            reader(text, "x.yaml")
        assert perf_counter() - start < 1


@pytest.mark.parametrize("period", ["12024", "2024-13", "2024-13-01", "20240", "99999Q1"])
def test_a_period_of_a_ledger_that_cannot_be_is_refused(period: str) -> None:
    text = f"ledger: x\ntitle: X\nsaid: {{title: y, date: {period}}}\nclaims: []\n"
    with pytest.raises(InputError, match=rf"x\.yaml, line 3, said\.date: '{period}' is not a period"):
        parse_ledger(text, "x.yaml")


def test_the_command_ends_with_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text("[" * 200_000)
    monkeypatch.setattr("sys.argv", ["headway", "scenarios", str(path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "deep.yaml, line 1" in capsys.readouterr().err
