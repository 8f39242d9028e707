"""Where a report goes: standard output, files, the step summary of a GitHub job."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from penstock.cli.files import write_atomically
from penstock.cli.screen import terminal
from penstock.errors import UsageError
from penstock.model import Report
from penstock.record import dataclass
from penstock.render import FORMATS, render


@dataclass(frozen=True, slots=True)
class Output:
    """One format and the file it goes to; None for standard output."""

    format: str
    file: Path | None


def outputs(given: Sequence[str], formats: Collection[str] = FORMATS) -> list[Output]:
    """The ``--output`` values, each one of ``formats``; ``text`` to standard output when there is none.

    Raises:
        UsageError: an unknown format, or two formats for standard output.
    """
    wanted = []
    for value in given or ("text",):
        name, _, file = value.partition("=")
        if name not in formats:
            raise UsageError(f"there is no output format {name!r}", hint=f"formats: {', '.join(formats)}")
        wanted.append(Output(name, Path(file) if file else None))
    if sum(output.file is None for output in wanted) > 1:
        last = wanted[-1].format
        raise UsageError(
            "only one format can go to standard output", hint=f"give the others a file: --output {last}=FILE"
        )
    return wanted


def write(
    report: Report, wanted: Sequence[Output], *, color: str, statistics: bool, show_passed: bool = False
) -> str | None:
    """Render the report once for each output and put it where it goes.

    Gives what went to standard output, unless something went elsewhere.
    """
    printed = ""
    for output in wanted:
        if output.file is not None:
            text = render(report, output.format, link_base=link_base(), show_passed=show_passed)
            write_atomically(output.file, text)
        elif statistics:
            from penstock.render.statistics import render as count

            printed = put(count(report))
        else:
            width = terminal(100)
            width = max(40, min(width, 120))
            text = render(
                report,
                output.format,
                color=colored(color),
                width=width,
                link_base=link_base(),
                show_passed=show_passed,
            )
            printed = put(text)
        if output.format == "github":
            _append_summary(report)
    return printed if all(not _leaves(output) for output in wanted) else None


def _leaves(output: Output) -> bool:
    """Whether an output is more than what is printed."""
    return output.file is not None or (output.format == "github" and bool(os.environ.get("GITHUB_STEP_SUMMARY")))


def colored(choice: str) -> bool:
    """Whether standard output takes colour: as asked, else on a terminal where NO_COLOR is not set."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _append_summary(report: Report) -> None:
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        from penstock.render.github import summary

        with Path(target).open("a", encoding="utf-8") as file:
            file.write(summary(report, link_base=link_base()))


def link_base() -> str:
    """What makes a file's path a link on the host whose job this is; empty elsewhere."""
    given = os.environ.get
    if given("GITHUB_REPOSITORY") and given("GITHUB_SHA"):
        server = given("GITHUB_SERVER_URL", "")
        return f"{server}/{given('GITHUB_REPOSITORY')}/blob/{given('GITHUB_SHA')}/"
    if given("CI_PROJECT_URL") and given("CI_COMMIT_SHA"):
        return f"{given('CI_PROJECT_URL')}/-/blob/{given('CI_COMMIT_SHA')}/"
    return ""


def put(text: str) -> str:
    """Print text, escaped where the terminal's encoding cannot carry it; gives what was printed."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.encode(encoding, "backslashreplace").decode(encoding)
    sys.stdout.write(text)
    return text
