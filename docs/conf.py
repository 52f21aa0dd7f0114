"""The site's settings. ``make docs`` builds it: docs/website/build.py lays out its sources, then Sphinx reads this."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "workflow/scripts"), str(HERE / "website")]

from seedbed import __version__  # noqa: E402

project = "Seedbed"
author = copyright = "The Seedbed developers"
version = release = __version__

extensions = ["sphinx.ext.autodoc", "numpydoc", "myst_parser", "sphinx_gallery.gen_gallery"]
extensions += ["accessible", "docstrings", "mathml", "public_names", "rule_graph"]  # of docs/website
exclude_patterns = ["skeleton", "website", "gallery", "examples/**/*.md5", "repository/files"]

# ---- docstrings
autodoc_typehints = "none"  # numpydoc's tables have the types
autodoc_member_order = "bysource"
numpydoc_show_class_members = False  # autodoc lists members, with what they say
numpydoc_class_members_toctree = False
# A reference that leads nowhere is a warning, and a warning is an error.
nitpicky = True
nitpick_ignore_regex = [
    # what has no public name has no page: docstrings may still say where the idea is worked out
    (r"py:.*", r"seedbed\.\w+\..*|SubspaceParameter|UnknownOfLaw"),
    (r"py:class", "Module"),  # torch's own docstring of forward
    # the build uses no network, so it has no lists of what others document
    (r"py:.*", r"(numpy|scipy|sklearn|torch|networkx)\..*"),
]

# ---- Markdown
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]

# ---- the gallery: scripts that run in the build
sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "examples",
    "filename_pattern": r"\.py$",
    "within_subsection_order": "FileNameSortKey",
    "download_all_examples": False,
    "show_memory": False,
    "show_signature": False,
    "min_reported_time": 1e9,
    "abort_on_example_error": False,
    "remove_config_comments": True,
    "write_computation_times": False,
    "copyfile_regex": r"^$",
}

# ---- the pages
html_theme = "furo"
html_title = f"Seedbed {version}"
html_static_path = ["website/static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
smartquotes = False  # values of parameters are quoted as Python quotes them
html_theme_options = {"navigation_with_keys": False}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
