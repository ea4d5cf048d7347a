"""The declarations of a day, as the customs write them, and the inspections they lead to."""

import numpy as np

from demo.columns import SLASHED
from demo.customs.companies import Declarants, declarants
from demo.customs.life import Life, Lodged, arrival, live
from demo.days import DAY, HOUR, NEVER, Array, Times, is_workday
from demo.draws import arrivals, chance, numbered, pick, rhythm
from demo.places import CODES
from demo.sheets import Columns, From, Sheet, Steps, Written

PER_DAY = np.array([560.0, 900.0])
"""Imports and exports lodged on a workday."""
REST = 0.45
BY_HOUR = rhythm(
    (1.5, 1, 0.8, 0.6, 0.6, 0.7, 1.2, 2.5, 6, 9, 10, 9, 5, 6, 9, 10, 10, 8, 5, 4, 3.5, 3, 2.5, 2)
)
OFFICES = ("5101", "5102", "5103", "5104", "5105")
RULED = 0.12
"""Of imports, those whose class and value the customs decided before they came."""
SPARED = 117.0, 0.35
"""Yuan that an agent would have taken for a declaration: mean and log-spread."""
INTERACTIVE = 0.94
"""Of inspections, those of which the notice is pushed to the company and answered there."""
STAND_IN = 0.35
"""Of those, the ones at which the yard or the inspection service stands in for the owner."""


def declarations_of(seed: int, day: int) -> dict[str, Sheet]:
    """The declarations lodged on a day and the inspections they lead to."""
    rng = chance(seed, "customs.declarations", day)
    busy = 1.0 if is_workday(day) else REST
    at, way = arrivals(rng, day, busy * BY_HOUR[:, None] * PER_DAY)
    imported, size = way == 0, len(at)
    who = declarants(seed, day, size)
    arrived, early = arrival(rng, at, imported, who.alone)
    ruled = imported & (chance(seed, "customs.ruled", day).random(size) < RULED)
    life = live(rng, seed, Lodged(at, arrived, imported, who.office, who.alone, ruled))
    numbers = numbered(day, size, "5100", "")
    heads = Sheet(
        at + 20,
        {
            "pre_no": numbers,
            "decl_no": np.char.replace(numbers.astype(str), "5100", "5110", 1).astype(object),
            "i_e_flag": np.where(imported, "I", "E").astype(object),
            "adv_flag": early.astype(np.int64),
            "insp_flag": From(life.ordered, np.ones(size, np.int64)),
            "gl_flag": ruled.astype(np.int64),
            **_declarant(seed, day, who),
            **_cargo(rng, size),
            **_progress(rng, at, life),
        },
    )
    return {"decl_head": heads, "insp_list": _inspections(rng, day, life, who, numbers)}


def _place(who: Declarants) -> dict[str, Array]:
    """The office where it is lodged, the district and the town of the consignee or sender."""
    return {
        "customs_code": np.array(OFFICES, dtype=object)[who.office],
        "qxdm": CODES[who.district],
        "zjdm": who.town,
    }


def _declarant(seed: int, day: int, who: Declarants) -> Columns:
    """Who declares, from where, and the agent's fee in yuan that was spared by declaring alone."""
    size = len(who.company)
    mean, spread = SPARED
    fee = chance(seed, "customs.fees", day).lognormal(np.log(mean) - spread**2 / 2, spread, size)
    spared = np.round(fee * 100).astype(np.int64)
    companies = np.char.zfill(who.company.astype(str), 5)
    return {
        **_place(who),
        "jydw_code": np.char.add("44069", companies).astype(object),
        "zzbg": who.alone.astype(np.int64),
        "js_fee": np.where(who.alone, spared, NEVER),
    }


def _cargo(rng: np.random.Generator, size: int) -> dict[str, Array]:
    """What is declared: trade mode, weight in kg, value in US dollars."""
    return {
        "trade_mode": pick(
            rng, ("0110", "0615", "0214", "1210", "9610"), np.array([5, 3, 1, 1, 1]), size
        ),
        "gross_wt": np.round(rng.lognormal(8.2, 1.3, size), 1),
        "total_usd": np.round(rng.lognormal(9.9, 1.4, size) * 100).astype(np.int64),
    }


def _progress(rng: np.random.Generator, lodged: Times, life: Life) -> Columns:
    """Status and times. A few clocks are wrong: lodged in the future, released before arrival."""
    size = len(lodged)
    wrong = rng.random(size)
    shown = np.where(wrong < 0.0006, lodged + 400 * DAY, lodged)
    released = np.where(wrong > 0.9988, life.arrived - 3 * HOUR, life.released)
    return {
        "decl_time": shown,
        "arr_time": From(life.arrived),
        "tax_time": From(life.taxed),
        "rel_time": From(life.released, released),
        "pick_time": From(life.collected),
        "return_time": From(life.returned),
        "rel_mode": From(life.released, np.where(life.automatic, "A", "M").astype(object)),
        "return_status": Steps(
            np.stack(
                [
                    lodged, life.reviewed, life.checked, life.ordered, life.moved,
                    life.released, life.collected, life.returned,
                ],
                axis=1,
            ),
            np.array(["120", "300", "399", "500", "399", "800", "899", "100"], dtype=object),
        ),
        "gxsj": Written(),
    }  # fmt: skip


def _typed(rng: np.random.Generator, times: Times) -> Times:
    """Times of which one in sixty was typed by hand, with slashes."""
    by_hand = (rng.random(len(times)) < 1 / 60) & (times < NEVER)
    return np.where(by_hand, times + SLASHED, times)


def _inspections(
    rng: np.random.Generator, day: int, life: Life, who: Declarants, numbers: Array
) -> Sheet:
    rows = np.flatnonzero(life.ordered < NEVER)
    size = len(rows)
    interactive = rng.random(size) < INTERACTIVE
    return Sheet(
        life.ordered[rows],
        {
            "insp_no": numbered(day, size, "CY", ""),
            "pre_no": numbers[rows],
            **{name: column[rows] for name, column in _place(who).items()},
            "hd_flag": interactive.astype(np.int64),
            "stand_in": (interactive & (rng.random(size) < STAND_IN)).astype(np.int64),
            "cyjg": From(
                life.inspected[rows], pick(rng, ("正常", "异常"), np.array([96, 4]), size)
            ),
            "xdsj": life.ordered[rows],
            "tqsj": From(life.fetched[rows]),
            "cysj": From(life.inspected[rows], _typed(rng, life.inspected[rows])),
            "ylsj": From(life.moved[rows]),
            "cxsj": From(np.where(life.moved[rows] < NEVER, NEVER, life.returned[rows])),
            "gxsj": Written(),
        },
    )
