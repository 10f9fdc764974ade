"""A pytest plugin that makes a folder where the results file will be, after it was checked."""

import os
from pathlib import Path


def pytest_report_collectionfinish():
    Path(os.environ["OBSTRUCTED"]).mkdir()
