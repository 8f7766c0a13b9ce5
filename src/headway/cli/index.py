"""`headway index`: build any composite indicator from a specification and a table, and question it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.cli.audits import refuse_report, write_report
from headway.cli.common import SentenceGroup, TableFormat, emit_table, one_day, print_json, say
from headway.cli.options import Force, Format, Json
from headway.core.errors import InputError
from headway.core.files import refuse_early, refuse_taken_names, write_atomically
from headway.core.limits import MOST_DRAWS

if TYPE_CHECKING:
    import pandas as pd

    from headway.standing.build import Index
    from headway.standing.ensemble import Study
    from headway.standing.spec import Spec
    from headway.standing.table import Table

SpecFile = Annotated[str, typer.Argument(metavar="SPEC", help="A specification (.yaml), or the name of a preset.")]
Data = Annotated[Path, typer.Option("--data", metavar="DATA", help="CSV or .xlsx, one row per unit (and year).")]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="NAME=COLUMN", help="Column of the data for a name in the specification."),
]
Folder = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write all tables and the recipe there.")]
OutFile = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to this file instead of stdout.")]
Top = Annotated[int | None, typer.Option("--top", min=1, help="How many units to print; all by default.")]
Year = Annotated[int | None, typer.Option("--year", help="For data with years; the latest by default.")]
NodeName = Annotated[str | None, typer.Option("--node", help="A node other than the whole index.")]
Draws = Annotated[
    int | None, typer.Option("--draws", min=1, max=MOST_DRAWS, help="Members of the ensemble; the specification's own.")
]

Date = Annotated[dt.datetime | None, typer.Option("--date", parser=one_day, help="Of the data; today by default.")]

Links = Annotated[
    Path | None,
    typer.Option("--links", metavar="FILE", help="CSV or .xlsx: units and further variables to compare with."),
]

group = typer.Typer(
    cls=SentenceGroup, no_args_is_help=True, help="Composite indicators: build, audit, shake, compare, export."
)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="index")


@group.command()
def presets(json: Json = False) -> None:
    """List the specifications that ship with the package."""
    import pandas as pd

    from headway.standing.presets import preset, texts

    rows = []
    for name in texts():
        spec = preset(name)
        rows.append({"preset": name, "title": spec.title, "indicators": len(spec.indicators), "hash": spec.hash})
    if json:
        print_json({"presets": rows})
    else:
        emit_table(pd.DataFrame(rows), TableFormat.TABLE, name="presets")
        say("headway index show NAME prints one; copy it to a file to make it yours.")


@group.command()
def show(spec: SpecFile) -> None:
    """Print a specification as YAML."""
    import sys

    from headway.standing.presets import specification, texts
    from headway.standing.spec import dump

    loaded = specification(spec)
    sys.stdout.write(texts()[spec] if spec in texts() else dump(loaded))


@group.command()
def build(
    spec: SpecFile, data: Data, column: Columns = None, out: Folder = None, force: Force = False, top: Top = None,
    year: Year = None, json: Json = False, shape: Format = TableFormat.TABLE,
) -> None:  # fmt: skip
    """Build the index: scores, ranks, and everything on the way."""
    from headway.standing import export

    if out is not None:
        refuse_taken_names(out, export.FILES, force=force)
    index = _build(spec, data, column)
    if out is not None:
        for path in export.write_folder(out, export.csv_files(index), force=force):
            say(f"wrote {path}")
    frame, said = _of_year(export.results(index), year)
    frame = frame if top is None else frame.head(top)
    if json or shape is TableFormat.JSON:
        print_json({"recipe": export.recipe(index), "results": _records(frame)})
    else:
        if shape is TableFormat.TABLE:
            frame = frame[[c for c in frame.columns if not c.endswith(".score") or c.startswith(index.spec.tree.root)]]
        emit_table(frame, shape, name="results", title=index.spec.title)
    if said:
        say(said)
    _say_remarks(index)


@group.command()
def audit(
    spec: SpecFile, data: Data, column: Columns = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the report, one page a step: .pdf or .html.")
    ] = None,
    links: Links = None, date: Date = None, json: Json = False, force: Force = False,
) -> None:  # fmt: skip
    """Is it coherent, does every part count, would it stand without one of them?"""
    from dataclasses import asdict

    from headway.standing.audit import audit as run_audit
    from headway.standing.audit import verdict

    if out is not None:
        refuse_report(out, force=force)
    elif links is not None:
        raise InputError("--links goes into the report; name its file with --out")
    index = _build(spec, data, column)
    if out is not None:
        say(f"wrote {write_report(index, out, links, date.date() if date else None, force=force)}")
        return
    found = run_audit(index)
    lines = verdict(index, found)
    if json:
        tables = {name: [asdict(row) for row in getattr(found, name)] for name in _AUDIT_TABLES}
        record = {"index": index.spec.name, "specification": index.spec.hash, "data": index.table.hash}
        print_json(_plain({**record, "verdict": [asdict(line) for line in lines], **tables}))
        return
    import pandas as pd

    marks = {"good": "good", "look": "LOOK", "poor": "POOR"}
    emit_table(
        pd.DataFrame([{"": marks[line.grade], "verdict": line.text} for line in lines]),
        TableFormat.TABLE,
        name="verdict",
        title=f"Audit of {index.spec.title or index.spec.name}",
    )
    for name, title in _AUDIT_TABLES.items():
        rows = [_plain(asdict(row)) for row in getattr(found, name)]
        if rows:
            emit_table(pd.DataFrame(rows), TableFormat.TABLE, name=name, title=title)


_AUDIT_TABLES = {
    "statistics": "Indicators as they came",
    "reliability": "How far children hang together",
    "influence": "Weights and importances",
    "left_out": "Without one indicator",
}


@group.command()
def robustness(
    spec: SpecFile, data: Data, column: Columns = None, node: NodeName = None, year: Year = None, draws: Draws = None,
    top: Top = None,
    sensitivity: Annotated[bool, typer.Option("--sensitivity", help="Which assumption moves the ranks.")] = False,
    pair: Annotated[str | None, typer.Option("--pair", metavar="A,B", help="Two units against each other.")] = None,
    leaders: Annotated[bool, typer.Option("--leaders", help="Who leads under which share of all weights.")] = False,
    json: Json = False, shape: Format = TableFormat.TABLE, out: OutFile = None, force: Force = False,
) -> None:  # fmt: skip
    """Rank intervals and tiers over the alternatives and errors that the specification states."""
    from headway.core.numbers import LEVEL
    from headway.standing import ensemble as ens
    from headway.standing.ranks import rank_records, tiers

    loaded, table = _read(spec, data, column)
    study = ens.prepare(loaded, table, node=node, year=year)
    made = ens.run(study, draws)
    groups = tiers(made)
    rows = rank_records(made, groups)
    record: dict[str, Any] = {
        "index": loaded.name,
        "specification": loaded.hash,
        "data": table.hash,
        "node": study.node,
    }
    record |= {"alternatives": len(made.scores), "level": LEVEL, "ranks": rows[:top], "tiers": groups}
    if sensitivity:
        record["sensitivity"] = _sensitivity(study, pair)
    if pair:
        record["pair"] = _pair(made, *_two(pair))
    if leaders:
        record["leaders"] = _leaders(study)
    if json:
        print_json(_plain({**record, "remarks": list(study.remarks)}))
        return
    import pandas as pd

    emit_table(pd.DataFrame(rows[:top]), shape, name="ranks", out=out, force=force, title=loaded.title)
    if sensitivity:
        measured = record["sensitivity"]
        frame = pd.DataFrame(measured["indices"])
        emit_table(frame, TableFormat.TABLE, name="sensitivity", title=f"Sensitivity of {measured['output']}")
    if leaders:
        frame = pd.DataFrame(record["leaders"])
        emit_table(frame, TableFormat.TABLE, name="leaders", title="Who leads under which share of all weights")
    for words in record.get("pair", {}).get("words", []):
        say(words)
    say(f"{len(made.scores)} alternatives, {made.failed} of which gave no scores; {len(groups)} tiers")
    for words in study.remarks:
        say(words)


@group.command()
def compare(
    first: SpecFile, second: Annotated[str, typer.Argument(metavar="OTHER", help="The other specification.")],
    data: Data, other: Annotated[Path | None, typer.Option("--other-data", help="Data of the other build.")] = None,
    column: Columns = None, year: Year = None, json: Json = False, shape: Format = TableFormat.TABLE,
    out: OutFile = None, force: Force = False,
) -> None:  # fmt: skip
    """Two builds side by side: who moves, and what differs."""
    import pandas as pd

    from headway.standing.compare import compare as run_compare

    found = run_compare(_build(first, data, column), _build(second, other or data, column), year)
    columns = {"unit": found.units, "first": found.first, "second": found.second, "shift": found.shift}
    frame = pd.DataFrame(columns).sort_values(["second", "unit"], ignore_index=True)
    record = {"spearman": found.spearman[0], "kendall": found.kendall[0], "differences": list(found.differences)}
    record |= {"only_first": list(found.only_first), "only_second": list(found.only_second)}
    if json:
        print_json(_plain({**record, "ranks": _records(frame)}))
        return
    emit_table(frame, shape, name="ranks", out=out, force=force)
    say(f"rank correlation: Spearman {found.spearman[0]:.3f}, Kendall {found.kendall[0]:.3f}")
    for line in found.differences:
        say(line)


@group.command()
def change(
    spec: SpecFile, data: Data,
    start: Annotated[int, typer.Option("--from", help="Earlier year.")],
    end: Annotated[int, typer.Option("--to", help="Later year.")],
    published: Annotated[Path | None, typer.Option("--published", help="The earlier year as then published.")] = None,
    method: Annotated[str | None, typer.Option("--old-spec", help="The earlier year's specification.")] = None,
    column: Columns = None, json: Json = False, shape: Format = TableFormat.TABLE, out: OutFile = None,
    force: Force = False,
) -> None:  # fmt: skip
    """Why ranks changed between two years: own data, others' data, revisions, method."""
    import pandas as pd

    from headway.standing.change import IndexEdition, filled_edition, rank_changes

    new = filled_edition(*_read(spec, data, column))
    old = filled_edition(*_read(method or spec, published or data, column))
    changes, remarks = rank_changes(
        IndexEdition(old.spec, old.table.of_year(start)),
        IndexEdition(new.spec, new.table.of_year(end)),
        new.table.of_year(start),
    )
    rows = [
        {"unit": c.unit, str(start): c.before, str(end): c.after, "change": c.change, "own data": c.own,
         "others' data": c.others, "revisions": c.revisions, "method": c.method}
        for c in sorted(changes, key=lambda c: c.after)
    ]  # fmt: skip
    if json:
        print_json(_plain({"changes": rows, "remarks": list(remarks)}))
        return
    emit_table(pd.DataFrame(rows), shape, name="changes", out=out, force=force)
    for words in remarks:
        say(words)


