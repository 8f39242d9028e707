"""Optional values, as the functions see them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from penstock.cel import calls
from penstock.cel.errors import EvalError
from penstock.cel.moments import duration_of, timestamp_at
from penstock.cel.standard import functions_by_name
from penstock.cel.types import INT
from penstock.cel.values import Optional, UInt

NONE, ONE = Optional(), Optional(True, 1)


def call(name: str, *arguments: object) -> object:
    return calls.call(functions_by_name()[name], arguments, receiver=False)


def method(name: str, *arguments: object) -> object:
    return calls.call(functions_by_name()[name], arguments, receiver=True)


def test_making() -> None:
    assert call("optional.none") == NONE
    assert call("optional.of", 1) == ONE
    assert call("optional.of", None) == Optional(True, None)
    assert call("optional.of", True) != ONE


@pytest.mark.parametrize(
    "value",
    [
        None,
        False,
        0,
        UInt(0),
        0.0,
        -0.0,
        "",
        b"",
        [],
        (),
        {},
        timedelta(0),
        datetime(1970, 1, 1, tzinfo=timezone.utc),
    ],
)
def test_zero_values(value: object) -> None:
    assert call("optional.ofNonZeroValue", value) == NONE


@pytest.mark.parametrize(
    "value",
    [True, -1, UInt(1), float("nan"), "0", b"\0", [None], {"": None}, duration_of(1), timestamp_at(-1), INT, NONE],
)
def test_other_values(value: object) -> None:
    made = call("optional.ofNonZeroValue", value)
    assert isinstance(made, Optional)
    assert made.present
    assert made.value is value


def test_asking() -> None:
    assert method("hasValue", ONE) is True
    assert method("hasValue", NONE) is False
    assert method("value", ONE) == 1
    assert method("or", NONE, ONE) is ONE
    assert method("or", ONE, NONE) is ONE
    assert method("orValue", ONE, 2) == 1
    assert method("orValue", NONE, 2) == 2


def test_unwrapping() -> None:
    values = [ONE, NONE, Optional(True, None)]
    assert call("optional.unwrap", values) == [1, None]
    assert method("unwrapOpt", values) == [1, None]


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("value", (NONE,), "the optional has no value"),
        ("value", (1,), "no such overload: value() on int 1; allowed: value() on optional_type"),
        (
            "or",
            (NONE, 1),
            "no such overload: or(int 1) on an optional; allowed: or(optional_type) on optional_type",
        ),
        (
            "unwrapOpt",
            ([ONE, 1],),
            "unwrapOpt() on a list of 2: the element at 1 is int 1; only optionals can be unwrapped",
        ),
    ],
)
def test_refusals(name: str, arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(EvalError) as caught:
        method(name, *arguments)
    assert caught.value.message == message
