"""Problems that the collector found in departments' databases, as it tells the web of them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from dashboard.catalogue.city import Problem

_FACT = "/problems"
"""After the department, by which audiences are cut when a fact is taken away."""
Sections = Mapping[str, Mapping[str, Mapping[str, Any]]]


def problems_fact(department: str, problems: Iterable[Problem]) -> dict[str, dict[str, Any]]:
    """The fact by its key; none where there is no problem."""
    told = [asdict(problem) for problem in problems]
    return {department + _FACT: {"department": department, "problems": told}} if told else {}


def told_problems(sections: Sections) -> list[Problem]:
    """The problems of all departments in a frame."""
    facts = sections.get("facts", {}).items()
    return [
        Problem(**told) for key, fact in facts if key.endswith(_FACT) for told in fact["problems"]
    ]
