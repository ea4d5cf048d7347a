"""What is left of a page or a wall when the parts that are wrong are taken out.

Somebody stands before a wall. One slip in its file must not take the wall away, also not from a
process that starts anew and so knows no last good version.
"""

from copy import deepcopy
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dashboard.catalogue.city import Where

_MOST = 200
"""Parts that are taken out of one entry at most; an entry with more slips is no entry."""


def rest_of(model: type[BaseModel], value: object) -> BaseModel | None:
    """The entry without the parts that are refused; None where no sound rest is left."""
    rest = deepcopy(value)
    for _ in range(_MOST):
        try:
            return model.model_validate(rest)
        except ValidationError as error:
            if not _cut(rest, error.errors(include_url=False)[0]):
                return None
    return None


def _cut(value: object, detail: ErrorDetails) -> bool:
    """Take out what one error is about: what is too much of a list, an item, or a key."""
    where = detail["loc"]
    if detail["type"] == "too_long":
        listed = _at(value, where)
        if isinstance(listed, list):
            del listed[int(detail["ctx"]["max_length"]) :]
            return True
    if detail["type"] == "extra_forbidden":
        return _drop(value, where)
    items = [where[:length] for length in range(len(where), 0, -1) if _is_index(where[length - 1])]
    if items:
        return _drop(value, items[0])
    # What lacks a key goes as a whole.
    return any(_drop(value, where[:length]) for length in range(len(where), 0, -1))


def _is_index(part: str | int) -> bool:
    return isinstance(part, int)


def _drop(value: object, where: Where) -> bool:
    """Remove one item or key; False where there is none."""
    if not where:
        return False
    owner, last = _at(value, where[:-1]), where[-1]
    if isinstance(owner, list) and isinstance(last, int) and last < len(owner):
        del owner[last]
        return True
    if isinstance(owner, dict) and last in owner:
        del owner[last]
        return True
    return False


def _at(value: object, where: Where) -> Any:
    """The part at a place; None where there is none."""
    for part in where:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value
