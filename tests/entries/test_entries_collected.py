"""From an entry in the store to a reading: known, unknown once it has expired, not due without one."""

from datetime import timedelta
from pathlib import Path

from entering import desk


def test_an_entry_is_known_until_it_expires_and_then_unknown(
    tmp_path: Path, redis_url: str
) -> None:
    with desk(tmp_path, redis_url) as made:
        made.watch.until(lambda: made.reading().get("state") == "not_due", 15, "nobody asked")
        assert made.reading()["value"] is None

        made.enter("440605", due=100.0, moved=40.0)
        made.enter("440606", due=50.0, moved=50.0)
        made.watch.until(lambda: made.reading().get("value") == 150.0, 6, "within a refresh")
        found = made.reading()
        assert (found["state"], found["n"]) == ("fresh", 2)
        assert {code: part["value"] for code, part in found["parts"].items()} == {
            "440605": 100.0,
            "440606": 50.0,
        }
        assert made.reading("moved")["value"] == 90.0

        made.clock.later = timedelta(hours=2)
        made.enter("440605", due=120.0, moved=110.0)
        made.watch.until(
            lambda: made.reading().get("value") == 170.0, 6, "a correction counts once"
        )

        made.clock.later = timedelta(hours=4)
        made.watch.until(lambda: made.reading().get("reason") == "partly_lapsed", 6)
        found = made.reading()
        assert (found["value"], found["state"], found["n"], found["lapsed"]) == (
            120.0,
            "late",
            1,
            1,
        )
        assert found["parts"]["440606"]["value"] is None, "unknown, not 0"

        made.clock.later = timedelta(hours=6)
        made.watch.until(lambda: made.reading().get("reason") == "lapsed", 6)
        assert (made.reading()["value"], made.reading()["state"]) == (None, "unavailable")

        for place in ("440605", "440606"):
            made.history.withdraw("transfer", place, "李明", "me", made.clock())
        made.watch.until(lambda: made.reading().get("state") == "not_due", 6, "all withdrawn")
