"""The words of manual entry."""

from enum import Enum

from dashboard.text import Language


class Said(Enum):
    """A word of the pages at /entry as (Chinese, English)."""

    NO_FORMS = ("本市没有需要人工填报的数据。", "Nothing has to be entered by hand.")
    MAY_NOT = ("您没有填报这张表的权限。", "You may not fill in this form.")
    PLACE = ("填报地区", "Place")
    AUTHOR = ("填报人", "Your name")
    AUTHOR_NOTE = (
        "姓名随填报保存并显示在来源中。",
        "The name is kept with the entry and shown as its source.",
    )
    OPTIONAL = ("选填", "optional")
    SEND = ("提交", "Enter")
    WITHDRAW = ("撤回", "Withdraw")
    HOLDS = ("有效 {}", "holds for {}")
    TAKEN = (
        "已保存：{}。有效至 {}，大屏将在下一次刷新时更新。",
        "Kept: {}. It holds until {}; the wall shows it with its next refresh.",
    )
    WITHDRAWN = ("已撤回：{}。", "Withdrawn: {}.")
    NOTHING_STANDS = (
        "{}的这条填报已不再有效，没有撤回任何填报。",
        "That entry of {} stands no longer; nothing was withdrawn.",
    )
    NOT_TAKEN = ("没有保存，请改正：", "Not kept; please correct:")
    KEPT = ("已有填报", "What has been entered")
    NONE_KEPT = ("还没有填报。", "Nothing has been entered yet.")
    AT = ("填报时间", "Entered")
    UNTIL = ("有效至", "Holds until")
    KNOWN = ("有效", "in force")
    LAPSED = ("已过期，按未知计", "expired, counts as unknown")
    REPLACED = ("已更正", "corrected")
    ENDED = ("{} 撤回", "withdrawn by {}")
    COUNTS = ("有效 {}，过期 {}", "{} in force, {} expired")

    def of(self, language: Language) -> str:
        """The word in a language."""
        return self.value[0 if language == "zh" else 1]

    def fill(self, language: Language, *parts: str) -> str:
        """The word with its blanks filled in."""
        return self.of(language).format(*parts)
