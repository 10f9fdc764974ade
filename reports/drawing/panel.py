"""One small matplotlib plot to one piece of SVG that follows the page's theme."""

import io
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Colours that no plot uses by chance: each stands for a variable of the page's style
# sheet, so that the same SVG is readable in light and in dark mode.
INK, MUTED, GRID, BAND, SURFACE = "#010203", "#010204", "#010205", "#010206", "#010207"
VARIABLES = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    GRID: "var(--grid)",
    BAND: "var(--band)",
    SURFACE: "var(--surface)",
}

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    # Without a fixed salt the ids would differ from run to run.
    "svg.hashsalt": "reports",
    # Names come from files: a dollar sign in one is no formula.
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "font.size": 12.0,
    "axes.titlesize": 13.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 12.0,
    "text.color": INK,
    "axes.titlecolor": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.minor.bottom": False,
    "ytick.minor.left": False,
}

# Points in the plot are pixels of the SVG's own coordinates.
POINTS_PER_INCH = 72
NAMESPACE = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"


def panel(
    draw: Callable[[Axes], None],
    size: tuple[float, float],
    name: str,
    title: str,
    description: str,
) -> Markup:
    """Draw one plot.

    Args:
        draw: draws on the axes that it is given.
        size: width and height in pixels, at which the text has its natural size.
        name: unique on the page; all ids begin with it.
        title: what the plot is, for readers who do not see it.
        description: what it shows, for the same readers.

    Returns:
        An `<svg>` element that is safe to place in HTML.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(
            figsize=(size[0] / POINTS_PER_INCH, size[1] / POINTS_PER_INCH),
            layout="constrained",
        )
        draw(figure.subplots())
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return _placed(written.getvalue(), name, title, description)


def _placed(text: str, name: str, title: str, description: str) -> Markup:
    """Make matplotlib's file part of a page: ids of its own, a text alternative, no size."""
    root = ElementTree.fromstring(text)
    for element in root.findall(f"{{{NAMESPACE}}}metadata"):
        root.remove(element)
    referenced = set(re.findall(r"url\(#([^)]+)\)", text)) | {
        element.get(LINK, "")[1:] for element in root.iter()
    }
    for element in root.iter():
        _rename(element, name, referenced)
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    labels = {"title": title, "desc": description}
    for position, (tag, content) in enumerate(labels.items()):
        label = ElementTree.Element(f"{{{NAMESPACE}}}{tag}", {"id": f"{name}-{tag}"})
        label.text = content
        root.insert(position, label)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    ElementTree.register_namespace("", NAMESPACE)
    ElementTree.register_namespace("xlink", LINK[1:].split("}")[0])
    # Produced by an XML writer, which escapes every text and attribute.
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _rename(element: ElementTree.Element, name: str, referenced: set[str]) -> None:
    """Prefix the ids in use, drop the others, and swap stand-in colours for variables."""
    identity = element.attrib.pop("id", None)
    if identity in referenced:
        element.set("id", f"{name}-{identity}")
    if element.get(LINK, "").startswith("#"):  # a picture brings its pixels along instead
        element.set(LINK, f"#{name}-{element.attrib[LINK][1:]}")
    for key in ("clip-path", "style", "fill", "stroke"):
        value = element.get(key)
        if value:
            value = value.replace("url(#", f"url(#{name}-")
            element.set(key, re.sub(r"#0102\d\d", lambda m: VARIABLES[m[0]], value))
