"""DATA-LICENCES.md: who publishes what under which licence, from the catalogue."""

from __future__ import annotations

from pathlib import Path

from headway.evidence import open_evidence

PAGE = Path(__file__).parent.parent / "DATA-LICENCES.md"
HEAD = """# Licences of the data

The code is under Apache-2.0. The shipped snapshot is not: each row keeps the licence of its publisher, and a copy must
keep the citation. Single figures are facts, typed in our words with the page they stand on (`docs/curated.md`).
This page is made by `make figures`.

| publisher | table | licence | cite as |
|---|---|---|---|
"""

BENCHMARKS = """
Benchmark results (`src/headway/evidence/capability/benchmark_results.csv`), each row with its address:

| publisher | table | licence |
|---|---|---|
| Epoch AI | [AI Benchmarking Hub](https://epoch.ai/benchmarks) | CC BY 4.0 |
| A. Kukushkin | [simple-evals-ru](https://github.com/kuk/simple-evals-ru) | MIT |
| EuroEval | [English leaderboard](https://euroeval.com/leaderboards/) | MIT |
| Swallow LLM | [Leaderboard](https://swallow-llm.github.io/leaderboard/) | CC BY 4.0 |
| Artificial Analysis | [Models](https://artificialanalysis.ai/leaderboards/models) | single figures cited |
"""


def main() -> None:
    """Write the page from the source catalogue; single figures are gathered in one line."""
    sources = open_evidence().sources().values()
    tables = [source for source in sources if not source.licence.startswith("facts")]
    rows = [
        f"| {source.publisher} | [{source.title}]({source.url}) | {source.licence} | {source.citation} |"
        for source in sorted(tables, key=lambda source: (source.publisher, source.slug))
        if source.url
    ]
    PAGE.write_text(HEAD + "\n".join(rows) + "\n" + BENCHMARKS, encoding="utf-8")


if __name__ == "__main__":
    main()
