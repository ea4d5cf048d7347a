"""A slip in what a department is said to send is one line with file, line and mend."""

import re

import pytest
from intake_ground import Ground

from dashboard.catalogue.load import load


@pytest.mark.parametrize(
    ("old", "new", "found", "expected", "mend"),
    [
        ("kind: files\n    title: {zh: 就诊", "kind: file\n    title: {zh: 就诊", "'file'", "files", "did you mean files?"),
        ("encoding: gbk", "encoding: gkb", "'gkb'", "utf-8, gbk or gb18030", ""),
        ("JZ_%Y%m%d*.csv", "JZ_%y%m%d*.csv", "JZ_%y%m%d", "one each of %Y, %m and %d", ""),
        ("codes: districts", "codes: districs", "districs", "one of districts", "did you mean districts?"),
        ("totals: {visits: 4}", "totals: {visit: 4}", "'visit'", "one of day, clinic", ""),
        ("    key: [number]", "    day: number\n    key: [number]", "`day`", "that kind stream has not", ""),
        ("due: {at: \"08:00\"", "due: {at: \"8 am\"", "'8 am'", "text like", ""),
        ("required: false", "require: false", "'require'", "one of required", "did you mean required?"),
        ("    key: [day, clinic]\n    times", "    key: [day, clinik]\n    times", "'clinik'", "one of clinic", "did you mean clinic?"),
        ("tested: {kind: time, header: at}", "tested: {kind: time, header: at, format: '%H:%M %Z'}", "'%H:%M %Z'", "%z for an offset", ""),
        ("  staff:\n    kind", "  staff:\n    table: visits\n    kind", "table 'visits'", "a table of its own", "name another"),
    ],
)  # fmt: skip
def test_a_slip_is_named_and_the_rest_of_the_department_stays(
    ground: Ground, old: str, new: str, found: str, expected: str, mend: str
) -> None:
    path = ground.root / "catalog" / "departments" / "clinics.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    head = text[: text.index(old) + len(old)].splitlines()
    entry = max(n for n, line in enumerate(head, 1) if re.match(r"  \w", line))
    catalogue = ground.catalogue
    problem = catalogue.problems[0]
    assert problem.file == "catalog/departments/clinics.yaml"
    assert entry <= problem.line <= len(head) + 2, "in the lines of its own feed"
    assert found in problem.found
    assert expected in problem.expected
    assert mend in problem.mend
    assert len(catalogue.departments["clinics"].delivery) >= 2, "one feed is left out at most"


def test_a_department_whose_variable_is_not_set_lands_in_the_data_folder(ground: Ground) -> None:
    assert ground.catalogue.problems == ()
    catalogue = load(ground.root / "catalog", {"COMMAND_CENTER_DATA": "/srv/center"})
    assert catalogue.urls == {"clinics": "sqlite:////srv/center/landing/clinics.sqlite"}
    assert catalogue.problems == ()
    [problem] = load(ground.root / "catalog", {}).problems
    assert problem.mend == "set CLINICS_URL"
