"""The small city that tests of the catalogue edit."""

from pathlib import Path

import pytest
from catalogue_city import City, sound_city


@pytest.fixture
def city(tmp_path: Path) -> City:
    """A city without a fault, in a folder of its own."""
    return sound_city(tmp_path)
