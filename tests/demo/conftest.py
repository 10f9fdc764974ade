"""The models of the page, loaded once for all tests."""

import pytest

from demo.models import contestants


@pytest.fixture(scope="session")
def models():
    return contestants()
