"""What a release states agrees with itself, and links of the README become absolute for an index of packages."""

import argparse
import json
import re
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from ruamel.yaml import YAML

import headway
from repository_scripts import script

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def release() -> ModuleType:
    return script("tools/release.py")


def test_the_version_is_stated_once_and_agreed_on(release: ModuleType) -> None:
    assert "version" in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dynamic"]
    assert release.version() == headway.__version__
    assert release.faults(headway.__version__, "", "", ["headway-0.0.1.tar.gz"]) == []


def test_every_reason_not_to_release_is_told_at_once(release: ModuleType) -> None:
    told = release.faults("9.9.9", " M README.md\n", "v9.9.9\n", ["headway-9.9.9.tar.gz"])
    named = ("CHANGELOG.md", "version: 9.9.9", "date-released", ".zenodo.json", "README.md", "the tag v9.9.9", "dist/")
    assert len(told) == len(named)
    assert all(name in sentence for name, sentence in zip(named, told, strict=True))


def test_the_citation_and_the_deposit_say_what_the_package_says() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text("utf-8"))
    deposit = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
    authors = [author["name"] for author in project["authors"]]
    assert [one["name"] for one in cited["authors"]] == [one["name"] for one in deposit["creators"]] == authors
    assert cited["title"] == deposit["title"]
    assert cited["abstract"] == deposit["description"] == project["description"]
    assert cited["keywords"] == deposit["keywords"] == project["keywords"]
    assert cited["license"] == deposit["license"] == project["license"]
    assert cited["version"] == deposit["version"] == headway.__version__
    assert str(cited["date-released"]) == deposit["publication_date"]


def test_a_file_that_the_wheel_lacks_is_named(release: ModuleType, tmp_path: Path) -> None:
    for name in ("headway/__init__.py", "headway/data/table.csv"):
        (tmp_path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "src" / name).touch()
    with zipfile.ZipFile(tmp_path / "made.whl", "w") as wheel:
        wheel.writestr("headway/__init__.py", "")
    assert release.missing(tmp_path / "made.whl", tmp_path) == ["headway/data/table.csv"]


def test_the_bill_names_what_the_package_needs_and_no_folder_of_the_builder(release: ModuleType) -> None:
    place = [{"type": "distribution", "url": "file:///home/builder/headway.whl"}]
    names = ("headway", "pandas", "numpy", "hatchling", "packaging")
    needs = {"headway": ["pandas", "hatchling"], "pandas": ["numpy"], "hatchling": ["packaging"]}
    components = [{"name": name, "bom-ref": f"{name}==1", "externalReferences": place} for name in names]
    below = [{"ref": f"{name}==1", "dependsOn": [f"{one}==1" for one in needs.get(name, [])]} for name in names]
    bill = {"metadata": {"tools": []}, "components": components, "dependencies": below}
    told = release.of_the_package(bill, release.only_building())
    assert told["metadata"]["component"] == {"name": "headway", "bom-ref": "headway==1"}
    assert [one["name"] for one in told["components"]] == ["pandas", "numpy"]
    assert [one["ref"] for one in told["dependencies"]] == ["headway==1", "pandas==1", "numpy==1"]


def test_nothing_is_built_by_what_is_no_python(release: ModuleType) -> None:
    with pytest.raises(SystemExit, match="python-of-nobody is no Python here"):
        release.versions(["python-of-nobody"])


@pytest.mark.parametrize("wrong", ["example.org/headway", "https://example.org", 'https://example.org/a"b'])
def test_an_address_that_links_could_not_follow_is_refused(release: ModuleType, wrong: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no address like"):
        release.address(wrong)
    assert release.address("https://example.org/headway/") == "https://example.org/headway"


def test_links_to_files_become_absolute_and_others_stay(release: ModuleType) -> None:
    made = release.with_address((ROOT / "README.md").read_text("utf-8"), "https://example.org/headway", "1.2.3")
    links = re.findall(r"(!?)\[[^\]]*\]\(([^)\s]+)\)", made)
    assert all(re.match(r"https?://|#", target) for _, target in links)
    assert ("!", "https://example.org/headway/raw/v1.2.3/docs/img/brief-terminal.svg") in links
    assert ("", "https://example.org/headway/blob/v1.2.3/docs/tutorial.md") in links
    assert (
        release.with_address("[a](https://b.c/d) [e](#f)", "https://example.org", "1") == "[a](https://b.c/d) [e](#f)"
    )
