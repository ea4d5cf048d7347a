"""Which numbers rest on rows that can be too few: rates, times, and shares of what is so now."""

from dashboard.catalogue.indicators import Indicator, Stock

FEW = 10
"""Rates and times on fewer rows than this are shown but neither ranked nor compared."""
RATES = ("ratio", "mean", "percentile", "days", "surge")
"""Measures that mean little without the number of rows they rest on."""
_COUNTED = ("count", "sum", "fact")
_RANKED = ("ratio", "percentile")
"""Measures that a few rows can push to either end of a ranking."""


def rests_on_rows(indicator: Indicator) -> bool:
    """Whether a number is said with the rows that it rests on: rates and times, and what is written
    in percent."""
    share = indicator.unit.zh == "%" and indicator.measure.kind not in _COUNTED
    return indicator.measure.kind in RATES or share


def fewest_rows(indicator: Indicator) -> int | None:
    """Fewer rows than this say too little to be ranked, marked or compared with; None where any
    number of them says the same, as a count or a mean of stations does. A share of what is so now
    is of all there is and no sample: few are too few only where its limits say so."""
    measure = indicator.measure
    asked = max((limit.min_n for limit in indicator.limits), default=0)
    if measure.kind in _RANKED:
        return max(FEW, asked)
    share = isinstance(measure, Stock) and measure.aggregate == "share"
    return asked or None if share else None
