"""The command line: one module a command, each thin. ``main`` is the only place that decides exit codes.

0 clean · 1 findings at or above the failing severity · 2 usage, configuration, input or policy fault · 130
interrupted. A command module has ``HELP``, ``configure(parser)`` and ``run(arguments) -> int`` and imports what it
needs inside ``run``, so that no command pays for another.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from penstock.answers.answer import Question

COMMANDS = (
    "check",
    "diff",
    "rules",
    "explain",
    "eval",
    "plan",
    "cost",
    "access",
    "report",
    "schema",
    "init",
    "new",
    "baseline",
    "policy",
    "pack",
    "cache",
    "completion",
)

OK, FINDINGS, FAULT, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None, held: list[object] | None = None) -> int:
    """Run the command line and return its exit code. Never raises, but for ``SystemExit`` from ``--help``.

    ``held`` takes what a command has made, for whoever need not let go of it before the process ends.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    # Started with a closed stream (`>&-`), Python has none; what would go there goes nowhere.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    if words in (["--version"], ["-V"]):
        # The one question asked often enough to be answered before anything is imported.
        from penstock import __version__

        print(f"penstock {__version__}")
        return OK
    try:
        code = _check(words, held) if words[:1] == ["check"] else _dispatch(words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing is left to say, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def run() -> None:
    """Run the command line as a program, and end without tidying up what ends with it: that takes a tenth."""
    held: list[object] = []
    code = main(held=held)
    sys.stderr.flush()
    os._exit(code)


def _check(words: Sequence[str], held: list[object] | None) -> int:
    """What an earlier check has found, where nothing has changed since; another check otherwise."""
    if "--no-cache" in words:
        return _dispatch(words, None, held)
    from penstock.answers.answer import ask

    question = ask(words)
    known = question.answer() if question is not None else None
    if known is None:
        return _dispatch(words, question, held)
    code, text = known
    sys.stdout.write(text)
    return code


def _dispatch(words: Sequence[str], question: Question | None = None, held: list[object] | None = None) -> int:
    import gc

    # What is imported stays, and so does nearly everything that a command makes: to look for garbage all the time
    # costs a sixth.
    gc.set_threshold(50_000, 20, 20)
    from penstock.errors import PenstockError

    try:
        arguments: Any
        if question is not None and question.arguments is not None:
            # What the words mean is known since they were last asked.
            from types import SimpleNamespace

            from penstock.cli.check import run

            arguments = SimpleNamespace(**question.arguments, run=run)
        else:
            from penstock.cli.parser import build

            arguments = build(words).parse_args(words)
        arguments.question, arguments.held = question, held
        return int(arguments.run(arguments))
    except PenstockError as error:
        from penstock.cli.faults import report

        report(error)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        from penstock.cli.faults import report_bug

        report_bug(error)
    return FAULT
