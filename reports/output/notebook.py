"""Pictures for a notebook: what matplotlib draws, in the colours of the report, light and dark."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from matplotlib.figure import Figure as Plot

from reports.drawing.figure import Figure, Swatch
from reports.drawing.panel import panel_of_axes
from reports.output.svg import THEME, standalone
from reports.text import words


@dataclass(frozen=True)
class Picture:
    """A picture that a notebook shows.

    Attributes:
        svg: a whole file, which follows the light or dark theme of its reader.
    """

    svg: str = field(repr=False)  # a notebook keeps what is printed of it, too

    def _repr_svg_(self) -> str:
        """Return the picture: Jupyter asks for it by this name."""
        return self.svg


def picture(
    draw: Callable[[Plot], None],
    size: tuple[float, float],
    title: str,
    description: str,
    *,
    legend: Sequence[Swatch] = (),
) -> Picture:
    """Draw a picture.

    Args:
        draw: adds axes to the plot that it is given, and draws on them. Images need
            `imshow(..., interpolation="none")`.
        size: width and height in pixels, at which the text has its natural size.
        title: what the picture is, unique in the notebook.
        description: what it shows, for readers who do not see it.
        legend: the series, written below the picture. Default: none.

    Returns:
        The picture.

    Example:
        >>> made = picture(lambda plot: plot.subplots(1, 2), (300, 100), "Two axes", "Empty.")
        >>> made.svg.count("<title")
        1
    """
    panel = panel_of_axes(draw, size, words.slug(title), title, description)
    figure = Figure(panel.name, title, "", [panel], legend)
    return Picture(standalone(panel, figure, THEME.read_text(encoding="utf-8")))
