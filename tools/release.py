"""Build a release, try it in clean environments, and put it into dist/; `make release` runs it (docs/releasing.md)."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WORK, DIST = ROOT / "build" / "release", ROOT / "dist"
IN_ENVIRONMENT = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
EDITION = ("-m", "headway", "edition", "show", "--gate")
# What a newcomer does first, without the libraries of the model.
TRIED = (
    EDITION,
    ("-m", "headway", "brief", "France"),
    ("-m", "headway", "brief", "KOR", "--html", "korea.html"),
    ("-m", "headway", "standing"),
    ("-m", "headway", "evidence", "sources"),
    ("-m", "headway", "claims", "list"),
    ("-c", "import headway as hw; assert len(hw.brief('KOR').to_frame())"),
)


def version() -> str:
    """Version of the package, from the one place that has it."""
    text = (ROOT / "src/headway/__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if found is None:
        raise SystemExit('src/headway/__init__.py has no line __version__ = "…", which states the version')
    return found[1]


def faults(number: str, status: str, tagged: str, taken: Sequence[str]) -> list[str]:
    """Reasons not to release `number`, a sentence each.

    Args:
        status: what `git status --porcelain` prints.
        tagged: what `git tag --list v<number>` prints.
        taken: names of the files in dist/.
    """
    section = re.search(
        rf"^## {re.escape(number)} - (\d{{4}}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    day = section[1] if section else "YYYY-MM-DD"
    citation = (ROOT / "CITATION.cff").read_text("utf-8").splitlines()
    deposit = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
    own = [name for name in taken if name.startswith(f"headway-{number}")]
    checks = (
        (section is not None, f"CHANGELOG.md has no line '## {number} - YYYY-MM-DD'"),
        (f"version: {number}" in citation, f"CITATION.cff has no line 'version: {number}'"),
        (f"date-released: {day}" in citation, f"CITATION.cff has no line 'date-released: {day}', as in CHANGELOG.md"),
        (deposit.get("version") == number, f'.zenodo.json does not say "version": "{number}"'),
        (not status, f"what is built must be committed first:\n{status.rstrip()}"),
        (not tagged, f"the tag v{number} exists: a new release needs a new __version__"),
        (not own, f"dist/ has {', '.join(own)}, and nothing is overwritten: move it away"),
    )
    return [told for good, told in checks if not good]


def with_address(readme: str, address: str, number: str) -> str:
    """README with links to files of the project made absolute, as an index of packages needs them."""
    files, pages = f"{address}/raw/v{number}/", f"{address}/blob/v{number}/"

    def absolute(link: re.Match[str]) -> str:
        picture, text, target = link.groups()
        kept = re.match(r"[a-z]+:|#", target) is not None
        return link[0] if kept else f"{picture}[{text}]({files if picture else pages}{target})"

    return re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", absolute, readme)


def build(address: str | None, number: str) -> tuple[Path, Path]:
    """Build from the last commit, in the work folder: paths of the wheel and of the source distribution."""
    source, made = WORK / "source", WORK / "made"
    source.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(source)], input=archive, check=True)
    if address:
        readme, project = source / "README.md", source / "pyproject.toml"
        readme.write_text(with_address(readme.read_text("utf-8"), address, number), "utf-8")
        urls = f'\n[project.urls]\nSource = "{address}"\nChangelog = "{address}/blob/v{number}/CHANGELOG.md"\n'
        project.write_text(project.read_text("utf-8") + urls, "utf-8")
    run("the build", sys.executable, "-m", "hatchling", "build", "-d", str(made), cwd=source)
    return made / f"headway-{number}-py3-none-any.whl", made / f"headway-{number}.tar.gz"


def missing(wheel: Path, source: Path) -> list[str]:
    """Files of the package that the wheel lacks, by their names in it."""
    package = source / "src"
    wanted = {file.relative_to(package).as_posix() for file in package.rglob("*") if file.is_file()}
    with zipfile.ZipFile(wheel) as archive:
        return sorted(wanted - {*archive.namelist()})


def run(what: str, *command: str, cwd: Path = ROOT, home: Path | None = None) -> None:
    """Run a command that must succeed, whatever Python's own variables say here.

    Args:
        what: subject of the sentence that says why there is no release.
        home: folder that stands for the user's home, with no cache and no settings; the output is shown only
            where the command fails then.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    if home is not None:
        kept = {name: value for name, value in kept.items() if not name.startswith("XDG_")} | {"HOME": str(home)}
    caught = None if home is None else subprocess.PIPE
    done = subprocess.run(command, cwd=cwd, env=kept, stdout=caught, stderr=caught and subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout or ''}{what} failed with exit code {done.returncode}: {' '.join(command)}")


def environment(name: str, python: str, lock: str) -> str:
    """Python of a new environment with what a lock holds."""
    folder = WORK / name
    run("a new environment", python, "-m", "venv", str(folder))
    made = str(folder / IN_ENVIRONMENT)
    install(made, "--require-hashes", "-r", str(ROOT / lock))
    return made


def install(python: str, *what: str) -> None:
    """Install into the environment of `python`."""
    run("pip", python, "-m", "pip", "install", "--quiet", "--no-input", *what)


