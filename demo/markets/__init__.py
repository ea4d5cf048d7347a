"""Smart markets: produce tests, codes scanned, how people pay and complaints, pushed as they happen."""

from dataclasses import dataclass

import numpy as np

from demo.days import DAY, HOUR, MINUTE, OFFSET, Times, date_of, midnight
from demo.draws import arrivals, chance, in_office, lasting, opening_hours, pick, rhythm, smooth
from demo.parcels import Push
from demo.places import CODES, SHARES, TOWN_DISTRICT, TOWNS

MARKETS = 40
TESTS = 190
"""Lots tested on a day, before and while the markets are open."""
PRODUCE = ("叶菜", "瓜果", "豆类", "水产", "肉禽")
PRODUCE_SHARES = np.array([44.0, 17, 12, 15, 12])
FAILS = np.array([0.013, 0.006, 0.016, 0.010, 0.003])
"""Share of lots that fail their test, by produce."""
TESTED_AT = opening_hours((4.5, 8.0), (13.5, 16.0))
TRADE = np.array([0, 0, 0, 0, 0, 2, 7, 12, 13, 10, 8, 6, 4, 3, 4, 6, 10, 11, 7, 3, 0, 0, 0, 0.0])
TRADE_EVERY = 3 * HOUR
PAYING = ("手机支付", "刷卡", "现金")
PAYING_SHARES = np.array([0.71, 0.06, 0.23])
COMPLAINTS = 7.0
LEAD = 12
"""Days for which a complaint can be open."""


@dataclass(frozen=True)
class Market:
    """Where a market is and how busy."""

    code: str
    town: int
    share: float

    @property
    def fields(self) -> dict[str, str]:
        """The market as every push names it."""
        district = str(CODES[TOWN_DISTRICT[self.town]])
        return {"market": self.code, "district": district, "town": str(TOWNS[self.town])}


def markets(seed: int) -> list[Market]:
    """The markets; each town has one before any has two."""
    rng = chance(seed, "markets.places")
    shares = (SHARES / np.bincount(TOWN_DISTRICT))[TOWN_DISTRICT]
    extra = rng.choice(len(TOWNS), MARKETS - len(TOWNS), p=shares / shares.sum())
    towns = np.concatenate([np.arange(len(TOWNS)), extra])
    weights = shares[towns] * rng.lognormal(0, 0.4, MARKETS)
    parts = (weights / weights.sum()).tolist()
    return [
        Market(f"SC{number:03d}", int(town), share)
        for number, (town, share) in enumerate(zip(towns, parts, strict=True), 1)
    ]


def pushes_of(seed: int, day: int) -> list[Push]:
    """All pushes that begin on a day, complaints with what becomes of them later."""
    found = [*_tests(seed, day), *_trade(seed, day), *_complaints(seed, day)]
    return sorted(found, key=lambda push: push.at)


def _text(at: int) -> str:
    moment = np.datetime_as_string(np.datetime64(at + OFFSET, "s"), unit="s")
    return str(moment).replace("T", " ")


def _tests(seed: int, day: int) -> list[Push]:
    """A lot is tested in a quarter of an hour; a few results come twice, since the push was not
    answered, and a few markets write the result in capitals."""
    rng = chance(seed, "markets.tests", day)
    places = markets(seed)
    times, _ = arrivals(rng, day, TESTS * TESTED_AT[:, None])
    place = rng.choice(MARKETS, len(times), p=[market.share for market in places])
    kind = rng.choice(len(PRODUCE), len(times), p=PRODUCE_SHARES / PRODUCE_SHARES.sum())
    heat = np.exp(0.3 * smooth(seed, "markets.fails", day, 5))
    fails = rng.random(len(times)) < FAILS[kind] * heat
    odd = rng.random(len(times))
    found: list[Push] = []
    for number, at in enumerate(times.tolist()):
        result = "不合格" if fails[number] else "合格"
        fields = {
            "test_id": f"JC{date_of(day):%Y%m%d}{number:04d}",
            **places[place[number]].fields,
            "produce": PRODUCE[kind[number]],
            "tested_at": _text(at),
            "result": "待复核" if odd[number] < 0.003 else result,
        }
        found.append(Push(at + 15 * MINUTE, "tests", fields))
        if odd[number] > 0.98:
            found.append(Push(at + 17 * MINUTE, "tests", fields))
    return found


def _trade(seed: int, day: int) -> list[Push]:
    """Sums of each market every three hours: codes scanned, and payments by how they were made."""
    rng = chance(seed, "markets.trade", day)
    found: list[Push] = []
    for market in markets(seed):
        for start in range(0, DAY, TRADE_EVERY):
            hours = slice(start // HOUR, (start + TRADE_EVERY) // HOUR)
            expected = 9000 * market.share * TRADE[hours].sum() / TRADE.sum()
            if expected == 0:
                continue
            paid = rng.multinomial(rng.poisson(expected), PAYING_SHARES)
            scans = rng.binomial(paid.sum(), 0.12)
            at = midnight(day) + start
            for way, count in zip((*PAYING, "扫码查询"), (*paid.tolist(), scans), strict=True):
                fields = {
                    **market.fields,
                    "kind": way,
                    "from_time": _text(at),
                    "count": str(count),
                }
                found.append(Push(at + TRADE_EVERY + 3 * MINUTE, "trade", fields))
    return found


def _complaints(seed: int, day: int) -> list[Push]:
    """A complaint about food is pushed when it is raised, and again when it is closed."""
    rng = chance(seed, "markets.complaints", day)
    by_hour = (1, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 8, 6, 5, 6, 7, 8, 9, 8, 7, 5, 3, 2, 1)
    times, _ = arrivals(rng, day, COMPLAINTS * rhythm(by_hour)[:, None])
    size = len(times)
    places = markets(seed)
    place = rng.choice(MARKETS, size, p=[market.share for market in places])
    subject = pick(
        rng, ("短斤缺两", "变质", "农残疑虑", "无证摊位"), np.array([38, 27, 20, 15]), size
    )
    closed: Times = in_office(rng, times + lasting(rng, 30 * HOUR, 0.7, size), ends=18)
    closed = np.minimum(closed, times + LEAD * DAY)
    found: list[Push] = []
    for number, (at, until) in enumerate(zip(times.tolist(), closed.tolist(), strict=True)):
        fields = {
            "complaint_id": f"TS{date_of(day):%Y%m%d}{number:03d}",
            **places[place[number]].fields,
            "subject": str(subject[number]),
            "raised_at": _text(at),
            "closed_at": "",
        }
        found.append(Push(at + MINUTE, "complaints", fields))
        found.append(Push(until + MINUTE, "complaints", fields | {"closed_at": _text(until)}))
    return found
