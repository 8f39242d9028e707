"""Results as markdown, and into the page between its markers.

Takes measured groups and goals; gives text. It must not know how anything was measured.
"""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from pathlib import Path

from measure import Measured
from rows import Goal, Group, Results

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def goals(rows: Iterable[Goal], results: Results) -> str:
    """One line a goal: what was measured against it, and whether it is met."""
    lines = ["| Work | Goal | Measured | | By processor time |", "| --- | ---: | ---: | --- | ---: |"]
    for goal in rows:
        wanted = f"{'at least' if goal.least else 'at most'} {_number(goal.limit)} {goal.unit}"
        value, processor = goal.value(results), goal.value(results, processor=True)
        if value is None or processor is None:
            lines.append(f"| {goal.name} | {wanted} | - | not measured | |")
            continue
        met = value >= goal.limit if goal.least else value <= goal.limit
        cells = [goal.name, wanted, f"{_number(value)} {goal.unit}", "met" if met else "**missed**"]
        lines.append(f"| {' | '.join(cells)} | {_number(processor) + ' x' if goal.to else ''} |")
    return "\n".join(lines)


def group(of: Group, measured: Iterable[Measured]) -> str:
    """The times of a group: wall and processor time in seconds, medians and least, and the largest peak."""
    lines = [
        f"### {of.title}",
        "",
        "| | Runs | Wall, s | Least | Processor, s | Least | Peak, MiB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in measured:
        times = (each.wall, each.least, each.cpu, each.least_cpu)
        row = [each.name, str(len(each.samples)), *(f"{time:.3f}" for time in times), f"{each.peak:.0f}"]
        lines.append(f"| {' | '.join(row)} |" + (" **wrong**" if each.wrong else ""))
    return "\n".join(lines)


def where(versions: Sequence[str], command: str) -> str:
    """Date, machine, versions and command, in a sentence each."""
    day = datetime.now(timezone.utc).date().isoformat()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
    return f"{day}. {machine}. {', '.join(versions)}.\n\n```sh\n{command}\n```"


def versions(python: str) -> list[str]:
    """Of the Python that is measured, and of what it measures."""
    code = (
        "import platform, penstock, yaml; print(platform.python_implementation(), platform.python_version());"
        "print('penstock', penstock.__version__); print('PyYAML', yaml.__version__)"
    )
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.splitlines()


def write(text: str, script: str) -> None:
    """Put the text between the page's markers of that script."""
    start, end = f"<!-- {script} -->", f"<!-- end of {script} -->"
    page = PAGE.read_text(encoding="utf-8")
    before, found, rest = page.partition(start)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise SystemExit(f"{PAGE} has no markers of {script}")
    PAGE.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
