"""First day on which each model stood with a score in a dated copy of Epoch AI's Capabilities Index.

Usage: python tools/eci_first_seen.py FOLDER, where FOLDER holds the copies as YYYY-MM-DD.csv. Writes
src/headway/inference/data/eci_first_seen.csv: the model's name, the day of the first copy with its score, and the day
of the last copy before it, which lacked the score. Models released before the first copy are left out: copies differ in
how they name them.
"""

from __future__ import annotations

import csv
import re
import sys
from itertools import pairwise
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/headway/inference/data/eci_first_seen.csv"
COPY = re.compile(r"\d{4}-\d{2}-\d{2}")


def first_seen(folder: Path) -> list[tuple[str, str, str]]:
    """Rows (model, first seen, last copy without it), by day and name.

    Raises:
        ValueError: the folder holds fewer than two dated copies.
    """
    copies = sorted(path for path in folder.glob("*.csv") if COPY.fullmatch(path.stem))
    if len(copies) < 2:
        raise ValueError(f"{folder} holds fewer than two copies named YYYY-MM-DD.csv")
    found: dict[str, tuple[str, str]] = {}
    for before, path in pairwise(copies):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row["eci"].strip() and row["Version release date"] >= copies[0].stem:
                    found.setdefault(row["Model"].strip(), (path.stem, before.stem))
    return sorted(((model, *days) for model, days in found.items()), key=lambda row: (row[1], row[0]))


def main(folder: str) -> None:
    """Write the table."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("model", "first_seen", "lacked_on"))
        writer.writerows(first_seen(Path(folder)))


if __name__ == "__main__":
    main(*sys.argv[1:])
