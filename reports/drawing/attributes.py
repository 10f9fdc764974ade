"""Colours, widths and dashes of matplotlib as attributes of SVG elements."""

from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.colors import to_hex
from matplotlib.path import Path

from reports.drawing.theme import VARIABLES

CAPS = {"butt": None, "projecting": "square", "round": "round"}


def is_area(path: Path, face: Any) -> bool:
    """Say whether a path has a visible fill and more than a line to fill.

    Args:
        path: any path.
        face: its colour as RGB or RGBA, None for none.
    """
    is_visible = face is not None and (len(face) < 4 or face[3] > 0)
    return is_visible and len(np.asarray(path.vertices)) > 2


def fill(gc: GraphicsContextBase, face: Any) -> dict[str, str | None]:
    """Return the attributes of a fill.

    Args:
        gc: has the opacity.
        face: the colour as RGB or RGBA; None for no fill.

    Returns:
        Values by name, as for `attributes`; empty for no fill.
    """
    if face is None:
        return {}
    alpha = gc.get_alpha() if gc.get_forced_alpha() else (*face, 1.0)[3]
    return {"fill": _colour(face), "fill_opacity": f"{alpha:.3g}" if alpha != 1 else None}


def stroke(gc: GraphicsContextBase) -> dict[str, str | None]:
    """Return the attributes of a line.

    Args:
        gc: has colour, width and dashes.

    Returns:
        Values by name, as for `attributes`; empty for a line without width or colour.
    """
    colour, width = np.asarray(gc.get_rgb()), gc.get_linewidth()
    if not width or not colour[3]:
        return {}
    offset, dashes = gc.get_dashes()
    return {
        "stroke": _colour(colour),
        "stroke_opacity": f"{colour[3]:.3g}" if colour[3] != 1 else None,
        "stroke_width": f"{width:.3g}" if width != 1 else None,
        "stroke_linecap": CAPS[gc.get_capstyle()],
        "stroke_dasharray": " ".join(f"{dash:.3g}" for dash in np.asarray(dashes))
        if dashes
        else None,
        "stroke_dashoffset": f"{offset:.3g}" if dashes and offset else None,
    }


def _colour(colour: Any) -> str:
    written = to_hex(colour[:3])
    return VARIABLES.get(written, written)


def attributes(**values: object) -> str:
    """Write attributes of an element.

    Args:
        **values: one per attribute, left out if None; underscores in names become hyphens.
    """
    return "".join(
        f' {name.replace("_", "-")}="{value}"'
        for name, value in values.items()
        if value is not None
    )