@group.command()
def export(
    spec: SpecFile, data: Data,
    out: Annotated[Path, typer.Option("--out", help="A file .xlsx or .html, or a folder for CSV files.")],
    column: Columns = None, draws: Draws = None, date: Date = None, force: Force = False,
) -> None:  # fmt: skip
    """Write the built index as Excel, as one HTML page, or as CSV files."""
    from headway.standing import export as files

    suffix = out.suffix.lower()
    if suffix not in {".xlsx", ".html", ""}:
        raise InputError(f"--out {out}: write .xlsx, .html, or a folder (no ending) for CSV files")
    if suffix:
        refuse_early(out, force=force)
    else:
        refuse_taken_names(out, files.FILES, force=force)
    index = _build(spec, data, column)
    ranked, remark = files.intervals(index, draws) if suffix else (None, "")
    if suffix == ".xlsx":
        say(f"wrote {write_atomically(out, files.excel(index, ranked), force=force)}")
    elif suffix == ".html":
        made = files.page(index, date.date() if date else None, ranked, remark)
        say(f"wrote {write_atomically(out, made, force=force)}")
    else:
        for path in files.write_folder(out, files.csv_files(index), force=force):
            say(f"wrote {path}")


@group.command()
def picture(
    kind: Annotated[str, typer.Argument(help="framework, availability, imputation, structure, treatment, ranks …")],
    spec: SpecFile, data: Data,
    out: Annotated[Path, typer.Option("--out", help="A file .svg or .png.")],
    unit: Annotated[str | None, typer.Option("--unit", help="The unit that the picture is about, or marks.")] = None,
    caveat: Annotated[str, typer.Option("--caveat", help="A sentence of your own below the picture.")] = "",
    date: Date = None,
    column: Columns = None, force: Force = False,
) -> None:  # fmt: skip
    """Draw one picture of an index."""
    from headway.charts import Caption, png, specification, svg
    from headway.core.numbers import LEVEL
    from headway.core.periods import today
    from headway.standing.pictures import picture as make

    suffix = out.suffix.lower()
    if suffix not in {".svg", ".png"}:
        raise InputError(f"--out {out}: write .svg or .png")
    refuse_early(out, force=force)
    made = make(kind, _build(spec, data, column), unit)
    about = caveat or made.alternative.split(". ")[0].rstrip(".") + "."
    caption = Caption(date.date() if date else today(), LEVEL if kind == "ranks" else None, about)
    drawn = specification(made, caption)
    content = png(drawn) if suffix == ".png" else svg(drawn, made.title, made.alternative, background="#fff")
    say(f"wrote {write_atomically(out, content, force=force)}")


