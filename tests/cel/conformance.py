"""The official CEL conformance cases: which are ours, their values and types, and how a run of one compares.

The cases are data beside the repository (see PENSTOCK_SHARED), and may be absent. Used by the tests of both
engines and by tools/conformance_table.py.
"""

from __future__ import annotations

import base64
import json
import math
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from penstock import cel
from penstock.cel import CelError, Env, Function, Overload, Program, Type, UInt, moments, types
from penstock.cel.types import Parameter

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("PENSTOCK_SHARED") or HERE.parents[2] / "shared")
CASES = SHARED / "cel-spec" / "conformance.json"
OTHER_FILES = frozenset({"proto2", "proto3", "proto2_ext", "enums", "wrappers", "network_ext"})
"""About protobuf messages and enums, and about IP addresses."""
PROTOBUF = re.compile(
    r'TestAllTypes|conformance\.proto|google\.protobuf(?!\.(?:Timestamp|Duration)\b)|cel\.expr|"t": "(?:obj|enum)"'
)

Case = Mapping[str, Any]


def in_scope(case: Case) -> bool:
    return case["file"] not in OTHER_FILES and not PROTOBUF.search(json.dumps(case))


def identity(case: Case) -> str:
    return f"{case['file']}/{case['section']}/{case['name']}"


@cache
def all_cases() -> Sequence[Case]:
    """Those in scope. Empty where the data is absent."""
    if not CASES.is_file():
        return []
    return [case for case in json.loads(CASES.read_text(encoding="utf-8")) if in_scope(case)]


def deviations(path: Path) -> dict[str, str]:
    """Each listed case and the reason over its group."""
    listed: dict[str, str] = {}
    reason = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            reason = line[2:]
        elif line.strip():
            assert reason, f"{line} has no reason over it"
            assert line not in listed, f"{line} is listed twice"
            listed[line] = reason
        else:
            reason = ""
    return listed


def value(shape: Mapping[str, Any]) -> object:
    kind, raw = shape["t"], shape.get("v")
    if kind == "bytes":
        return base64.b64decode(str(raw))
    if kind == "double":
        return float(str(raw))
    if kind == "uint":
        return UInt(raw)
    if kind == "type":
        return Type(str(raw))
    if kind == "list":
        return [value(item) for item in raw or ()]
    if kind == "map":
        return {value(key): value(item) for key, item in raw or ()}
    if kind in ("timestamp", "duration"):
        source = raw if isinstance(raw, dict) else shape
        count = source["s"] * 10**9 + source["n"]
        return moments.timestamp_at(count) if kind == "timestamp" else moments.duration_of(count)
    return raw


def same(got: object, expected: object) -> bool:
    """Equal and of the same types all the way down: 1, 1u, 1.0 and true are four values."""
    if type(got) is not type(expected):
        return False
    if isinstance(got, float) and isinstance(expected, float):
        both_nan = math.isnan(got) and math.isnan(expected)
        return both_nan or (got == expected and math.copysign(1, got) == math.copysign(1, expected))
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(got, dict) and isinstance(expected, dict):
        pairs = [(key, found) for key in got for found in expected if same(key, found)]
        return len(got) == len(expected) == len(pairs) and all(same(got[key], expected[key]) for key, _ in pairs)
    return got == expected


# Declared types

_PRIMITIVES = {
    "BOOL": types.BOOL,
    "INT64": types.INT,
    "UINT64": types.UINT,
    "DOUBLE": types.DOUBLE,
    "STRING": types.STRING,
    "BYTES": types.BYTES,
}
_WELL_KNOWN = {2: types.TIMESTAMP, 3: types.DURATION}
_A, _B, _C = Parameter("A"), Parameter("B"), Parameter("C")
_TUPLE, _ALIKE = Type("tuple", (_A, _B, _C)), Type("tuple", (_A, _A, _A))
# The data says of a function no more than its name.
_FUNCTIONS = {
    "fn": Function("fn", (Overload((types.STRING, types.INT), types.STRING),)),
    "tuple": Function("tuple", (Overload((_A, _B, _C), _TUPLE),)),
    "sort": Function("sort", (Overload((_ALIKE,), _ALIKE),)),
}


def declared(shape: Mapping[str, Any]) -> Type:
    """A type as the data has it."""
    kind, raw = shape["k"], shape.get("v")
    if kind == "prim":
        return _PRIMITIVES[str(raw)]
    if kind == "wk":
        return _WELL_KNOWN[shape["v"]]
    if kind == "list":
        return types.list_of(declared(shape["v"]))
    if kind == "map":
        return types.map_of(declared(shape["a"]), declared(shape["b"]))
    if kind in ("abs", "msg"):
        return Type(str(raw), tuple(map(declared, shape.get("p", ()))))
    return {"null": types.NULL, "dyn": types.DYN}[kind]


def env(case: Case) -> Env:
    return Env(
        variables={name: declared(shape) for name, kind, shape in case["types"] if kind == "ident"},
        functions=[_FUNCTIONS[name] for name, kind, _ in case["types"] if kind == "function"],
        container=case["container"],
    )


# Runs

Evaluate = Callable[[Program, Mapping[str, object]], object]


def failure(case: Case, evaluate: Evaluate) -> str | None:
    """What is wrong with a run of the case; None when all is as expected."""
    expected = case["res"]
    try:
        program = cel.compile(case["expr"], env(case), check=not case["disable_check"])
        if "dt" in expected and str(program.type) != str(declared(expected["dt"])):
            return f"the type {program.type} instead of {declared(expected['dt'])}"
        if case["check_only"]:
            return None if expected["k"] == "typeonly" else "no error"
        got = evaluate(program, {name: value(shape) for name, shape in case["bind"].items()})
    except CelError as error:
        return None if expected["k"] == "error" else f"{type(error).__name__}: {error}"
    if expected["k"] == "error":
        return f"{got!r} instead of the error {expected['m']}"
    wanted = value(expected["v"])
    return None if same(got, wanted) else f"{got!r} instead of {wanted!r}"


@dataclass(frozen=True, slots=True)
class Row:
    """The cases of one file."""

    file: str
    tests: int
    passed: int
    listed: int


def table(failures: Mapping[str, str], listed: Mapping[str, str]) -> list[Row]:
    tests = Counter(case["file"] for case in all_cases())
    failed = Counter(name.partition("/")[0] for name in failures)
    excused = Counter(name.partition("/")[0] for name in failures if name in listed)
    return [Row(file, tests[file], tests[file] - failed[file], excused[file]) for file in sorted(tests)]
