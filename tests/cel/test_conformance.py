"""Every official CEL conformance case in scope, through our engine: as users run it, exactly, and fast alone.

Deviations are listed, each with a reason, in one file; a listed case that passes is a failure too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from conformance import CASES, Evaluate, all_cases, deviations, failure, identity, table

from penstock.cel import Program
from penstock.cel.fast import generate

DEVIATIONS = Path(__file__).parent / "deviations.txt"

pytestmark = pytest.mark.skipif(not CASES.is_file(), reason=f"no conformance cases at {CASES}")


class FastFailedError(Exception):
    """The fast code raised, so it said nothing."""


def fast_alone(program: Program, bindings: Mapping[str, object]) -> object:
    function = generate(program.expression, program.resolution, program.types).function()
    try:
        return function(bindings, {})
    except Exception as error:
        raise FastFailedError from error


def failures(evaluate: Evaluate) -> dict[str, str]:
    found: dict[str, str] = {}
    for case in all_cases():
        try:
            reason = failure(case, evaluate)
        except FastFailedError:
            continue
        if reason is not None:
            found[identity(case)] = reason
    return found


@pytest.mark.parametrize("evaluate", [Program.evaluate, Program.evaluate_exactly])
def test_every_case_passes_or_is_listed(evaluate: Evaluate) -> None:
    listed = deviations(DEVIATIONS)
    found = failures(evaluate)
    unlisted = [f"{name}: {reason}" for name, reason in found.items() if name not in listed]
    passing = [name for name in listed if name not in found]
    for row in table(found, listed):
        print(f"{row.file:16} {row.passed:4} of {row.tests:4} passed, {row.listed} listed")
    assert not unlisted, "\n".join(unlisted)
    assert not passing, "these pass or do not exist: take them off the list\n" + "\n".join(passing)


def test_fast_code_is_right_whenever_it_returns() -> None:
    listed = deviations(DEVIATIONS)
    wrong = [f"{name}: {reason}" for name, reason in failures(fast_alone).items() if name not in listed]
    assert not wrong, "\n".join(wrong)


def test_fast_code_returns_for_nearly_every_case_that_has_a_value() -> None:
    raised = []
    for case in all_cases():
        try:
            failure(case, fast_alone)
        except FastFailedError:
            if case["res"]["k"] == "value":
                raised.append(identity(case))
    # What is left absorbs an error, or chains through an optional in the old style.
    assert len(raised) <= 50, "\n".join(raised)


def test_the_suite_is_all_there() -> None:
    counts = Counter(case["file"] for case in all_cases())
    assert sum(counts.values()) == 1674
    assert len(counts) == 22


def test_the_page_is_fresh() -> None:
    tool = Path(__file__).parents[2] / "tools" / "conformance_table.py"
    run = subprocess.run([sys.executable, tool, "--check"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_without_the_cases_the_tool_says_so(tmp_path: Path) -> None:
    tool = Path(__file__).parents[2] / "tools" / "conformance_table.py"
    environment = {**os.environ, "PENSTOCK_SHARED": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, tool, "--check"], capture_output=True, text=True, check=False, env=environment
    )
    assert run.returncode == 0
    assert run.stderr == f"skipped: no conformance cases at {tmp_path / 'cel-spec' / 'conformance.json'}\n"
