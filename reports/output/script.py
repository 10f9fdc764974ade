"""What runs in the page: the table's library, and the policy that lets nothing else run."""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

# What the table of records is told; the rest of the script is the library.
START = files("reports").joinpath("templates", "records.js")


@cache
def library() -> tuple[Markup, Markup]:
    """Read the library, DataTables as `itables` bundles it.

    Returns:
        The script, which makes the table of records one that sorts, filters and hides columns,
        and the library's style sheet; both with their licence notices.
    """
    folder = files("itables").joinpath("html")
    bundle = folder.joinpath("dt_bundle.js").read_text(encoding="utf-8")
    style = folder.joinpath("dt_bundle.css").read_text(encoding="utf-8")
    # A module of its own would be a file to load: its exports become names of this one.
    bundle, found = re.subn(r"export ?\{([^}]*)\};?", _as_names, bundle)
    if found != 1 or "</script" in bundle or "</style" in style:
        raise RuntimeError("itables: its bundle is not as expected; install itables 2.9")
    return Markup(f"{bundle}\n{START.read_text(encoding='utf-8')}"), Markup(style)


def _as_names(exports: re.Match[str]) -> str:
    pairs = [pair.split(" as ") for pair in exports[1].split(",")]
    return "const library={" + ",".join(f"{outer.strip()}:{inner}" for inner, outer in pairs) + "};"


def policy(page: str, script: str) -> str:
    """Write the page's Content-Security-Policy: nothing is loaded, one script runs.

    Args:
        page: the HTML. Its style elements are allowed: no text from a file can make one.
        script: the only script that may run.
    """
    styles = dict.fromkeys(re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL))
    hashes = " ".join(map(_hash, styles))
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {hashes}; "
        "style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
