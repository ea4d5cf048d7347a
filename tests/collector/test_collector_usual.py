"""What is usual, where it cannot be told."""

from datetime import UTC, datetime
from typing import Any

from collecting import definition
from structlog.testing import capture_logs

from data_access.collector.usual import NotAsked, UsualValues

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class Series:
    """Answers with what it is told to."""

    error: Exception | None = None

    def against(self, key: str, against: str, by: str) -> dict[str, float]:
        if self.error is not None:
            raise self.error
        return {"": 0.0}


def test_a_past_that_cannot_be_told_is_said_once_and_a_young_history_never() -> None:
    limit = {"level": "alarm", "op": ">", "value": 2.0, "against": "day_before", "as": "quotient"}
    opened = definition("north").indicators["opened"].model_dump(by_alias=True)
    limited = {"opened": opened | {"limits": [limit]}}
    indicator = definition("north", indicators=limited).indicators["opened"]
    series: Any = Series()
    usual = UsualValues(series, "Asia/Shanghai")
    with capture_logs() as logs:
        series.error = NotAsked("young")
        assert usual.of("north.opened", indicator) == {}
        assert logs == []
        series.error = ValueError("found by 'x', expected one of town")
        assert [usual.of("north.opened", indicator) for _ in range(3)] == [{}, {}, {}]
        series.error = None
        assert usual.of("north.opened", indicator) == {("day_before", ""): 0.0}
    assert [one["event"] for one in logs] == ["no past to compare with"]
