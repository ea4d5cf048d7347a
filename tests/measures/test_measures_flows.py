"""Flows: buckets, codes, money and sums on all three engines."""

from datetime import timedelta
from decimal import Decimal

import pytest
from measures_town import (
    CASES,
    WORDS,
    at,
    case,
    cases_table,
    cells,
    department,
    dimension,
    fill,
    indicator,
    plan_of,
    source,
    write,
)

from dashboard.measures import JOINT, OTHER

SHANGHAI = "Asia/Shanghai"


DAY = (at("2026-11-22T00:00", SHANGHAI), at("2026-11-23T00:00", SHANGHAI))


COUNT = {"kind": "count"}


def test_only_buckets_within_the_ranges_come_back_and_all_of_them(database_url: str) -> None:
    table = cases_table(database_url)
    times = ["07:59:59", "08:00:00", "08:04:59.999", "08:05:00", "08:15:00", "08:19:59", "08:20:00"]
    fill(database_url, table, [case(n, f"2026-11-22T{t}") for n, t in enumerate(times)])
    town = department(CASES, {"n": indicator(COUNT, time="opened")})
    eight = at("2026-11-22T08:00", SHANGHAI)
    five = timedelta(minutes=5)
    found = cells(
        source(database_url, town),
        plan_of(town),
        (eight, eight + five),
        (eight + 3 * five, eight + 4 * five),
    )
    assert found == {("", "", eight): [2], ("", "", eight + 3 * five): [2]}


def test_codes_that_differ_only_in_case_are_two_unless_folded(database_url: str) -> None:
    table = cases_table(database_url)
    spelled = ["open", "Open", " open ", "open\r", "\u3000OPEN", None, ""]
    fill(
        database_url,
        table,
        [case(n, "2026-11-22T08:00", topic=t, district=t) for n, t in enumerate(spelled)],
    )
    dataset = CASES | {
        "dimensions": {"topic": dimension("topic", fold=True), "district": dimension("district")}
    }
    town = department(dataset, {"n": indicator(COUNT, time="opened", by=["topic", "district"])})
    found = cells(source(database_url, town), plan_of(town), DAY)
    codes = {(by, code): values[0] for (by, code, _), values in found.items()}
    assert codes == {
        ("", ""): 7,
        ("topic", "OPEN"): 5,
        ("topic", ""): 2,
        ("district", ""): 2,
        **{("district", str(text)): 1 for text in spelled[:5]},
    }


def test_pairs_are_kept_together_and_sum_to_their_parts(database_url: str) -> None:
    table = cases_table(database_url)
    rows = [("a", "x"), ("a", "y"), ("b", "x"), ("a", "x")]
    fill(
        database_url,
        table,
        [case(n, "2026-11-22T08:00", district=d, topic=t) for n, (d, t) in enumerate(rows)],
    )
    town = department(
        CASES | {"pairs": [("district", "topic")]},
        {"n": indicator(COUNT, time="opened", by=["topic", ["district", "topic"]])},
    )
    found = cells(source(database_url, town), plan_of(town), DAY)
    assert {(by, code): values for (by, code, _), values in found.items()} == {
        ("", ""): [4],
        ("topic", "x"): [3],
        ("topic", "y"): [1],
        ("district,topic", f"a{JOINT}x"): [2],
        ("district,topic", f"a{JOINT}y"): [1],
        ("district,topic", f"b{JOINT}x"): [1],
    }


def test_codes_beyond_the_limit_are_other_and_stay_so(database_url: str) -> None:
    table = cases_table(database_url)
    codes = ["c", "c", "c", "b", "b", "a", "d", "named"]
    fill(database_url, table, [case(n, "2026-11-22T08:00", topic=t) for n, t in enumerate(codes)])
    named = dimension("topic", limit=3, values={"named": WORDS})
    town = department(
        CASES | {"dimensions": {"topic": named}},
        {"n": indicator(COUNT, time="opened", by=["topic"])},
    )
    under_test = source(database_url, town)

    def split() -> dict[str, int]:
        found = cells(under_test, plan_of(town), DAY)
        return {code: values[0] for (by, code, _), values in found.items() if by}

    assert split() == {"named": 1, "c": 3, "b": 2, OTHER: 2}
    write(
        database_url,
        *(table.insert().values(case(n, "2026-11-22T08:00", topic="a")) for n in (20, 21, 22, 23)),
    )
    assert split() == {"named": 1, "c": 3, "b": 2, OTHER: 6}


