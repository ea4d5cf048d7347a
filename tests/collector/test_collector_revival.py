"""A desk that dies of a fault of ours is set up again, less and less often."""

import threading

import pytest
from collecting import City, definition
from structlog.testing import capture_logs

from data_access.collector import board, collector


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_desk_that_dies_again_and_again_is_given_longer_pauses(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "AGAIN", 0.2)
    city.redefine("v1", north=definition("north"))
    sound, mended = board.Board.sections, threading.Event()

    def sections(self: board.Board, *rest: object) -> board.Sections:
        if not mended.is_set():
            raise RuntimeError("a fault of ours")
        return sound(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(board.Board, "sections", sections)
    with capture_logs() as logs, city.collecting():

        def pauses() -> list[float]:
            return [one["paused"] for one in logs if one["event"] == "desk set up again"]

        city.watch.until(lambda: len(pauses()) >= 3, 20)
        assert pauses()[:3] == [0.2, 0.4, 0.8]
        mended.set()
        city.watch.until(lambda: city.watch.value("north.opened") == 0, 20)
