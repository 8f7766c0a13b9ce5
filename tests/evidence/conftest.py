from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny
from faulty import Publisher, publisher


@pytest.fixture(scope="session")
def tiny_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the small snapshot of `tiny`; nobody writes into it."""
    return tiny.write(tmp_path_factory.mktemp("evidence") / "data").folder


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Publisher]:
    """A publisher with one file, `table.csv`."""
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "table.csv").write_text("country,year,value\n" + "FRA,2024,1.0\n" * 500)
    with publisher(folder) as running:
        yield running
