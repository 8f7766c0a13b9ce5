"""Jinja templates of a package, filled with escaped text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def template_environment(package: str) -> Environment:
    """Environment of the templates of `package`, which escapes all text and refuses a name that is not given.

    Args:
        package: dotted name.

    Raises:
        ValueError: the package has no folder of templates.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
