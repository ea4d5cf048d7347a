"""What is open in 待处置: opened by breaches and silent feeds, held, closed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.catalogue import Catalogue, Department
from dashboard.catalogue.definitions import Limit
from dashboard.clerk import limit_sentence
from dashboard.feeds import Feed
from dashboard.matters import excess_of
from dashboard.opening import Open, open_matters
from dashboard.readings import Level, Part, Reading, State
from dashboard.text import Text

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
T = {"zh": "甲", "en": "A"}
Opened = dict[str, Open]


def catalogue() -> Catalogue:
    text = {"text": T}
    level = {
        "title": {"zh": "水位测站水位", "en": "Level at stations"},
        "short": {"zh": "水位", "en": "level"},
        "dataset": "levels",
        "measure": {
            "kind": "latest",
            "of": {"column": "z"},
            "group": ["station"],
            "within": "2h",
        },
        "time": "at",
        "window": "now",
        "live_by": "station",
        "unit": {"zh": "m", "en": "m"},
        "decimals": 2,
        "limits": [
            {
                "level": "alarm",
                "op": ">=",
                "value": 2.7,
                "due": "30m",
                "note": {"zh": "超警戒 2.70 m", "en": "above the warning level of 2.70 m"},
            },
            {"level": "warning", "op": ">=", "value": 2.2, "due": "4h"},
        ],
        "basis": "live",
        "definition": text,
    }
    overdue = {
        "title": {"zh": "超期未办结", "en": "Overdue cases"},
        "dataset": "levels",
        "measure": {"kind": "stock"},
        "window": "now",
        "unit": {"zh": "件", "en": "cases"},
        "limits": [{"level": "warning", "op": ">", "value": 0}],
        "basis": "live",
        "definition": text,
    }
    station = {
        "column": "stcd",
        "title": T,
        "values": {"81200900": {"zh": "容奇(二)", "en": "Rongqi (2)"}},
    }
    dataset = {
        "title": {"zh": "水位", "en": "Water levels"},
        "table": "levels",
        "key": ["id"],
        "times": {"at": {"column": "tm", "kind": "instant"}},
        "dimensions": {"station": station},
    }
    department = Department.model_validate(
        {
            "key": "incidents",
            "title": {"zh": "应急", "en": "Incidents"},
            "owner": T,
            "url": "x",
            "liaison": T,
            "datasets": {"levels": dataset, "calls": dataset},
            "indicators": {"level": level, "overdue": overdue},
        }
    )
    return Catalogue("v1", {"incidents": department})


CITY = catalogue()


def reading(key: str = "incidents.level", *, tick: int = 0, **more: Any) -> Reading:
    at = NOW + timedelta(seconds=10 * tick)
    base = Reading(
        key=key,
        department="incidents",
        value=1.0,
        n=1,
        state=State.FRESH,
        level=Level.NORMAL,
        as_of=at,
        collected_at=at,
        version="v1",
        window="now",
        late_after=120,
        stale_after=900,
    )
    return replace(base, **more)


def high(value: float = 2.88, level: Level = Level.ALARM, *, tick: int = 0) -> Reading:
    parts = {"81200900": Part(value, 1, level)}
    return reading(tick=tick, value=value, level=level, parts_by="station", parts=parts)


def feed(dataset: str = "levels", state: State = State.FRESH, **more: Any) -> Feed:
    return Feed("incidents", dataset, state, NOW, NOW, 120, 900, **more)


def after(
    previous: Opened, *readings: Reading, feeds: tuple[Feed, ...] = (), tick: int = 0
) -> Opened:
    now = NOW + timedelta(seconds=10 * tick)
    return open_matters(previous, readings, feeds, CITY, now)


def test_a_breach_opens_a_matter_in_a_clerks_words() -> None:
    (opened,) = after({}, high()).values()
    matter = opened.matter
    assert matter.id == "incidents/level/81200900"
    assert matter.title.zh == "容奇(二) 水位 2.88\u00a0m，超警戒 2.70 m"
    assert matter.title.en == "Rongqi (2): level 2.88\u00a0m, above the warning level of 2.70 m"
    assert matter.place.zh == "容奇(二)"
    assert (matter.level, matter.kind, matter.part) == (Level.ALARM, "limit", "81200900")
    assert matter.due == NOW + timedelta(minutes=30)


def test_a_limit_without_a_note_says_its_number() -> None:
    (opened,) = after({}, high(2.3, Level.WARNING)).values()
    assert opened.matter.title.zh == "容奇(二) 水位 2.30\u00a0m，超过限值 2.20\u00a0m"


def test_a_value_that_rounds_to_its_limit_is_written_more_exactly() -> None:
    (opened,) = after({}, high(2.204, Level.WARNING)).values()
    assert opened.matter.title.zh == "容奇(二) 水位 2.204\u00a0m，超过限值 2.20\u00a0m"


@pytest.mark.parametrize(
    ("op", "value", "said"),
    [
        (">=", 2.2, "达到"),
        (">=", 2.3, "超过"),
        (">", 2.3, "超过"),
        ("<=", 2.2, "降到"),
        ("<", 2.1, "低于"),
    ],
)
def test_a_limit_is_reached_only_by_what_is_equal_to_it(op: str, value: float, said: str) -> None:
    indicator = CITY.indicator("incidents.level")
    assert indicator is not None
    limit = Limit.model_validate({"level": "warning", "op": op, "value": 2.2})
    sentence = limit_sentence(indicator, Part(value, 1, Level.WARNING), limit, None)
    assert sentence.zh.endswith(f"，{said}限值 2.20\u00a0m")


def test_a_matter_says_how_far_it_is_beyond_its_limit() -> None:
    (opened,) = after({}, high(2.97)).values()
    assert opened.matter.excess == pytest.approx(0.1)
    assert opened.matter.wire()["excess"] == pytest.approx(0.1)
    assert Open.parse(opened.state()) == opened
    before = opened.state()
    del before["matter"]["excess"]
    assert Open.parse(before).matter.excess == 0, "remembered before excess was known"


@pytest.mark.parametrize(
    ("value", "edge", "excess"),
    [(7.4, 5, 0.48), (6.3, 5, 0.26), (80, 100, 0.2), (-12, 0, 12), (None, 5, 0), (5, None, 0)],
)
def test_beyond_a_limit_is_a_share_of_it_on_either_side(
    value: float | None, edge: float | None, excess: float
) -> None:
    assert excess_of(value, edge) == pytest.approx(excess)


def test_where_any_is_too_many_the_number_says_enough() -> None:
    count = reading("incidents.overdue", value=3, level=Level.WARNING)
    (opened,) = after({}, count).values()
    assert opened.matter.title.zh == "超期未办结 3\u00a0件"
    assert opened.matter.id == "incidents/overdue"
    assert opened.matter.place.zh == "全市"
    assert opened.matter.due is None


def test_since_and_due_stay_while_it_gets_worse() -> None:
    first = after({}, high(2.3, Level.WARNING))
    (opened,) = after(first, high(tick=6), tick=6).values()
    assert opened.matter.since == NOW
    assert opened.matter.level is Level.ALARM
    assert opened.matter.due == NOW + timedelta(minutes=30)


def test_it_closes_with_the_second_normal_tick_in_a_row() -> None:
    normal = Level.NORMAL
    opened = after({}, high())
    once = after(opened, high(1.0, normal, tick=1), tick=1)
    judged_again = after(once, high(1.0, normal, tick=1), tick=1)
    assert len(judged_again) == 1, "the same tick judged twice is one tick"
    assert after(judged_again, high(1.0, normal, tick=2), tick=2) == {}


def test_a_breach_between_two_normal_ticks_keeps_it_open() -> None:
    opened = after({}, high())
    once = after(opened, high(1.0, Level.NORMAL, tick=1), tick=1)
    again = after(once, high(tick=2), tick=2)
    still = after(again, high(1.0, Level.NORMAL, tick=3), tick=3)
    assert [one.matter.since for one in still.values()] == [NOW]


def test_silence_closes_nothing() -> None:
    opened = after({}, high())
    gone = reading(value=None, state=State.UNAVAILABLE, tick=9)
    for tick in range(2, 9):
        opened = after(opened, gone, tick=tick)
    assert list(opened) == ["incidents/level/81200900"]


def test_what_is_not_due_any_more_is_not_open_either() -> None:
    opened = after({}, high())
    assert after(opened, reading(value=None, state=State.NOT_DUE, tick=1), tick=1) == {}


def test_an_indicator_that_left_the_catalogue_takes_its_matters_along() -> None:
    assert after(after({}, high()), reading("incidents.overdue"), tick=1) == {}


def test_open_matters_survive_a_restart_as_json() -> None:
    opened = after(after({}, high()), high(1.0, Level.NORMAL, tick=1), tick=1)
    kept = [one.state() for one in opened.values()]
    again = {one.matter.id: one for one in map(Open.parse, kept)}
    assert again == opened
    (held,) = after(again, high(tick=2), tick=2).values()
    assert held.matter.since == NOW


def test_five_parts_get_a_matter_each_and_the_rest_share_one() -> None:
    parts = {f"s{n}": Part(3.0 + n, 1, Level.ALARM) for n in range(8)}
    opened = after({}, reading(parts_by="station", parts=parts))
    assert set(opened) == {f"incidents/level/s{n}" for n in range(3, 8)} | {"incidents/level"}
    rest = opened["incidents/level"].matter
    assert rest.title.zh == "水位 另有 3 处超限，最重 s2 5.00\u00a0m"


def test_parts_that_have_a_matter_keep_it_when_others_become_worse() -> None:
    first = after({}, reading(parts_by="station", parts={"s0": Part(3.0, 1, Level.ALARM)}))
    parts = {f"s{n}": Part(3.0 + n, 1, Level.ALARM) for n in range(8)}
    second = after(first, reading(parts_by="station", parts=parts, tick=1), tick=1)
    assert second["incidents/level/s0"].matter.since == NOW


def test_a_late_feed_is_a_matter_too() -> None:
    late = feed(state=State.LATE, reason="unreachable: refused")
    (opened,) = after({}, feeds=(late, feed("calls"))).values()
    matter = opened.matter
    assert (matter.id, matter.kind, matter.level) == (
        "incidents/feed/levels",
        "feed",
        Level.WARNING,
    )
    assert matter.title.zh == "水位 数据迟报，截至 10:00，数据库连接失败"
    assert matter.place.zh == "应急"


def test_a_dead_department_is_one_matter_not_one_per_dataset() -> None:
    dead = [feed(name, State.STALE, reason="unreachable") for name in ("levels", "calls")]
    (opened,) = after({}, feeds=tuple(dead)).values()
    assert opened.matter.id == "incidents/feed/*"
    assert opened.matter.level is Level.ALARM
    assert opened.matter.title.zh.startswith("应急 数据已过期")


def silent(*names: str) -> tuple[Feed, ...]:
    return tuple(feed(name, State.STALE, reason="unreachable: refused") for name in names)


def back(name: str, tick: int) -> Feed:
    return replace(feed(name), collected_at=NOW + timedelta(seconds=10 * tick))


@pytest.mark.parametrize("order", [1, -1])
def test_one_feed_that_stays_dead_shows_whichever_comes_last(order: int) -> None:
    opened = after({}, feeds=silent("levels", "calls"))
    for tick in (1, 2, 3):
        feeds = (*silent("levels"), back("calls", tick))[::order]
        opened = after(opened, feeds=feeds, tick=tick)
        (left,) = opened.values()
        assert left.matter.id == "incidents/feed/levels"
        assert left.matter.since == NOW, "it has been silent since the whole department was"


@pytest.mark.parametrize("order", [1, -1])
def test_a_department_is_not_silent_as_a_whole_once_one_feed_delivers(order: int) -> None:
    opened = after({}, feeds=silent("levels", "calls"))
    starting = feed("levels", State.UNAVAILABLE, reason="not_read")
    both = after(opened, feeds=(starting, replace(starting, dataset="calls")), tick=1)
    assert set(both) == {"incidents/feed/*"}, "after a restart nobody knows yet"
    assert after(both, feeds=(starting, back("calls", 2))[::order], tick=2) == {}


def test_a_silent_department_is_over_when_none_of_its_feeds_is_due_any_more() -> None:
    opened = after({}, feeds=silent("levels", "calls"))
    closed = feed("levels", State.NOT_DUE)
    once = after(opened, feeds=(closed, back("calls", 1)), tick=1)
    assert after(once, feeds=(closed, back("calls", 2)), tick=2) == {}
    assert after(opened, feeds=(closed, feed("calls", State.NOT_DUE)), tick=1) == {}


def test_two_dead_feeds_are_no_dead_department_while_a_third_delivers() -> None:
    city = catalogue()
    datasets = city.departments["incidents"].datasets
    datasets["plans"] = datasets["calls"]
    feeds = (*silent("levels", "calls"), feed("plans"))
    opened = open_matters({}, (), feeds, city, NOW)
    assert set(opened) == {"incidents/feed/levels", "incidents/feed/calls"}


def test_a_dead_department_takes_over_from_its_first_dead_feed() -> None:
    first = after({}, feeds=(*silent("levels"), feed("calls")))
    opened = after(first, feeds=silent("levels", "calls"), tick=1)
    assert {name: one.matter.since for name, one in opened.items()} == {"incidents/feed/*": NOW}


def test_a_feed_that_was_not_read_yet_is_no_matter() -> None:
    starting = feed(state=State.UNAVAILABLE, reason="not_read")
    assert after({}, feeds=(starting,)) == {}


def test_a_feed_matter_closes_as_soon_as_the_feed_delivers_again() -> None:
    opened = after({}, feeds=(feed(state=State.LATE),))
    assert after(opened, feeds=(back("levels", 1),), tick=1) == {}


def test_a_matter_names_the_limit_of_its_hour_and_is_due_by_that_one() -> None:
    city = catalogue()
    limits = [
        {"level": "alarm", "op": ">=", "value": 1.5, "hours": [22, 6], "due": "1h"},
        {"level": "alarm", "op": ">=", "value": 2.5, "hours": [6, 22], "due": "4h"},
    ]
    indicator = city.departments["incidents"].indicators["level"]
    indicator.limits[:] = [Limit.model_validate(limit) for limit in limits]
    (opened,) = open_matters({}, [high()], (), city, NOW).values()
    assert opened.matter.due == NOW + timedelta(hours=4)
    assert "2.50" in opened.matter.title.zh


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (
            -5,
            "%",
            "比四周常值低 5\u00a0个百分点以上",
            "more than 5\u00a0pp below the four-week usual",
        ),
        (
            0.5,
            "m",
            "比四周常值高 0.50\u00a0m以上",
            "more than 0.50\u00a0m above the four-week usual",
        ),
    ],
)
def test_a_limit_by_a_difference_to_the_past_is_said_as_one(
    value: float, unit: str, zh: str, en: str
) -> None:
    limit = Limit.model_validate(
        {
            "level": "warning",
            "op": "<" if value < 0 else ">",
            "value": value,
            "against": "four_weeks",
            "as": "difference",
        }
    )
    known = CITY.indicator("incidents.level")
    assert known is not None
    indicator = known.model_copy(update={"unit": Text(zh=unit, en=unit)})
    sentence = limit_sentence(indicator, Part(58.1, 900, Level.WARNING), limit, None)
    assert sentence.zh.endswith("，" + zh)
    assert sentence.en.endswith(", " + en)
