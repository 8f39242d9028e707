"""Writes docs/reference/cel-conformance.md: how many of the official CEL conformance cases pass, file by file.

Takes the cases beside the repository (see PENSTOCK_SHARED) and tests/cel/deviations.txt; gives Markdown. Where the
cases are absent it says so and does nothing. ``--check`` fails when the page is not what it would write.
"""

from __future__ import annotations

import sys

from pages.settle import ROOT, checking, settle

from penstock.cel import Program

TESTS = ROOT / "tests" / "cel"
sys.path.insert(0, str(TESTS))
from conformance import CASES, all_cases, deviations, failure, identity, table  # noqa: E402 - the tests' own reader

TOOL = "tools/conformance_table.py"
PAGE = ROOT / "docs" / "reference" / "cel-conformance.md"
DEVIATIONS = TESTS / "deviations.txt"


def main() -> int:
    """Write or check the page."""
    check = checking(TOOL)
    if not CASES.is_file():
        sys.stderr.write(f"skipped: no conformance cases at {CASES}\n")
        return 0
    return settle({PAGE: page()}, TOOL, check=check)


def page() -> str:
    runs = {identity(case): failure(case, Program.evaluate) for case in all_cases()}
    failures = {name: reason for name, reason in runs.items() if reason is not None}
    listed = deviations(DEVIATIONS)
    rows = table(failures, listed)
    lines = [f"<!-- Written by {TOOL} from the conformance cases. Run the tool, do not edit. -->", ""]
    lines += ["# CEL conformance", "", *_INTRODUCTION, ""]
    lines += ["| File | Tests | Passed | Listed deviations |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {row.file} | {row.tests:,} | {row.passed:,} | {row.listed or ''} |" for row in rows]
    tests, passed = sum(row.tests for row in rows), sum(row.passed for row in rows)
    lines += [f"| **all** | **{tests:,}** | **{passed:,}** | **{sum(row.listed for row in rows)}** |"]
    if listed:
        lines += ["", "## Deviations", "", "| Case | Reason |", "| --- | --- |"]
        lines += [f"| `{name}` | {reason} |" for name, reason in listed.items()]
    return "\n".join(lines) + "\n"


_INTRODUCTION = (
    "The cases of the official conformance suite (`tests/simple` of google/cel-spec) through the engine",
    "`penstock`, each parsed, checked in the environment it declares and evaluated. Values must be equal and of",
    "the same type, deduced types the same.",
    "",
    "Left out are the cases that need protobuf messages or enums, and those of the network extension.",
)


if __name__ == "__main__":
    sys.exit(main())
