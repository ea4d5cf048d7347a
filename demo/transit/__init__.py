"""Transit: buses, metro, coaches, roads, signals and crashes, in English names of GTFS and TIDES."""

from demo.simulation import Mirror, Plan, Process
from demo.transit.arrivals import arrivals_of
from demo.transit.coaches import coaches_at
from demo.transit.crashes import crashes_of
from demo.transit.lines import routes_table
from demo.transit.network import stop_times_table, stops_table
from demo.transit.rail import rail_of
from demo.transit.roads import roads_of, signals_at
from demo.transit.schema import METADATA
from demo.transit.trips import trips_of
from demo.transit.vehicles import feeds_at, vehicles_at

PLAN = Plan(
    METADATA,
    (
        Process(trips_of),
        Process(roads_of),
        Process(crashes_of, lead=2),
        Process(arrivals_of),
        Process(rail_of),
    ),
    (
        Mirror("vehicle_positions", vehicles_at),
        Mirror("signals", signals_at),
        Mirror("coaches", coaches_at),
        Mirror("feed_status", feeds_at),
    ),
    {"routes": routes_table, "stops": stops_table, "stop_times": stop_times_table},
)