@group.command(name="coin-tool")
def coin_tool(
    workbook: Annotated[Path, typer.Argument(metavar="FILE", help="The COIN Tool's workbook, .xlsm or .xlsx.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Write specification.yaml and data.csv there.")],
    goalposts: Annotated[bool, typer.Option("--goalposts", help="Scale between the sheet's goalposts.")] = False,
    force: Force = False,
) -> None:  # fmt: skip
    """Specification and data of the JRC's COIN Tool, in files that the other commands read."""
    from headway.standing import export as files
    from headway.standing.coinr import NAME, coin_tool_frames, from_coin_tool_frames
    from headway.standing.spec import dump

    refuse_taken_names(out, ("specification.yaml", "data.csv"), force=force)
    data, meta = coin_tool_frames(workbook)
    spec, _ = from_coin_tool_frames(data, meta, workbook, goalposts=goalposts)
    made = {
        "specification.yaml": dump(spec),
        "data.csv": data.rename(columns={NAME: "label"}).to_csv(index=False),
    }
    for path in files.write_folder(out, made, force=force):
        say(f"wrote {path}")


def _read(spec: str, data: Path, columns: list[str] | None = None) -> tuple[Spec, Table]:
    from headway.standing.presets import specification
    from headway.standing.reader import read_table

    loaded = specification(spec)
    return loaded, read_table(data, loaded, dict(_renaming(given) for given in columns or ()))


