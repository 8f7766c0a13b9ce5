"""Write a page for each script of examples/: its cells, what each printed, and the pictures that it wrote.

The scripts run as they are, each in an empty folder, with their default draws. Names on the command line choose some.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

SCRIPTS = Path(__file__).parents[1] / "examples"
PAGES, PICTURES = Path(__file__).parent / "examples", Path(__file__).parent / "img" / "examples"
QUESTIONS = {
    "analysts_hour": "What does an analyst find out in an hour?",
    "country_from_data": "How does one country's judgement follow from its data?",
    "one_provider": "What would one provider's cut take?",
    "own_index": "How do I make an index of my own?",
    "own_scenario": "How do I try a scenario and a lever of my own?",
    "own_forecast": "How do I score a forecast of my own?",
}
_CELL = re.compile(r"^# %% (.*)\n", re.MULTILINE)
_MARK = "\x1e"  # printed before each cell: no script prints it


def cells(script: str) -> tuple[str, list[tuple[str, str]]]:
    """The docstring of a script, and title and code of each cell."""
    head, *parts = _CELL.split(script)
    return head.strip().strip('"').strip(), [(t, c.strip()) for t, c in zip(parts[::2], parts[1::2], strict=True)]


def page(name: str, script: str, printed: list[str], pictures: list[list[str]]) -> str:
    """Markdown of a script: `printed` and `pictures` (file names) by cell."""
    about, found = cells(script)
    told = about.replace("\n\nRun it as it is", f"\n\n[The script](../../examples/{name}.py) runs as it is")
    parts = [f"# {QUESTIONS[name]}", "<!-- Written by `python docs/example_pages.py`. -->", told]
    for (title, code), said, drawn in zip(found, printed, pictures, strict=True):
        parts += [f"## {title}", f"```python\n{code}\n```"]
        parts += [f"```text\n{said}\n```"] if said else []
        parts += [f"![{title}](../img/examples/{file})" for file in drawn]
    return "\n\n".join(parts) + "\n"


def run(script: str, folder: Path) -> list[str]:
    """Run a script in `folder`; what each cell printed."""
    marked = _CELL.sub(lambda cell: f'{cell[0]}print("{_MARK}", end="", flush=True)\n', script)
    done = subprocess.run([sys.executable, "-c", marked], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return [said.rstrip() for said in done.stdout.split(_MARK)[1:]]


def main(names: list[str]) -> None:
    """Write the pages of `names`, or all."""
    for name in names or QUESTIONS:
        script = (SCRIPTS / f"{name}.py").read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder:
            printed = [said.replace(folder, "…") for said in run(script, Path(folder))]
            pictures: list[list[str]] = [[] for _ in printed]
            for file in sorted(Path(folder).glob("*.svg")):
                PICTURES.mkdir(parents=True, exist_ok=True)
                (PICTURES / f"{name}-{file.name}").write_bytes(file.read_bytes())
                cell = next(i for i, said in enumerate(printed) if file.name in said)
                pictures[cell].append(f"{name}-{file.name}")
        PAGES.mkdir(exist_ok=True)
        (PAGES / f"{name}.md").write_text(page(name, script, printed, pictures), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
