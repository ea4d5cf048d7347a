"""All departments' databases looked at once, as `python app.py check` does."""

from dashboard.catalogue import Catalogue, Department, Problem
from dashboard.catalogue.check import problem_at
from dashboard.catalogue.city import Where
from dashboard.ports import Unreachable
from data_access.departments.source import SqlSource


def database_problems(catalogue: Catalogue) -> list[Problem]:
    """All that is wrong with tables, columns and plans, department by department."""
    found: list[Problem] = []
    for key, department in catalogue.departments.items():
        url = catalogue.urls.get(key)
        if url:  # Otherwise named already by the catalogue's own check.
            found += _problems_at(catalogue, department, url)
    return found


def _problems_at(catalogue: Catalogue, department: Department, url: str) -> list[Problem]:
    place: Where = ("departments", department.key, "url")
    try:
        source = SqlSource(department, url, connections=1)
    except ValueError as error:
        return [problem_at(catalogue, place, str(error), "a URL of a known engine")]
    try:
        return source.problems(catalogue)
    except Unreachable as error:
        expected = "a database that answers"
        return [problem_at(catalogue, place, str(error), expected, severity="warning")]
    finally:
        source.close()
