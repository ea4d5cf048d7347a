"""Bodies of requests: JSON objects of a size that is known beforehand."""

from typing import Any

import orjson
from starlette.requests import Request


async def json_body(request: Request, most: int) -> dict[str, Any]:
    """The JSON object that a request brings. Raises ValueError where it is none, or larger than
    `most` bytes, of which no more are read.

    It has to call itself JSON: a page of another site can have a browser send anything but that
    without asking whether it may.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ValueError(f"found content type {kind!r}, expected application/json")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise ValueError(f"found more than {most} bytes, expected a small JSON object")
    try:
        found = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise ValueError("found no JSON, expected a JSON object") from None
    if not isinstance(found, dict):
        raise ValueError(f"found {type(found).__name__}, expected a JSON object")
    return found
