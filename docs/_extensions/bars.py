"""The directive `bars`: a table of a Markdown page as bars; its numbers are written once."""

from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from page_tables import drawn, table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata


class BarsDirective(SphinxDirective):
    """Draws a table: `{bars} native.md`, with the heading and the columns as options."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "heading": directives.unchanged_required,
        "table": directives.positive_int,
        "columns": directives.positive_int_list,
        "reference": float,
    }

    def run(self) -> list[nodes.Node]:
        """Return a figure; the content of the directive is its caption."""
        path = Path(self.env.srcdir, self.arguments[0])
        self.env.note_dependency(str(path))
        try:
            html = drawn(
                table(
                    path.read_text(encoding="utf-8"),
                    self.options["heading"],
                    self.options.get("table", 1),
                ),
                self.options["columns"],
                reference=self.options.get("reference"),
            )
        except (OSError, ValueError) as error:
            raise self.error(f"{self.arguments[0]}: {error}") from error
        figure = nodes.container("", nodes.raw("", html, format="html"), classes=["bars-figure"])
        caption = nodes.container(classes=["bars-caption"])
        self.state.nested_parse(self.content, self.content_offset, caption)
        figure += caption
        return [figure]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive."""
    app.add_directive("bars", BarsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
