"""The figures of the sweeps as SVG files, for a README, a paper or slides."""

from collections.abc import Iterator
from importlib.resources import files

from markupsafe import escape

from reports.drawing.figure import Figure, Panel
from reports.kinds import Results
from reports.sweeps.kind import SWEEPS

# Pixels of a row of the legend, and about those of a letter in it.
ROW, LETTER = 20, 6.6
# Pixels of a sign of the legend, and of the gaps after it and after its name.
SIGN, GAP = 14, 6
THEME = files("reports").joinpath("templates", "theme.css")
DASHES = {"training": ' stroke-dasharray="4 2"'}


def figures(results: Results) -> Iterator[tuple[str, str]]:
    """Write each panel of each figure as a file of its own.

    Args:
        results: what `kinds.read` returned.

    Yields:
        A name such as "kernel_size-ratio-forward.svg", which begins with the number of its run
        if there are several, and an SVG that follows the reader's light or dark theme.
    """
    theme = THEME.read_text(encoding="utf-8")
    for part in SWEEPS.show(results.of(SWEEPS)):
        for figure in part.view.section.figures:
            for panel in figure.panels:
                name = panel.name.removeprefix(f"{SWEEPS.name}-")
                yield f"{name}.svg", standalone(panel, figure, theme)


def standalone(panel: Panel, figure: Figure, theme: str) -> str:
    """Write a panel with all that a page would give it: colours, a font, a size, a legend.

    Args:
        panel: what to write.
        figure: the panel's, which has the legend.
        theme: the style sheet that declares the colours.
    """
    width, height = panel.size
    key, below = _legend(figure, width, height)
    size = f"{width:g} {height + below:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{width:g}" '
        f'height="{height + below:g}" font-family="sans-serif" role="img" '
        f'aria-labelledby="{panel.name}-title {panel.name}-desc">'
        f'<title id="{panel.name}-title">{escape(panel.title)}</title>'
        f'<desc id="{panel.name}-desc">{escape(panel.description)}</desc>'
        f"<style>{theme}</style>{panel.body}{key}</svg>\n"
    )


def _legend(figure: Figure, width: float, top: float) -> tuple[str, float]:
    """Write the legend under a panel; return it and its height."""
    entries = [
        (f'<path d="{entry.outline}" fill="{entry.colour}"/>', entry.label)
        for entry in figure.legend
    ]
    entries += [(_stroke(name), name) for name in figure.directions]
    parts, left, row = [], 0.0, 0
    for sign, label in entries:
        needed = SIGN + GAP + LETTER * len(label) + SIGN + GAP
        if left and left + needed > width:
            left, row = 0.0, row + 1
        parts.append(
            f'<g transform="translate({left:g} {top + 4 + ROW * row:g})">{sign}'
            f'<text x="{SIGN + GAP}" y="12" font-size="12" fill="var(--ink)">{escape(label)}</text>'
            "</g>"
        )
        left += needed
    return "".join(parts), (row + 1) * ROW + 4 if entries else 0.0


def _stroke(direction: str) -> str:
    dashes = DASHES.get(direction, "")
    return f'<path d="M0 7h{SIGN}" stroke="var(--ink)" stroke-width="1.8"{dashes}/>'
