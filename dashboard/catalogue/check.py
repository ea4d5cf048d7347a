"""What `python app.py check` says: every problem of the catalogue, one line each, and a summary."""

from collections.abc import Iterable

from dashboard.catalogue.city import Catalogue, Problem, Where
from dashboard.catalogue.draft import position


class AnyValue(dict[str, str]):
    """An environment in which every variable is set, for a look at the files alone."""

    def __missing__(self, name: str) -> str:
        """A URL that is never opened."""
        return "sqlite://"

    def get(self, name: str, default: object = None) -> str:
        """The same as by index."""
        return self[name]

    def __contains__(self, name: object) -> bool:
        return True


def problem_at(
    catalogue: Catalogue,
    path: Where,
    found: str,
    expected: str,
    mend: str = "",
    severity: str = "error",
) -> Problem:
    """A problem at a path of the catalogue, such as `("departments", "customs", "datasets",
    "declarations", "times", "arrived", "column")`; the deepest part that was read gives the line.
    """
    file, line = position(catalogue.positions, path)
    return Problem(file, line, found, expected, mend, severity)


def all_problems(catalogue: Catalogue, extra: Iterable[Problem] = ()) -> list[Problem]:
    """The catalogue's problems and those found elsewhere, each once, by file and line."""
    every = dict.fromkeys((*catalogue.problems, *extra))
    return sorted(every, key=lambda p: (p.file, p.line, p.severity, p.found))


def report(catalogue: Catalogue, extra: Iterable[Problem] = ()) -> tuple[str, int]:
    """The text to print and the exit code: 1 where there is an error, 0 for warnings or nothing.

    `extra` are problems that need the live databases, such as columns that do not exist.
    """
    problems = all_problems(catalogue, extra)
    errors = sum(problem.severity == "error" for problem in problems)
    lines = [str(problem) for problem in problems]
    lines.append(
        f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')} in "
        f"{_counted(len(catalogue.departments), 'department')}, "
        f"{_counted(sum(1 for _ in catalogue.indicators()), 'indicator')}, "
        f"{_counted(len(catalogue.pages), 'page')}, {_counted(len(catalogue.screens), 'screen')} "
        f"(version {catalogue.version})"
    )
    return "\n".join(lines), 1 if errors else 0


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
