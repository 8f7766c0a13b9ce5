"""Licences of all locked dependencies that are installed; `make audit` runs it. Exit code 1 where one is not known.

python tools/dependencies.py [LOCK]     constraints.txt where none is named
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]

KNOWN = (
    "0BSD", "Apache", "BSD", "CC0", "CNRI", "ISC", "LGPL", "MIT", "MPL", "Mozilla Public", "PSF",
    "Python Software Foundation", "Zlib",
)  # fmt: skip
"""Beginnings of names of licences under which a library may be used by a program under Apache-2.0.

LGPL and MPL ask that changes of the library itself be given away; the program uses it as it is.
"""
READ = {
    "docutils": "public domain, BSD, PSF (COPYING.rst; what is under the GPL, a mode for Emacs, is not in the wheel)",
    "axe-playwright-python": "MIT (file LICENSE; its metadata say nothing)",
    "graphemeu": "MIT (its metadata hold the text)",
}
"""Licences that were read in the package itself, where its metadata give no name."""


def locked(lock: Path) -> list[str]:
    """Names of the packages in a lock, once each, in order."""
    found = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", lock.read_text("utf-8"), re.MULTILINE)
    return list(dict.fromkeys(found))


def licence(name: str, about: PackageMetadata) -> str:
    """Licence of a package: what was read in it, the expression, the classifier or the word of its metadata."""
    if name in READ:
        return READ[name]
    if expression := about.get("License-Expression"):
        return str(expression)
    classified = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    return ", ".join(classified) or str(about.get("License") or "").strip().split("\n")[0]


def permitted(words: str) -> bool:
    """Whether one of several licences that may be chosen, or all that hold together, are known."""
    choices = re.split(r" OR ", words)
    return any(all(part.strip("() ").startswith(KNOWN) for part in re.split(r" AND |, ", one)) for one in choices)


def main() -> None:
    """Print a line for each package, and at the end those that stand in the way."""
    lock = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "constraints.txt"
    names, absent, strange = locked(lock), [], []
    for name in names:
        try:
            words = licence(name, metadata(name))
        except PackageNotFoundError:
            absent.append(name)
            continue
        print(f"{name:<28} {words}")
        if name not in READ and not permitted(words):
            strange.append(f"{name}: {words or 'no licence'}")
    print(f"{len(names)} packages locked, {len(names) - len(absent)} installed here")
    if absent:
        print(f"not installed here (another system or Python, or an extra that was left out): {', '.join(absent)}")
    if strange:
        sys.exit("licences to be read by hand:\n" + "\n".join(strange))


if __name__ == "__main__":
    main()
