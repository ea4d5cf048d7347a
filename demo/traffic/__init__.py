"""Traffic police and road law enforcement: pinyin initials and wall-clock times; violations come as a
file of yesterday's sums."""

from demo.simulation import Mirror, Plan, Process
from demo.traffic.guidance import guidance_of, notices_of
from demo.traffic.schema import METADATA
from demo.traffic.violations import violations_of
from demo.traffic.weighing import feeds_at, weighing_of

PLAN = Plan(
    METADATA,
    (
        Process(weighing_of),
        Process(notices_of, lead=2),
        Process(guidance_of),
        Process(violations_of, lead=3),
    ),
    (Mirror("TB_RZ", feeds_at),),
)
