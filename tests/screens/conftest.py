"""The whole product on a demo city of a few days, for all that is looked at in a browser."""

from collections.abc import Iterator

import pytest
from outages.stage import wait_for

from benchmarks.measuring import free_port, running_house, snapshot
from dashboard.reasons import Reason

STARTING = {Reason.NOT_READ.value, Reason.READING_HISTORY.value}
DAYS = "8"
"""Days of history, so that the city is made soon."""


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the product."""
    folder = tmp_path_factory.mktemp("screens")
    with running_house(folder, free_port(), 240, COMMAND_CENTER_DEMO_DAYS=DAYS) as house:
        # The pages of a city that is there, not those of its very first minutes. What stood in the
        # past is still told meanwhile, piece by piece: pages keep room for it.
        wait_for(lambda: not starting(house.url), 600)
        yield house.url


def starting(url: str) -> list[str]:
    """Indicators that still say that nothing, or not all of their window, has been read."""
    readings = snapshot(url)["readings"]
    return [key for key, one in readings.items() if one.get("reason") in STARTING] or (
        [] if len(readings) > 200 else ["not all are there"]
    )
