"""The figures of the sweeps as SVG files, for a README, a paper or slides."""

import re
from collections.abc import Iterator
from html import escape
from importlib import resources

from reports.drawing import palette as looks
from reports.kinds import Results
from reports.output import html as page
from reports.sweeps.kind import SWEEPS

# Pixels of a row of the legend, and about those of a letter in it.
ROW, LETTER = 20, 6.6


def figures(results: Results) -> Iterator[tuple[str, str]]:
    """Write each figure as a file of its own.

    Args:
        results: what `kinds.read` returned.

    Yields:
        A name such as "kernel_size-ratio-forward.svg", which begins with the number of its run
        if there are several, and an SVG that follows the reader's light or dark theme.
    """
    parts, colours = SWEEPS.show(results.of(SWEEPS)), _colours()
    for number, part in enumerate(parts, start=1):
        section = part.view.section
        prefix = f"{number}-" if len(parts) > 1 else ""
        names = {sweep.identity: re.sub(r"\W", "-", sweep.name) for sweep in section.sweeps}
        for picture in section.pictures:
            for panel in picture.panels:
                identity = re.findall(r'\bid="([^"]*)-title"', panel)[0]
                sweep = next(
                    (key for key in names if identity.startswith(f"{key}-")), part.identity
                )
                name = f"{names.get(sweep, '')}{identity.removeprefix(sweep)}".strip("-")
                yield f"{prefix}{name}.svg", _alone(panel, picture, colours)


def _alone(panel: str, picture: looks.Picture, colours: str) -> str:
    """Give a panel of a page what it takes from the page: colours, a font, a size, a legend."""
    width, height = map(float, re.findall(r'viewBox="0 0 (\S+) (\S+)"', panel)[0])
    key, below = _legend(picture, width, height)
    style = f"<style>{colours} text {{ font-family: sans-serif !important; }}</style>"
    opening, rest = panel.split(">", 1)
    opening = re.sub(r'viewBox="[^"]*"', f'viewBox="0 0 {width:g} {height + below:g}"', opening)
    rest = rest.rstrip().removesuffix("</svg>")
    size = f'width="{width:g}" height="{height + below:g}"'
    return f"{opening} {size}>{style}{rest}{key}</svg>\n"


def _legend(picture: looks.Picture, width: float, top: float) -> tuple[str, float]:
    """Write the legend under a panel; return it and its height."""
    entries = [(str(page.mark(each.colour, each.marker)), each.label) for each in picture.legend]
    entries += [(_stroke(name), name) for name in picture.directions]
    parts, left, row = [], 0.0, 0
    for sign, label in entries:
        needed = 24 + LETTER * len(label) + 14
        if left and left + needed > width:
            left, row = 0.0, row + 1
        place = f'x="{left:g}" y="{top + 4 + ROW * row:g}" width="14" height="14"'
        parts.append(sign.replace("<svg ", f"<svg {place} ", 1))
        baseline = f'x="{left + 20:g}" y="{top + 16 + ROW * row:g}"'
        parts.append(f'<text {baseline} font-size="12" fill="var(--ink)">{escape(label)}</text>')
        left += needed
    return "".join(parts), (row + 1) * ROW + 4 if entries else 0.0


def _stroke(direction: str) -> str:
    dashes = ' stroke-dasharray="4 2"' if direction == "training" else ""
    line = f'<path d="M0 7h14" stroke="var(--ink)" stroke-width="1.8"{dashes}/>'
    return f'<svg viewBox="0 0 14 14">{line}</svg>'


def _colours() -> str:
    """Return the variables of the page's two themes."""
    sheet = resources.files("reports").joinpath("templates", "report.css").read_text("utf-8")
    themes = re.findall(r":root \{[^}]*\}", sheet)
    return f"{themes[0]} @media (prefers-color-scheme: dark) {{ {themes[1]} }}"
