"""Settings of the documentation site, which `make docs` builds with Sphinx, MyST and Furo (docs/building.md)."""

import re
from pathlib import Path

project = "Headway"
author = "The Headway authors"
release = re.findall(
    r'__version__ = "(.*)"', Path(__file__).parents[1].joinpath("src/headway/__init__.py").read_text("utf-8")
)[0]

extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"Headway {release}"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["pages.css"]

# Headings down to the third level have the anchors that a repository's own view of the same pages gives them.
myst_heading_anchors = 3
