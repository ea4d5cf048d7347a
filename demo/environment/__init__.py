"""Environment: air by national stations, water stations, pollution sources, monthly publications."""

from demo.environment.air import air_of
from demo.environment.months import BEFORE, LEAD, months_of
from demo.environment.schema import METADATA
from demo.environment.sources import sources_of
from demo.environment.water import water_of
from demo.simulation import Plan, Process

PLAN = Plan(
    METADATA,
    (
        Process(air_of, whole_year=True),
        Process(water_of),
        Process(sources_of),
        Process(months_of, lead=LEAD, whole_year=True, before=BEFORE),
    ),
)
