"""Metro and tram lines: delays as the operators report them, while they last and afterwards."""

import numpy as np

from demo.days import DAY, HOUR, MINUTE, NEVER, midnight
from demo.draws import chance, lasting, numbered, pick
from demo.sheets import Columns, From, Sheet, Steps, Written

STATIONS = (
    ("广佛线", "魁奇路", "440604012"), ("广佛线", "祖庙", "440604012"),
    ("广佛线", "桂城", "440605011"), ("广佛线", "千灯湖", "440605011"),
    ("2号线", "南庄", "440604100"), ("2号线", "张槎", "440604011"),
    ("2号线", "石梁", "440605011"), ("2号线", "花卉世界", "440606101"),
    ("3号线", "大良钟楼", "440606005"), ("3号线", "北滘公园", "440606102"),
    ("3号线", "东平", "440606103"), ("3号线", "镇安", "440604012"),
    ("南海有轨1号线", "林岳东", "440605011"), ("南海有轨1号线", "三山新城北", "440605011"),
    ("高明有轨", "沧江路", "440608001"), ("高明有轨", "智湖", "440608001"),
)  # fmt: skip
"""Line, station and its town."""
PER_DAY = 0.55
"""Delays of two minutes and more, on all lines; of five minutes and more it is one in four."""
CAUSES = ("SIGNAL", "VEHICLE", "DOOR", "PASSENGER", "POWER")
OPEN_FROM, OPEN_TO = 6 * HOUR + 12 * MINUTE, 23 * HOUR + 12 * MINUTE


def rail_of(seed: int, day: int) -> dict[str, Sheet]:
    """The delays that begin on a day: a row comes after two minutes, and again as it grows."""
    rng = chance(seed, "transit.rail", day)
    size = int(rng.poisson(PER_DAY))
    begun = midnight(day) + np.sort(rng.integers(OPEN_FROM, OPEN_TO, size))
    length = np.clip(lasting(rng, 200, 0.65, size) + 2 * MINUTE, 0, DAY // 24)
    station = rng.integers(0, len(STATIONS), size)
    line, name, town = (np.array(each, dtype=object) for each in zip(*STATIONS, strict=True))
    over, five = begun + length, begun + 5 * MINUTE
    grown = np.where(five < over, five, NEVER)
    stages = np.column_stack([begun + 2 * MINUTE, grown, over])
    minutes = np.column_stack([np.full(size, 2), np.full(size, 5), length // MINUTE])
    columns: Columns = {
        "event_id": numbered(day, size, "R"),
        "line_name": line[station],
        "station_name": name[station],
        "district_code": np.array([code[:6] for code in town], dtype=object)[station],
        "town_code": town[station],
        "cause": pick(rng, CAUSES, np.array([4, 3, 2, 2, 1]), size),
        "begun_at": begun,
        "delay_minutes": Steps(stages, minutes, before=0),
        "recovered_at": From(over),
        "updated_at": Written(),
    }
    return {"rail_delays": Sheet(begun + 2 * MINUTE, columns)}
