"""How Sphinx builds the documentation: `tox run -e docs`."""

import re
import sys
from pathlib import Path
from typing import Any

import keras
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.inspect import signature, stringify_signature

ROOT = Path(__file__).parents[1]
# `bench` and `reports` are not installed; their command lines are read from their parsers.
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "_extensions")]

project = "involution"
author = "The involution authors"
project_copyright = f"{author}. Licence: Apache-2.0"
_INIT = (ROOT / "involution" / "__init__.py").read_text(encoding="utf-8")
release = re.findall('(?m)^__version__ = "(.*)"', _INIT)[0]
version = release

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_argparse_cli",
    "sphinx_copybutton",
    "sphinx_design",
    "bars",
    "described",
    "finding",
    "own_pages",
]
exclude_patterns = ["_build"]
highlight_language = "none"
# In docstrings a word between single backticks is code, as in Markdown.
default_role = "code"
smartquotes_action = "q"  # curly quotes, but no dash in place of the two of an option

# Markdown. Headings are link targets under the names that GitHub gives them.
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4

# The tutorial comes with its outputs: `tox run -e tutorial` executes it.
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
nb_render_markdown_format = "myst"  # links to pages in computed text

# Docstrings.
autosummary_generate = False  # the pages of `api` are written by hand; tables link to them
autodoc_inherit_docstrings = False  # Keras's own pages describe what a layer inherits
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # the attributes of a class are one list
napoleon_custom_sections = ["Input shape", "Output shape"]
python_maximum_signature_line_length = 72
toc_object_entries_show_parents = "hide"
# Types of other libraries and names that the pages do not describe.
nitpick_ignore_regex = [
    ("py:.*", r"(keras|tf|tensorflow|numpy|collections|involution\.ops)\..*"),
    ("py:.*", "(Any|Iterator|Literal|Sequence|Tensor|TensorLike)"),
    ("py:.*", "(KerasTensor|Layer|Model|Sequential)"),
]

# Command lines.
sphinx_argparse_cli_prefix_document = True

# Links to other sites: `tox run -e docs-links`.
linkcheck_ignore = [r"https?://(localhost|127\.0\.0\.1)"]
linkcheck_timeout = 20
linkcheck_retries = 2

# Pages that are no sources of Sphinx: they are copied as they are, and links open them.
own_pages = ["sample/report.html", "history.html"]

html_theme = "pydata_sphinx_theme"
html_title = "involution"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
# A page without others below it has no list of pages at its side.
html_sidebars = {"index": [], "first-steps": [], "tutorial": [], "results": [], "demo": []}
html_theme_options = {
    "logo": {"text": "involution"},
    "header_links_before_dropdown": 8,
    "show_nav_level": 2,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
}
copybutton_exclude = ".linenos, .gp, .go"  # what is copied from an example is what one types


def _signature_of_layer(
    _app: Sphinx, what: str, _name: str, described: Any, *_others: Any
) -> tuple[str, str] | None:
    """Show the arguments of a layer's own `__init__`: Keras's `__new__` takes anything."""
    if what != "class" or not issubclass(described, keras.layers.Layer):
        return None
    arguments = signature(described.__init__, bound_method=True)
    shown = stringify_signature(arguments, unqualified_typehints=True, show_return_annotation=False)
    return shown, ""


def _dashes(_app: Sphinx, page: nodes.document) -> None:
    """Put a dash between a parameter and its description, where Sphinx writes two hyphens."""
    for text in list(page.findall(nodes.Text)):
        if text == " -- ":
            text.parent.replace(text, nodes.Text(" \N{EN DASH} "))


def setup(app: Sphinx) -> None:
    """Connect what this file adds to Sphinx."""
    app.connect("doctree-read", _dashes)
    app.connect("autodoc-process-signature", _signature_of_layer)
