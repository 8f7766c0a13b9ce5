"""A folder that cannot be written is told in a sentence, and nothing is left in it."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest

from headway.claims.review import ProposalChoice, keep_choice
from headway.core.errors import InputError


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("edition build --countries FRA --out edition.zip", "cannot keep finished briefs in "),
        ("calibrate --structure statistical --out fit.npz", "cannot keep checkpoints in .fit.checkpoints"),
    ],
)
def test_a_read_only_folder_is_told(
    words: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on a read-only disk: no folder can be made."""
    from headway.cli.app import main

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["headway", *words.split()])
    monkeypatch.setattr("os.mkdir", refused)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {told}")
    assert said.endswith(": Read-only file system\n")
    assert list(tmp_path.iterdir()) == []


def test_choices_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot write .*: Is a directory"):
        keep_choice(tmp_path, ProposalChoice("fact", ("a",), "a"))
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write"):
        keep_choice(tmp_path / "file" / "kept.jsonl", ProposalChoice("fact", ("a",), "a"))
