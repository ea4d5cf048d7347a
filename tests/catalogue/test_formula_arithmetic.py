"""Formulas of derived indicators: arithmetic over named inputs and nothing else."""

import pytest

from dashboard.catalogue.formula import evaluate, names_of

GOOD = [
    ("a / b * 100", 50.0),
    ("(a + b) - 1", 5.0),
    ("-a + +b", 2.0),
    ("max(a, b, 3)", 4.0),
    ("min(a, b) + abs(a - b)", 4.0),
    ("1.5", 1.5),
    ("a / (b - 4)", None),
]


@pytest.mark.parametrize(("formula", "value"), GOOD)
def test_a_formula_is_worked_out(formula: str, value: float | None) -> None:
    assert evaluate(formula, {"a": 2, "b": 4}) == value


BAD = [
    "a.real",
    "a ** 9",
    "open('x')",
    "[a]",
    "a if b else 1",
    "a <",
    "True",
    "'a'",
    "lambda: a",
    "",
]


@pytest.mark.parametrize("formula", BAD)
def test_what_is_no_arithmetic_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match="formula"):
        names_of(formula)
    with pytest.raises(ValueError, match="formula"):
        evaluate(formula, {"a": 1, "b": 1})


def test_the_names_of_a_formula_are_its_inputs() -> None:
    assert names_of("max(a, b_2) / total") == {"a", "b_2", "total"}


def test_a_missing_input_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        evaluate("a + b", {"a": 1})
