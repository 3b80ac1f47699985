"""How the documentation is built. Nothing here, and nothing that is built, needs a network."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from sphinx.application import Sphinx  # noqa: E402

import generate  # noqa: E402  (found only after the path is set)
from pollwitness import __version__  # noqa: E402

project = "Pollwitness"
author = "The Pollwitness developers"
copyright = author
language = "en"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
python_use_unqualified_type_names = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_attr_annotations = False

html_theme = "furo"
html_title = f"Pollwitness {release}"
html_copy_source = False
html_show_sourcelink = False


def _generate(_app: Sphinx) -> None:
    generate.write_pages(HERE / "reference" / "generated")


def setup(app: Sphinx) -> None:
    """Write the reference pages before the sources are read."""
    app.connect("builder-inited", _generate)
