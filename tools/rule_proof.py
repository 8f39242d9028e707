"""Writes docs/rules/proof.md: each rule's examples, how many changes of it they notice, and who breaks it.

Takes the built-in pack and the broken twins in ``examples/broken``; gives Markdown. ``--check`` fails when the
page is not what it would write.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pages.settle import ROOT, checking, settle

from penstock.cel import engine
from penstock.policy.coverage import Coverage, cover_policy
from penstock.policy.mutation import Result, try_policy
from penstock.workspace.catalog import Entry, catalog
from penstock.workspace.check import Options, check

TOOL = "tools/rule_proof.py"
PAGE = ROOT / "docs" / "rules" / "proof.md"
TWINS = ROOT / "examples" / "broken"
AS_OF = "2026-11-20"
"""The date that the examples are written for."""
ELSEWHERE = {
    "LV011": "policy that fails",
    "LV012": "folder without manifests",
    "LV014": "file that cannot be read",
    **dict.fromkeys((f"LV130{number}" for number in range(1, 7)), "change against a git base"),
}
"""What fires the rules that no mistake in a manifest can fire: runs recorded in tests/cases."""
TO_COME = {
    "LV010": "A suppression without a reason",
}
"""Rules of the framework without a policy."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule, what its examples showed, and the twins that break it. Integrity rules have no examples."""

    entry: Entry
    result: Result | None
    coverage: Coverage | None
    twins: tuple[str, ...]


def main() -> int:
    """Write or check the page."""
    check = checking(TOOL)
    return settle({PAGE: page()}, TOOL, check=check)


def page() -> str:
    fired = _fired()
    rows = [_tried(entry, fired) for entry in catalog(ROOT).values()]
    lines = [f"<!-- Written by {TOOL} from policies/levie and examples/broken. Run the tool, do not edit. -->", ""]
    lines += ["# How each rule is tested", "", *_introduction(rows), ""]
    lines += ["| Rule | Severity | Good | Bad | Mutants killed | Outcomes seen | Fired by |"]
    lines += ["| --- | --- | ---: | ---: | ---: | ---: | --- |", *map(_row, rows)]
    lines += ["", "## Not there yet", "", _TO_COME, "", "| Rule | Defect |", "| --- | --- |"]
    lines += [f"| {rule_id} | {defect} |" for rule_id, defect in TO_COME.items()]
    return "\n".join(lines) + "\n"


def _tried(entry: Entry, fired: Mapping[str, list[str]]) -> Tried:
    twins = tuple(fired.get(entry.rule.id, ()))
    if entry.policy is None or entry.pack is None:
        return Tried(entry, None, None, twins)
    base = entry.pack.base
    return Tried(entry, try_policy(entry.policy, base, engine()), cover_policy(entry.policy, base), twins)


def _fired() -> Mapping[str, list[str]]:
    """The twins that each rule finds something in."""
    fired: dict[str, list[str]] = {}
    for folder in sorted(TWINS.iterdir()):
        report = check(Options(paths=(str(folder),), as_of=AS_OF))
        for rule in sorted({finding.rule for finding in report.findings}):
            fired.setdefault(rule, []).append(folder.name)
    return fired


def _introduction(rows: Sequence[Tried]) -> Iterator[str]:
    results = [row.result for row in rows if row.result]
    coverages = [row.coverage for row in rows if row.coverage]
    examples = sum(len(result.policy.good) + len(result.policy.bad) for result in results)
    mutants = _share(sum(result.killed for result in results), sum(result.mutants for result in results))
    outcomes = _share(sum(each.seen for each in coverages), sum(each.outcomes for each in coverages))
    yield (
        f"The {len(results)} rules of the built-in pack have {examples:,} examples, each with the whole set of "
        f"findings that it must give. Of the pack's mutants they kill {mutants}; of the outcomes of its "
        f"conditions they show {outcomes}."
    )
    yield ""
    yield (
        "A mutant is the policy with one small change: a comparison flipped, a bound moved by one, an operand "
        "dropped, a quantifier swapped. It is killed when an example gives other findings than it lists. An "
        "outcome is one operand of `&&` or `||`, one condition or one validation, seen true or seen false. "
        "`penstock policy mutate` and `penstock policy test --coverage` show what is missing: "
        "[do the examples hold the rule?](../policies.md#do-the-examples-hold-the-rule)"
    )
    yield ""
    yield (
        "The last column names the [broken rollouts](../../examples/README.md) in which the rule finds something; "
        "their findings are compared word for word."
    )


def _share(part: int, whole: int) -> str:
    # Rounded down: all but one is not all.
    return f"{part:,} of {whole:,} ({part * 1000 // whole / 10} %)"


def _row(tried: Tried) -> str:
    rule, result, coverage = tried.entry.rule, tried.result, tried.coverage
    cells = [f"[{rule.id}]({rule.name}.md) {rule.name}", rule.severity.value]
    if result is not None and coverage is not None:
        policy = result.policy
        cells += [str(len(policy.good)), str(len(policy.bad))]
        cells += [f"{result.killed} of {result.mutants}", f"{coverage.seen} of {coverage.outcomes}"]
    else:
        cells += ["", "", "", ""]
    twins = ", ".join(f"[{twin}](../../examples/broken/{twin}/README.md)" for twin in tried.twins)
    cells.append(twins or ELSEWHERE.get(rule.id, "nothing"))
    return f"| {' | '.join(cells)} |"


_TO_COME = "Rules of the framework that need what penstock does not read yet: comments."


if __name__ == "__main__":
    sys.exit(main())
