"""Folders and files that must not be replaced or cannot be written are refused in words."""

from pathlib import Path

import pytest

from headway.core.errors import InputError
from headway.core.files import refuse_foreign_folder, refuse_no_folder, refuse_taken_names


def ask(folder: Path) -> None:
    """Refuse what is not a shelf: a folder with the file `mark`, whose other files end in `.npy`."""
    refuse_foreign_folder(
        folder,
        "a shelf",
        is_ours=lambda place: (place / "mark").is_file(),
        is_own_file=lambda name: name == "mark" or name.endswith(".npy"),
    )


def test_a_new_an_empty_and_an_own_folder_pass(tmp_path: Path) -> None:
    ask(tmp_path / "new" / "below")
    ask(tmp_path)
    (tmp_path / "mark").write_text("")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.npy").write_text("")
    ask(tmp_path)


def test_an_unmarked_folder_is_refused_even_with_files_of_our_names(tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_text("")
    with pytest.raises(InputError, match="is not empty and is not a shelf; give a new or an empty folder"):
        ask(tmp_path)


def test_foreign_files_are_named_and_many_of_them_counted(tmp_path: Path) -> None:
    (tmp_path / "mark").write_text("")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "link").symlink_to(tmp_path)
    with pytest.raises(InputError, match="also holds deep/link; move what is yours"):
        ask(tmp_path)
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text("")
    with pytest.raises(InputError, match=r"also holds 0\.txt, 1\.txt, 2\.txt, 3\.txt, 4\.txt and 2 more;"):
        ask(tmp_path)


def test_links_and_files_are_no_folders(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    with pytest.raises(InputError, match="link is a link and would be replaced"):
        ask(tmp_path / "link")
    with pytest.raises(InputError, match="file is a file"):
        ask(tmp_path / "file" / "below")
    for name, told in (("file", "is a file"), ("file/a/b", "file is a file"), ("nowhere", "leads to no folder")):
        with pytest.raises(InputError, match=told):
            refuse_no_folder(tmp_path / name)
    refuse_no_folder(tmp_path / "link")
    refuse_no_folder(tmp_path / "new" / "below")


def test_a_folder_to_be_filled_keeps_other_files_and_taken_names(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    refuse_taken_names(tmp_path, ["a.csv"])
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(InputError, match=r"a\.csv exists already"):
        refuse_taken_names(tmp_path, ["b.csv", "a.csv"])
    refuse_taken_names(tmp_path, ["b.csv", "a.csv"], force=True)
    with pytest.raises(InputError, match="is a file"):
        refuse_taken_names(tmp_path / "mine", ["a.csv"], force=True)
