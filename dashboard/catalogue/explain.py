"""What pydantic found wrong, as problems of one line: what was found, expected, and the mend."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from dashboard.catalogue.city import Problem, Where
from dashboard.catalogue.departments import QUIET
from dashboard.catalogue.meanings import meaning
from dashboard.catalogue.tree import Tree

_PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "a name of lower-case letters, digits and underscores",
    r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$": "a full key such as customs.unreleased",
    r"^(now|hour|today|month|year|\d+[mhd])$": "a window: now, hour, today, month, year, or 24h, 7d",
    r"^S([1-9]|1\d|2\d)$": "a row S1 … S29",
    r"^#[0-9A-Fa-f]{6}$": "a colour such as #00E400",
    r"^[1-9]\d{2,4}x[1-9]\d{2,4}$": "a width and a height such as 1920x1080",
    r"^/": "a page's address such as /department/transit",
    QUIET: "hours such as 02:00-05:00, of a day that ends at 24:00",
}


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The right name that `name` most likely stands for; None where none is near."""
    found = process.extractOne(name, list(names), scorer=fuzz.WRatio, score_cutoff=60)
    return found[0] if found else None


def nearest_three(name: str, names: Iterable[str]) -> str:
    """What could have been written instead: the three most alike, the likeliest first. A list of
    all would bury the right one."""
    known = list(names)
    found = process.extract(name, known, scorer=fuzz.WRatio, limit=3)
    more = " …" if len(known) > len(found) else ""
    return (", ".join(choice for choice, _, _ in found) or "none") + more


def mean_that(name: str, names: Iterable[str], fallback: str = "") -> str:
    """A mend that names the nearest right name, else `fallback`."""
    best = nearest(name, names)
    return f"did you mean {best}?" if best else fallback


def problems_of(
    error: ValidationError, tree: Tree, where: Where, model: type[BaseModel]
) -> Iterator[Problem]:
    """One problem per place of the file, however many branches of a union failed there."""
    places: dict[Where, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        places.setdefault(_place(tree, where, detail), []).append(detail)
    for place, details in places.items():
        found, expected, mend = _words(details[0], model)
        others = [_words(detail, model)[1] for detail in details[1:]]
        yield Problem(
            tree.file,
            tree.line(place),
            found,
            " or ".join(dict.fromkeys([expected, *others])),
            mend,
        )


def _place(tree: Tree, where: Where, detail: ErrorDetails) -> Where:
    known = tree.known((*where, *detail["loc"]))
    if detail["type"] == "missing":
        return (*known, detail["loc"][-1])
    return known


def _words(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str, str]:
    """(found, expected, mend) of one finding of pydantic."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    name = next((str(part) for part in reversed(detail["loc"]) if isinstance(part, str)), "entry")
    match kind:
        case "missing":
            return f"no {name!r}", f"{name}: {_about(model, detail)}".rstrip(": "), f"add {name}:"
        case "extra_forbidden":
            fields = _fields(model, detail["loc"][:-1])
            if value is None and "zh" in fields:
                return (
                    f"text cut off before {name!r}",
                    "text in quotes",
                    "a comma ends it: quote it",
                )
            mend = mean_that(name, fields, f"remove {name!r}")
            return f"{name!r}, which no one knows", f"one of {nearest_three(name, fields)}", mend
        case "literal_error" | "union_tag_invalid":
            given = value.get("kind") if isinstance(value, dict) else value
            choices = re.findall(
                r"'([^']+)'", str(context.get("expected") or context.get("expected_tags"))
            )
            return (
                f"{name} {given!r}",
                f"one of {', '.join(choices)}",
                mean_that(str(given), choices),
            )
        case "value_error":
            return _own_words(name, str(context.get("error", detail["msg"])))
        case "too_long":
            most = f"at most {context.get('max_length')}"
            return f"{context.get('actual_length')} {name}", most, "move the rest to another page"
        case "string_pattern_mismatch":
            pattern = str(context.get("pattern"))
            return f"{name} {value!r}", _PATTERNS.get(pattern, f"text like {pattern}"), ""
        case "model_type" if "of Text" in detail["msg"] or "Text" in str(context):
            return f"{name} {_short(value)}", "both languages, {zh: …, en: …}", ""
        case _:
            expected = detail["msg"].removeprefix("Input should be ").removeprefix("a valid ")
            return f"{name} {_short(value)}", expected, ""


def _own_words(name: str, message: str) -> tuple[str, str, str]:
    """A message of our own models, written as `…, expected …` or as one sentence."""
    found, _, expected = message.partition("expected ")
    found = found.strip(" ,:")
    if not expected:
        return f"{name}: {message}", "an entry as described in docs/catalog.md", ""
    first, _, second = expected.partition(", found ")
    return f"{name}: {second or found}".rstrip(": "), first, ""


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _about(model: type[BaseModel], detail: ErrorDetails) -> str:
    owner = _model_at(model, detail["loc"][:-1])
    return meaning(owner, str(detail["loc"][-1])) if owner else ""


def _fields(model: type[BaseModel], where: Where) -> list[str]:
    owner = _model_at(model, where)
    return [info.alias or name for name, info in owner.model_fields.items()] if owner else []


def _model_at(model: type[BaseModel], where: Where) -> type[BaseModel] | None:
    """The model that validates the place `where`, following field types and union branches."""
    current: type[BaseModel] | None = model
    candidates = [model]
    for part in where:
        if current and part in current.model_fields:
            candidates = list(_models_in(current.model_fields[str(part)].annotation))
            current = candidates[0] if len(candidates) == 1 else None
        elif current is None:
            current = next((c for c in candidates if _is_branch(c, part)), None)
    return current


def _is_branch(model: type[BaseModel], part: str | int) -> bool:
    """Whether a union names this branch `part`: by its class or by its `kind`."""
    kind = model.model_fields.get("kind")
    return part == model.__name__ or (kind is not None and part in _literals(kind.annotation))


def _literals(annotation: Any) -> tuple[Any, ...]:
    return tuple(getattr(annotation, "__args__", ()))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)
