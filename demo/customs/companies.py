"""Companies that declare: where each is, how much it trades, and whether it declares by itself."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from demo.days import Array
from demo.draws import chance
from demo.places import DISTRICTS, towns_of

COMPANIES = 4_900
"""Companies that declare now and then."""
SELF_SHARE = 0.66
"""Of them, those that have the free software for declaring by themselves."""
SELF_USE = 0.69
"""Of what such a company declares, how much goes through it; the rest is an agent's."""
AT_HOME = 0.9
"""Of declarations, those lodged at the office of the company's own district."""
SPREAD = 0.55
"""How unequal companies are: the log-spread of how often they declare."""
SHARES = np.array([0.2, 0.33, 0.34, 0.09, 0.04])
"""The districts' shares of the trade."""


@dataclass(frozen=True)
class Companies:
    """All companies, by index: district and town, share of the declarations, own software."""

    district: Array
    town: Array
    weight: Array
    alone: Array


@dataclass(frozen=True)
class Declarants:
    """Who lodges the declarations of a day: the company, the office, and by itself or not."""

    company: Array
    office: Array
    district: Array
    town: Array
    alone: Array


@lru_cache(maxsize=8)
def companies_of(seed: int) -> Companies:
    """The companies of a city; they stay the same all its life."""
    rng = chance(seed, "customs.companies")
    district = rng.choice(len(DISTRICTS), COMPANIES, p=SHARES / SHARES.sum())
    weight = rng.lognormal(0, SPREAD, COMPANIES)
    return Companies(
        district,
        towns_of(rng, district),
        np.cumsum(weight / weight.sum()),
        rng.permutation(COMPANIES) < COMPANIES * SELF_SHARE,
    )


def declarants(seed: int, day: int, size: int) -> Declarants:
    """Draw who lodges each declaration of a day."""
    rng, known = chance(seed, "customs.declarants", day), companies_of(seed)
    company = np.searchsorted(known.weight, rng.random(size)).clip(0, COMPANIES - 1)
    district = known.district[company]
    elsewhere = rng.choice(len(DISTRICTS), size, p=SHARES / SHARES.sum())
    office = np.where(rng.random(size) < AT_HOME, district, elsewhere)
    alone = known.alone[company] & (rng.random(size) < SELF_USE)
    return Declarants(company, office, district, known.town[company], alone)
