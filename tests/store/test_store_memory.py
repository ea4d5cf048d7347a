"""Coverage, samples, histograms, state and the audit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from store_ground import COUNT, NOW, PLAN, SHANGHAI, WEIGHT, Store

from dashboard.ports import ClocksDiffer, Sample
from data_access.store import open_history
from data_access.store import tables as t

DAY = timedelta(days=1)
COUNTING = replace(PLAN, additives=(COUNT,))


def test_coverage_grows_with_ranges_that_touch(store: Store) -> None:
    assert store.history.coverage(PLAN) is None
    store.history.note_coverage(PLAN, (NOW - DAY, NOW), token=store.token)
    store.history.note_coverage(PLAN, (NOW - 2 * DAY, NOW - DAY), token=store.token)
    store.history.note_coverage(PLAN, (NOW, NOW + DAY), token=store.token)
    assert store.history.coverage(PLAN) == (NOW - 2 * DAY, NOW + DAY)


def test_coverage_with_a_gap_is_the_newest_unbroken_part(store: Store) -> None:
    store.history.note_coverage(PLAN, (NOW - 9 * DAY, NOW - 5 * DAY), token=store.token)
    store.history.note_coverage(PLAN, (NOW - DAY, NOW), token=store.token)
    assert store.history.coverage(PLAN) == (NOW - DAY, NOW)
    store.history.note_coverage(PLAN, (NOW - 5 * DAY, NOW - DAY), token=store.token)
    assert store.history.coverage(PLAN) == (NOW - 9 * DAY, NOW)


def test_a_new_additive_or_split_is_not_covered_while_the_old_ones_stay(store: Store) -> None:
    store.history.note_coverage(COUNTING, (NOW - DAY, NOW), token=store.token)
    assert store.history.coverage(PLAN) is None
    assert store.history.coverage(COUNTING) == (NOW - DAY, NOW)
    total_only = replace(COUNTING, splits=((),), dimensions=())
    assert store.history.coverage(total_only) == (NOW - DAY, NOW)
    assert store.history.coverage(replace(COUNTING, splits=((), ("topic",)))) is None
    store.history.note_coverage(PLAN, (NOW, NOW + DAY), token=store.token)
    assert store.history.coverage(COUNTING) == (NOW - DAY, NOW + DAY)
    assert store.history.coverage(replace(PLAN, additives=(WEIGHT,))) == (NOW, NOW + DAY)


def test_coverage_of_definitions_that_are_superseded_is_dropped(store: Store) -> None:
    store.history.note_coverage(COUNTING, (NOW - DAY, NOW), token=store.token)
    store.history.note_coverage(PLAN, (NOW - 2 * DAY, NOW), token=store.token)
    with store.history.database.reading() as connection:
        kept = connection.execute(sa.select(sa.func.count()).select_from(t.coverage)).scalar_one()
    assert kept == 1
    assert store.history.coverage(COUNTING) == (NOW - 2 * DAY, NOW)


def test_coverage_is_forgotten_of_all_or_of_what_is_split_by_a_dimension(store: Store) -> None:
    total_only = replace(PLAN, splits=((),), dimensions=())
    by_topic = replace(PLAN, splits=(("topic",),))
    history = store.history
    history.note_coverage(
        replace(PLAN, splits=((), ("topic",))), (NOW - DAY, NOW), token=store.token
    )
    history.note_coverage(total_only, (NOW - 3 * DAY, NOW - 2 * DAY), token=store.token)
    history.forget_coverage(PLAN, {"topic"}, token=store.token)
    assert history.coverage(by_topic) is None
    assert history.coverage(total_only) == (NOW - DAY, NOW)
    history.note_coverage(total_only, (NOW - 2 * DAY, NOW - DAY), token=store.token)
    assert history.coverage(total_only) == (NOW - 3 * DAY, NOW), "the older part is kept too"
    history.forget_coverage(PLAN, token=store.token)
    assert history.coverage(total_only) is None


def test_the_last_sample_of_five_minutes_stays_with_its_own_time(store: Store) -> None:
    start = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
    seconds = (0, 10, 290, 300)
    samples = [
        Sample("cases.open", "", "", "", start + timedelta(seconds=s), float(s), s) for s in seconds
    ]
    store.history.add_samples("cases", samples[:1], token=store.token)
    store.history.add_samples("cases", samples[:0:-1], token=store.token)
    window = (start, start + timedelta(hours=1))
    found = store.history.samples("cases.open", window, zone=SHANGHAI)
    assert [(p.at, p.value, p.n) for p in found] == [
        (start + timedelta(seconds=290), 290.0, 290),
        (start + timedelta(seconds=300), 300.0, 300),
    ]
    [hour] = store.history.samples("cases.open", window, grain="1h", zone=SHANGHAI)
    assert (hour.at, hour.value) == (start, 300.0)


def test_samples_of_windows_splits_and_indicators_are_kept_apart(store: Store) -> None:
    at = NOW - timedelta(minutes=7)
    keys = [("cases.p90", "today", ""), ("cases.p90", "7d", ""), ("cases.p90", "today", "district")]
    samples = [Sample(*key, "", at, float(i), None) for i, key in enumerate(keys)]
    samples.append(Sample("cases.other", "today", "", "", at, None, None))
    store.history.add_samples("cases", samples, token=store.token)
    window = (NOW - timedelta(hours=1), NOW)
    found = [
        store.history.samples(indicator, window, sample_window=period, by=by, zone=SHANGHAI)[
            0
        ].value
        for indicator, period, by in keys
    ]
    assert found == [0.0, 1.0, 2.0]
    [unknown] = store.history.samples("cases.other", window, sample_window="today", zone=SHANGHAI)
    assert unknown.value is None


def test_histograms_of_a_day_are_replaced_whole(store: Store) -> None:
    day = date(2026, 11, 20)
    put = store.history.put_histograms
    put("cases", "cases.p90", day, "district", {"a": {5: 1}, "b": {7: 2}}, token=store.token)
    put("cases", "cases.p90", day, "district", {"a": {5: 3, -2: 1}}, token=store.token)
    found = store.history.histograms("cases.p90", day, day, "district")
    assert found == {day: {"": {}, "a": {-2: 1, 5: 3}}}


def test_a_day_known_to_be_empty_differs_from_an_unknown_one(store: Store) -> None:
    first, second = date(2026, 11, 20), date(2026, 11, 21)
    store.history.put_histograms("cases", "cases.p90", first, "", {}, token=store.token)
    assert store.history.histograms("cases.p90", first, second) == {first: {"": {}}}


def test_state_is_any_small_json(store: Store) -> None:
    assert store.history.state("cases", "watermark") is None
    value = {"at": "2026-11-22T00:00:00Z", "ranges": [[1, 2]], "词": None}
    store.history.set_state("cases", "watermark", value, token=store.token)
    store.history.set_state("cases", "other", 3, token=store.token)
    again = open_history(store.url)
    assert again.state("cases", "watermark") == value
    again.close()


def test_the_audit_says_who_asked_for_what_and_when(store: Store) -> None:
    store.history.audit("loopback", "rows", "cases.overdue", {"limit": 50, "day": date(2026, 1, 2)})
    with store.history.database.reading() as connection:
        [kept] = connection.execute(sa.select(t.audit)).all()
    assert (kept.who, kept.action, kept.subject) == ("loopback", "rows", "cases.overdue")
    assert kept.detail == '{"limit": 50, "day": "2026-01-02"}'
    assert kept.at == pytest.approx(datetime.now(UTC).timestamp(), abs=3600)


def test_old_notes_of_the_audit_are_deleted_by_the_clock_of_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_access.store.thinning.MOST_NOTES", 2)
    for days in (401, 402, 403, 404, 399, 0):
        store.at(NOW - timedelta(days=days))
        store.history.audit("loopback", "rows", str(days), {})
    store.at(NOW)
    with pytest.raises(ClocksDiffer):
        store.history.prune_audit(NOW + timedelta(days=60), 400)
    assert store.history.prune_audit(NOW, 400) == 4
    assert store.history.prune_audit(NOW, 400) == 0
    with store.history.database.reading() as connection:
        left = connection.execute(sa.select(t.audit.c.subject)).scalars().all()
    assert sorted(left) == ["0", "399"]


def test_departments_are_found_by_what_is_remembered_of_them(store: Store) -> None:
    store.history.set_state("cases", "published", {}, token=store.token)
    store.history.set_state("cases", "matters", [], token=store.token)
    assert store.history.owners("published") == ["cases"]
    assert store.history.owners("night") == []
