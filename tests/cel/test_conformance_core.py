"""The official CEL conformance cases through our engine: every deviation is listed, with a reason, in one file.

The cases are data beside the repository (see PENSTOCK_SHARED); without them this module is skipped.
"""

from __future__ import annotations

import base64
import json
import math
import os
import re
from collections import Counter
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from penstock.cel import CelError, engine
from penstock.cel.values import Type, UInt

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("PENSTOCK_SHARED") or HERE.parents[2] / "shared")
CASES = SHARED / "cel-spec" / "conformance.json"
DEVIATIONS = HERE / "cel-python-deviations.txt"
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
PROTOBUF = re.compile(r'TestAllTypes|conformance\.proto|google\.protobuf|cel\.expr|"t": "(?:obj|enum)"')

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason=f"no conformance cases at {CASES}")


def in_scope(case: dict[str, Any]) -> bool:
    return case["file"] in CORE and not PROTOBUF.search(json.dumps(case)) and not case["check_only"]


def identity(case: dict[str, Any]) -> str:
    return f"{case['file']}/{case['section']}/{case['name']}"


@cache
def cases() -> list[dict[str, Any]]:
    return [case for case in json.loads(CASES.read_text(encoding="utf-8")) if in_scope(case)]


def deviations() -> dict[str, str]:
    """Each listed case and the reason over its group."""
    listed: dict[str, str] = {}
    reason = ""
    for line in DEVIATIONS.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            reason = line[2:]
        elif line.strip():
            assert reason, f"{line} has no reason over it"
            assert line not in listed, f"{line} is listed twice"
            listed[line] = reason
        else:
            reason = ""
    return listed


def value(shape: dict[str, Any]) -> object:
    kind, raw = shape["t"], shape.get("v")
    if kind == "bytes":
        return base64.b64decode(raw)
    if kind == "double":
        return float(raw)
    if kind == "uint":
        return UInt(raw)
    if kind == "type":
        return Type(raw)
    if kind == "list":
        return [value(item) for item in raw]
    if kind == "map":
        return {value(key): value(item) for key, item in raw}
    if kind in ("timestamp", "duration"):
        source = raw if isinstance(raw, dict) else shape
        span = timedelta(seconds=source["s"], microseconds=source["n"] // 1000)
        return datetime(1970, 1, 1, tzinfo=timezone.utc) + span if kind == "timestamp" else span
    return raw


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


def same(got: object, expected: object) -> bool:
    """Equal and of the same types all the way down: 1, 1.0 and true are three values."""
    if type(got) is not type(expected):
        return False
    if isinstance(got, float) and isinstance(expected, float):
        both_nan = math.isnan(got) and math.isnan(expected)
        return both_nan or (got == expected and math.copysign(1, got) == math.copysign(1, expected))
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(got, dict) and isinstance(expected, dict):
        return len(got) == len(expected) and all(key in got and same(got[key], expected[key]) for key in expected)
    return got == expected


def failure(case: dict[str, Any]) -> str | None:
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
    listed = deviations()
    failures = {identity(case): reason for case in cases() if (reason := failure(case)) is not None}
    unlisted = [f"{name}: {reason}" for name, reason in failures.items() if name not in listed]
    passing = [name for name in listed if name not in failures]
    assert not unlisted, "\n".join(unlisted)
    assert not passing, "these pass or do not exist: take them off the list\n" + "\n".join(passing)


def test_the_suite_is_all_there() -> None:
    counts = Counter(case["file"] for case in cases())
    assert sum(counts.values()) > 800
    assert set(counts) <= set(CORE)
