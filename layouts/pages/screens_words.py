"""The words of the register of screens."""

from enum import Enum

from dashboard.text import Language


class Said(Enum):
    """A word of the page at /screens as (Chinese, English)."""

    SCREENS = ("大屏", "Screens")
    NO_SCREENS = ("目录里还没有大屏。", "The catalogue has no screens yet.")
    PAIR = ("配对一块屏", "Pair a screen")
    PAIR_NOTE = (
        "在屏幕后的浏览器打开 /wall，它显示六位配对码；把码填在这里，或用手机扫它的二维码。",
        "Open /wall in the browser behind the screen: it shows a code of six digits. Enter it here, or"
        " scan its QR code with a phone.",
    )
    MAY_NOT = (
        "您可以查看，不能配对或解除。请用有权限的账号登录。",
        "You may look, but not pair or revoke. Sign in with an account that may.",
    )
    CODE = ("配对码", "Code")
    SCREEN = ("显示哪一块屏", "Which screen it shows")
    NAME = ("设备名称", "Name of the device")
    NAME_NOTE = ("如：大厅左侧小主机", "Such as: mini PC at the left")
    SEND = ("配对", "Pair")
    PAIRED = ("已配对：{}（{}）。", "Paired: {} ({}).")
    NO_CODE = (
        "没有浏览器正在显示这个码。码 10 分钟更换一次，请再看一眼屏幕。",
        "No browser shows this code. Codes change every 10 minutes: look at the screen again.",
    )
    BAD_CODE = ("配对码是六位数字。", "A code has six digits.")
    NO_SCREEN_CHOSEN = ("请选择显示哪一块屏。", "Choose which screen it shows.")
    BAD_NAME = ("请给设备起个名字，最多 60 字。", "Give the device a name of up to 60 characters.")
    TOO_MANY = (
        "试错太多次，请十分钟后再试。",
        "Too many wrong codes; try again in ten minutes.",
    )
    RENAME = ("改名", "Rename")
    RENAMED = ("已改名：{}。", "Renamed: {}.")
    IDENTIFY = ("亮出编号", "Identify")
    IDENTIFIED = ("屏幕正在显示编号。", "The screen shows its number.")
    REVOKE = ("解除配对", "Revoke")
    REVOKE_ASKED = ("屏幕会回到配对码。", "The screen goes back to a code.")
    REVOKED = ("已解除配对：{}。", "Revoked: {}.")
    GONE = ("这台设备已经解除配对。", "This device is paired no longer.")
    UNPAIRED = ("未配对", "Not paired")
    DUTY = ("值班屏", "Duty wall")
    SIDE = ("轮播屏", "Side screen")
    METRES = ("最远 {} 米", "{} m to the farthest seat")
    SHOWS_NIGHT = ("夜间", "Night")
    SHOWS_OFF = ("按计划关闭", "Off by schedule")
    SHOWS_ORDERED = ("值班台推送", "Pushed by the desk")
    SHOWS_TAKEN = ("事项占屏", "Taken by a matter")
    SHOWS_VISIT = ("接待", "Visit")
    SHOWS_RESPONSE = ("应急响应", "Response")
    SHOWS_HELD = ("已定格", "Held")
    ALIVE = ("在线", "Alive")
    SILENT = ("失联", "Silent")
    NEVER = ("从未上线", "Never heard")
    UNKNOWN = ("心跳暂时读不到", "Heartbeats cannot be read now")
    LAST_SEEN = ("最近上线", "Last heard")
    PAIRED_BY = ("{} 于 {} 配对", "paired by {}, {}")
    PAGE = ("显示页面", "Page")
    VERSION = ("版本", "Version")
    PIXELS = ("分辨率", "Resolution")
    PIXELS_OTHER = ("{}，目录为 {}", "{}, the catalogue says {}")
    FRAME_AGE = ("画面数据", "Age of the frame")
    DROPPED = ("丢帧", "Dropped frames")
    HEAP = ("内存", "Heap")
    UPTIME = ("连续运行", "Uptime")
    CLOCK = ("时钟差", "Clock offset")
    ERRORS = ("错误", "Errors")

    def of(self, language: Language) -> str:
        """The word in a language."""
        return self.value[0 if language == "zh" else 1]

    def fill(self, language: Language, *parts: str) -> str:
        """The word with its blanks filled in."""
        return self.of(language).format(*parts)
