"""The engines that the benchmark compares, each behind one shape.

Takes an expression with its types and data; gives what to call to evaluate it once, or the reason why this
engine cannot. Each peer is imported when it is asked for; one that is not installed says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from cel_floor import Case

Run = tuple[Callable[..., object], tuple[object, ...]]
"""A function and its arguments: a lambda around every engine would hide what the fast ones differ by."""


class AbsentError(Exception):
    """This engine cannot take part; the text says why."""


def _module(name: str, package: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise AbsentError(f"{package} cannot be imported ({error})") from error


def floor(case: Case) -> Run:
    return case.floor, tuple(case.data.values())


def ours_typed(case: Case) -> Run:
    env = _module("penstock.cel.env", "penstock").Env(variables=case.types)
    return _ours(case, env)


def ours_untyped(case: Case) -> Run:
    return _ours(case, None)


def _ours(case: Case, env: object) -> Run:
    program = compile_ours(case.expression, env)
    return program.evaluate, (case.data, {})


def compile_ours(expression: str, env: object) -> Any:
    try:
        return _module("penstock.cel.program", "penstock.cel.program").compile(expression, env)
    except ImportError as error:
        raise AbsentError(f"penstock.cel is not complete ({error})") from error


def second_engine(case: Case) -> Run:
    program = _module("penstock.cel", "penstock").engine("cel-python").compile(case.expression)
    return program.evaluate, (case.data, {})


@cache
def celpy() -> Any:
    """cel-python."""
    return _module("celpy", "cel-python")


def celpy_converted(case: Case) -> Run:
    """The interpreter, with data that was made celpy's own before."""
    program = celpy_program(case.expression, {})
    return program.evaluate, (celpy_data(case.data),)


def celpy_converting(case: Case) -> Run:
    """The interpreter, with data made celpy's own at each evaluation."""
    program = celpy_program(case.expression, {})
    return lambda data: program.evaluate(celpy_data(data)), (case.data,)


def celpy_program(expression: str, functions: Mapping[str, Callable[..., object]]) -> Any:
    environment = celpy().Environment(runner_class=celpy().InterpretedRunner)
    return environment.program(environment.compile(expression), functions=dict(functions))


def celpy_data(data: Mapping[str, object]) -> dict[str, object]:
    convert = celpy().json_to_cel
    return {name: convert(value) for name, value in data.items()}


@cache
def cel_expr() -> Any:
    """cel-expr-python."""
    return _module("cel_expr_python.cel", "cel-expr-python")


def cel_expr_per_call(case: Case) -> Run:
    """Python data handed over at each evaluation, as when each manifest is another."""
    expression, _ = _cel_expr(case)
    return lambda data: expression.eval(None, data).value(), (case.data,)


def cel_expr_prepared(case: Case) -> Run:
    """One activation for all evaluations: the data has been converted before."""
    expression, env = _cel_expr(case)
    activation = env.Activation(case.data)
    return lambda: expression.eval(activation).value(), ()


def _cel_expr(case: Case) -> tuple[Any, Any]:
    dyn = cel_expr().Type.DYN
    env = cel_expr().NewEnv(variables=dict.fromkeys(case.data, dyn))
    return env.compile(case.expression), env


COMPETITORS: Mapping[str, Callable[[Case], Run]] = {
    "floor": floor,
    "typed": ours_typed,
    "untyped": ours_untyped,
    "celpy": celpy_converted,
    "celpy+data": celpy_converting,
    "second": second_engine,
    "cel-expr": cel_expr_per_call,
    "cel-expr*": cel_expr_prepared,
}
MEANING: Mapping[str, str] = {
    "floor": "hand-written Python (cel_floor.py)",
    "typed": "penstock.cel, the variables' types declared",
    "untyped": "penstock.cel, no environment",
    "celpy": "cel-python's InterpretedRunner, data converted before",
    "celpy+data": "the same, data converted at each evaluation",
    "second": "penstock's second engine, on cel-python's parser",
    "cel-expr": "cel-expr-python (C++), Python data handed over at each evaluation",
    "cel-expr*": "cel-expr-python (C++), one activation prepared before",
}
