"""Problems that the collector found in departments' databases, as it tells the web of them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from dashboard.catalogue.city import Problem
from dashboard.catalogue.indicators import Indicator

_FACT = "/problems"
"""After the department, by which audiences are cut when a fact is taken away."""
_NO_SINGLE_ROLE = ("",)
"""Roles of what names several indicators that no role may see together: nobody holds this one, and
whoever holds all there are is told."""
Sections = Mapping[str, Mapping[str, Mapping[str, Any]]]
Roles = tuple[str, ...]


def problem_facts(
    department: str, problems: Iterable[Problem], indicators: Mapping[str, Indicator]
) -> dict[str, dict[str, Any]]:
    """The facts by their keys, none where there is no problem: one for everybody who sees the
    department, and one for each set of roles to which indicators that are named are kept."""
    told: dict[Roles, list[dict[str, Any]]] = {}
    for problem in problems:
        told.setdefault(_roles_of(problem, indicators), []).append(asdict(problem))
    return {
        # A fact that other roles come to see has another key: who no longer sees it lets it go.
        "/".join((department + _FACT, *roles)): {"department": department, "problems": found}
        | ({"roles": list(roles)} if roles else {})
        for roles, found in told.items()
    }


def _roles_of(problem: Problem, indicators: Mapping[str, Indicator]) -> Roles:
    """To whom a problem is told: to all where it names no indicator that is kept to some roles."""
    said = str(problem)
    named = [set(one.roles) for name, one in indicators.items() if one.roles and name in said]
    if not named:
        return ()
    return tuple(sorted(set.intersection(*named))) or _NO_SINGLE_ROLE


def told_problems(sections: Sections) -> list[Problem]:
    """The problems of all departments in a frame."""
    return [
        Problem(**told)
        for key, fact in sections.get("facts", {}).items()
        if f"{key}/".startswith(f"{fact['department']}{_FACT}/")
        for told in fact["problems"]
    ]
