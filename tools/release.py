"""Build a release into dist/ and try it in a clean environment; `make release` runs it (docs/releasing.md)."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK, DIST = ROOT / "build" / "release", ROOT / "dist"
PYTHON = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
# What a newcomer does first, without the libraries of the model: the edition that ships answers the first.
TRIED = (
    ["edition", "show", "--gate"],
    ["brief", "France"],
    ["evidence", "sources"],
    ["claims", "list"],
)


def version() -> str:
    """Version of the package, from the one place that has it."""
    found = re.search(r'^__version__ = "(.+)"$', (ROOT / "src/headway/__init__.py").read_text("utf-8"), re.MULTILINE)
    assert found is not None, "src/headway/__init__.py states no __version__"
    return found[1]


def faults(number: str, status: str) -> list[str]:
    """Reasons not to release `number`, a sentence each; `status` is what `git status --porcelain` prints."""
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    checks = (
        (f"\n## {number} - " in changes, f"CHANGELOG.md has no section '## {number} - YYYY-MM-DD'"),
        (f"\nversion: {number}\n" in citation, f"CITATION.cff does not say 'version: {number}'"),
        (not status, f"what is built must be committed first:\n{status}"),
    )
    return [told for good, told in checks if not good]


def with_address(readme: str, address: str, number: str) -> str:
    """The README with links to files of the project made absolute, as an index of packages needs them."""
    base = f"{address.rstrip('/')}/raw/v{number}/", f"{address.rstrip('/')}/blob/v{number}/"

    def absolute(link: re.Match[str]) -> str:
        picture, text, target = link.groups()
        kept = re.match(r"[a-z]+:|#", target) is not None
        return link[0] if kept else f"{picture}[{text}]({base[not picture]}{target})"

    return re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", absolute, readme)


def build(address: str | None, number: str) -> Path:
    """Build both distributions from the last commit; path of the wheel."""
    source = WORK / "source"
    source.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(source)], input=archive, check=True)
    if address:
        readme, project = source / "README.md", source / "pyproject.toml"
        readme.write_text(with_address(readme.read_text("utf-8"), address, number), "utf-8")
        urls = f'\n[project.urls]\nSource = "{address}"\nChangelog = "{address}/blob/v{number}/CHANGELOG.md"\n'
        project.write_text(project.read_text("utf-8") + urls, "utf-8")
    DIST.mkdir(exist_ok=True)
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", str(DIST)], cwd=source, check=True)
    return next(DIST.glob(f"headway-{number}-*.whl"))


def environment(name: str, lock: str) -> Path:
    """Python of a new environment with what a lock holds."""
    folder = WORK / name
    venv.create(folder, with_pip=True)
    python = folder / PYTHON
    install(python, "--require-hashes", "-r", str(ROOT / lock))
    return python


def install(python: Path, *what: str) -> None:
    """Install into the environment of `python`."""
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *what], check=True)


def tried(python: Path) -> None:
    """Run what a newcomer does first, in an empty folder."""
    empty = WORK / "empty"
    empty.mkdir()
    for arguments in TRIED:
        print("headway", *arguments, file=sys.stderr)
        command = [str(python), "-m", "headway", *arguments]
        done = subprocess.run(command, cwd=empty, check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            why = "; `make edition` makes one that fits this code" if arguments[0] == "edition" else ""
            raise SystemExit(f"headway {' '.join(arguments)} ended with exit code {done.returncode} in the wheel{why}")


def main() -> None:
    """Check, build, try, and list what the wheel needs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", help="address of the repository, for links on an index of packages")
    asked = parser.parse_args()
    number = version()
    status = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, check=True, capture_output=True, text=True)
    found = faults(number, status.stdout)
    if found:
        raise SystemExit("\n".join(found))
    shutil.rmtree(WORK, ignore_errors=True)
    wheel = build(asked.address, number)
    python = environment("clean", "constraints-core.txt")
    install(python, "--no-deps", str(wheel))
    tried(python)
    tool = environment("tool", "constraints-release.txt")
    bill = DIST / f"headway-{number}.cdx.json"
    listing = ["-m", "cyclonedx_py", "environment", str(python), "--output-reproducible", "--output-file", str(bill)]
    subprocess.run([str(tool), *listing], check=True)
    print(f"dist/ holds headway {number}; to mark the commit: git tag -a v{number} -m 'Headway {number}'")
    if not asked.address:
        print("Links of the README are relative: give ADDRESS=https://… before it goes to an index of packages")


if __name__ == "__main__":
    main()
