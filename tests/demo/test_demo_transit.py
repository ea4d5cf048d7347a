"""Buses that move along their lines, and indicators of traffic beside pandas on a small city."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from demo_town import DAYS, NOW, SEED, Town, shipped

from data_access.departments.source import SqlSource
from demo.city import make_department
from demo.published import Lived
from demo.transit import published
from demo.transit.network import KNOWN_STOP, stop_times_table
from demo.transit.vehicles import vehicles_at


@pytest.fixture(scope="module")
def transit(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The transit department."""
    return Town(tmp_path_factory.mktemp("transit"), "transit")


START = NOW - timedelta(days=7)
NAIVE = pd.Timestamp(START).tz_localize(None)


def test_a_bus_of_line_115_three_stops_from_the_hospital_is_one_point_seven_kilometres_away() -> (
    None
):
    for seed in (1, 2, 3):
        calls = pd.DataFrame(stop_times_table(seed))
        line = calls[calls.route_short_name == "115路"]
        there = line[(line.stop_name == KNOWN_STOP) & (line.direction_id == 0)].iloc[0]
        before = line[
            (line.direction_id == 0) & (line.stop_sequence == there.stop_sequence - 3)
        ].iloc[0]
        assert there.shape_dist_traveled - before.shape_dist_traveled == 1700


def test_distances_along_every_line_only_grow() -> None:
    calls = pd.DataFrame(stop_times_table(SEED))
    for _, run in calls.groupby(["route_id", "direction_id"]):
        assert (run.stop_sequence.diff().dropna() == 1).all()
        assert run.shape_dist_traveled.diff().dropna().between(250, 1200).all()
        assert run.shape_dist_traveled.iloc[0] == 0


def test_buses_move_along_their_line_and_turn_at_its_ends() -> None:
    start = int(datetime(2026, 9, 16, 0, 0, tzinfo=UTC).timestamp())
    frames = [pd.DataFrame(vehicles_at(SEED, at)[0]) for at in range(start, start + 7200, 60)]
    seen = pd.concat(frames, keys=range(len(frames)), names=["step", "row"]).reset_index()
    turned = moved = 0
    for _, bus in seen.groupby("vehicle_id"):
        same = bus.direction_id.diff() == 0
        step = bus.distance_traveled.diff()
        assert (step[same] >= 0).all(), "no bus goes backwards"
        assert (step[same] <= 15 * bus.timestamp.diff()[same].clip(lower=60)).all()
        assert (bus.current_stop_sequence.diff()[same] >= 0).all()
        turned += int((bus.direction_id.diff().abs() == 1).sum())
        moved += int((step[same] > 0).sum())
    assert turned > 300
    assert moved > 0.6 * len(seen)


def test_at_night_no_bus_is_due_and_on_a_day_of_rest_fewer_are() -> None:
    def running(moment: datetime) -> int:
        return int(vehicles_at(SEED, int(moment.timestamp()))[0]["in_service"].sum())

    workday, holiday = datetime(2026, 9, 16, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC)
    assert running(workday + timedelta(hours=18.5)) == 0, "half past two at night"
    assert running(workday) > 480
    assert running(holiday) < 400, "eight in the morning of the national holidays"
    assert running(holiday + timedelta(hours=6)) > 480


def test_bunched_buses_are_those_close_behind_another_of_their_line(transit: Town) -> None:
    buses = transit.table("vehicle_positions")
    known = buses[(buses.in_service == 1) & buses.gap_ahead.notna()]
    known = known[known.timestamp <= NOW.timestamp() + 300]
    [share] = transit.source.stock("bunching_rate", NOW, None)
    assert share.n == len(known) > 200
    assert share.value == pytest.approx(100 * (known.gap_ahead < 300).mean())
    assert 0 < (known.gap_ahead < 300).mean() < 0.12


def test_a_gap_is_the_distance_to_the_bus_ahead(transit: Town) -> None:
    buses = transit.table("vehicle_positions")
    buses = buses[(buses.in_service == 1) & (buses.distance_traveled > 0)]
    near = 0
    for _, run in buses.groupby(["route_id", "direction_id"]):
        ordered = run.sort_values("distance_traveled")
        ahead = ordered.distance_traveled.shift(-1) - ordered.distance_traveled
        both = ahead.notna() & ordered.gap_ahead.notna()
        near += int(((ahead - ordered.gap_ahead)[both].abs() < 200).sum())
    assert near > 200, "buses report some seconds apart, and in that time they move"


def test_headways_kept_are_those_near_the_plan(transit: Town) -> None:
    trips = transit.table("trips_performed", "schedule_trip_start")
    inside = trips[(trips.schedule_trip_start >= NAIVE) & trips.headway_ratio.notna()]
    inside = inside[inside.schedule_trip_start < pd.Timestamp(NOW).tz_localize(None)]
    value, n = transit.flow("headway_kept_rate", START)
    assert n == len(inside) > 1000
    assert value == pytest.approx(100 * inside.headway_ratio.between(0.5, 1.5).mean())


