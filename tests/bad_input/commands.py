"""Commands that read files: words of the command line with the place of the file, and good contents of each file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import archives
import mutations

from headway.core import yaml_files

PACKAGE = Path(yaml_files.__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Reader:
    """A command and one file that it reads.

    Attributes:
        command: name in tables. words: command line, with FILE in place of the file's name.
        file: name of the file. good: contents that are accepted. faults: faults that any such file may have.
        fields: whether every field is tried with values of wrong types. accepted: faults that are none here.
    """

    command: str
    words: str
    file: str
    good: Callable[[], bytes]
    faults: Callable[[bytes], Iterator[tuple[str, mutations.Maker]]]
    fields: bool = False
    accepted: frozenset[str] = frozenset()


def text(words: str) -> Callable[[], bytes]:
    return lambda: words.encode()


def shipped(*parts: str) -> Callable[[], bytes]:
    return lambda: PACKAGE.joinpath(*parts).read_bytes()


def first(key: str, count: int, *parts: str) -> Callable[[], bytes]:
    """The shipped YAML file with only the first entries of its list."""

    @cache
    def content() -> bytes:
        path = PACKAGE.joinpath(*parts)
        value: dict[str, Any] = dict(yaml_files.document(path.read_text("utf-8"), path).value)
        return mutations.dumped({**value, key: value[key][:count]}).encode()

    return content


SCENARIO = """\
scenario: mine
title: A cut
description: A cut from 2027 on.
rationale: A choice.
extends: baseline
rented:
- for: focal
  set:
    2027-01-01: 0.5
"""
LEDGER = """\
ledger: mine
title: Claims
country: FRA
about: Claims about France.
thresholds:
  supported: 0.9
  leaning: 0.65
claims:
- id: goal
  claim: France has declared that it wants to lead.
  kind: fact
  status: confirmed
  countries: [FRA]
  said: general public debate
  test: statement(goal, FRA, position)
"""
EVIDENCE = """\
indicator,country,period,value,unit,source
gdp_usd,FRA,2024,3.1e12,USD,Our desk
gdp_usd,DEU,2024,4.6e12,USD,Our desk
"""
HDI = """\
country,label,life_expectancy,expected_schooling,mean_schooling,gni_per_capita
NOR,Norway,82.4,18.1,12.9,66494
IRL,Ireland,82.3,18.7,12.7,68371
CHE,Switzerland,83.8,16.3,13.4,69394
IND,India,69.7,12.2,6.5,6681
NER,Niger,62.4,6.5,2.1,1201
"""
GROUPS = """\
[MYNORDIC]
name = "Nordic countries"
members = ["NOR", "SWE", "FIN", "DNK", "ISL"]
"""
PARAMETERS = """\
[slope]
distribution = { kind = "normal", mean = 9.0, sd = 1.0 }
rationale = "Our own regression."
"""
ACTUALS = """\
country,quarter,eci
USA,2026Q1,158
USA,2026Q2,159
"""
FORECASTS = """\
origin,quarter,country,mean,sd
2024-06-30,2024Q4,USA,135,3
"""
ARTICLE = """\
France will have overtaken Germany in artificial intelligence by 2030, the minister said.

China is five years behind the United States.
"""
CHECKS = """\
checks:
- check: cost
  says: A country under controls would have more compute by now without them.
  scenario: no-controls-since-2022
  against: baseline
  country: RUS
  series: compute
  at: 2025Q4
  expect: higher
  members: 0.99
