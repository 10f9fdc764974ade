"""What matplotlib draws, as compact SVG: a backend of matplotlib that writes elements."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from markupsafe import Markup, escape
from matplotlib.backend_bases import FigureCanvasBase, GraphicsContextBase, RendererBase
from matplotlib.figure import Figure as Plot
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, Transform
from numpy.typing import NDArray
from PIL import Image

from reports.drawing.attributes import attributes, fill, is_area, stroke
from reports.drawing.paths import TENTHS, Point, numbers, relative

FONT_SIZE = 12.0
# What the elements inherit, and need not repeat.
INHERITED = f'fill="none" stroke-linejoin="round" font-size="{FONT_SIZE:g}"'
ANCHORS = {"left": None, "center": "middle", "right": "end"}
MARKER = '<marker id="{}" markerUnits="userSpaceOnUse" overflow="visible">{}</marker>'
CLIP = '<clipPath id="{}">{}</clipPath>'


@dataclass
class _Batch:
    """Consecutive paths of one style: they become one element."""

    look: str = ""
    clip: str = ""
    is_filled: bool = False
    outlines: list[tuple[Point, str]] = field(default_factory=list)


class PanelRenderer(RendererBase):
    """Writes what it is told to draw as SVG elements.

    Args:
        size: width and height in pixels. One point is one pixel.
        name: all ids begin with it.
    """

    def __init__(self, size: tuple[float, float], name: str) -> None:
        super().__init__()
        self._size, self._name = size, name
        self._upright = Affine2D().scale(1.0, -1.0).translate(0.0, size[1])
        self._elements: list[str] = []
        self._definitions: dict[tuple[str, str], str] = {}
        self._batch = _Batch()

    def finished(self) -> Markup:
        """Return all elements. What came from a file is escaped in them."""
        self._flush()
        definitions = "".join(
            form.format(identity, content)
            for (form, content), identity in self._definitions.items()
        )
        head = f"<defs>{definitions}</defs>" if definitions else ""
        return Markup(f"<g {INHERITED}>{head}{''.join(self._elements)}</g>")

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803 - matplotlib's name
    ) -> None:
        """Draw a path; see `RendererBase`."""
        is_filled = is_area(path, rgbFace)
        box = self._clip_box(gc)
        # Matplotlib itself cuts lines at the border; it cannot cut areas.
        within = None if box is None or is_filled else box.extents
        drawn = path.cleaned(transform + self._upright, remove_nans=True, clip=within, curves=True)
        codes = np.asarray(drawn.codes)
        corners = np.asarray(drawn.vertices)[~np.isin(codes, (Path.STOP, Path.CLOSEPOLY))]
        if len(corners):
            clip = self._clip(box, corners) if is_filled else ""
            self._add(gc, rgbFace if is_filled else None, clip, [relative(drawn)])

    def draw_markers(  # noqa: PLR0917 - matplotlib's order
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,  # noqa: N803 - matplotlib's name
    ) -> None:
        """Draw one shape at each vertex of a path; see `RendererBase`."""
        is_filled = is_area(marker_path, rgbFace)
        drawn = marker_path.cleaned(marker_trans + Affine2D().scale(1.0, -1.0), curves=True)
        (across, down), shape = relative(drawn)
        spots = np.asarray((trans + self._upright).transform(path.vertices))
        spots = spots[np.isfinite(spots).all(axis=1)]
        if len(spots):
            reach = np.abs(marker_path.get_extents(marker_trans).extents).max()
            ends = np.concatenate([spots - reach, spots + reach])
            clip = self._clip(self._clip_box(gc), ends) if is_filled else ""
            starts = np.rint(spots * TENTHS).astype(int) + np.array([across, down])
            outlines = [((x, y), shape) for x, y in starts.tolist()]
            self._add(gc, rgbFace if is_filled else None, clip, outlines)

    def draw_text(  # noqa: PLR0917 - matplotlib's order
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,  # noqa: ARG002, FBT002 - formulas are turned off
        mtext: Text | None = None,
    ) -> None:
        """Write a line of text; see `RendererBase`."""
        self._flush()
        anchor = None
        if mtext is not None and (angle == 0 or mtext.get_rotation_mode() == "anchor"):
            # The reader's font is wider or narrower than the one that was measured: the text
            # keeps the end or the middle by which it was placed.
            x, y = self._anchored(x, y, angle, mtext)
            anchor = ANCHORS[mtext.get_horizontalalignment()]
        size, weight = prop.get_size_in_points(), prop.get_weight()
        written = attributes(
            x=f"{x:.1f}",
            y=f"{y:.1f}",
            transform=f"rotate({-angle:.5g} {x:.1f} {y:.1f})" if angle else None,
            text_anchor=anchor,
            font_size=f"{size:g}" if size != FONT_SIZE else None,
            font_weight=weight if weight not in ("normal", 400) else None,
            **fill(gc, gc.get_rgb()),
        )
        self._elements.append(f"<text{written}>{escape(s)}</text>")

    def draw_image(
        self,
        gc: GraphicsContextBase,  # noqa: ARG002 - images are inside the axes
        x: float,
        y: float,
        im: Any,
        transform: Transform | None = None,
    ) -> None:
        """Place an image with its own pixels, which are scaled by the browser."""
        if transform is None:
            raise NotImplementedError('expected imshow(..., interpolation="none")')
        self._flush()
        height, width = im.shape[:2]
        file = io.BytesIO()
        Image.fromarray(im).save(file, format="png")
        content = base64.b64encode(file.getvalue()).decode("ascii")
        placed = Affine2D().scale(1 / width, 1 / height) + transform
        whole = placed + Affine2D().translate(x, y) + self._upright
        (a, c, e), (b, d, f), _ = whole.get_matrix()
        self._elements.append(
            f'<image width="{width}" height="{height}" style="image-rendering:pixelated" '
            f'transform="matrix({a:.4g} {b:.4g} {c:.4g} {d:.4g} {e:.5g} {f:.5g})" '
            f'href="data:image/png;base64,{content}"/>'
        )

    def option_scale_image(self) -> bool:
        """Say that images come with their own pixels."""
        return True

    def option_image_nocomposite(self) -> bool:
        """Say that images come one by one."""
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size in pixels."""
        return self._size

    def _add(
        self,
        gc: GraphicsContextBase,
        face: Any,
        clip: str,
        outlines: Sequence[tuple[Point, str]],
    ) -> None:
        """Add paths to the batch of their style."""
        look = attributes(**fill(gc, face), **stroke(gc))
        if not look:
            return
        if (look, clip) != (self._batch.look, self._batch.clip):
            self._flush()
            self._batch = _Batch(look, clip, face is not None)
        self._batch.outlines += outlines

    def _flush(self) -> None:
        """Write the batch: equal filled shapes as markers, lines as one path."""
        batch, self._batch = self._batch, _Batch()
        if not batch.is_filled:
            self._path(batch, batch.outlines)
            return
        # Areas that overlap in one path would be one area, without an edge between them.
        starts: dict[str, list[Point]] = {}
        for start, shape in batch.outlines:
            starts.setdefault(shape, []).append(start)
        for shape, found in starts.items():
            if len(found) == 1:
                self._path(batch, [(found[0], shape)])
            else:
                self._markers(batch, shape, found)

    def _path(self, batch: _Batch, outlines: Sequence[tuple[Point, str]]) -> None:
        data = "".join(f"M{numbers(start)}{shape}" for start, shape in outlines)
        if data:
            self._elements.append(f'<path d="{data}"{batch.look}{batch.clip}/>')

    def _markers(self, batch: _Batch, shape: str, starts: Sequence[Point]) -> None:
        path = f'<path d="M0 0{shape}"{batch.look}/>'
        identity = self._defined(MARKER, path)
        data = "M" + numbers(value for start in starts for value in start)
        style = f"marker:url(#{identity})"
        self._elements.append(f'<path d="{data}" style="{style}"{batch.clip}/>')

    def _clip_box(self, gc: GraphicsContextBase) -> Bbox | None:
        rectangle = gc.get_clip_rectangle()
        if rectangle is None:
            return None
        x0, y0, x1, y1 = rectangle.extents
        return Bbox([[x0, self._size[1] - y1], [x1, self._size[1] - y0]])

    def _clip(self, box: Bbox | None, vertices: NDArray[np.float64]) -> str:
        """The attribute that cuts an area at a box; empty where it is inside."""
        if box is None:
            return ""
        x0, y0, x1, y1 = box.extents
        low, high = vertices.min(axis=0), vertices.max(axis=0)
        if low[0] >= x0 and low[1] >= y0 and high[0] <= x1 and high[1] <= y1:
            return ""
        corner = f'x="{x0:.1f}" y="{y0:.1f}"'
        area = f'<rect {corner} width="{x1 - x0:.1f}" height="{y1 - y0:.1f}"/>'
        return f' clip-path="url(#{self._defined(CLIP, area)})"'

    def _defined(self, form: str, content: str) -> str:
        """The id of a definition, each of which is written once."""
        number = len(self._definitions)
        return self._definitions.setdefault((form, content), f"{self._name}-{number}")

    def _anchored(self, x: float, y: float, angle: float, text: Text) -> tuple[float, float]:
        """The point at which a string is aligned, moved at right angles onto its baseline."""
        held_x, held_y = text.get_transform().transform(text.get_unitless_position())
        held_y = self._size[1] - held_y
        across = np.array([np.sin(np.deg2rad(angle)), np.cos(np.deg2rad(angle))])
        step = (across @ [x - held_x, y - held_y]) * across
        return float(held_x + step[0]), float(held_y + step[1])


class PanelCanvas(FigureCanvasBase):
    """Gives matplotlib the renderer that measures strings while it lays a plot out."""

    def __init__(self, figure: Plot, renderer: PanelRenderer) -> None:
        super().__init__(figure)
        self._renderer = renderer

    def get_renderer(self) -> PanelRenderer:
        """Return the renderer: matplotlib asks for it by this name."""
        return self._renderer
