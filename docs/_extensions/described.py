"""Pictures of notebooks say what they show: the words of the SVG become the text of the image.

A browser shows them as files of their own, into which no screen reader looks.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from svg_words import words


def _describe(app: Sphinx, page: nodes.document) -> None:
    """Describe what myst-nb has written among the files of the build."""
    for image in page.findall(nodes.image):
        path = Path(app.srcdir, image["uri"])
        if "alt" not in image and path.suffix == ".svg" and path.is_file():
            image["alt"] = words(path.read_text(encoding="utf-8"))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Describe the pictures of each page."""
    app.connect("doctree-read", _describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
