"""Every function of the standard library says what it gives, and has an example that is true."""

from __future__ import annotations

import pytest

from penstock import cel
from penstock.cel.env import Function
from penstock.cel.resolve import resolve
from penstock.cel.standard import functions_by_name

FUNCTIONS = functions_by_name()


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_has_a_summary_and_a_true_example(function: Function) -> None:
    assert function.summary.endswith(".")
    assert function.summary[0] == function.summary[0].upper()
    assert "\n" not in function.summary + function.example
    program = cel.compile(function.example, cel.Env())
    assert program() is True
    assert program.evaluate_exactly({}) is True
    assert program.problems == ()
    assert program.type == cel.BOOL
    called = {target.name for target in resolve(program.expression).calls.values()}
    assert function.name in called


def test_documentation_is_added_to_a_function() -> None:
    bare = Function("twice", ())
    assert (bare.summary, bare.example) == ("", "")
    told = bare.about("Two of it.", "twice(1) == 2")
    assert (told.name, told.summary, told.example) == ("twice", "Two of it.", "twice(1) == 2")