def versions(pythons: Sequence[str]) -> dict[str, str]:
    """Interpreters by their version, such as 3.11."""
    asking = "import sys; print('%d.%d' % sys.version_info[:2])"
    found = {}
    for python in pythons:
        try:
            told = subprocess.run([python, "-c", asking], check=True, capture_output=True, text=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError) as error:
            raise SystemExit(f"{python} is no Python here, and was to try the wheel: {error}") from error
        found[told] = python
    return found


def try_wheel(wheel: Path, python: str, number: str) -> str:
    """Install the wheel with the locked versions and do what a newcomer does first; the environment's Python."""
    clean = environment(f"clean-{number}", python, "constraints-core.txt")
    install(clean, "--no-deps", str(wheel))
    home = WORK / f"home-{number}"
    home.mkdir()
    for arguments in TRIED:
        print(f"Python {number}:", *arguments, file=sys.stderr)
        run("the wheel", clean, "-I", *arguments, cwd=home, home=home)
    return clean


def of_the_package(bill: dict[str, Any], builds: Collection[str]) -> dict[str, Any]:
    """Bill of an environment without what only builds: headway itself, and all that it needs, by their dependencies.

    Args:
        builds: names of packages that only build or install, which the environment has too.
    """
    named = {one["bom-ref"]: one["name"] for one in bill["components"]}
    needs = {
        one["ref"]: [ref for ref in one.get("dependsOn", ()) if named[ref] not in builds]
        for one in bill["dependencies"]
        if one["ref"] in named
    }
    (own,) = (one for one in bill["components"] if one["name"] == "headway")
    kept, found = {own["bom-ref"]}, [own["bom-ref"]]
    while found:
        new = [ref for ref in needs[found.pop()] if ref not in kept]
        kept.update(new)
        found += new
    own = {name: value for name, value in own.items() if name != "externalReferences"}  # a path of this machine
    return {
        **bill,
        "metadata": {**bill["metadata"], "component": own},
        "components": [one for one in bill["components"] if one["bom-ref"] in kept and one["name"] != "headway"],
        "dependencies": [{"ref": ref, "dependsOn": below} for ref, below in needs.items() if ref in kept],
    }


def only_building() -> set[str]:
    """Names of packages that an environment has for building and installing alone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extra = project["optional-dependencies"]["build"]
    return {"pip", "setuptools", *(re.match(r"[\w.-]+", line)[0] for line in extra)}  # type: ignore[index]


def bill_of_materials(clean: str, number: str) -> Path:
    """Path of the list of the packages that headway needs in an environment, in CycloneDX's form."""
    tool = environment("tool", sys.executable, "constraints-release.txt")
    bill = WORK / "made" / f"headway-{number}.cdx.json"
    listing = ["-m", "cyclonedx_py", "environment", "--output-reproducible", "--output-file", str(bill), clean]
    run("the bill of materials", tool, *listing)
    told = of_the_package(json.loads(bill.read_text("utf-8")), only_building())
    bill.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return bill


def publish(files: Sequence[Path], number: str) -> None:
    """Move tried files into dist/, with a list of their hashes that `sha256sum --check` reads."""
    DIST.mkdir(exist_ok=True)
    hashes = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    for file in files:
        shutil.move(file, DIST / file.name)
    (DIST / f"headway-{number}.sha256").write_text("".join(hashes), "utf-8")


def git(*arguments: str) -> str:
    """Output of a git command in the repository."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"a release is built from a git repository: {done.stderr.strip()}")
    return done.stdout


def address(text: str) -> str:
    """Address of the repository without a slash at its end."""
    if re.fullmatch(r"https://[\w.-]+(/[\w.~-]+)+/?", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no address like https://example.org/headway")
    return text.rstrip("/")


def main() -> None:
    """Check, build, try, list what the wheel needs, and only then fill dist/."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", type=address, help="of the repository, for links on an index of packages")
    parser.add_argument("--python", nargs="+", default=[sys.executable], help="interpreters that try the wheel")
    asked = parser.parse_args()
    number, pythons = version(), versions(asked.python)
    taken = [file.name for file in DIST.iterdir()] if DIST.is_dir() else []
    found = faults(number, git("status", "--porcelain"), git("tag", "--list", f"v{number}"), taken)
    if found:
        raise SystemExit("\n".join(found))
    shutil.rmtree(WORK, ignore_errors=True)
    run("the edition is not of this code (`make edition` makes one that is): the check", sys.executable, *EDITION)
    wheel, source = build(asked.address, number)
    lacking = missing(wheel, WORK / "source")
    if lacking:
        raise SystemExit(f"the wheel lacks {', '.join(lacking)}")
    environments = [try_wheel(wheel, python, name) for name, python in pythons.items()]
    publish([wheel, source, bill_of_materials(environments[0], number)], number)
    shutil.rmtree(WORK)
    print(f"dist/ holds headway {number}, tried with Python {' and '.join(pythons)}")
    print(f"To mark the commit: git tag -a v{number} -m 'Headway {number}'")
    if not asked.address:
        print("Links of the README are relative: give ADDRESS=https://… before it goes to an index of packages")


if __name__ == "__main__":
    main()
