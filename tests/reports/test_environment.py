"""No setting of a reader changes a page: matplotlib, locale, time zone, terminal."""

import locale
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reports.profiling import traces

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SETTINGS = """
backend: template
font.size: 30
font.family: serif
axes.grid: False
axes.formatter.use_locale: True
lines.linewidth: 9
xtick.direction: in
figure.dpi: 300
path.sketch: 1, 100, 2
svg.fonttype: path
"""


@pytest.fixture
def page(builder, write, study, tmp_path):
    sweeps = write(builder.document(builder.sweep("stride", [1])))
    folder = traces.write(tmp_path / "profile", traces.INVOLUTION, traces.CONVOLUTION)

    def made(**environment):
        target = tmp_path / "page.html"
        command = [sys.executable, "-W", "error", "-m", "reports", sweeps, study, folder]
        subprocess.run(
            [*command, "-o", target],
            cwd=ROOT,
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )
        return target.read_bytes()

    return made


def _locale():
    """A locale that writes decimals with a comma, if there is one here."""
    for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "C"):
        try:
            locale.setlocale(locale.LC_NUMERIC, name)
        except locale.Error:
            continue
        locale.setlocale(locale.LC_NUMERIC, "C")
        return name
    raise AssertionError("every system has the locale C")


def test_no_setting_of_a_reader_changes_a_page(page, tmp_path):
    settings = tmp_path / "matplotlibrc"
    settings.write_text(SETTINGS)
    styles = tmp_path / "stylelib"
    styles.mkdir()
    (styles / "seaborn.mplstyle").write_text(SETTINGS)
    expected = page(LC_ALL="C", TZ="UTC", PYTHONHASHSEED="1")
    assert b"<svg" in expected
    changed = page(
        MPLBACKEND="module://matplotlib_inline.backend_inline",  # not installed here
        MATPLOTLIBRC=str(settings),
        MPLCONFIGDIR=str(tmp_path),  # where matplotlib looks for styles, too
        LC_ALL=_locale(),
        LANGUAGE="de:fr",
        TZ="Asia/Tokyo",
        COLUMNS="20",
        LINES="5",
        TERM="dumb",
        FORCE_COLOR="1",
        PYTHONHASHSEED="7",
        PYTHONUTF8="0",
        PYTHONIOENCODING="ascii",
    )
    assert changed == expected
