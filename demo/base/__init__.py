"""The city's digital base: shared cameras, public wireless, the cloud center."""

from demo.base.cloud import events_of, samples_of
from demo.base.devices import LONGEST, cameras_at, nodes, outages_of, points_at, rounds_at
from demo.base.schema import METADATA
from demo.simulation import Mirror, Plan, Process

PLAN = Plan(
    METADATA,
    (Process(outages_of, lead=LONGEST + 1), Process(samples_of), Process(events_of, lead=5)),
    (Mirror("摄像机", cameras_at), Mirror("无线接入点", points_at), Mirror("巡检日志", rounds_at)),
    {"接入节点": nodes},
)
