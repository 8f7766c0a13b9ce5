"""What holds for all tests: no brief of an earlier test, or of the person who runs them, is taken for a fresh one."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def no_kept_briefs(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setattr("headway.brief.kept.folder", lambda: tmp_path_factory.mktemp("briefs"))
