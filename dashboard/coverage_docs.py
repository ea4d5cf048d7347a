"""docs/coverage.md: which indicators make each public system of the city visible."""

from collections.abc import Iterator

from dashboard.catalogue import Catalogue


def serving(catalogue: Catalogue) -> dict[str, list[str]]:
    """The full keys of the indicators that serve each system; those that are only inputs of others
    show nothing by themselves and do not count."""
    found: dict[str, list[str]] = {key: [] for key in catalogue.systems}
    for key, indicator in catalogue.indicators():
        for system in () if indicator.internal else indicator.serves:
            found.setdefault(system, []).append(key)
    return found


def coverage_lines(catalogue: Catalogue) -> Iterator[str]:
    """The document, line by line."""
    yield "# The systems of the city and the indicators that show them"
    yield ""
    yield "<!-- Written by `make docs` from the catalogue; change that. -->"
    yield ""
    yield (
        "`GET /api/indicators?serves=S9` answers the same to programs. A test fails when a system"
        " loses its last indicator."
    )
    yield ""
    yield "| row | system | where | indicators |"
    yield "| --- | --- | --- | --- |"
    for key, keys in serving(catalogue).items():
        system = catalogue.systems[key]
        where = f"{system.where.zh} {system.where.en}" if system.where else "–"
        shown = "<br>".join(_named(catalogue, one) for one in keys) or "–"
        yield f"| {key} | {system.title.zh} {system.title.en} | {where} | {shown} |"


def _named(catalogue: Catalogue, key: str) -> str:
    indicator = catalogue.indicator(key)
    return f"`{key}` {indicator.title.zh}" if indicator else f"`{key}`"
