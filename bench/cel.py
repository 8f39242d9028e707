"""How fast penstock.cel evaluates, beside hand-written Python and beside other CEL engines.

``python bench/cel.py`` times twelve expressions and then the whole built-in pack, in one process, because only
ratios within one run mean anything. bench/README.md says what is measured and how. Takes nothing but options;
gives tables, and JSON where asked.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import resource
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from cel_floor import CASES, Case
from cel_peers import COMPETITORS, MEANING, AbsentError, Run
from cel_timing import BATCHES, compare

_ROUNDS, _QUICK_ROUNDS = 9, 3
_RATIOS = (
    ("typed", "floor"),
    ("untyped", "floor"),
    ("celpy", "typed"),
    ("celpy+data", "typed"),
    ("second", "typed"),
    ("cel-expr", "typed"),
    ("cel-expr*", "typed"),
)


@dataclass(slots=True)
class Table:
    """Seconds by row and column, and what could not be measured."""

    seconds: dict[str, dict[str, float]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def ratios(self, over: str, under: str) -> list[float]:
        rows = self.seconds.values()
        return [row[over] / row[under] for row in rows if over in row and under in row]


def time_cases(cases: Sequence[Case], rounds: int) -> Table:
    table = Table()
    for case in cases:
        runs = _competitors(case, table.skipped)
        table.seconds[case.name] = compare({name: (run,) for name, run in runs.items()}, rounds)
    return table


def _competitors(case: Case, skipped: list[str]) -> dict[str, Run]:
    """Those that give the right value; each of the others is a line of ``skipped``, once if it is absent."""
    runs: dict[str, Run] = {}
    for name, prepare in COMPETITORS.items():
        try:
            function, arguments = prepare(case)
            value = function(*arguments)
        except AbsentError as error:
            line = f"{name}: skipped, {error}"
        except Exception as error:  # a peer may raise anything
            line = f"{name}: skipped {case.name}, {type(error).__name__}: {str(error).splitlines()[0]}"
        else:
            if value == case.expected:
                runs[name] = (function, arguments)
                continue
            line = f"{name}: skipped {case.name}, it gives {value!r} instead of {case.expected!r}"
        if line not in skipped:
            skipped.append(line)
    return runs


def geometric_mean(values: Sequence[float]) -> float:
    return exp(sum(map(log, values)) / len(values))


def shown(seconds: float) -> str:
    """Nanoseconds below a microsecond, and three digits of anything."""
    for unit, scale in (("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3)):
        if seconds < scale * 999.5:
            return f"{seconds / scale:.3g} {unit}" if seconds >= scale else f"{seconds / scale:.2f} {unit}"
    return f"{seconds:.3g} s"


def times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 99.5 else f"{ratio:.3g}"


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A Markdown table with aligned columns."""
    lines = [list(header), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    ruled = [
        lines[0],
        ["-" * (width - 1) + ":" if at else "-" * width for at, width in enumerate(widths)],
        *lines[1:],
    ]
    for line in ruled:
        cells = (
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print(f"| {' | '.join(cells)} |")


def print_cases(table: Table) -> None:
    columns = [name for name in COMPETITORS if any(name in row for row in table.seconds.values())]
    rows = table.seconds.items()
    print("\nTime of one evaluation\n")
    print_table(
        ["expression", *columns],
        ([name, *(shown(row[column]) if column in row else "-" for column in columns)] for name, row in rows),
    )
    pairs = [pair for pair in _RATIOS if table.ratios(*pair)]
    if pairs:
        print("\nRatios\n")
        print_table(
            ["expression", *(f"{over} / {under}" for over, under in pairs)],
            [
                *([name, *(_ratio(row, *pair) for pair in pairs)] for name, row in rows),
                ["geometric mean", *(times(geometric_mean(table.ratios(*pair))) for pair in pairs)],
            ],
        )
    print()
    for name in columns:
        print(f"{name}: {MEANING[name]}")
    for line in table.skipped:
        print(line)


def _ratio(row: Mapping[str, float], over: str, under: str) -> str:
    return times(row[over] / row[under]) if over in row and under in row else "-"


# The pack


def time_pack(rounds: int) -> tuple[Table, dict[str, Any]]:
    """The pack's expressions, and how many of them each engine could evaluate."""
    import cel_pack
    from cel_pack_floor import FLOORS

    from penstock.cel.registry import ENGINES

    recorder = cel_pack.OURS if cel_pack.OURS in ENGINES else cel_pack.SECOND
    recorded, dropped = cel_pack.record(recorder)
    gc.collect()
    gc.freeze()  # or each collection between the rounds would go through all the rollouts
    table = Table()
    reasons: dict[str, dict[str, str]] = {name: {} for name in cel_pack.ENGINES}
    for each in recorded:
        attempts = {name: cel_pack.attempt(name, each) for name in cel_pack.ENGINES}
        for name, made in attempts.items():
            if made.reason:
                reasons[name][each.name] = made.reason
        runs = {name: made.runs for name, made in attempts.items() if made.runs}
        table.seconds[each.name] = compare(runs, rounds, 0.001)
    missing = set(FLOORS) - {cel_pack.single_spaced(each.text) for each in recorded}
    table.skipped += [f"floor: the pack has no more the expression {text}" for text in sorted(missing)]
    evaluations = {each.name: len(each.evaluations) for each in recorded}
    return table, {"reasons": reasons, "evaluations": evaluations, "dropped": dropped, "recorder": recorder}


def print_pack(table: Table, notes: Mapping[str, Any]) -> None:
    evaluations, reasons = notes["evaluations"], notes["reasons"]
    total = sum(evaluations.values())
    print(f"\nThe built-in pack: {len(evaluations)} expressions, {total} evaluations, as its examples run them")
    print(
        f"(bindings recorded with the engine {notes['recorder']}; {notes['dropped']} evaluations"
        " that end in an error are left out)\n"
    )
    print_table(
        ["engine", "can do", "refuses or fails", "wrong value", "all it can do", "typed, the same ones", "ratio"],
        (
            _pack_row(name, table, reasons[name])
            for name in COMPETITORS
            if name != "floor" and _takes_part(name, table)
        ),
    )
    print()
    for name in COMPETITORS:
        if name != "floor" and not _takes_part(name, table):
            print(f"{name}: skipped, {next(iter(reasons[name].values()), 'it can do nothing')}")
    _print_floors(table, evaluations)
    for line in table.skipped:
        print(line)


def _takes_part(name: str, table: Table) -> bool:
    return any(name in row for row in table.seconds.values())


def _pack_row(name: str, table: Table, reasons: Mapping[str, str]) -> list[str]:
    rows = [row for row in table.seconds.values() if name in row]
    wrong = sum(reason.startswith("wrong") for reason in reasons.values())
    both = [row for row in rows if "typed" in row]
    mine, theirs = sum(row["typed"] for row in both), sum(row[name] for row in both)
    return [
        name,
        str(len(rows)),
        str(len(reasons) - wrong),
        str(wrong),
        shown(sum(row[name] for row in rows)),
        shown(mine) if both else "-",
        times(theirs / mine) if both else "-",
    ]


def _print_floors(table: Table, evaluations: Mapping[str, int]) -> None:
    """The pack has no floor as a whole: only some expressions have one."""
    rows = {text: row for text, row in table.seconds.items() if "floor" in row}
    columns = [name for name in COMPETITORS if any(name in row for row in rows.values())]
    print(
        f"\n{len(rows)} of them beside hand-written Python (cel_pack_floor.py; the pack as a whole has no floor),"
        " one evaluation\n"
    )
    print_table(
        ["expression", *columns, "typed / floor"],
        (
            [
                " ".join(text.split()).replace("|", "\\|")[:60],
                *(shown(row[name] / evaluations[text]) if name in row else "-" for name in columns),
                _ratio(row, "typed", "floor"),
            ]
            for text, row in rows.items()
        ),
    )
    over = [row["typed"] / row["floor"] for row in rows.values() if "typed" in row]
    if over:
        print(f"\ngeometric mean of typed / floor: {times(geometric_mean(over))}")


# Memory


def peak_memory(name: str) -> str:
    """The peak of a process of its own that evaluates the twelve expressions once with one engine."""
    command = [sys.executable, __file__, "--memory-of", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{int(done.stdout) / 2**20:.0f} MiB" if done.returncode == 0 else "-"


def memory_of(name: str) -> int:
    """Bytes at the peak, after evaluating what this engine can. Imports only this engine."""
    for case in CASES:
        try:
            function, arguments = COMPETITORS[name](case)
            function(*arguments)
        except AbsentError:
            sys.exit(1)
        except Exception:
            continue
    status = Path("/proc/self/status")
    if status.exists():  # there, ru_maxrss counts what the parent held when it started this process
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def print_memory() -> None:
    peaks = ", ".join(f"{name} {peak_memory(name)}" for name in COMPETITORS)
    print(f"\nPeak memory of a process that evaluates the twelve expressions once, imports included: {peaks}.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--expr", action="append", choices=[case.name for case in CASES], help="only this one; may be repeated"
    )
    parser.add_argument("--no-pack", action="store_true", help="leave the built-in pack out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the seconds to a file, too")
    parser.add_argument("--quick", action="store_true", help="a third of the rounds: noisier")
    parser.add_argument("--memory-of", choices=list(COMPETITORS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        print(memory_of(options.memory_of))
        return
    rounds = _QUICK_ROUNDS if options.quick else _ROUNDS
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()};"
        f" the least of {rounds} rounds' medians of {BATCHES}"
    )
    cases = [case for case in CASES if not options.expr or case.name in options.expr]
    table = time_cases(cases, rounds)
    print_cases(table)
    results: dict[str, Any] = {"expressions": table.seconds, "skipped": table.skipped}
    if not options.expr:
        print_memory()
        if not options.no_pack:
            pack, notes = time_pack(rounds)
            print_pack(pack, notes)
            results["pack"] = {"expressions": pack.seconds, "skipped": pack.skipped, **notes}
    if options.json:
        options.json.write_text(json.dumps(results, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
