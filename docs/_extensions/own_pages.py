"""Pages in the documentation that Sphinx does not make, such as a report: links open them.

Sphinx would offer a file that is no source of its own as a download. The pages that `own_pages` of
`conf.py` names are copied to the same place below the site, and a link to one is a plain link.
"""

import shutil
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata


class OwnPageLinks(SphinxTransform):
    """Makes links to the pages of what would be downloads."""

    default_priority = 500

    def apply(self) -> None:
        """Replace the downloads of one document."""
        for node in list(self.document.findall(addnodes.download_reference)):
            if node["reftarget"] in self.config.own_pages:
                link = nodes.reference("", "", *node.children, refuri=node["reftarget"])
                node.replace_self(link)


def _copy(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    for page in app.config.own_pages:
        target = Path(app.outdir, page)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(app.srcdir, page), target)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the setting, the transform and the copy."""
    app.add_config_value("own_pages", [], "env")
    app.add_transform(OwnPageLinks)
    app.connect("build-finished", _copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
