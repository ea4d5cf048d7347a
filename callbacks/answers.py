"""Answers of the HTTP routes: exact JSON, and refusals and mistakes that say what to do."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import orjson
import structlog
from rapidfuzz import process
from starlette.responses import Response

from dashboard.ports import Busy, Unreachable
from dashboard.text import Text

log = structlog.get_logger()
JSON = "application/json"
REFUSED = Text(zh="没有权限。请联系管理员。", en="You may not do this. Ask an administrator.")
NO_INDICATOR = Text(zh="没有这个指标", en="There is no such indicator")
NO_PAGE = Text(zh="没有这个页面", en="There is no such page")
NO_ROWS = Text(
    zh="这个数由其他指标得出，没有自己的记录，请导出它的来源指标",
    en="This number is made from others and has no rows of its own: export those of its inputs",
)
BAD_QUESTION = Text(zh="参数不对", en="The question cannot be understood")
UNREACHABLE = Text(
    zh="数据来源暂时没有应答，请稍后再试", en="The source does not answer now; try again later"
)
BUSY = Text(
    zh="数据来源正在回答别的询问，请稍后再试",
    en="The source is answering other questions; try again in a moment",
)
TROUBLE = Text(
    zh="出了问题，已经记录下来。数据仍在更新。",
    en="Something went wrong and has been noted. Data is still being updated.",
)


def exact(value: object) -> Any:
    """A decimal as a JSON number with all its digits. Raises TypeError for anything else."""
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"no JSON for {type(value).__name__}")


def json_answer(content: Any, status: int = 200) -> Response:
    """JSON with exact decimals."""
    body = orjson.dumps(content, default=exact)
    return Response(body, status, {"cache-control": "no-store"}, media_type=JSON)


def mistake(status: int, message: Text, **more: Any) -> Response:
    """An error in both languages; `more` says what was found, what was expected, how to mend it."""
    said = {name: value for name, value in more.items() if value is not None}
    return json_answer({"error": message.model_dump(), **said}, status)


def words_of(error: Unreachable) -> Text:
    """What is said to people of a question that has no answer."""
    return BUSY if isinstance(error, Busy) else UNREACHABLE


def unanswered(error: Unreachable) -> Response:
    """503 with the reason, which is safe to show."""
    return mistake(503, words_of(error), reason=str(error))


def no_indicator(key: str, known: Iterable[str]) -> Response:
    """404 that names the nearest right key."""
    names = list(known)
    nearest = process.extractOne(key, names, score_cutoff=40)
    return mistake(
        404,
        NO_INDICATOR,
        found=key,
        expected="one of the keys of /api/indicators",
        nearest=nearest[0] if nearest else None,
    )


def bad_question(error: ValueError, found: dict[str, str]) -> Response:
    """400 with the words of the error, which say what was found and expected. It is told in the log
    too: what was no mistake of whoever asked would be found nowhere else."""
    said = str(error)
    log.info("question not understood", reason=said)
    expected = said.partition("expected ")[2] or said
    return mistake(
        400, BAD_QUESTION, found=found, expected=expected, mend=f"use {expected}", said=said
    )