"""
SINCE = '{"outcomes": [{"check": "cost", "median": 1.0}]}\n'


def results() -> bytes:
    from headway.capability.score import shipped_items

    one, two = shipped_items().benchmarks[:2]
    return f"benchmark,score\n{one},0.5\n{two},0.6\n".encode()


POSTERIOR = shipped("inference", "data", "posterior-2023-12-31.npz")


def brief() -> bytes:
    document = {
        "schema_version": 1, "country": "RUS", "name": "Russia", "as_of": "2026-01-31", "against": ["USA"],
        "judgement": [], "findings": [], "sources": [], "missing": [], "recipe": {"version": "0", "snapshot": "0"},
    }  # fmt: skip
    return json.dumps(document).encode()


@cache
def edition() -> bytes:
    """An edition of one brief of the shipped one."""
    from headway.brief.edition import EditionKey, packed, read

    key = EditionKey(**{field.name: "0" for field in fields(EditionKey)} | {"as_of": dt.date(2026, 1, 31)})
    shipped_one = read(PACKAGE / "brief" / "data" / "edition.zip")
    code = next(iter(shipped_one.places))
    return packed(key, {code: shipped_one.line(code)})


STRATEGY = "strategy RUS --prior --draws 20"
READERS = (
    Reader("scenarios", "scenarios FILE", "mine.yaml", text(SCENARIO), mutations.any_yaml, fields=True,
           accepted=frozenset({"rented.0.set.2027-01-01 is .nan"})),  # it ends a change
    Reader("simulate", "simulate --scenario FILE --draws 2 --prior", "mine.yaml", text(SCENARIO), mutations.any_yaml),
    Reader("claims check", "claims check FILE --no-then", "mine.yaml", text(LEDGER), mutations.any_yaml, fields=True),
    Reader("claims review", "claims review FILE --choices kept.jsonl", "mine.yaml", text(LEDGER), mutations.any_yaml),
    Reader("claims review, choices", "claims review asked.yaml --choices FILE", "kept.jsonl",
           text('{"kind": "fact", "offered": ["a"], "chosen": "a"}\n'), mutations.any_json,
           accepted=frozenset({"missing", "empty"})),  # nobody has chosen yet
    Reader("claims read", "claims read FILE", "article.txt", text(ARTICLE), mutations.any_text,
           accepted=frozenset({"UTF-16", "Latin-1", "an escape within", "HTML"})),
    Reader("claims read, a page", "claims read FILE", "page.html",
           text(f"<html><body><article><p>{ARTICLE}</p></article></body></html>"), mutations.any_text,
           accepted=frozenset({"UTF-16", "Latin-1", "an escape within", "HTML"})),
    Reader("strategy, levers", f"{STRATEGY} --levers FILE", "levers.yaml",
           first("levers", 2, "strategy", "levers.yaml"), mutations.any_yaml, fields=True),
    Reader("strategy, strategies", f"{STRATEGY} --strategies FILE", "mine.yaml",
           first("strategies", 2, "strategy", "strategies.yaml"), mutations.any_yaml, fields=True),
    Reader("strategy, futures", f"{STRATEGY} --futures FILE", "futures.yaml",
           first("exogenous", 2, "strategy", "exogenous.yaml"), mutations.any_yaml, fields=True),
    Reader("strategy, judgement", f"{STRATEGY} --judgement FILE", "values.yaml",
           shipped("strategy", "judgement.yaml"), mutations.any_yaml, fields=True),
    Reader("explain, causes", "explain RUS --prior --draws 20 --causes FILE", "causes.yaml",
           first("causes", 2, "explain", "causes.yaml"), mutations.any_yaml, fields=True),
    Reader("checks", "checks --file FILE --prior --draws 2", "checks.yaml", text(CHECKS), mutations.any_yaml,
           fields=True),
    Reader("checks, since", "checks --since FILE --prior --draws 2", "since.json", text(SINCE), mutations.any_json),
    Reader("index show", "index show FILE", "spec.yaml", shipped("standing", "presets", "hdi.yaml"),
           mutations.any_yaml, fields=True, accepted=frozenset({  # what an alternative changes is read when it is built
               "robustness.choices.aggregation.arithmetic.hdi.aggregate is a mapping",
               "robustness.choices.aggregation.arithmetic.hdi.aggregate is a list",
           })),
    Reader("index build, data", "index build hdi --data FILE", "data.csv", text(HDI), mutations.any_table,
           accepted=frozenset({"UTF-16", "a cell of 200 kB"})),
    Reader("evidence list", "evidence list --evidence FILE", "rows.csv", text(EVIDENCE), mutations.any_table,
           accepted=frozenset({"UTF-16", "Latin-1"})),
    Reader("evidence list, groups", "evidence list --evidence FILE", "groups.toml", text(GROUPS), mutations.any_text),
    Reader("brief, groups", "brief RUS --recompute --groups FILE", "groups.yaml",
           text("MYNORDIC:\n  name: Nordic countries\n  members: [NOR, SWE, FIN]\n"), mutations.any_yaml),
    Reader("brief, diff", "brief RUS --recompute --diff FILE", "old.json", brief, mutations.any_json),
    Reader("parameters", "parameters --parameters FILE", "mine.toml", text(PARAMETERS), mutations.any_text),
    Reader("simulate, parameters", "simulate --draws 2 --prior --parameters FILE", "mine.toml", text(PARAMETERS),
           mutations.any_text),
    Reader("simulate, posterior", "simulate --draws 2 --posterior FILE", "fit.npz", POSTERIOR, mutations.any_file),
    Reader("forecast freeze", "forecast freeze --posterior FILE --out out.json", "fit.npz", POSTERIOR,
           mutations.any_file),
    Reader("forecast tilt", "forecast tilt FILE --out out.npz", "fit.npz", POSTERIOR, mutations.any_file),
    Reader("forecast score", "forecast score --forecast FILE", "frozen.json",
           shipped("inference", "data", "forecast-2025-12-31.json"), mutations.any_json),
    Reader("forecast score, actuals", "forecast score --forecast made.json --actuals FILE", "actuals.csv",
           text(ACTUALS), mutations.any_table),
    Reader("score", "score FILE", "mine.csv", text(FORECASTS), mutations.any_table),
    Reader("capability score", "capability score FILE", "results.csv", results, mutations.any_table,
           accepted=frozenset({"UTF-16", "Latin-1"})),
    Reader("edition show", "edition show FILE", "edition.zip", edition, mutations.any_file),
    Reader("diff", "diff FILE newer.zip", "edition.zip", edition, mutations.any_file),
    Reader("forecast tilt, inside", "forecast tilt FILE --out out.npz", "fit.npz", POSTERIOR, archives.posterior),
    Reader("edition show, inside", "edition show FILE", "edition.zip", edition, archives.index_of_edition),
    Reader("diff, inside", "diff FILE newer.zip", "edition.zip", edition, archives.whole_edition),
    Reader("edition check, inside", "edition check FILE", "edition.zip", edition, archives.whole_edition),
    Reader("evidence list, workbook", "evidence list --evidence FILE", "rows.xlsx",
           archives.workbook([line.split(",") for line in EVIDENCE.splitlines()]), archives.any_workbook),
    Reader("index build, workbook", "index build hdi --data FILE", "data.xlsx",
           archives.workbook([line.split(",") for line in HDI.splitlines()]), archives.any_workbook),
)  # fmt: skip

BESIDE: dict[str, Callable[[], bytes]] = {
    "asked.yaml": text(LEDGER.replace("confirmed", "proposed")),
    "newer.zip": edition,
    "made.json": shipped("inference", "data", "forecast-2025-12-31.json"),
}
"""Further files that lie beside the one that is tried."""
