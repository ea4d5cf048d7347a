"""Manual entry (填报): what a person states of a place, read from what was typed. All pure."""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Literal

from dashboard.catalogue import Catalogue
from dashboard.catalogue.forms import Form, FormField
from dashboard.text import Text

CITY = "city"
"""The one place of a form that is filled in for the city as a whole."""
LONGEST_NAME = 40
LONGEST_TEXT = 200
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
Stated = float | str


@dataclass(frozen=True)
class Statement:
    """What one person states of one place, by field. `author` is the name given, `who` the one the
    door knows; fields left empty are absent."""

    form: str
    place: str
    district: str | None
    town: str | None
    values: Mapping[str, Stated]
    author: str
    who: str
    entered_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Kept:
    """An entry as it is kept: a statement, and how it ended where it did."""

    id: str
    statement: Statement
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_why: Literal["replaced", "withdrawn"] | None = None

    def state(self, now: datetime) -> Literal["known", "lapsed", "replaced", "withdrawn"]:
        """What it is worth now: known, unknown since it has lapsed, or ended."""
        if self.ended_why is not None:
            return self.ended_why
        return "known" if self.statement.expires_at > now else "lapsed"


@dataclass(frozen=True)
class Fault:
    """One thing that cannot be taken as it was typed; of no field where it is of the whole."""

    field: str
    text: Text


def places_of(catalogue: Catalogue, form: Form, day: date) -> dict[str, Text]:
    """The places for which a form is filled in, by code, as they are named on a day."""
    if form.per == CITY:
        return {CITY: Text(zh="全市", en="Whole city")}
    codes = catalogue.codes[form.per].codes
    return {
        code: meaning.title
        for code, meaning in codes.items()
        if (meaning.valid_from is None or meaning.valid_from <= day)
        and (meaning.valid_to is None or day <= meaning.valid_to)
    }


def read_statement(
    catalogue: Catalogue,
    form: Form,
    typed: Mapping[str, Any],
    *,
    place: object,
    author: object,
    who: str,
    now: datetime,
    zone: tzinfo,
) -> Statement | list[Fault]:
    """What was typed into a form as a statement, or all that is wrong with it.

    `typed` is text by field; `place` one of `places_of` on the day that it is in `zone`, the city's.
    """
    name = _plain(author)
    faults = [*_author_faults(name)]
    if place not in places_of(catalogue, form, now.astimezone(zone).date()):
        faults.append(Fault("place", Text(zh="请选择填报的地区。", en="Choose the place.")))
    values: dict[str, Stated] = {}
    for key, field in form.fields.items():
        found = _read(field, _plain(typed.get(key)))
        if isinstance(found, Text):
            faults.append(Fault(key, found))
        elif found is not None:
            values[key] = found
    faults += _excesses(form, values)
    if not faults and not values:
        nothing = Text(zh="请至少填写一项。", en="Fill in at least one of the fields.")
        faults.append(Fault("", nothing))
    if faults:
        return faults
    code = str(place)
    town = code if form.per == "towns" else None
    district = catalogue.codes["towns"].codes[code].parent if town else code
    return Statement(
        form=form.key,
        place=code,
        district=None if form.per == CITY else district,
        town=town,
        values=values,
        author=name,
        who=who,
        entered_at=now,
        expires_at=now + form.holds,
    )


def _plain(typed: object) -> str:
    """Typed text with full-width digits and signs as their plain ones, without outer blanks."""
    return "" if typed is None else unicodedata.normalize("NFKC", str(typed)).strip()


def author_of(typed: object) -> str | list[Fault]:
    """A name as it is kept, or what is wrong with it."""
    name = _plain(typed)
    return [*_author_faults(name)] or name


def _author_faults(name: str) -> Iterator[Fault]:
    if not name:
        yield Fault(
            "author",
            Text(zh="请填写填报人姓名。", en="Give the name of the person who enters this."),
        )
    elif len(name) > LONGEST_NAME or not name.isprintable():
        yield Fault(
            "author",
            Text(
                zh=f"填报人姓名应为不超过 {LONGEST_NAME} 字的一行文字。",
                en=f"A name is one line of at most {LONGEST_NAME} characters.",
            ),
        )


def _read(field: FormField, typed: str) -> Stated | Text | None:
    """The value of one field, None where it may be empty and is, else what is wrong with it."""
    title = field.title
    if not typed:
        if not field.required:
            return None
        return Text(zh=f"请填写“{title.zh}”。", en=f"Fill in “{title.en}”.")
    if field.kind == "choice":
        if typed in field.choices:
            return typed
        return Text(zh=f"请为“{title.zh}”选择一项。", en=f"Choose one for “{title.en}”.")
    if field.kind == "text":
        longest = int(field.most or LONGEST_TEXT)
        if len(typed) <= longest:
            return typed
        return Text(
            zh=f"“{title.zh}”有 {len(typed)} 字，最多 {longest} 字。",
            en=f"“{title.en}” has {len(typed)} characters, at most {longest} are taken.",
        )
    return _read_number(field, typed)


def _read_number(field: FormField, typed: str) -> float | Text:
    bare = typed.replace(",", "").replace(" ", "")
    value = float(bare) if _NUMBER.fullmatch(bare) else math.nan
    whole = field.kind != "whole" or value.is_integer()
    low = field.least is None or value >= field.least
    if math.isfinite(value) and whole and low and (field.most is None or value <= field.most):
        return value
    wanted = _wanted(field)
    return Text(
        zh=f"“{field.title.zh}”填的是“{typed}”，应为{wanted.zh}。",
        en=f"“{field.title.en}”: found “{typed}”, expected {wanted.en}.",
    )


def _wanted(field: FormField) -> Text:
    kind = (
        Text(zh="整数", en="a whole number")
        if field.kind == "whole"
        else Text(zh="数字", en="a number")
    )
    bounds = [
        (f"不小于 {field.least:g}", f"at least {field.least:g}")
        if field.least is not None
        else None,
        (f"不大于 {field.most:g}", f"at most {field.most:g}") if field.most is not None else None,
    ]
    said = [bound for bound in bounds if bound is not None]
    if not said:
        return kind
    zh, en = (list(words) for words in zip(*said, strict=True))
    return Text(zh=f"{'、'.join(zh)} 的{kind.zh}", en=f"{kind.en} of {' and '.join(en)}")


def _excesses(form: Form, values: Mapping[str, Stated]) -> Iterator[Fault]:
    """Numbers greater than another one that they cannot be greater than."""
    for key, field in form.fields.items():
        value, most = values.get(key), values.get(field.at_most or "")
        if not isinstance(value, float) or not isinstance(most, float) or value <= most:
            continue
        other = form.fields[field.at_most or ""].title
        yield Fault(
            key,
            Text(
                zh=f"“{field.title.zh}”{value:g} 大于“{other.zh}”{most:g}，请核对。",
                en=f"“{field.title.en}” {value:g} is more than “{other.en}” {most:g}: check both.",
            ),
        )
