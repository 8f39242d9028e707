"""The core conformance cases through the cel-python engine: every deviation is listed, with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from conformance import CASES, Case, all_cases, deviations, identity, same, value

from penstock.cel import CelError, Type, UInt, engine

DEVIATIONS = Path(__file__).parent / "cel-python-deviations.txt"
CORE = (
    "basic",
    "comparisons",
    "conversions",
    "dynamic",
    "fields",
    "fp_math",
    "integer_math",
    "lists",
    "logic",
    "macros",
    "namespace",
    "parse",
    "plumbing",
    "string",
    "timestamps",
)

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason=f"no conformance cases at {CASES}")


@cache
def cases() -> Sequence[Case]:
    return [case for case in all_cases() if case["file"] in CORE and not case["check_only"]]


def native(expected: object) -> object:
    if isinstance(expected, Type):
        return expected.name
    if isinstance(expected, UInt):
        return int(expected)
    if isinstance(expected, list):
        return [native(item) for item in expected]
    if isinstance(expected, dict):
        return {native(key): native(item) for key, item in expected.items()}
    return expected


def failure(case: Case) -> str | None:
    bindings = {name: value(shape) for name, shape in case["bind"].items()}
    expected = case["res"]
    try:
        got = engine("cel-python").compile(case["expr"]).evaluate(bindings, {})
    except CelError as error:
        return None if expected["k"] == "error" else f"{type(error).__name__}: {error}"
    if expected["k"] == "error":
        return f"{got!r} instead of the error {expected['m']}"
    wanted = native(value(expected["v"]))
    return None if same(got, wanted) else f"{got!r} instead of {wanted!r}"


def test_core_cases_pass_or_are_listed() -> None:
    listed = deviations(DEVIATIONS)
    failures = {identity(case): reason for case in cases() if (reason := failure(case)) is not None}
    unlisted = [f"{name}: {reason}" for name, reason in failures.items() if name not in listed]
    passing = [name for name in listed if name not in failures]
    assert not unlisted, "\n".join(unlisted)
    assert not passing, "these pass or do not exist: take them off the list\n" + "\n".join(passing)


def test_the_suite_is_all_there() -> None:
    counts = Counter(case["file"] for case in cases())
    assert sum(counts.values()) > 800
    assert set(counts) <= set(CORE)
