"""The figures of the sweeps as SVG files, for a README, a paper or slides."""

import re
from collections.abc import Iterator
from importlib import resources

from reports import export, looks, sections
from reports.load import Results


def figures(results: Results) -> Iterator[tuple[str, str]]:
    """Write each figure as a file of its own.

    Args:
        results: what `load.load` read.

    Yields:
        A name such as "kernel_size-ratio-forward.svg", which begins with the number of its run
        if there are several, and an SVG that follows the reader's light or dark theme.
    """
    judged, unmeasured = export.judged(results), looks.prepared(results.unmeasured)
    prepared = looks.prepared(judged)
    for number, run in enumerate(results.runs, start=1):
        section = sections.section(run, "run", prepared, unmeasured)
        prefix = f"{number}-" if len(results.runs) > 1 else ""
        names = {sweep.identity: re.sub(r"\W", "-", sweep.name) for sweep in section.sweeps}
        for panel in section.panels:
            identity = re.findall(r'\bid="([^"]*)-title"', panel)[0]
            sweep = next((key for key in names if identity.startswith(f"{key}-")), "run")
            name = f"{names.get(sweep, '')}{identity.removeprefix(sweep)}".strip("-")
            yield f"{prefix}{name}.svg", _alone(panel)


def _alone(panel: str) -> str:
    """Give a panel of a page what it takes from the page: colours, a font and a size."""
    width, height = re.findall(r'viewBox="0 0 (\S+) (\S+)"', panel)[0]
    style = f"<style>{_colours()} text {{ font-family: sans-serif !important; }}</style>"
    opening, rest = panel.split(">", 1)
    return f'{opening} width="{width}" height="{height}">{style}{rest}\n'


def _colours() -> str:
    """Return the variables of the page's two themes."""
    sheet = resources.files("reports").joinpath("templates", "report.css").read_text("utf-8")
    themes = re.findall(r":root \{[^}]*\}", sheet)
    return f"{themes[0]} @media (prefers-color-scheme: dark) {{ {themes[1]} }}"
