"""Exact percentiles, distinct counts and histograms, beside numpy, on all three engines."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from histograms import counts_of
from measures_town import (
    CASES,
    at,
    case,
    cases_table,
    department,
    dimension,
    fill,
    indicator,
    source,
)

SHANGHAI = "Asia/Shanghai"
WINDOW = (at("2026-11-22T00:00", SHANGHAI), at("2026-11-23T00:00", SHANGHAI))
QUANTILES = (0.0, 0.5, 0.9, 0.95, 0.997, 1.0)


def values_city(url: str) -> tuple[Any, dict[str, list[float]]]:
    """211 values in three districts (one written in two ways), and what they are by code."""
    random = np.random.default_rng(7)
    scores = [round(float(v), 3) for v in random.lognormal(2, 1.5, 211)] + [0.0, -5.5, -5.5]
    codes = ["a", "B", " b", "c", None]
    rows, groups = [], {}
    for number, score in enumerate(scores):
        code = codes[number % 5] if number % 50 else "c"
        opened = datetime(2026, 11, 22) + timedelta(minutes=6 * number)
        rows.append(
            case(number, opened.isoformat(), score=score, district=code, topic=f"t{number % 17}")
        )
        groups.setdefault("" if code is None else code.strip().upper(), []).append(score)
    rows.append(case(900, "2026-11-22T08:00", score=None))
    rows.append(case(901, "2026-11-23T00:00", score=1e9))
    fill(url, cases_table(url), rows)
    value = {"column": "score", "factor": 2.0}
    indicators = {
        f"p{place}": indicator({"kind": "percentile", "q": q, "of": value}, time="opened")
        for place, q in enumerate(QUANTILES)
    }
    indicators["minus"] = indicator(
        {"kind": "percentile", "q": 0.9, "of": {"column": "score", "factor": -1.0}}, time="opened"
    )
    indicators["different"] = indicator({"kind": "distinct", "column": "topic"}, time="opened")
    dataset = CASES | {"dimensions": {"district": dimension("district", fold=True)}}
    return source(url, department(dataset, indicators)), groups


def test_percentiles_are_exact_in_total_and_by_code(database_url: str) -> None:
    asked, groups = values_city(database_url)
    everything = [v for values in groups.values() for v in values]
    coded = {code: values for code, values in groups.items() if code}
    for place, q in enumerate(QUANTILES):
        found = {g.code: g for g in asked.asked(f"p{place}", WINDOW, "district")}
        assert set(found) == {"", *coded}
        for code, values in {"": everything, **coded}.items():
            expected = float(np.quantile(np.array(values) * 2, q))
            assert found[code].value == pytest.approx(expected, rel=1e-12), (code, q)
            assert found[code].n == len(values)
    [negative] = asked.asked("minus", WINDOW)
    assert negative.value == pytest.approx(
        float(np.quantile(-np.array(everything), 0.9)), rel=1e-12
    )


def test_of_no_rows_there_is_no_percentile_but_zero_different_values(database_url: str) -> None:
    asked, _ = values_city(database_url)
    before = (at("2020-01-01T00:00"), at("2020-01-02T00:00"))
    [none] = asked.asked("p1", before, "district")
    assert (none.code, none.value, none.n) == ("", None, 0)
    [zero] = asked.asked("different", before, "district")
    assert (zero.code, zero.value, zero.n) == ("", 0.0, 0)


def test_distinct_counts_different_values_exactly(database_url: str) -> None:
    topics = ["x", "X", "x ", "y", "y", None, "北", "京"]
    fill(
        database_url,
        cases_table(database_url),
        [
            case(n, "2026-11-22T08:00", topic=t, district="a" if n < 4 else "b")
            for n, t in enumerate(topics)
        ],
    )
    town = department(
        CASES, {"d": indicator({"kind": "distinct", "column": "topic"}, time="opened")}
    )
    found = source(database_url, town).asked("d", WINDOW, "district")
    assert [(g.code, g.value, g.n) for g in sorted(found, key=lambda g: g.code)] == [
        ("", 6, 7),
        ("a", 4, 4),
        ("b", 3, 3),
    ]


def test_a_histogram_fills_the_bins_of_its_values(database_url: str) -> None:
    asked, groups = values_city(database_url)
    found = asked.histogram("p1", WINDOW, "district")
    everything = [v * 2 for values in groups.values() for v in values]
    expected = {"": counts_of(everything)}
    expected |= {code: counts_of(v * 2 for v in values) for code, values in groups.items() if code}
    assert {code: dict(bins) for code, bins in found.items()} == expected
    assert asked.histogram("p1", WINDOW) == {"": expected[""]}
