"""What runs in the page: the table's library, and the policy that lets nothing else run."""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

TEMPLATES = files("reports").joinpath("templates")
# DataTables and its buttons as they are published; templates/vendor/README.md names the versions.
SCRIPTS = ("dataTables.min.js", "dataTables.buttons.min.js")
STYLES = ("dataTables.dataTables.min.css", "buttons.dataTables.min.css")
# Sets up the table of records; the rest of the script is the library.
START = "records.js"


@cache
def library() -> tuple[Markup, Markup]:
    """Read DataTables.

    Returns:
        The script, which makes the table of records one that sorts, filters and hides columns,
        and the library's style sheet; both with the licence.
    """
    licence = f"/*!\n{_read('vendor', 'License.txt')}*/"
    script = [licence, *(_read("vendor", name) for name in SCRIPTS), _read(START)]
    style = [licence, *(_read("vendor", name) for name in STYLES)]
    return Markup("\n".join(script)), Markup("\n".join(style))


def policy(page: str, script: str) -> str:
    """Write the page's Content-Security-Policy: nothing is loaded, one script runs.

    Args:
        page: the HTML. Its style elements are allowed: no string from a file can make one.
        script: the only script that may run; empty for none.
    """
    styles = dict.fromkeys(re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL))
    hashes = " ".join(map(_hash, styles))
    allowed = _hash(script) if script else "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {hashes}; "
        "style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _read(*names: str) -> str:
    return TEMPLATES.joinpath(*names).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
