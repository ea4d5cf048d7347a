"""The arithmetic that a derived indicator may write: names, numbers, + - * / and a few functions."""

import ast
from collections.abc import Callable, Mapping
from functools import cache

FUNCTIONS: dict[str, Callable[..., float]] = {"min": min, "max": max, "abs": abs}
_ALLOWED = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.USub,
    ast.UAdd,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.Call,
)


@cache
def parse(formula: str) -> ast.Expression:
    """The formula as a tree. Raises ValueError saying what in it is no arithmetic."""
    try:
        tree = ast.parse(formula, mode="eval")
    except SyntaxError as error:
        raise ValueError(f"formula {formula!r}, which is no arithmetic ({error.msg})") from None
    for node in ast.walk(tree):
        allowed = isinstance(node, _ALLOWED)
        if isinstance(node, ast.Constant):
            allowed = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        if isinstance(node, ast.Call):
            allowed = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
        if not allowed:
            raise ValueError(f"{ast.unparse(node)!r} in a formula")
    return tree


def names_of(formula: str) -> set[str]:
    """The inputs that a formula names. Raises ValueError where it is no arithmetic."""
    nodes = ast.walk(parse(formula))
    return {n.id for n in nodes if isinstance(n, ast.Name)} - set(FUNCTIONS)


def evaluate(formula: str, values: Mapping[str, float]) -> float | None:
    """The formula's value; None where it divides by zero. Raises KeyError for a missing input."""
    try:
        return _value(parse(formula).body, values)
    except ZeroDivisionError:
        return None


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=op, operand=operand):
            return -_value(operand, values) if isinstance(op, ast.USub) else _value(operand, values)
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(op, _value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=args):
            return float(FUNCTIONS[name](*(_value(a, values) for a in args)))
    raise ValueError(f"{ast.unparse(node)!r} in a formula")


def _arithmetic(op: ast.operator, left: float, right: float) -> float:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case _:
            return left / right
