"""The directive `finding`: what a report found, in its own words and with its first figure.

The pages then say what the sample says, also after it was measured again.
"""

from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from report_opening import PARTS, opening
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata


class FindingDirective(SphinxDirective):
    """Shows the beginning of a report: `{finding} sample/report.html`."""

    required_arguments = 1
    option_spec: ClassVar = {"parts": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return one block of HTML; with the option `parts`, those of it alone."""
        path = Path(self.env.srcdir, self.arguments[0])
        self.env.note_dependency(str(path))
        try:
            found = opening(path.read_text(encoding="utf-8"))
            wanted = self.options.get("parts", " ".join(PARTS)).split()
            html = "".join(found[name] for name in wanted)
        except (OSError, ValueError, KeyError) as error:
            raise self.error(f"{self.arguments[0]}: {error}") from error
        return [nodes.raw("", f'<div class="finding">{html}</div>', format="html")]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive."""
    app.add_directive("finding", FindingDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
