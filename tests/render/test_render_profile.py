"""A profile of given numbers, as people and programs get it."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

from penstock.course import CONFIGURATION, JUDGED, READ, RULES
from penstock.model import Report, Rule, Severity, Stats
from penstock.profile import OTHER, START, Profiled, RuleTime
from penstock.render.profile import render, render_json

MS = 1_000_000


def rule(rule_id: str, name: str) -> Rule:
    return Rule(id=rule_id, name=name, severity=Severity.ERROR, title="A title", step=0, why="", remediation="")


RULES_CHECKED = {
    "LV301": rule("LV301", "agent-lacks-needed-grant"),
    "LV1204": rule("LV1204", "run-\x1bconditions-missing"),
}
REPORT = Report(
    findings=(),
    rules=MappingProxyType(RULES_CHECKED),
    stats=Stats(rollouts=1, files=10, resources=12),
    as_of="2026-11-20",
    version="1.0",
)
PROFILED = Profiled(
    total=200 * MS,
    parts=((START, 60 * MS), (CONFIGURATION, 50_000), (RULES, 100 * MS), (OTHER, 39 * MS + 950_000)),
    rules=(RuleTime("LV301", 80 * MS, 1600), RuleTime("LV1204", 5 * MS, 3), RuleTime("LV999", 0, 0)),
    counts={READ: 3, JUDGED: 4},
    peak=40 * 1024 * 1024,
)

TEXT = """
Profile: 200.0 ms in one process for 10 files and 12 manifests, at most 40 MiB of memory.

  start-up                      60.0 ms 30.0 %
  configuration                  0.1 ms  0.0 %
  rules                        100.0 ms 50.0 %
  other                         40.0 ms 19.9 %
  in all                       200.0 ms

  3 files read, 7 known from an earlier run;
  4 judgements made, 9 known.

  rule                                         ms     asked   us each
  LV301   agent-lacks-needed-grant           80.0      1600      50.0
  LV1204  run-\\x1bconditions-missing          5.0         3    1666.7
  1 not asked                                 0.0         0
  choosing rules, unpacking manifests        15.0
"""


def test_the_text_of_a_profile() -> None:
    assert render(PROFILED, REPORT) == TEXT


def test_only_the_slowest_rules_have_a_line() -> None:
    times = tuple(RuleTime(f"LV{number}", (40 - number) * MS, 2) for number in range(10, 28))
    shown = render(replace(PROFILED, rules=times), REPORT).splitlines()
    first = next(number for number, line in enumerate(shown) if line.startswith("  rule "))
    assert [line.split()[0] for line in shown[first + 1 : -2]] == [f"LV{number}" for number in range(10, 25)]
    assert shown[-2].split() == ["and", "3", "others", "42.0", "6", "7000.0"]


def test_where_no_rule_was_asked_there_is_no_table() -> None:
    idle = replace(PROFILED, rules=(RuleTime("LV301", 0, 0),), peak=None)
    assert (
        render(idle, REPORT).splitlines()[1] == "Profile: 200.0 ms in one process for 10 files and 12 manifests."
    )
    assert render(idle, REPORT).endswith("known.\n")


def test_a_profile_for_programs() -> None:
    assert json.loads(render_json(PROFILED, REPORT)) == {
        "total": 200.0,
        "parts": [
            {"part": "start-up", "ms": 60.0},
            {"part": "configuration", "ms": 0.05},
            {"part": "rules", "ms": 100.0},
            {"part": "other", "ms": 39.95},
        ],
        "rules": [
            {"rule": "LV301", "name": "agent-lacks-needed-grant", "ms": 80.0, "asked": 1600},
            {"rule": "LV1204", "name": "run-\x1bconditions-missing", "ms": 5.0, "asked": 3},
            {"rule": "LV999", "name": "", "ms": 0.0, "asked": 0},
        ],
        "files": {"read": 3, "known": 7},
        "judgements": {"made": 4, "known": 9},
        "manifests": 12,
        "peakMemory": 41943040,
    }
