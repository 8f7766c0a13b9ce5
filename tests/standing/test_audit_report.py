"""The audit report: ten pages that say what the audit found, on paper and on a page, each step on one sheet."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest
from indexes import pillars, sample, table
from scipy import stats
from typer.testing import CliRunner

from headway.cli.app import app
from headway.core.errors import InputError
from headway.standing import audit_data, audit_ranks, audit_report, export
from headway.standing.audit import audit, verdict
from headway.standing.audit_parts import ReportTable
from headway.standing.audit_report import AuditReport
from headway.standing.build import Index, build
from headway.standing.spec import parse
from headway.standing.table import Table

DAY = dt.date(2026, 1, 31)
VARIED = {
    "draws": 50,
    "choices": {"mean": {"arithmetic": {}, "geometric": {"nodes": {"aggregate": "geometric"}}}},
    "leave_out": True,
}


@pytest.fixture(scope="module")
def index() -> Index:
    steps = [{"impute": {"method": "median"}}, "treat", {"normalise": {"lower": 1, "upper": 100}}]
    return build(pillars(steps, robustness=VARIED), table(sample(missing=0.15), labels={"u000": "Atlantis & Co"}))


@pytest.fixture(scope="module")
def report(index: Index) -> AuditReport:
    money = {unit: float(i) for i, unit in enumerate(index.units)}
    return audit_report.audit_report(index, {"money": money})


def test_ten_steps_carry_every_remark_of_the_verdict(index: Index, report: AuditReport) -> None:
    assert [page.number for page in report.pages] == list(range(1, 11))
    graded = [r.text for step, r in report.verdict if step != 7]
    assert sorted(graded) == sorted(r.text for r in verdict(index, audit(index)))
    assert any("places wide in the median" in r.text for step, r in report.verdict if step == 7)
    for step in report.pages:
        assert step.chosen
        assert step.found or step.graded
        assert step.pictures or step.tables


def test_what_was_chosen_is_said_in_words(report: AuditReport) -> None:
    assert report.pages[2].chosen == ("A gap takes the median of the units that have a value.",)
    assert report.pages[4].chosen[-1] == "Scale: min–max to 1–100."
    assert "Mean: arithmetic, geometric." in report.pages[6].chosen


def test_figures_are_those_of_the_data(index: Index, report: AuditReport) -> None:
    gaps = np.isnan(index.table.values)
    assert f"{gaps.sum()} of {gaps.size} cells have no observed value" in report.pages[2].found[0]
    matrix = report.pages[3].tables[1]
    r = np.corrcoef(index.scores["a"], index.scores["b"])[0, 1]
    assert matrix.rows[1][1] == f"{r:.2f}"
    assert matrix.tints[1][1] == pytest.approx(r)
    (links,) = report.pages[8].tables
    rho = stats.spearmanr(np.arange(len(index.units)), index.scores["top"]).statistic
    assert links.rows[0][:3] == ("money", "40", f"{rho:.2f}".replace("-", "−"))


def test_a_column_of_millions_is_one_of_figures() -> None:
    made = audit_report._table(ReportTable("Sizes", ("unit", "most"), (("Atlantis", "1.2 million"), ("Utopia", "3–7"))))
    assert made["words"] == [True, False]


def test_an_index_that_varies_nothing_is_told_so() -> None:
    made = audit_report.audit_report(build(pillars(), table(sample())))
    assert [r.grade for step, r in made.verdict if step == 7] == ["poor"]
    assert "No variable outside the index" in made.pages[8].chosen[0]


@pytest.fixture
def undrawn_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without pictures, whose tables and sentences are looked at."""
    monkeypatch.setattr(audit_ranks, "drawn", lambda index, *kinds: ())
    monkeypatch.setattr(audit_data, "drawn", lambda index, *kinds: ())


@pytest.mark.usefixtures("undrawn_pages")
def test_units_without_a_score_leave_the_others_in_order() -> None:
    values = sample()
    values[[3, 20]] = np.nan
    made = audit_report.audit_report(build(pillars(), table(values)))
    results = made.pages[9].tables[0].rows
    assert [int(row[0]) for row in results] == list(range(1, 21))
    assert [row[0] for row in made.pages[7].tables[0].rows] == [row[1] for row in results[:8]]


