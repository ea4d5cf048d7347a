"""The words of the desk."""

from enum import Enum

from dashboard.text import Language


class Said(Enum):
    """A word of the page at /desk as (Chinese, English)."""

    DESK = ("值班台", "Desk")
    MAY_NOT = (
        "您可以查看，不能推送。请用有权限的账号登录。",
        "You may look, but not push. Sign in with an account that may.",
    )
    CRITICAL = ("告警事项", "Critical matters")
    NO_CRITICAL = ("没有告警事项", "No critical matter is open")
    TAKE = ("占屏：{}", "Take {}")
    GIVE_BACK = ("交还", "Give back")
    PAGE = ("推送页面", "Page to push")
    ADDRESS = ("或其他地址", "Or another address")
    ADDRESS_NOTE = ("如 /indicator/transit.road_index", "Such as /indicator/transit.road_index")
    SHOW = ("推送", "Push")
    END_SHOW = ("收回推送", "End the push")
    HOLD = ("定格", "Hold")
    END_HOLD = ("继续轮播", "Go on")
    NEXT = ("下一页", "Next")
    IDENTIFY = ("亮出编号", "Identify")
    NIGHT = ("夜间", "Night")
    END_NIGHT = ("结束夜间", "End night")
    RELOAD = ("重新加载", "Reload")
    MESSAGE = ("文字", "Message")
    SEND = ("发送", "Send")
    END_MESSAGE = ("撤下文字", "Take it down")
    PREVIEW = ("预览", "Preview")
    PREVIEW_OF = ("{}的画面", "The picture of {}")
    DARK = ("屏幕现在是黑的", "The screen is dark now")
    SHOWS = ("正在显示：{}", "Shows: {}")
    ALIVE = ("{} 台在线", "{} alive")
    SAYS = ("文字：{}", "Message: {}")
    DONE = ("{}：{}", "{}: {}")
    NO_PAGE = ("请选择页面，或填写地址。", "Choose a page, or type an address.")
    BAD_PAGE = (
        "大屏上没有这个页面：{}。地址如 /indicator/transit.road_index。",
        "A screen shows no such page: {}. An address is such as /indicator/transit.road_index.",
    )
    WAITS = ("{}（现有更优先的画面，结束后显示）", "{} (shown once what goes before it ends)")
    ROOMS = ("整间操作", "A whole room")
    ALL_SCREENS = ("全部大屏", "All screens")
    VISITORS = ("来访对象", "Visitors")
    NO_VISIT = ("请选择来访对象。", "Choose who visits.")
    VISIT = ("开始接待", "Begin visit")
    END_VISIT = ("结束接待", "End visit")
    VISITED = ("接待：{}，至 {}", "Visit: {}, until {}")
    DIVERTED = (
        "接待中，{} 不显示告警和待处置，转到值班台：{}",
        "During the visit {} shows no matters; they are diverted to the desk: {}",
    )
    NOTHING_WAITS = ("现无待处置", "nothing is open now")
    DRILL = ("开始演练", "Begin drill")
    END_DRILL = ("结束演练", "End drill")
    RESPONSE = ("响应页面：{}", "Response pages: {}")
    RESPONSE_OFF = ("不随响应", "Do not follow")
    END_RESPONSE = ("跟随响应级别", "Follow the level")
    OVERRIDDEN = (
        "不随响应，级别变化后恢复",
        "Does not follow the response until its level changes",
    )
    NO_TEXT = ("请填写文字。", "Type a message.")

    def of(self, language: Language) -> str:
        """The word in a language."""
        return self.value[0 if language == "zh" else 1]

    def fill(self, language: Language, *parts: str) -> str:
        """The word with its blanks filled in."""
        return self.of(language).format(*parts)
