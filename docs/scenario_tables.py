"""Write docs/parameters.md from the registry and the country table."""

from __future__ import annotations

from pathlib import Path

from headway.scenarios.registry import registry
from headway.scenarios.tables import markdown

if __name__ == "__main__":
    Path(__file__).with_name("parameters.md").write_text(markdown(registry()), encoding="utf-8")
