"""``penstock check``: lint rollouts and print the findings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from penstock.cli.output import Output
    from penstock.course import Course
    from penstock.model import Report
    from penstock.workspace.check import Options

HELP = "check rollout manifests against the policies"

_SEVERITIES = ("error", "warning", "info")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="folders or files to check (default: here)")
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="FORMAT[=FILE]",
        help="text, concise, json, sarif, github, gitlab, junit or markdown; may be repeated with files",
    )
    parser.add_argument(
        "--as-of", metavar="DATE", help="judge as of this date, YYYY-MM-DD (default: today in UTC)"
    )
    parser.add_argument("--select", metavar="RULES", help="check only these: ids, names, step:8, severity:error")
    parser.add_argument("--ignore", metavar="RULES", help="leave these out; the same words as --select")
    parser.add_argument(
        "--fail-on", choices=_SEVERITIES, help="the least severity that fails the run (default: error)"
    )
    parser.add_argument(
        "--base", metavar="REV", help="compare with this revision of git, and check the rules about changes too"
    )
    parser.add_argument(
        "--changed",
        action="store_true",
        help="only findings that the change since --base, or else since the last commit, concerns",
    )
    parser.add_argument("--exit-zero", action="store_true", help="report, but exit 0 whatever is found")
    parser.add_argument(
        "--statistics", action="store_true", help="count the findings by rule instead of showing them"
    )
    parser.add_argument(
        "--show-passed",
        action="store_true",
        help="show for each rule also what passed, and what is excused and why",
    )
    parser.add_argument("--watch", action="store_true", help="check again whenever a file is saved, until Ctrl-C")
    parser.add_argument("--stdin-filename", metavar="FILE", help="check standard input in place of this file")
    parser.add_argument(
        "--schema-only", action="store_true", help="check each file's shape alone, without policies"
    )
    parser.add_argument("--allow-empty", action="store_true", help="accept a run without manifests or rules")
    parser.add_argument(
        "--config", metavar="FILE", type=Path, help="use this file instead of the nearest penstock.yaml"
    )
    parser.add_argument(
        "--engine", default="penstock", metavar="NAME", help="the CEL engine: penstock (the default) or cel-python"
    )
    parser.add_argument(
        "--no-cache", action="store_true", help="use nothing of what earlier runs have kept, and keep nothing"
    )
    parser.add_argument(
        "--profile", action="store_true", help="say on standard error where the time went, down to each rule"
    )
    parser.add_argument("--profile-json", metavar="FILE", type=Path, help="write the same to a file, for programs")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")


def run(arguments: argparse.Namespace) -> int:
    """Check, write every output, and say by the exit code whether the run failed."""
    from penstock.cli import FINDINGS, OK
    from penstock.cli.output import outputs
    from penstock.course import OUTPUT
    from penstock.workspace.check import check

    wanted = outputs(arguments.output)
    if arguments.show_passed and all(output.format != "text" for output in wanted):
        from penstock.errors import UsageError

        raise UsageError("--show-passed is for text", hint="json always holds what passed: results and excused")
    if arguments.watch:
        return _watch(arguments, wanted)
    question, course = arguments.question, _course(arguments)
    try:
        report = check(_options(arguments, course), question.seen if question is not None else None)
    finally:
        course.end()
    if arguments.held is not None:
        arguments.held.append(report)
    with course.part(OUTPUT):
        printed = _write(arguments, report, wanted)
    if course.closely:
        from penstock.cli.profiled import tell

        tell(course, report, arguments)
    code = FINDINGS if report.failed and not arguments.exit_zero else OK
    if question is not None and printed is not None and _stands_alone(arguments):
        question.keep(code, printed, None if arguments.as_of else report.as_of, _plain(arguments))
    return code


def _write(arguments: argparse.Namespace, report: Report, wanted: Sequence[Output]) -> str | None:
    from penstock.cli.output import write

    return write(
        report, wanted, color=arguments.color, statistics=arguments.statistics, show_passed=arguments.show_passed
    )


def _watch(arguments: argparse.Namespace, wanted: Sequence[Output]) -> int:
    """Check again and again, until somebody interrupts."""
    from penstock.cli import OK
    from penstock.cli.watch import Screen, watch
    from penstock.course import UNFOLLOWED
    from penstock.errors import UsageError
    from penstock.workspace.file_events import events
    from penstock.workspace.watching import Watching

    if arguments.stdin_filename:
        raise UsageError("standard input cannot be watched: leave --stdin-filename out")
    if _is_profiled(arguments):
        raise UsageError("a profile is of one check: leave --watch out")
    printed = [output.format for output in wanted if output.file is None]
    aside = not arguments.statistics and not {"text", "concise"}.issuperset(printed)
    watch(
        Watching(_options(arguments, UNFOLLOWED)),
        lambda report: _write(arguments, report, wanted),
        Screen(aside=aside),
        events,
        lambda: _course(arguments),
        [output.file for output in wanted if output.file is not None],
    )
    return OK


def _stands_alone(arguments: argparse.Namespace) -> bool:
    """Whether a run depends on nothing but its command line and the files of its rollouts."""
    beyond = arguments.base is not None or arguments.changed or arguments.stdin_filename
    return not (beyond or arguments.no_cache or _is_profiled(arguments))


def _plain(arguments: argparse.Namespace) -> dict[str, object] | None:
    """The arguments, if they are all plain values."""
    given = {name: value for name, value in vars(arguments).items() if name not in ("run", "question", "held")}
    return given if all(isinstance(value, (str, bool, list, type(None))) for value in given.values()) else None


def _is_profiled(arguments: argparse.Namespace) -> bool:
    return arguments.profile or arguments.profile_json is not None


def _course(arguments: argparse.Namespace) -> Course:
    """Who is told how the check goes: a profile, or whoever waits at a terminal."""
    if _is_profiled(arguments):
        from penstock.profile import Profile, age

        return Profile(age=age())
    if sys.stderr.isatty():
        from penstock.cli.waiting import progress

        return progress(colored=arguments.color != "never")
    from penstock.course import UNFOLLOWED

    return UNFOLLOWED


def _options(arguments: argparse.Namespace, course: Course) -> Options:
    from penstock.cli.days import parse_day
    from penstock.errors import UsageError
    from penstock.model import Severity
    from penstock.workspace.check import Options

    if arguments.config is not None and not arguments.config.is_file():
        raise UsageError(f"there is no configuration file {arguments.config}")
    stdin = None
    if arguments.stdin_filename:
        stdin = (arguments.stdin_filename, sys.stdin.buffer.read())
    return Options(
        paths=tuple(arguments.paths),
        as_of=parse_day(arguments.as_of, "--as-of").isoformat() if arguments.as_of else None,
        select=_words(arguments.select),
        ignore=_words(arguments.ignore),
        fail_on=Severity(arguments.fail_on) if arguments.fail_on else None,
        config=arguments.config.absolute() if arguments.config else None,
        stdin=stdin,
        schema_only=arguments.schema_only,
        allow_empty=arguments.allow_empty,
        engine=arguments.engine,
        cached=not arguments.no_cache,
        base=arguments.base,
        changed=arguments.changed,
        course=course,
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip()) if text else ()