def test_predictions_are_compared_with_what_came(transit: Town) -> None:
    asked = transit.table("arrival_predictions", "asked_at", "arrived_at")
    come = asked[asked.arrived_at.notna()]
    late = (come.arrived_at - come.asked_at).dt.total_seconds() - come.predicted_seconds
    assert (late.abs() == come.abs_error_seconds).all()
    inside = come[come.arrived_at >= NAIVE]
    value, n = transit.flow("arrival_accuracy", START)
    assert n == len(inside) > 1000
    right = inside.abs_error_seconds <= 120
    assert value == pytest.approx(100 * right.mean())
    assert 0.7 < right.mean() < 0.95
    [middle] = transit.source.asked("arrival_error", (START, NOW), None)
    assert middle.value == pytest.approx(inside.abs_error_seconds.median() / 60)


def test_only_delays_of_five_minutes_count_on_rails(transit: Town) -> None:
    delays = transit.table("rail_delays", "begun_at")
    value, _ = transit.flow("rail_delays", NOW - timedelta(days=DAYS))
    assert value == (delays.delay_minutes >= 5).sum()
    assert (delays.delay_minutes < 5).any(), "shorter ones are told of too"


def test_coaches_without_a_position_are_not_online(transit: Town) -> None:
    coaches = transit.table("coaches")
    due = coaches[coaches.on_duty == 1]
    [share] = transit.source.stock("coaches_online_rate", NOW, None)
    assert share.n == len(due) > 200
    assert share.value == pytest.approx(100 * (due.position_at >= NOW.timestamp() - 180).mean())
    assert 0.9 < (due.position_at >= NOW.timestamp() - 180).mean() < 1


def test_quick_settlements_leave_in_about_five_minutes(transit: Town) -> None:
    crashes = transit.table("crashes", "reported_at", "left_scene_at")
    light = crashes[(crashes.severity == "NONE") & (crashes.reported_at >= NAIVE)]
    value, n = transit.flow("quick_settlement_rate", START)
    assert n == len(light)
    assert value == pytest.approx(100 * (light.report_channel == "APP").mean())
    quick = crashes[(crashes.severity == "NONE") & (crashes.report_channel == "APP")]
    quick = quick[quick.left_scene_at >= NAIVE]
    minutes = (quick.left_scene_at - quick.reported_at).dt.total_seconds() / 60
    [middle] = transit.source.asked("quick_leave", (START, NOW), None)
    assert middle.value == pytest.approx(minutes.median())
    assert 4.25 < minutes.median() < 5.75


def test_signals_are_coordinated_by_day(transit: Town) -> None:
    signals = transit.table("signals")
    online = signals[signals.last_seen >= NOW.timestamp() - 300]
    [share] = transit.source.stock("signal_adaptive_rate", NOW, None)
    assert share.value == pytest.approx(100 * online.state.isin(["coordinated", "adaptive"]).mean())
    assert np.isclose(share.n, len(online))


@pytest.mark.parametrize("figure", published.PUBLISHED, ids=lambda figure: figure.row)
def test_what_was_published_holds_in_a_few_days(transit: Town, figure: published.Published) -> None:
    engine = sa.create_engine(transit.url)
    found = figure.measure(Lived(engine, DAYS, int(NOW.timestamp())))
    engine.dispose()
    assert figure.departs(found) < 0.2


def test_the_next_bus_is_the_same_on_three_engines(database_url: str) -> None:
    make_department("transit", database_url, SEED, 0, int(NOW.timestamp()))
    source = SqlSource(shipped("transit"), database_url, clock=lambda: NOW)
    chosen = {"route_short_name": "115路", "stop_name": KNOWN_STOP}
    page = source.look_up("approaches", chosen)
    ways = source.options("approaches", "trip_headsign", chosen)
    source.close()
    buses = pd.DataFrame(vehicles_at(SEED, int(NOW.timestamp()))[0])
    calls = pd.DataFrame(stop_times_table(SEED))
    here = calls[(calls.stop_name == KNOWN_STOP) & (calls.route_short_name == "115路")]
    near = buses[buses.in_service == 1].merge(here, on=["route_id", "direction_id"])
    near = near[near.stop_sequence >= near.current_stop_sequence]
    near = near[(NOW.timestamp() - near.timestamp).between(-60, 600)]
    near["away"] = near.shape_dist_traveled - near.distance_traveled
    near = near.sort_values(["away", "vehicle_id"]).head(5)
    place = {name: at for at, name in enumerate(page.columns)}
    assert [row[place["vehicle_id"]] for row in page.rows] == list(near.vehicle_id)
    assert [row[place["meters_away"]] for row in page.rows] == list(near.away)
    minutes = [float(row[place["seconds_away"]]) for row in page.rows]
    assert minutes == pytest.approx(list(near.away / near.mean_speed))
    assert sorted(ways) == sorted(here.trip_headsign)