@pytest.mark.usefixtures("undrawn_pages")
def test_a_study_that_would_take_too_long_leaves_the_other_pages() -> None:
    choices = {"order": {"means": {}, "pairs": {"top": {"aggregate": "kemeny"}}}}
    spec = pillars(robustness={"draws": 501, "choices": choices})
    made = audit_report.audit_report(build(spec, table(sample(8))))
    assert "at most 500 draws" in made.pages[6].chosen[0]


@pytest.mark.usefixtures("undrawn_pages")
def test_columns_beside_the_indicators_are_links_where_they_can_be() -> None:
    extras = {"people": np.arange(40.0), "code": np.ones(40)}
    made = audit_report.audit_report(build(pillars(), table(sample(), extras=extras)))
    (links,) = made.pages[8].tables
    assert [row[0] for row in links.rows] == ["people"]


def test_an_outside_variable_needs_common_units(index: Index) -> None:
    with pytest.raises(InputError, match="'few' has 2 units in common"):
        audit_report.audit_report(index, {"few": {"u001": 1.0, "u002": 2.0}})


def test_the_page_escapes_names_and_colours_correlations(report: AuditReport) -> None:
    text = audit_report.page_html(report, DAY)
    assert text.count("<section>") == 10
    assert "Atlantis &amp; Co" in text
    assert "background:rgba(79,134,198" in text
    assert "31 January 2026" in text


def wide(n: int = 40) -> Index:
    """Forty indicators with long names, none of which fits a page as it is."""
    names = [f"i{j:02d}" for j in range(n)]
    nodes = {f"p{k}": {"children": names[10 * k : 10 * k + 10]} for k in range(n // 10)}
    raw = {
        "name": "wide",
        "indicators": {name: {"label": f"Indicator with a rather long name {name}"} for name in names},
        "nodes": {**nodes, "top": {"children": list(nodes)}},
        "steps": ["normalise"],
    }
    spec = parse(raw, "wide")
    values = np.random.default_rng(0).normal(size=(20, n))
    return build(spec, Table(tuple(f"u{i:02d}" for i in range(20)), spec.tree.leaves, values))


def test_each_step_has_one_sheet_however_many_indicators() -> None:
    paper = audit_report.pdf(audit_report.audit_report(wide()), DAY)
    assert b"pdfuaid:part" in paper
    assert max(map(int, re.findall(rb"/Count (\d+)", paper))) == 11


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(result.exception, InputError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few samples and no pictures, so that commands are tried in a second."""
    monkeypatch.setattr(audit_report, "POINTS", 2)
    monkeypatch.setattr(export, "picture_svg", lambda picture, caption: "<svg></svg>")


@pytest.mark.usefixtures("undrawn")
def test_the_command_writes_a_report(tmp_path: Path) -> None:
    words = ("index", "audit", "tai", "--data", "docs/data/tai.csv")
    sizes = {"Finland": 1, "Sweden": 2, "Japan": 3, "Norway": 4, "Israel": 5}
    rows = "".join(f"{unit},{size}\n" for unit, size in sizes.items())
    (tmp_path / "more.csv").write_text(f"country,size\n{rows}", encoding="utf-8")
    out = tmp_path / "tai.html"
    assert f"wrote {out}" in run(*words, "--out", out, "--links", tmp_path / "more.csv").replace("\n", "")
    assert "The index goes with size" in out.read_text(encoding="utf-8")
    with pytest.raises(InputError, match=r"write .pdf or .html"):
        run(*words, "--out", tmp_path / "tai.docx")
    with pytest.raises(InputError, match="exists"):
        run(*words, "--out", out)
    with pytest.raises(InputError, match="--links goes into the report"):
        run(*words, "--links", tmp_path / "more.csv")


@pytest.mark.usefixtures("undrawn")
def test_the_standing_has_its_report(tmp_path: Path) -> None:
    out = tmp_path / "ai.html"
    run("standing", "audit", "--view", "frontier", "--out", out)
    text = out.read_text(encoding="utf-8")
    assert "AI standing at the frontier" in text
    assert "United States" in text
