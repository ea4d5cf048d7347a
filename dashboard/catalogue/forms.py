"""Forms of manual entry (填报): what people state that no database of a department holds."""

from typing import Literal

from pydantic import Field, model_validator

from dashboard.catalogue.model import Entry, Length, Name
from dashboard.text import Text


class FormField(Entry):
    """One thing that is asked for."""

    title: Text
    kind: Literal["whole", "number", "choice", "text"] = "whole"
    unit: Text | None = Field(None, description="of a number")
    least: float | None = Field(0, description="smallest number that is taken")
    most: float | None = Field(None, description="largest number, or characters of a text")
    choices: dict[str, Text] = Field({}, description="codes of kind choice and what they mean")
    required: bool = Field(True, description="false: it may be left empty")
    at_most: Name | None = Field(
        None, description="another field of the form that it cannot be greater than"
    )
    help: Text | None = Field(None, description="a sentence beside the field")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "FormField":
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"kind {self.kind}: `choices` go with kind choice, and only with it")
        if self.at_most is not None and self.kind not in ("whole", "number"):
            raise ValueError(f"kind {self.kind}: `at_most` compares numbers")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(f"found least {self.least:g} above most {self.most:g}")
        return self


class Form(Entry):
    """One file of catalog/forms/. The values of an entry are rows of the store's `manual_entry`."""

    key: Name
    title: Text
    department: Name = Field(description="the department to which the statement belongs")
    note: Text | None = Field(None, description="when it is filled in, and by whom")
    per: Literal["districts", "towns", "city"] = Field(
        "districts", description="the places for each of which there is an entry of its own"
    )
    holds: Length = Field(description="how long an entry is taken for true; then it is unknown")
    roles: list[Name] = Field([], description="who may enter; all that may enter where empty")
    fields: dict[Name, FormField] = Field(min_length=1, description="what is asked for, by name")
    order: int = 100

    @model_validator(mode="after")
    def _compares_numbers_it_has(self) -> "Form":
        for name, field in self.fields.items():
            numbers = [
                other
                for other, one in self.fields.items()
                if one.kind in ("whole", "number") and other != name
            ]
            if field.at_most is not None and field.at_most not in numbers:
                raise ValueError(
                    f"{name}: found at_most {field.at_most!r}, expected one of {numbers}"
                )
        return self