def _renaming(given: str) -> tuple[str, str]:
    name, equals, column = (part.strip() for part in given.partition("="))
    if not (name and equals and column):
        raise InputError(f"--column {given}: write NAME=COLUMN, such as life_expectancy=le_2022")
    return name, column


def _build(spec: str, data: Path, columns: list[str] | None = None) -> Index:
    from headway.standing.build import build as run

    return run(*_read(spec, data, columns))


def _of_year(frame: pd.DataFrame, year: int | None) -> tuple[pd.DataFrame, str]:
    """Rows of one year, the latest by default, and which year that is, in words; all rows of data without years."""
    if "year" not in frame.columns:
        if year is not None:
            raise InputError(f"--year {year}: the data have no such year; their specification names no `year` column")
        return frame, ""
    years = sorted(int(known) for known in frame["year"].unique())
    if year is not None and year not in years:
        raise InputError(f"--year {year}: the data have no such year; they have {', '.join(map(str, years))}")
    words = "" if year is not None or len(years) == 1 else (
        f"{years[-1]}, the latest of {len(years)} years; --year gives another, --out DIR and `index export` all"
    )  # fmt: skip
    return frame[frame["year"] == (years[-1] if year is None else year)].reset_index(drop=True), words


def _sensitivity(study: Study, pair: str | None) -> dict[str, Any]:
    from headway.standing.sensitivity import lead_of, mean_rank_shift, sensitivity

    output, words = mean_rank_shift(study), "the mean rank shift"
    if pair:
        a, b = _two(pair)
        output, words = lead_of(study, a, b), f"the lead of {a} over {b}"
    found = sensitivity(study, output)
    rows = zip(found.assumptions, found.first, found.first_error, found.total, found.total_error, strict=True)
    keys = ("assumption", "first", "first_error", "total", "total_error")
    indices = [dict(zip(keys, row, strict=True)) for row in rows]
    return {
        "output": words,
        "exact": found.exact,
        "variance": found.variance,
        "remark": found.remark,
        "indices": indices,
    }


