"""Measure whole processes in turns.

Takes cases: a command, what to do before it, and what its output must be; gives the samples of each. Cases take
turns, so that what else the machine does falls on all of them alike. It must not know what the commands are.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class Sample:
    """One run. Seconds; `peak` in KiB."""

    wall: float
    cpu: float
    peak: int
    code: int


@dataclass(frozen=True, slots=True)
class Case:
    """One command. `prepare` is called before each run with its number and is not measured.

    `verdict` gets the exit code, the output and the error output, and says what is wrong with them, or nothing.
    """

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    verdict: Callable[[int, str, str], str | None]
    prepare: Callable[[int], object] = lambda _: None


@dataclass(slots=True)
class Measured:
    """The samples of a case, and what was wrong with a run, if anything was."""

    name: str
    samples: list[Sample] = field(default_factory=list)
    wrong: str | None = None

    @property
    def wall(self) -> float:
        return statistics.median(sample.wall for sample in self.samples)

    @property
    def least(self) -> float:
        return min(sample.wall for sample in self.samples)

    @property
    def cpu(self) -> float:
        return statistics.median(sample.cpu for sample in self.samples)

    @property
    def least_cpu(self) -> float:
        return min(sample.cpu for sample in self.samples)

    @property
    def peak(self) -> float:
        """The largest peak of all runs, MiB."""
        return max(sample.peak for sample in self.samples) / 1024


def in_turns(
    cases: Sequence[Case], rounds: int, scratch: Path, say: Callable[[str], object]
) -> dict[str, Measured]:
    """Run all cases `rounds` times; the order turns by one each round. A case that went wrong is not run again."""
    measured = {case.name: Measured(case.name) for case in cases}
    for number in range(rounds):
        turned = [*cases[number % len(cases) :], *cases[: number % len(cases)]]
        for case in turned:
            into = measured[case.name]
            if into.wrong is None:
                case.prepare(number)
                sample, into.wrong = run(case, scratch)
                into.samples.append(sample)
                say(f"{number + 1}/{rounds} {case.name}: {sample.wall:.3f} s" + (" WRONG" if into.wrong else ""))
    return measured


def run(case: Case, scratch: Path, limit: float = 1800) -> tuple[Sample, str | None]:
    """One run of a case, and what is wrong with it."""
    output = scratch / "output"
    launched = subprocess.run(
        [sys.executable, "-I", "-S", str(LAUNCH), str(output), *case.command],
        cwd=case.folder,
        env=dict(case.environment),
        stdout=subprocess.PIPE,
        check=True,
        timeout=limit,
        text=True,
    )
    sample = Sample(**json.loads(launched.stdout))
    errors = Path(f"{output}.err").read_text(encoding="utf-8", errors="replace")
    return sample, case.verdict(sample.code, output.read_text(encoding="utf-8", errors="replace"), errors)


def settle() -> None:
    """Let what was just written be older than the clocks of file systems can tell apart."""
    time.sleep(0.05)
