"""Examples of every command, one a line as a person types it; `--help` ends with them, and a test parses each."""

from __future__ import annotations

import typer

EXAMPLES: dict[str, tuple[str, ...]] = {
    "brief": (
        "RUS",
        "France --against DEU,GBR --html france.html",
        "KOR ARE BRA --out briefs",
        "RUS --as-of 2023-12-31 --json",
    ),
    "explain": (
        "RUS --against USA --at 2025Q4 --since 2023Q4",
        "France --svg why.svg",
        "CHN --causes mine.yaml --draws 2000 --json",
    ),
    "sensitivity": (
        "RUS --against USA",
        "RUS --method sobol --by-tier",
        "FRA --method morris --at 2030 --output months --top 10 --format csv",
    ),
    "strategy": (
        "RUS --budget 0.5 --until 2035",
        "France --strategies mine.yaml --json",
        "KOR --search --svg pareto.svg",
        "RUS --sample 5000 --store runs",
    ),
    "discover": ("RUS --strategy collaboration", 'KOR --fails "accessible_lag > 24"'),
    "trace": ("RUS:standing.scale@2026-11-22", "KOR:gap.lag_observed@2026-06-30 --json"),
    "simulate": (
        "--focal KOR --scenario open-weights-close",
        "--focal FRA --countries FRA,USA --series lag,compute --until 2035 --out run.csv",
    ),
    "serve": ("", "--port 8000 --evidence mine.csv"),
    "answer": ("'/world?view=intensity'", "'/whatif?country=KOR&controls=0.5' --out lag.svg"),
    "calibrate": ("--as-of 2025-06-30", "--evidence mine.csv --out mine.npz"),
    "hindcast": ("", "--origin 2024-06-30 --json"),
    "score": ("forecasts.csv", "forecasts.csv --json"),
    "checks": ("", "--since checks.json --record checks.json --force"),
    "parameters": ("--tier prior", "--format csv --out parameters.csv"),
    "scenarios": ("", "controls-lifted-2027"),
    "diff": ("old.zip", "old.zip new.zip --countries RUS,CHN --feed changes.atom"),
    "site": ("--out site", "--out site --countries RUS,CHN --since old.zip --address https://example.org/ai/"),
    "mcp": ("", "--http 8400"),
    "claims check": ("russia-ai-race", "draft.yaml --html claims.html", "draft.yaml --fail-on contradicted"),
    "claims read": ("article.txt --out draft.yaml", "- --json"),
    "claims review": ("draft.yaml",),
    "claims export": (
        "draft.yaml --out claims.csv",
        "draft.yaml --format claimreview --author 'Our desk' --url https://example.org/check --out claims.json",
    ),
    "claims watch": ("draft.yaml --since verdicts.json", "russia-ai-race --since old.zip --fail-on-change"),
    "claims list": ("",),
    "standing": ("", "--view intensity --top 20", "--domain compute --format csv --out compute.csv"),
    "standing compare": ("ranking.csv",),
    "standing audit": ("--out audit.html",),
    "forecast freeze": ("--out frozen.json",),
    "forecast score": ("", "--forecast frozen.json --actuals scores.csv"),
    "forecast tilt": ("mine.npz --out tilted.npz",),
    "capability show": ("KOR", "--format csv --out records.csv"),
    "capability score": ("results.csv",),
    "capability fit": ("--cache raw --out tables",),
    "capability validate": ("--cache raw --out tables",),
    "index presets": ("",),
    "index show": ("hdi",),
    "index build": ("hdi --data hdi.csv",),
    "index audit": ("mine.yaml --data mine.csv",),
    "index robustness": ("mine.yaml --data mine.csv --sensitivity", "mine.yaml --data mine.csv --pair Norway,Ireland"),
    "index compare": ("hdi mine.yaml --data hdi.csv",),
    "index change": ("mine.yaml --data mine.csv --from 2021 --to 2022",),
    "index export": ("mine.yaml --data mine.csv --out index.xlsx", "mine.yaml --data mine.csv --out index.html"),
    "index picture": ("ranks mine.yaml --data mine.csv --out ranks.svg",),
    "index coin-tool": ("workbook.xlsm --out index",),
    "evidence list": ("", "--domain talent"),
    "evidence show": ("rd_share_gdp FRA", "eci_frontier CHN --format csv"),
    "evidence export": ("--indicator rd_share_gdp --country FRA,DEU --since 2015 --out rd.csv",),
    "evidence sources": ("",),
    "evidence status": ("",),
    "evidence build": ("--cache raw --out snapshot",),
    "evidence refresh": ("--out snapshot",),
    "edition build": ("", "--countries RUS,CHN --out two.zip"),
    "edition show": ("",),
    "edition check": ("--sample 3",),
}
"""Words after the name of each command, one example a line; empty where the command alone is one."""


def add_examples(app: typer.Typer, above: str = "") -> None:
    """End the help of every command of `app` with its examples."""
    for command in app.registered_commands:
        command.epilog = epilog(f"{above}{command.name or getattr(command.callback, '__name__', '')}")
    for group in app.registered_groups:
        name = f"{above}{group.name}"
        group.epilog = epilog(name)
        if group.typer_instance is not None:
            add_examples(group.typer_instance, f"{name} ")


def epilog(name: str) -> str:
    r"""`Examples:` and a line each; `\b` keeps help from filling lines."""
    lines = [f"  headway {name} {rest}".rstrip() for rest in EXAMPLES.get(name, ())]
    return "\n".join(["\b", "Examples:" if len(lines) > 1 else "Example:", *lines]) if lines else ""