def _leaders(study: Study) -> list[dict[str, Any]]:
    from headway.standing.weightspace import linear, share_leading

    shares, _ = share_leading(linear(study.nominal, study.node))
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return [{"unit": unit, "share": share} for unit, share in ordered if share > 0]


def _pair(made: Any, a: str, b: str) -> dict[str, Any]:
    from headway.standing.ranks import above
    from headway.standing.weightspace import linear, smallest_change

    p = float(above(made)[made.at(a), made.at(b)])
    if p != p:
        ranked = (made.ranks == made.ranks).any(axis=0)
        silent = [unit for unit in (a, b) if not ranked[made.at(unit)]]
        who = " and ".join(silent)
        have = "have" if len(silent) > 1 else "has"
        reason = f"{who} {have} no score in any of the alternatives" if silent else "no alternative scores both"
        raise InputError(f"--pair {a},{b}: {reason}, so they cannot be compared")
    words = [f"{a} stands above {b} in {p:.0%} of the alternatives"]
    record: dict[str, Any] = {"above": p}
    try:
        found = smallest_change(linear(made.study.nominal, made.node), a, b)
    except InputError as error:
        return {**record, "words": [*words, str(error)]}
    if found.weights is None:
        words.append(f"no weights put {a} level with {b}: it is behind in every part")
    elif found.moved == 0:
        words.append(f"{a} is not behind {b} under the stated weights")
    else:
        words.append(f"{found.moved:.1%} of the weight must move for {a} to draw level with {b}")
    return {**record, "moved": found.moved, "weights": found.weights, "words": words}


def _two(pair: str) -> tuple[str, str]:
    parts = [part.strip() for part in pair.split(",")]
    if len(parts) != 2 or not all(parts):
        raise InputError(f"--pair {pair}: name two units, joined by a comma")
    return parts[0], parts[1]


def _say_remarks(index: Index) -> None:
    for words in index.remarks:
        say(words)
    say(f"specification {index.spec.hash}, data {index.table.hash}")


def _records(frame: pd.DataFrame) -> Any:
    import json

    return json.loads(frame.to_json(orient="records"))


def _plain(value: Any) -> Any:
    """JSON has no NaN and no infinity: both become null."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if abs(value) < float("inf") else None
    return value
