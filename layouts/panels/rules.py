"""The fixed limits and the target of an indicator as lines of a chart."""

from dashboard.catalogue.indicators import Indicator
from dashboard.figures import Rule
from dashboard.formats import number
from dashboard.words import Word
from layouts.view import View


def rules_of(view: View, indicator: Indicator) -> list[Rule]:
    """Fixed limits and the target; limits against the indicator's own past have no one height."""
    rules = []
    if indicator.target is not None:
        words = f"{Word.TARGET.of(view.language)} {_plain(view, indicator, indicator.target)}"
        rules.append(Rule(indicator.target, words))
    for limit in indicator.limits:
        if limit.against is None:
            rules.append(Rule(limit.value, _plain(view, indicator, limit.value), limit.level))
    return rules


def _plain(view: View, indicator: Indicator, value: float) -> str:
    """A limit's number; its unit is that of the axis."""
    whole = float(value).is_integer()
    return number(value, 0 if whole else max(1, indicator.decimals), view.language)
