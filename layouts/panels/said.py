"""The words of single forms of panels."""

from enum import Enum

from dashboard.text import Language


class Said(Enum):
    """A word of a panel as (Chinese, English)."""

    NOT_RENEWED = ("{} 起未更新：{}", "Not renewed since {}: {}")
    BAR_FULL = ("满格 {}", "full bar {}")
    TRIGGERS = ("触发条件", "Triggers at")
    MISSING = ("缺{}：{}", "Without {}: {}")
    LIST_WORST = ("最重的 {} 条，{} 读得", "The worst {}, read at {}")
    LIST_EMPTY = ("现在没有", "None now")
    LIST_WAITING = ("采集后显示", "Shown once it has been read")
    LIST_REFUSED = ("没有查看记录的权限", "You may not see rows")
    STANDS_FOR = ("已持续", "For")
    READ_AT = ("{} 读得", "read at {}")
    FEW_IN_GREY = ("灰字为 n 少，不判定", "grey: too few to judge")
    MATRIX_CELLS = ("共 {} 格", "cells: {}")
    WAITS_HERE = ("等得最久", "waits longest")
    FLOW_WAITS = ("等得最久的是“{}”：{}", "It waits longest at {}: {}")
    GANTT_NO_TIMES = ("记录里还没有时间", "The rows have no times yet")
    CLASS_DAYS = ("{} {} 天", "{} {} d")
    INVALID_DAYS = ("无效 {} 天", "Not valid {} d")
    INVALID_DAY = ("数据不足，不计入", "too little data, not counted")
    ABOVE_LIMIT = ("超上限", "above")
    BELOW_LIMIT = ("低于下限", "below")
    RUN_HIGH = ("连续 {} 天偏高", "{} days high")
    RUN_LOW = ("连续 {} 天偏低", "{} days low")
    CONTROL_MEAN = ("均值", "mean")
    CONTROL_LOW = ("下限", "lower")
    CONTROL_HIGH = ("上限", "upper")
    CONTROL_FEW = ("不足 {} 天，还看不出波动", "fewer than {} days say nothing yet")
    RUNNING = ("{} 起累计", "all days since {}")
    DAYS_MET = ("达标 {} 天", "met {} d")
    DAYS_NOT_MET = ("未达标 {} 天", "not met {} d")
    TODAY_UNTIL = ("今日截至 {}", "today until {}")
    TODAY_LEFT_OUT = ("今日未过半，未画", "today so far is not drawn")
    MONTH_LEFT_OUT = ("本月未过半，未画", "this month so far is not drawn")
    MONTH_UNTIL = ("本月截至 {}", "this month until {}")
    CONTROL_NOTE = (
        "上下限为均值 ± 3 倍标准差（取移动极差的均值 ÷ 1.128）；空心方块为连续 8 天以上在均值同侧",
        "limits: mean ± 3 sigma, from the mean moving range over 1.128; open squares: 8 or more days"
        " on one side of the mean",
    )

    def of(self, language: Language) -> str:
        """The word in a language."""
        return self.value[0 if language == "zh" else 1]

    def fill(self, language: Language, *parts: object) -> str:
        """The word with its blanks filled in."""
        return self.of(language).format(*parts)
