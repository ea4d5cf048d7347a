"""The cloud center: how full its pools are, and what goes wrong on it."""

import numpy as np

from demo.days import HOUR, MINUTE, Array, date_of, is_workday, midnight
from demo.draws import arrivals, chance, lasting, numbered, pick, rhythm, smooth
from demo.sheets import Columns, From, Sheet, Written

POOLS = ("政务一区", "政务二区", "视频专区", "灾备区")
SAMPLE = 30 * MINUTE
LOAD = np.array([0.50, 0.44, 0.54, 0.20])
"""CPU of each pool at its usual hour, as a share."""
STORED = np.array([0.58, 0.49, 0.71, 0.40])
GRADES = ("一级", "二级", "三级")
SYSTEMS = ("一门式", "视频共享", "数据共享", "协同办公", "移动应用")
OFFICE = np.array(
    [0.7] * 7 + [0.9, 1.1] + [1.25] * 3 + [1.05, 1.05] + [1.25] * 4 + [1.0] + [0.85] * 5
)
GROWTH = 0.006
"""Share of a pool's storage that is filled per day, until old records are cleared at the month's
end."""


def samples_of(seed: int, day: int) -> dict[str, Sheet]:
    """The half-hourly samples of a day; a sample comes in 40 s later."""
    rng = chance(seed, "base.cloud.samples", day)
    steps = np.arange(24 * HOUR // SAMPLE)
    hour = steps * SAMPLE // HOUR
    shape = OFFICE[hour] if is_workday(day) else np.full(len(steps), 0.72)
    wander = np.array([smooth(seed, f"base.cloud.{pool}", day, 5) for pool in POOLS])
    cpu = LOAD * shape[:, None] * (1 + 0.08 * wander) * rng.lognormal(0, 0.06, (len(steps), 4))
    memory = 0.25 + 0.62 * cpu + rng.normal(0, 0.015, cpu.shape)
    filled = STORED + GROWTH * date_of(day).day + 0.01 * wander
    at, pool = np.indices(cpu.shape).reshape(2, -1)
    times = (midnight(day) + (at + 1) * SAMPLE).astype(np.int64)
    columns = {
        "资源池": np.array(POOLS, dtype=object)[pool],
        "采样时间": times,
        "CPU利用率": _percent(cpu).ravel(),
        "内存利用率": _percent(memory).ravel(),
        "存储利用率": _percent(np.broadcast_to(filled, cpu.shape)).ravel(),
        "云主机数": (np.array([420, 365, 310, 120])[pool] + rng.integers(0, 6, len(pool))),
        "入库时间": Written(),
    }
    return {"云资源": Sheet(times + 40, columns)}


def _percent(share: Array) -> Array:
    return np.asarray(np.round(np.clip(share, 0.01, 0.99) * 100, 1))


def events_of(seed: int, day: int) -> dict[str, Sheet]:
    """What goes wrong on a day: less than one a day, more of it in working hours."""
    rng = chance(seed, "base.cloud.events", day)
    hours = (1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 4, 4, 3, 3, 4, 4, 4, 3, 2, 2, 2, 1, 1, 1)
    times, _ = arrivals(rng, day, 0.8 * rhythm(hours)[:, None])
    size = len(times)
    grade = pick(rng, GRADES, np.array([4, 22, 74]), size)
    # What is graded higher is mended by more people: it takes no longer.
    recovered = times + lasting(rng, 70 * MINUTE, 0.9, size)
    columns: Columns = {
        "事件编号": numbered(day, size, "YPT"),
        "等级": grade,
        "影响系统": pick(rng, SYSTEMS, np.ones(5), size),
        "发生时间": times,
        "恢复时间": From(recovered),
        "更新时间": Written(),
    }
    return {"云平台事件": Sheet(times + 30, columns)}
