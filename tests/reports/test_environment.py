"""No setting of a reader changes a page: matplotlib, locale, time zone, terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
def page(builder, write, tmp_path):
    results = write(builder.document(builder.sweep("stride", [1])))

    def made(**environment):
        target = tmp_path / "page.html"
        subprocess.run(
            [sys.executable, "-W", "error", "-m", "reports", results, "-o", target],
            cwd=ROOT,
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )
        return target.read_bytes()

    return made


def test_no_setting_of_a_reader_changes_a_page(page, tmp_path):
    settings = tmp_path / "matplotlibrc"
    settings.write_text(SETTINGS)
    expected = page(LC_ALL="C", TZ="UTC")
    assert b"<svg" in expected
    changed = page(
        MPLBACKEND="module://matplotlib_inline.backend_inline",  # not installed here
        MATPLOTLIBRC=str(settings),
        LC_ALL="C.UTF-8",
        TZ="Asia/Tokyo",
        COLUMNS="20",
        TERM="dumb",
    )
    assert changed == expected
