"""The generated references: docs/catalog.md from the models, docs/settings.md from the settings,
docs/coverage.md from the catalogue.

`python app.py docs` writes them; a test fails where they are not up to date.
"""

import types
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.datasets import (
    Condition,
    Dataset,
    Dimension,
    Find,
    Likeness,
    Reported,
    SetAside,
    TimeColumn,
)
from dashboard.catalogue.definitions import Definition, Limit, Signs
from dashboard.catalogue.deliveries import DeliveredColumn, Delivery, Due, Trailer
from dashboard.catalogue.departments import Department, Limits
from dashboard.catalogue.forms import Form, FormField
from dashboard.catalogue.indicators import (
    ASKED,
    DERIVED,
    FLOWS,
    STOCKS,
    Indicator,
    Measure,
    Value,
)
from dashboard.catalogue.layers import Class, Colouring, Layer, Layers, Newest, Placed
from dashboard.catalogue.load import load
from dashboard.catalogue.lookups import Lookup, LookupChoice, LookupColumn
from dashboard.catalogue.meanings import meaning
from dashboard.catalogue.model import Key, Name, Span, span_text
from dashboard.catalogue.pages import FORMS, Page, Panel
from dashboard.catalogue.reference import (
    Calendar,
    Code,
    Codes,
    Column,
    Edition,
    Factor,
    Former,
    Grade,
    Hours,
    Role,
    Roles,
    Standard,
)
from dashboard.catalogue.screens import (
    DutyScreen,
    PageSet,
    Period,
    ResponsePages,
    SafeArea,
    Screens,
    Shown,
    SideScreen,
    WallBlock,
)
from dashboard.catalogue.systems import System, Systems
from dashboard.catalogue.tickets import TicketRule, TicketRules
from dashboard.catalogue.visits import Visit, Visits
from dashboard.coverage_docs import coverage_lines
from dashboard.settings import Settings
from dashboard.text import Text
from dashboard.units import Units, known_units

Model = type[BaseModel]
_NOTE = "<!-- Written by `make docs` from the models; change those. -->"
_FILES: dict[str, tuple[Model, ...]] = {
    "departments/*.yaml": (Department, Limits),
    "Deliveries": (Delivery, DeliveredColumn, Trailer, Due),
    "Datasets": (
        Dataset,
        TimeColumn,
        Condition,
        Dimension,
        Likeness,
        SetAside,
        Reported,
        Find,
        Lookup,
        LookupChoice,
        LookupColumn,
    ),
    "Indicators": (Indicator, Definition, Limit, Signs, Value),
    "pages/*.yaml": (Page, Panel),
    "screens.yaml": (
        Screens,
        DutyScreen,
        WallBlock,
        SideScreen,
        Shown,
        Period,
        ResponsePages,
        PageSet,
        SafeArea,
    ),
    "visits.yaml": (Visits, Visit),
    "map.yaml": (Layers, Layer, Placed, Newest, Colouring, Class),
    "codes/*.yaml": (Codes, Code, Former),
    "calendars/*.yaml": (Calendar, Hours),
    "standards/*.yaml": (Standard, Edition, Column, Factor, Grade),
    "forms/*.yaml": (Form, FormField),
    "systems.yaml": (Systems, System),
    "tickets.yaml": (TicketRules, TicketRule),
    "roles.yaml": (Roles, Role),
    "units.yaml": (Units,),
}
_NAMED = {
    repr(Name): "name",
    repr(Key): "full key",
    repr(Span): "span",
}
_PLAIN: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Text: "zh + en",
    Path: "path",
    SecretStr: "text",
}


def generate_docs(root: Path) -> None:
    """Write docs/catalog.md and docs/settings.md below `root`."""
    (root / "docs").mkdir(exist_ok=True)
    documents = generated_docs()
    if (folder := root / "catalog").is_dir():
        documents["coverage.md"] = coverage_doc(folder)
    for name, text in documents.items():
        (root / "docs" / name).write_text(text, encoding="utf-8")


def coverage_doc(folder: Path) -> str:
    """docs/coverage.md as it should be for the catalogue of a folder."""
    return "\n".join(coverage_lines(load(folder, AnyValue()))) + "\n"


def generated_docs() -> dict[str, str]:
    """The generated files by name, as they should be."""
    return {
        "catalog.md": "\n".join(_catalog_lines()) + "\n",
        "settings.md": "\n".join(_settings_lines()) + "\n",
    }


