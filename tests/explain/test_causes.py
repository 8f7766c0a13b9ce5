from __future__ import annotations

from pathlib import Path

import pytest

from headway.core.errors import InputError
from headway.explain.causes import HANDLES, SHIPPED, causes, parse, read_causes

GOOD = """\
rest: what stays
causes:
  - cause: size
    title: Size
    phrase: size
    question: With the rival's?
    replace:
      - {what: gdp, by: rival}
  - cause: controls
    title: Controls
    phrase: controls
    question: Without?
    replace:
      - {what: controls, by: none}
"""
FILE = Path("mine.yaml")


def test_the_shipped_causes_are_the_nine_of_the_documentation() -> None:
    assert [cause.cause for cause in causes().causes] == [
        "economy", "spending", "controls", "supply", "talent_loss", "education", "resources", "openness", "head_start",
    ]  # fmt: skip


def test_the_shipped_causes_name_no_country() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    for name in ("Russia", "RUS", "China", "CHN", "United States", "USA"):
        assert name not in text


def test_every_quantity_is_either_a_cause_or_in_the_rest() -> None:
    replaced = {replacement.what for cause in causes().causes for replacement in cause.replace}
    assert set(HANDLES) - replaced == {"concentration", "offset"}


def test_a_good_file_is_read() -> None:
    assert [cause.title for cause in parse(GOOD, FILE).causes] == ["Size", "Controls"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("what: gdp", "what: gpd", "line 8: causes.0.replace.0: 'gpd' is nothing that can be replaced; known are gdp"),
        ("gdp, by: rival", "gdp, by: none", "line 8: causes.0.replace.0: 'gdp' cannot be none"),
        ("by: none", "by: nobody", "line 14: causes.1.replace.0.by: Input should be 'rival' or 'none'"),
        ("    title: Size\n", "", "line 3: causes.0.title: Field required"),
        ("title: Size", "titel: Size", "line 4: causes.0.titel: unknown field; known are cause"),
        (
            "    title: Size\n",
            "    title: Size\n    weight: 2\n",
            "line 5: causes.0.weight: unknown field; known are cause",
        ),
        ("cause: controls", "cause: size", "each cause needs a name of its own; twice: size"),
        ("what: controls, by: none", "what: gdp, by: rival", "a quantity may belong to one cause only; twice: gdp"),
        ("cause: size", "cause: Size of it", "line 3: causes.0.cause: String should match pattern"),
        ("rest: what stays\n", "", "rest: Field required"),
        ("title: Size", "title: Size\n    title: Size", "line 5: causes.0: 'title' is given twice"),
        (
            "replace:\n      - {what: gdp, by: rival}\n",
            "replace: []\n",
            "causes.0.replace: Tuple should have at least",
        ),
    ],
)
def test_an_error_names_file_line_and_field(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        parse(GOOD.replace(old, new, 1), FILE)
    assert str(caught.value).startswith("mine.yaml")
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b\n", "rest: [", "42"])
def test_what_is_no_file_of_causes_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"mine\.yaml"):
        parse(text, FILE)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*none\.yaml"):
        read_causes(tmp_path / "none.yaml")


def test_too_many_causes_are_refused() -> None:
    one = GOOD.split("causes:\n")[1].split("  - cause: controls")[0]
    many = "".join(one.replace("cause: size", f"cause: size{i}") for i in range(13))
    with pytest.raises(InputError, match="at most 12"):
        parse("rest: x\ncauses:\n" + many, FILE)
