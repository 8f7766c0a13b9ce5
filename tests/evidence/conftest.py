from pathlib import Path

import pytest
import tiny


@pytest.fixture(scope="session")
def tiny_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the small snapshot of `tiny`; nobody writes into it."""
    return tiny.write(tmp_path_factory.mktemp("evidence") / "data").folder
