"""An indicator's formula in words: how its number comes about from rows or from other numbers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.catalogue.datasets import Condition
from dashboard.catalogue.indicators import (
    ByStandard,
    Count,
    Days,
    Distinct,
    Extreme,
    Fact,
    Formula,
    Indicator,
    Latest,
    Mean,
    Percentile,
    Ratio,
    Stock,
    Sum,
    Surge,
    Value,
)
from dashboard.catalogue.model import span_text
from layouts import live
from layouts.panels.codes import SIGNS
from layouts.view import View

_AGGREGATES = {
    "count": ("个数", "the number"),
    "sum": ("之和", "the sum"),
    "mean": ("平均", "the mean"),
    "max": ("最大值", "the largest"),
    "min": ("最小值", "the smallest"),
    "share": ("占比", "the share"),
    "median": ("中位数", "the median"),
}


def render_formula(view: View, indicator: Indicator) -> html.Span:
    """The sentence with the department's own names of columns set as such."""
    own = _texts(indicator.measure.model_dump())
    pieces: list[Component | str] = [""]
    for word in re.split(r"(\w+)", formula_words(view, indicator), flags=re.ASCII):
        if word in own:
            pieces += [html.Code(word), ""]
        else:
            pieces[-1] = f"{pieces[-1]}{word}"
    return html.Span([piece for piece in pieces if piece])


def _texts(value: Any) -> set[str]:
    """All texts in what a model holds."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        return set().union(*(_texts(one) for one in value))
    return {value} if isinstance(value, str) else set()


def formula_words(view: View, indicator: Indicator) -> str:
    """One sentence that says how the number is made."""
    measure, say = indicator.measure, view.words
    match measure:
        case Count():
            return say("满足条件的记录数", "the number of rows that meet the condition")
        case Sum():
            of = value_words(view, measure.of)
            return say(f"{of} 之和", f"the sum of {of}")
        case Mean():
            of = value_words(view, measure.of)
            return say(f"{of} 之和 ÷ 有该值的记录数", f"the sum of {of} ÷ the rows that have it")
        case Extreme():
            of, which = value_words(view, measure.of), _aggregate(view, measure.kind)
            return say(f"{of} 的{which}", f"{which} {of}")
        case Ratio():
            return _ratio(view, measure)
        case Percentile():
            of = value_words(view, measure.of)
            return say(
                f"{of} 的第 {measure.q * 100:g} 百分位，全部记录精确排序（线性插值）",
                f"the {measure.q * 100:g}th percentile of {of}, exact over all rows",
            )
        case Distinct():
            return say(
                f"{measure.column} 的不同取值数", f"how many different {measure.column} there are"
            )
        case Stock() | Latest() | Fact():
            return _state_words(view, measure)
        case Formula() | ByStandard() | Days() | Surge():
            return _derived_words(view, measure)


def _ratio(view: View, measure: Ratio) -> str:
    met = conditions_words(measure.where)
    among = conditions_words(measure.among) or view.words("全部记录", "all rows")
    scale = f" × {measure.scale:g}" if measure.scale != 1 else ""
    if measure.of is None:
        return f"[{met}] ÷ [{among}]{scale}"
    of = value_words(view, measure.of)
    return f"Σ {of} [{met}] ÷ Σ {of} [{among}]{scale}"


def _state_words(view: View, measure: Stock | Latest | Fact) -> str:
    if isinstance(measure, Fact):
        return view.words(
            f"每组最新声明的 {measure.column}", f"the newest stated {measure.column} per group"
        )
    which = _aggregate(view, measure.aggregate)
    if isinstance(measure, Latest):
        of, within = value_words(view, measure.of), span_text(measure.within)
        return view.words(
            f"每个 {'、'.join(measure.group)} 在 {within} 内的最新一条 {of}，取{which}",
            f"the newest {of} of each {', '.join(measure.group)} within {within}; of these {which}",
        )
    if measure.age_of is not None:
        of = view.words(f"{measure.age_of} 至今的小时数", f"hours since {measure.age_of}")
    else:
        of = value_words(view, measure.of) if measure.of else view.words("记录", "rows")
    return view.words(
        f"此刻满足条件的{of}的{which}", f"{which} of {of} that meet the condition now"
    )


def _surge_words(view: View, measure: Surge) -> str:
    of = live.indicator_title(view, measure.of)
    return view.words(
        f"“{of}”每一对取值 ÷ 前八周同一星期、同一时刻的均值（不足 1 按 1 计），取最大；"
        f"优先看不少于 {measure.least} 的",
        f"“{of}” of each pair ÷ its mean at the same time of the same weekday over the eight weeks"
        f" before (1 at least); the largest counts, of pairs with {measure.least} or more where"
        " there are any",
    )


def _derived_words(view: View, measure: Formula | ByStandard | Days | Surge) -> str:
    if isinstance(measure, Surge):
        return _surge_words(view, measure)
    if isinstance(measure, Days):
        of = live.indicator_title(view, measure.of)
        op = f"{SIGNS[measure.op]} {measure.value:g}"
        tail = view.words(" ÷ 有效天数 × 100", " ÷ valid days × 100") if measure.share else ""
        if measure.min_n:
            tail += view.words(
                f"（有效：当日记录不少于 {measure.min_n}）",
                f" (valid: at least {measure.min_n} rows)",
            )
        return view.words(f"“{of}”日值 {op} 的天数", f"days on which “{of}” is {op}") + tail
    if isinstance(measure, Formula):
        text = measure.formula
        for name in sorted(measure.inputs, key=len, reverse=True):
            text = text.replace(name, f"“{live.indicator_title(view, measure.inputs[name])}”")
        return text.replace("*", "×").replace("/", "÷").replace(" - ", " − ")
    standard = view.catalogue.standards.get(measure.standard)
    title = view.say(standard.title) if standard else measure.standard
    return view.words(
        f"按{title}逐项评价，取最差", f"judged factor by factor by {title}; the worst counts"
    )


def value_words(view: View, value: Value) -> str:
    """What of a row is measured: a column, or the time between two of its times."""
    if value.column is not None:
        return value.column if value.factor == 1 else f"{value.column} × {value.factor:g}"
    span = f"{value.start} → {value.end}"
    return view.words(f"{span} 的时长（{value.unit}）", f"the time {span} in {value.unit}")


def _aggregate(view: View, name: str) -> str:
    return view.words(*_AGGREGATES[name])


def conditions_words(conditions: Sequence[Condition]) -> str:
    """Conditions as a reader of tables writes them, joined by `∧`."""
    return " ∧ ".join(_condition(condition) for condition in conditions)


def all_conditions(indicator: Indicator) -> list[Condition]:
    """The conditions on rows that belong to the indicator as a whole."""
    measure = indicator.measure
    own: list[Condition] = []
    if isinstance(measure, Count | Sum | Mean | Extreme | Stock | Latest | Percentile | Distinct):
        own = measure.where
    if isinstance(measure, Stock):
        own = [*measure.state, *own]
    return [*indicator.where, *own]


def _condition(condition: Condition) -> str:
    if condition.sql is not None:
        return condition.sql
    if condition.any is not None:
        return "(" + " ∨ ".join(_condition(one) for one in condition.any) + ")"
    subject = condition.column or condition.time or ""
    if condition.op in ("is_null", "not_null"):
        return f"{subject} {'=' if condition.op == 'is_null' else '≠'} ∅"
    value = condition.other if condition.other is not None else condition.value
    shown = "{" + ", ".join(map(str, value)) + "}" if isinstance(value, list) else str(value)
    return f"{subject} {SIGNS[condition.op]} {shown}"