def measures() -> tuple[Model, ...]:
    """All kinds of measure, in the order of their union."""
    return get_args(get_args(Measure)[0])


def documented_models() -> Iterator[Model]:
    """Every model that the catalogue is written in."""
    for models in _FILES.values():
        yield from models
    yield from measures()


def _catalog_lines() -> Iterator[str]:
    yield from ("# The catalogue, field by field", "", _NOTE, "")
    yield (
        "Everything a city says about itself is YAML under `catalog/`. `make catalogue` names "
        "every mistake with its file and line; `docs/recipes.md` shows how things are added."
    )
    yield from ("", "Types: *name* is lower-case letters, digits, underscores; *full key* is")
    yield "`department.indicator`; *span* is such as `90s`, `15m`, `4h`, `7d`; *zh + en* is "
    yield "`{zh: …, en: …}`. Fields without a default must be given."
    for title, models in _FILES.items():
        yield from ("", f"## {f'`{title}`' if '.yaml' in title else title}")
        for model in models:
            yield from _model_lines(model)
        if Indicator in models:
            yield from _measure_lines()
        if Panel in models:
            yield from _form_lines()
    yield from ("", "### Known units", "")
    yield ", ".join(f"{unit.zh} ({unit.en})" for unit in known_units())


def _measure_lines() -> Iterator[str]:
    yield from ("", "### Measures", "")
    yield f"Flows ({_ticked(FLOWS)}) are sums of buckets; stocks ({_ticked(STOCKS)}) are states now;"
    yield f"asked ones ({_ticked(ASKED)}) are exact and slower; derived ones ({_ticked(DERIVED)})"
    yield "come from other indicators."
    for model in measures():
        yield from _model_lines(model, "####")


def _form_lines() -> Iterator[str]:
    yield from ("", "### Forms of a panel", "", "| kind | shows |", "| --- | --- |")
    for kind, shows in FORMS.items():
        yield f"| `{kind}` | {shows} |"


def _model_lines(model: Model, heading: str = "###") -> Iterator[str]:
    yield from ("", f"{heading} {model.__name__}", "")
    yield " ".join((model.__doc__ or "").split())
    yield from ("", "| field | type | default | meaning |", "| --- | --- | --- | --- |")
    for name, info in model.model_fields.items():
        shown = info.alias or name
        kind = _cell(type_text(_annotation(info)))
        yield f"| `{shown}` | {kind} | {_cell(_default(info))} | {_cell(meaning(model, name))} |"


def _annotation(info: FieldInfo) -> Any:
    """The field's type with what pydantic took out of it, so that names stay recognisable."""
    return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation


def type_text(annotation: Any) -> str:
    """A type in the words of somebody who writes YAML."""
    if repr(annotation) in _NAMED:
        return _NAMED[repr(annotation)]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        plain = type_text(arguments[0])
        return "span" if arguments[0] is timedelta else plain
    if origin is Literal:
        return " or ".join(f"`{argument}`" for argument in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(type_text(a) for a in arguments if a is not type(None)))
    if origin is list:
        return f"list of {type_text(arguments[0])}"
    if origin is tuple:
        return f"[{', '.join(type_text(argument) for argument in arguments)}]"
    if origin is dict:
        return f"{type_text(arguments[0])} → {type_text(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel | timedelta):
        linked = f"[{annotation.__name__}](#{annotation.__name__.lower()})"
        return "span" if annotation is timedelta else _PLAIN.get(annotation, linked)
    return _PLAIN.get(annotation, getattr(annotation, "__name__", str(annotation)))


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return ""
    value = info.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, timedelta):
        return f"`{span_text(value)}`"
    if isinstance(value, BaseModel):
        return "its own defaults"
    if value is None:
        return "–"
    if isinstance(value, SecretStr):
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "empty" if value in ("", [], {}) else f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _ticked(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _settings_lines() -> Iterator[str]:
    prefix = Settings.model_config["env_prefix"]
    yield from ("# Settings", "", _NOTE, "")
    yield "What differs between one machine and the next, read once from the environment. What"
    yield "differs between cities is the catalogue. A department's database URL is the variable that"
    yield "its file names as `${NAME}`."
    yield from ("", "| variable | type | default | meaning |", "| --- | --- | --- | --- |")
    for name, info in Settings.model_fields.items():
        kind = type_text(info.annotation)
        default, said = _cell(_default(info)), _cell(info.description or "")
        yield f"| `{prefix}{name.upper()}` | {kind} | {default} | {said} |"
