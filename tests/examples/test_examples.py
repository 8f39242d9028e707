"""The worked examples: the good rollouts are clean; each broken twin gives the findings planted in it, no others.

``<name>.expected`` holds a twin's findings, two lines each: the rule, the place and the resource; then, indented,
the message. Run with PENSTOCK_UPDATE_GOLDEN=1 to write them as they are now; then read the diff.

In a twin's manifests, ``# broken: LV801 <few words>`` marks the next line that is no comment: there the finding of
that rule begins. Of a syntax error (LV001) only the file is compared, for a parser may notice it further down.
"""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent
AS_OF = "2026-11-20"
UPDATE = os.environ.get("PENSTOCK_UPDATE_GOLDEN") == "1"

NAMES = ("financial-services-onboarding", "manufacturing-marketing", "startup-legal-contracts")
TWINS = {name: ROOT / "examples" / "broken" / name for name in NAMES}

TESTED_ELSEWHERE = {"LV011", "LV012", "LV014", "LV017"}
"""A policy that fails, a run without manifests, a file that cannot be read, a baseline that lists what is mended:
no mistakes of a manifest. LV018, about what a change leaves out, is no rule of a check without a base."""

_MARK = re.compile(r"\s*# broken: (LV\d{3,4}) \S")
_ROW = re.compile(r"\| (LV\d{3,4}) \| `([^`]+)` \| \S.* \|")


@functools.cache
def check(folder: Path, as_of: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON report of a check inside a folder, in a scrubbed environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "penstock", "check", "--as-of", as_of, "--output", "json"],
        cwd=folder,
        env={**kept, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def findings(name: str) -> list[dict[str, Any]]:
    """What is found in a twin."""
    found: list[dict[str, Any]] = check(TWINS[name], AS_OF)[1]["findings"]
    return found


def as_text(finding: dict[str, Any]) -> str:
    """A finding as the golden files have it."""
    where = finding["location"]
    start, end = where["start"], where["end"]
    span = f"{start['line']}:{start['column']}-{end['line']}:{end['column']}"
    at = f"{where['resource'] or '-'} {where['pathText'] or '-'}"
    return f"{finding['rule']} {where['file']}:{span} {at}\n    {finding['message']}\n"


def marks(name: str) -> Iterator[tuple[str, str, int]]:
    """File, rule and marked line of each planted mistake."""
    folder = TWINS[name]
    for path in sorted(folder.rglob("*.yaml")):
        waiting: list[str] = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            mark = _MARK.match(line)
            if mark:
                waiting.append(mark[1])
            elif line.strip() and not line.lstrip().startswith("#"):
                yield from ((path.relative_to(folder).as_posix(), rule, number) for rule in waiting)
                waiting.clear()
        assert not waiting, f"{path}: nothing follows the last mark"


def placed(file: str, rule: str, line: int) -> tuple[str, str, int]:
    """What of a place is compared."""
    return (file, rule, 0 if rule == "LV001" else line)


@pytest.mark.parametrize("as_of", ["2026-11-01", AS_OF, "2027-01-31"])
@pytest.mark.parametrize("name", NAMES)
def test_a_good_rollout_is_clean(name: str, as_of: str) -> None:
    code, report = check(ROOT / "examples" / name, as_of)
    assert [as_text(finding) for finding in report["findings"]] == []
    assert code == 0
    assert report["stats"]["resources"] > 20
    assert report["stats"]["skipped"] == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_twin_gives_exactly_the_expected_findings(name: str) -> None:
    code, _ = check(TWINS[name], AS_OF)
    found = "".join(as_text(finding) for finding in findings(name))
    golden = GOLDEN / f"{name}.expected"
    if UPDATE:
        golden.write_text(found, encoding="utf-8", newline="\n")
    assert found == golden.read_text(encoding="utf-8")
    assert code == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_is_marked_and_every_mark_is_found(name: str) -> None:
    planted = Counter(placed(*mark) for mark in marks(name))
    found = Counter(
        placed(finding["location"]["file"], finding["rule"], finding["location"]["start"]["line"])
        for finding in findings(name)
    )
    assert found == planted


@pytest.mark.parametrize("name", NAMES)
def test_every_comment_that_says_broken_is_a_mark(name: str) -> None:
    """A mark with a slip in it would be passed over in silence."""
    lines = [
        line for path in TWINS[name].rglob("*.yaml") for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert [line for line in lines if re.search(r"#\W*broken\b", line) and not _MARK.match(line)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_lists_exactly_the_planted_mistakes(name: str) -> None:
    text = (TWINS[name] / "README.md").read_text(encoding="utf-8")
    rows = [row.groups() for line in text.splitlines() if (row := _ROW.fullmatch(line))]
    assert Counter(rows) == Counter((rule, file) for file, rule, _ in marks(name))
    assert len(rows) == sum(line.startswith("| LV") for line in text.splitlines())


def test_every_rule_is_fired_by_a_twin() -> None:
    policies = (ROOT / "policies" / "levie").glob("step-*/*.yaml")
    ids = (re.search(r"^  id: (LV\d+)$", path.read_text(encoding="utf-8"), re.MULTILINE) for path in policies)
    rules = {found[1] for found in ids if found}
    assert len(rules) > 40
    integrity = {rule["id"] for rule in check(TWINS[NAMES[0]], AS_OF)[1]["rules"] if rule["pack"] == "penstock"}
    assert integrity > TESTED_ELSEWHERE
    fired = {finding["rule"] for name in NAMES for finding in findings(name)}
    # Rules about changes need a state before: the repositories of tests/cases and tests/policy have one.
    of_states = {rule for rule in rules if not rule.startswith("LV13")}
    assert len(rules - of_states) == 6
    assert (of_states | integrity) - TESTED_ELSEWHERE - fired == set()


@pytest.mark.parametrize("as_of", ["2026-11-01", "2031-01-01"])
def test_the_first_twin_keeps_its_mistakes_on_any_day(as_of: str) -> None:
    """The project's README runs it as of today. Messages name the day, and more runs out as time goes by."""
    code, report = check(TWINS[NAMES[0]], as_of)
    found = Counter(
        placed(finding["location"]["file"], finding["rule"], finding["location"]["start"]["line"])
        for finding in report["findings"]
    )
    assert Counter(placed(*mark) for mark in marks(NAMES[0])) - found == Counter()
    assert code == 1
