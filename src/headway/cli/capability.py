"""`headway capability`: how able a country's models are, on one scale, from public benchmark results."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.cli.common import SentenceGroup, TableFormat, emit_table, print_json, say
from headway.cli.options import Force, Format, Json, Out
from headway.core.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Country = Annotated[str | None, typer.Argument(metavar="[COUNTRY]", help="Code or name; all countries by default.")]
Models = Annotated[bool, typer.Option("--models", help="Every model's level, strongest first.")]
Accessible = Annotated[
    bool, typer.Option("--accessible", help="Count models on others' open weights: what a country can use.")
]
Results = Annotated[
    Path, typer.Argument(metavar="RESULTS.csv", help="Columns benchmark and score (0 to 1), one row per benchmark.")
]
Cache = Annotated[Path, typer.Option("--cache", help="Folder of the publishers' files.")]
Folder = Annotated[Path, typer.Option("--out", help="Folder to write the tables of the scale to.")]

CUT = (
    "Fitted to results public by 30 June 2026. Level: ECI points, 90% interval; Claude 3.5 Sonnet is 130, GPT-5 is 150."
)


class ShowByDefault(SentenceGroup):
    """Group whose first word may be the argument of its `show` command: `capability KOR` is `capability show KOR`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=ShowByDefault, help="Capability of countries and models on one scale of benchmark results.")
    group.command("show")(show)
    group.command("score")(score)
    group.command("fit")(fit)
    group.command("validate")(validate)
    app.add_typer(group, name="capability")


def show(
    country: Country = None, models: Models = False, accessible: Accessible = False, json: Json = False,
    shape: Format = TableFormat.TABLE, out: Out = None, force: Force = False,
) -> None:  # fmt: skip
    """Record of a country by quarter with its models, or the newest record of every country (`show` may be omitted)."""
    from headway.evidence import open_evidence

    code = open_evidence().resolve(country).code if country else None
    kind = "accessible" if accessible else "own"
    frame = _models(code, accessible) if models else _records(code, kind)
    if frame.empty:
        what = "model of its own" if kind == "own" else "model"
        say(f"No {what} of {country} has results on two public benchmarks or more: its level can only be inferred.")
        raise typer.Exit
    title = "Levels of models" if models else f"Best {kind} model so far"
    chosen = TableFormat.JSON if json else shape
    told = _for_readers(frame) if chosen is TableFormat.TABLE else frame
    emit_table(told, chosen, name="capability", out=out, force=force, title=title)
    say(CUT)
    for line in _remarks(code, frame):
        say(line)


def score(results: Results, json: Json = False) -> None:
    """Place a model of your own on the scale from its benchmark results, without a refit."""
    from headway.capability.score import place, read_own_results, shipped_items

    known = shipped_items()
    placed = place(read_own_results(results, known), known)
    near = _nearest(placed.level)
    if json:
        record = {"level": placed.level, "low": placed.low, "high": placed.high, "content": 0.9}
        print_json({**record, "benchmarks": placed.benchmarks, "nearest": near})
        return
    found = f"Level {placed.level:.1f} ECI points (90%: {placed.low:.0f}–{placed.high:.0f})"
    print(f"{found} from {len(placed.benchmarks)} benchmarks; near {', '.join(near)}.")
    say(CUT)


def fit(cache: Cache, out: Folder) -> None:
    """Fit the scale anew from the publishers' files and write its tables (about two minutes)."""
    from headway.capability.records import publish

    _refuse_used(out)
    say("fitting the scale to all results; this takes about two minutes")
    records = publish(cache, out)
    say(f"wrote the tables of {records['country'].nunique()} countries to {out}")


def validate(cache: Cache, out: Folder) -> None:
    """Compare levels with published scores that the fit has not seen, and write the tables (a quarter of an hour)."""
    from headway.capability.validation import validate as run

    _refuse_used(out)
    tables = run(cache, lambda name: say(f"left out: {name}"))
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.round(3).to_csv(out / f"{name}.csv", index=False)
    say(f"wrote {', '.join(f'{name}.csv' for name in tables)} to {out}")


def _refuse_used(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"--out {out}: it exists and is not an empty folder; name a new one")


def _records(code: str | None, kind: str) -> pd.DataFrame:
    from headway.evidence.benchmarks import country_records
    from headway.evidence.countries import countries

    table = country_records()
    table = table[table["kind"] == kind]
    if code is None:
        newest = table.sort_values("quarter").drop_duplicates("country", keep="last")
        shown = newest.sort_values("level", ascending=False)
    else:
        shown = table[table["country"] == code]
    columns = ["country", "name", "quarter", "level", "low", "high", "model", "released", "benchmarks", "interval_wide"]
    named = shown.assign(name=[countries()[code].name for code in shown["country"]])
    return named[columns].rename(columns={"interval_wide": "too wide"}).reset_index(drop=True)


def _models(code: str | None, accessible: bool) -> pd.DataFrame:
    from headway.evidence.benchmarks import model_levels

    table = model_levels()
    if code is not None:
        home = table["countries" if accessible else "own_countries"].fillna("")
        table = table[home.str.split(";").map(lambda codes: code in codes)]
    columns = ["model", "setting", "organisation", "countries", "released", "level", "low", "high", "benchmarks"]
    shown = table[columns].assign(setting=table["setting"].fillna(""))
    return shown.round({"level": 1, "low": 1, "high": 1}).reset_index(drop=True)


def _for_readers(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows as a terminal shows them: of many organisations the first, and a doubt only where there is one."""
    told = frame.copy()
    if "organisation" in told:
        told["organisation"] = [_first_of(str(names)) for names in told["organisation"].fillna("not named")]
    if "too wide" in told:
        told["too wide"] = told["too wide"].map({True: "yes", False: ""})
        told = told if frame["too wide"].any() else told.drop(columns="too wide")
    return told


def _first_of(names: str) -> str:
    first, *others = re.split(r"[;,] ?", names)
    return f"{first} and {len(others)} more" if others else first


def _remarks(code: str | None, frame: pd.DataFrame) -> list[str]:
    """Remarks on the rows shown: lower bounds, and intervals too wide to be measurements."""
    from headway.evidence.benchmarks import partial_coverage

    partial = partial_coverage()
    shown = set(frame["country"]) if "country" in frame else {code}
    lines = [f"{land} is a lower bound: {why}." for land, why in partial.items() if land in shown]
    if "quarter" in frame and (frame.groupby(["country", "model"])["level"].nunique() > 1).any():
        lines.append(
            "A record is the best of a country’s models in each draw, so it rises a little when another of them comes "
            "close to the one named."
        )
    if "too wide" in frame and frame["too wide"].any():
        lines.append("Too wide: an interval above 12 points is no measurement, and no brief rests on it.")
    return lines


def _nearest(level: float, count: int = 3) -> list[str]:
    from headway.evidence.benchmarks import model_levels

    table = model_levels()
    best = table[table["setting_class"] == "strongest"].drop_duplicates("model")
    order = (best["level"] - level).abs().sort_values(kind="stable").index[:count]
    return [f"{best.at[i, 'model']} ({best.at[i, 'level']:.0f})" for i in order]
