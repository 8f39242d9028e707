"""base64, with the cases of the official suite."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from pathlib import Path

import pytest

from penstock.cel import EvalError, program

SHARED = Path(os.environ.get("PENSTOCK_SHARED") or Path(__file__).parents[3] / "shared")
CASES = SHARED / "cel-spec" / "conformance.json"


@pytest.mark.skipif(not CASES.is_file(), reason=f"no conformance cases at {CASES}")
def test_the_official_cases() -> None:
    cases = [case for case in json.loads(CASES.read_text(encoding="utf-8")) if case["file"] == "encoders_ext"]
    assert len(cases) == 4
    for case in cases:
        expected = case["res"]["v"]
        wanted = b64decode(expected["v"]) if expected["t"] == "bytes" else expected["v"]
        assert program.compile(case["expr"])({}) == wanted, case["name"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("base64.encode(b'')", ""),
        ("base64.encode(b'\\xff\\xfe\\xfd')", "//79"),
        ("base64.decode('')", b""),
        ("base64.decode('//79')", b"\xff\xfe\xfd"),
        ("base64.decode('YQ')", b"a"),
        ("base64.decode('YQ==')", b"a"),
        ("base64.decode('YWI')", b"ab"),
    ],
)
def test_value(text: str, expected: object) -> None:
    assert program.compile(text)({}) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("base64.decode('Y')", "not base64: it has the wrong length"),
        ("base64.decode('YQ=')", "not base64: it has the wrong length"),
        ("base64.decode('YQ===')", "not base64: it has the wrong length"),
        ("base64.decode('YWJj=')", "not base64: it has the wrong length"),
        ("base64.decode('Y=Q=')", "not base64: only A to Z"),
        ("base64.decode('Y-_Q')", "not base64: only A to Z"),
        ("base64.decode('YW\\nJj')", "not base64"),
        ("base64.decode('YWé=')", "not base64"),
        ("base64.decode(dyn(b'YQ=='))", "no such overload"),
        ("base64.encode(dyn('a'))", "no such overload"),
    ],
)
def test_error(text: str, message: str) -> None:
    with pytest.raises(EvalError) as error:
        program.compile(text)({})
    assert message in error.value.message
