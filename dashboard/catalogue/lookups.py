"""Lookups: a question that a person asks of a dataset by choosing, such as the next bus at a stop."""

from typing import Annotated

from pydantic import Field, model_validator

from dashboard.catalogue.model import Entry, Name
from dashboard.text import Text


class LookupChoice(Entry):
    """One thing that is chosen: a column both of the dataset asked and of its `options`."""

    column: str
    title: Text
    optional: bool = Field(False, description="an answer is given without it too")


class LookupColumn(Entry):
    """One column of the answer."""

    column: str
    title: Text = Field(description="over the column, with the unit where it has one")
    factor: float = Field(1.0, description="the value is multiplied by this")
    decimals: Annotated[int, Field(ge=0, le=4)] | None = Field(
        None, description="of a number; absent for text"
    )
    age: bool = Field(False, description="of a time: how long ago it was")


class Lookup(Entry):
    """How a person asks a dataset by choosing, in a panel of kind `lookup`.

    What can be chosen is read from `options`, a dataset with the columns of all choices: each is
    narrowed by what was chosen of the others. The answer are the first rows in the order of one
    column, without those that a rule sets aside. Only the department's database knows it, so that
    each answer is a question to it, under its limits and noted in the audit.
    """

    options: Name = Field(description="the dataset in which the choices are found together")
    choices: list[LookupChoice] = Field(min_length=1, max_length=4)
    shown: list[LookupColumn] = Field(min_length=1, max_length=8)
    order: str = Field(description="column by which the rows are in order, smallest first")
    limit: Annotated[int, Field(ge=1, le=50)] = Field(5, description="rows of an answer")
    nothing: Text = Field(description="what is said where there is no such row")

    @property
    def required(self) -> list[str]:
        """Columns without a choice of which nothing is asked."""
        return [choice.column for choice in self.choices if not choice.optional]

    @model_validator(mode="after")
    def _something_to_choose(self) -> "Lookup":
        if not self.required:
            raise ValueError("found only optional choices, expected one that has to be made")
        return self

    def columns(self) -> list[str]:
        """Every column of the dataset that is asked by or shown."""
        chosen = [choice.column for choice in self.choices]
        return list(dict.fromkeys([*chosen, *(one.column for one in self.shown), self.order]))
