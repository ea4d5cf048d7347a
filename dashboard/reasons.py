"""Why a reading or feed cannot be trusted, as one string on the wire and as words for people.

On the wire a reason is a code, or `code: detail` where the detail is what a server said.
"""

from enum import StrEnum

from dashboard.text import Text


class Reason(StrEnum):
    """The codes of reasons."""

    NOT_READ = "not_read"
    READING_HISTORY = "reading_history"
    TOO_YOUNG = "too_young"
    NO_REPORT = "no_report"
    CLOCK_AHEAD = "clock_ahead"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    TOO_SLOW = "too_slow"
    STORE_DOWN = "store_down"
    FAULT = "fault"
    INPUTS = "inputs"
    LAPSED = "lapsed"
    PARTLY_LAPSED = "partly_lapsed"


_WORDS = {
    Reason.NOT_READ: Text(zh="尚未读取", en="not read yet"),
    Reason.READING_HISTORY: Text(zh="正在读取历史数据", en="history is being read"),
    Reason.TOO_YOUNG: Text(
        zh="历史不足三周，尚无常值", en="under three weeks of history say nothing of what is usual"
    ),
    Reason.NO_REPORT: Text(zh="来源尚无数据", en="the source has not reported yet"),
    Reason.CLOCK_AHEAD: Text(zh="来源时钟超前", en="the source's clock is ahead"),
    Reason.UNREACHABLE: Text(zh="数据库连接失败", en="the database cannot be reached"),
    Reason.NO_ANSWER: Text(zh="数据库无响应", en="the database does not answer"),
    Reason.DECLINED: Text(zh="数据库拒绝该查询", en="the database declined this question"),
    Reason.TOO_SLOW: Text(zh="该查询超时", en="this question took too long"),
    Reason.STORE_DOWN: Text(zh="中心库不可用", en="the center's own store is down"),
    Reason.FAULT: Text(zh="采集程序出错", en="the collector failed at it"),
    Reason.INPUTS: Text(zh="输入指标缺数", en="an input is missing"),
    Reason.LAPSED: Text(
        zh="填报已过期，按未知计", en="the entry has expired and counts as unknown"
    ),
    Reason.PARTLY_LAPSED: Text(
        zh="部分填报已过期，未计入", en="some entries have expired and are not counted"
    ),
}


def reason_of(code: Reason, detail: str = "") -> str:
    """A reason as it goes over the wire; the detail is cut to one line that can be shown."""
    line = " ".join(detail.split())[:200]
    return f"{code.value}: {line}" if line else code.value


def is_declined(reason: str | None) -> bool:
    """Whether it says that a question was declined."""
    return (reason or "").partition(":")[0] == Reason.DECLINED.value


def reason_words() -> dict[str, Text]:
    """The words of every code, for a browser that has to say them itself."""
    return {code.value: text for code, text in _WORDS.items()}


def reason_text(reason: str | None) -> Text | None:
    """The words of a reason, without its detail; None for none, the text itself where unknown."""
    if not reason:
        return None
    code = reason.partition(":")[0]
    if code in Reason.__members__.values():
        return _WORDS[Reason(code)]
    return Text(zh=reason, en=reason)


def reason_in_full(reason: str | None) -> Text | None:
    """The words of a reason, and of a declined question the detail: it names what is to be mended,
    and no driver's message is in it."""
    text = reason_text(reason)
    detail = (reason or "").partition(":")[2].strip()
    if text is None or not detail or not is_declined(reason):
        return text
    return Text(zh=f"{text.zh}：{detail}", en=f"{text.en}: {detail}")
