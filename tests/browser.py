"""The one browser of all tests: Chromium, without a window, driven by Playwright.

To install it: `apt-get install chromium`, or `playwright install chromium`.
"""

import contextlib
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# As root, as in a container, Chromium starts without its sandbox only.
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextlib.contextmanager
def chromium():
    """Start Chromium, that of the system or else Playwright's own; skip the test without one."""
    with sync_playwright() as tools:
        path = next(filter(None, map(shutil.which, NAMES)), None)
        if path is None and not Path(tools.chromium.executable_path).exists():
            pytest.skip("needs the browser chromium: apt-get install chromium")
        browser = tools.chromium.launch(executable_path=path, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()
