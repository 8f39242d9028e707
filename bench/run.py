"""Measure penstock on generated rollouts, beside what a run over the same files cannot go below.

    python bench/run.py             # about half an hour; --quick for some minutes without 100,000 manifests
    python bench/run.py --only warm

Prints the goals with what was measured, and every time. A run whose findings are not the planted
ones fails the bench.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import table
from commands import Bench
from measure import Measured, in_turns
from rows import GOALS, GROUPS

SCRIPT = "bench/run.py"


def main() -> int:
    chosen = _arguments()
    bench = Bench(chosen.workspace.resolve(), chosen.python)
    groups = [group for group in GROUPS if not chosen.only or group.name in chosen.only]
    results: dict[str, dict[str, Measured]] = {}
    for group in groups:
        rounds = group.quick if chosen.quick and group.name not in chosen.only else group.rounds
        if rounds:
            _say(f"{group.name}: {group.title}")
            results[group.name] = in_turns(group.cases(bench), rounds, bench.scratch, _say)
    parts = [table.goals([goal for goal in GOALS if goal.of[0] in results], results)]
    parts += [table.group(group, results[group.name].values()) for group in groups if group.name in results]
    text = "\n\n".join(
        [
            table.where(table.versions(chosen.python), f"python {SCRIPT}{' --quick' if chosen.quick else ''}"),
            *parts,
        ]
    )
    print(text)
    if chosen.json:
        kept = {name: {case: asdict(of) for case, of in cases.items()} for name, cases in results.items()}
        chosen.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    wrong = [
        f"{name}, {of.name}: {of.wrong}" for name, cases in results.items() for of in cases.values() if of.wrong
    ]
    for each in wrong:
        print(f"WRONG {each}", file=sys.stderr)
    if chosen.write and not wrong:
        table.write(text, SCRIPT)
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], choices=[group.name for group in GROUPS])
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and nothing with 100,000 manifests")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample, too")
    parser.add_argument("--write", action="store_true", help="put the results into docs/benchmarks.md")
    parser.add_argument("--python", default=sys.executable, help="whose penstock to measure (default: this one's)")
    place = Path(tempfile.gettempdir()) / "penstock-bench"
    parser.add_argument("--workspace", type=Path, default=place, help="where rollouts are kept from run to run")
    chosen = parser.parse_args()
    if chosen.write and chosen.only:
        parser.error("--write takes all groups")
    return chosen


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
