"""What celpy 0.5.0 itself does wrong: each fault that our engine works around, shown on the library.

When one of these fails, celpy has mended it, and the work-around named in its reason may go.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

celpy = pytest.importorskip("celpy")


@pytest.fixture(autouse=True)
def _unharmed() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    sys.setrecursionlimit(limit)


def run(text: str, **bindings: Any) -> Any:
    environment = celpy.Environment()
    program = environment.program(environment.compile(text))
    return program.evaluate({name: celpy.json_to_cel(value) for name, value in bindings.items()})


def test_an_environment_changes_the_recursion_limit_of_the_process() -> None:
    sys.setrecursionlimit(1234)
    celpy.Environment()
    assert sys.getrecursionlimit() == 2500


@pytest.mark.parametrize("text", ["1 == 1.0", "[1] == [1.0]", "1 == 'a'", "1.0 in [1]", "1 == null", "1u == 1"])
def test_equality_across_types_is_an_error(text: str) -> None:
    with pytest.raises(celpy.CELEvalError):
        run(text)


def test_true_is_one() -> None:
    assert run("x == 1", x=True)


def test_has_hides_a_missing_parent() -> None:
    assert not run("has(x.b.c)", x={})


def test_a_division_of_doubles_by_zero_has_the_wrong_sign() -> None:
    assert run("-1.0 / 0.0") == float("inf")


@pytest.mark.parametrize("text", ["now", "12:30"])
def test_a_timestamp_may_depend_on_the_clock(text: str) -> None:
    assert run(f"timestamp('{text}')").year > 2000


def test_conversions_take_what_python_takes() -> None:
    assert run("int('1_0')") == 10


def test_the_place_of_true_is_lost() -> None:
    tree = celpy.Environment().compile("true")
    token = next(iter(tree.scan_values(lambda _: True)))
    assert token.line is None


@pytest.mark.parametrize("text", ["(" * 100 + "1" + ")" * 100])
def test_brackets_exhaust_the_stack(text: str) -> None:
    with pytest.raises(RecursionError):
        run(text)


def test_nothing_short_circuits() -> None:
    calls: list[int] = []
    environment = celpy.Environment()
    program = environment.program(environment.compile("true || f(1)"), {"f": calls.append})
    program.evaluate({})
    assert calls == [1]


def test_an_invalid_pattern_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(celpy.CELEvalError):
        run("'a'.matches('(?<=b)never-seen-before')")
    assert "never-seen-before" in capfd.readouterr().err


def growth(action: Callable[[int], object]) -> float:
    """How many times longer six more characters of a kind take."""

    def seconds(size: int) -> float:
        started = time.process_time()
        with pytest.raises((ValueError, celpy.CELParseError)):
            action(size)
        return time.process_time() - started

    return min(seconds(20) for _ in range(2)) / min(seconds(14) for _ in range(2))


def test_an_unclosed_string_takes_exponential_time() -> None:
    environment = celpy.Environment()
    assert growth(lambda size: environment.compile('"' + r"\n" * size)) > 16


def test_a_duration_takes_exponential_time() -> None:
    assert growth(lambda size: celpy.celtypes.DurationType("h" * size + "!")) > 16