def test_money_is_exact_to_the_cent(database_url: str) -> None:
    table = cases_table(database_url)
    fees = [Decimal("999999999.99"), Decimal("0.01"), Decimal("0.07"), Decimal("-0.05"), None]
    fees += [Decimal("0.10")] * 10
    fill(database_url, table, [case(n, "2026-11-22T08:00", fee=f) for n, f in enumerate(fees)])
    of = {"column": "fee", "decimals": 2}
    town = department(
        CASES,
        {
            "sum": indicator({"kind": "sum", "of": of}, time="opened"),
            "max": indicator({"kind": "max", "of": of}, time="opened"),
            "thousand": indicator({"kind": "sum", "of": of | {"factor": 0.001}}, time="opened"),
        },
    )
    plan = plan_of(town)
    [values] = cells(source(database_url, town), plan, DAY).values()
    found = dict(
        zip([(a.how, a.of.factor if a.of else 1) for a in plan.additives], values, strict=True)
    )
    assert found["sum", 1.0] == Decimal("1000000001.02")
    assert isinstance(found["sum", 1.0], Decimal)
    assert found["max", 1.0] == Decimal("999999999.99")
    assert found["sum", 0.001] == Decimal("1000000.00102")
    assert found["count", 1.0] == 14


SCORE = {"column": "score"}
TIMED = {"time": "due", "op": "not_null"}
IN_TIME = {"time": "closed", "op": "<=", "other": "due"}
MEASURES = {
    "ratio": {"kind": "ratio", "where": [IN_TIME], "among": [TIMED]},
    "mean": {"kind": "mean", "of": SCORE | {"factor": -2.0}},
    "max": {"kind": "max", "of": SCORE | {"factor": -2.0}},
    "min": {"kind": "min", "of": SCORE},
    "minutes": {"kind": "mean", "of": {"start": "opened", "end": "closed", "unit": "min"}},
}


def test_ratio_mean_and_extremes_come_as_additives(database_url: str) -> None:
    eight, nine = "2026-11-22T08:0", "2026-11-22T09:00"
    rows = [
        case(1, f"{eight}0", score=1.5, due_at=nine, closed_at="2026-11-22T08:30"),
        case(2, f"{eight}1", score=-2.25, due_at=nine, closed_at=f"{nine}:01"),
        case(3, f"{eight}2", due_at=nine, closed_at=nine),
        case(4, f"{eight}3", due_at=nine),
    ]
    fill(database_url, cases_table(database_url), rows)
    town = department(
        CASES, {name: indicator(measure, time="opened") for name, measure in MEASURES.items()}
    )
    plan = plan_of(town)
    [values] = cells(source(database_url, town), plan, DAY).values()
    found = {}
    for additive, value in zip(plan.additives, values, strict=True):
        name = (additive.of.column or "duration") if additive.of else "rows"
        factor = additive.of.factor if additive.of else 1.0
        found[additive.how, name, factor, len(additive.where)] = value
    assert found["count", "rows", 1.0, 1] == 4
    assert found["count", "rows", 1.0, 2] == 2
    assert found["sum", "score", -2.0, 0] == pytest.approx(1.5, rel=1e-9)
    assert found["max", "score", -2.0, 0] == 4.5
    assert found["min", "score", 1.0, 0] == -2.25
    assert found["count", "score", 1.0, 0] == 2
    assert found["sum", "duration", 1.0, 0] == pytest.approx(30 + 59 + 58 + 1 / 60, rel=1e-9)
    assert found["count", "duration", 1.0, 0] == 3
