"""The models of the page, loaded once for all tests."""

import pytest

from demo.models import shown_models


@pytest.fixture(scope="session")
def models():
    return shown_models()
