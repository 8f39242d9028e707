"""The prompt of ``penstock eval``: expressions in, values out, until Ctrl-D.

Takes an open rollout and a console. Ctrl-C cancels a line or an evaluation. Where Python has readline, lines can
be edited, come back from earlier times, and complete on Tab.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from penstock.cel.checker.wording import shown as type_text
from penstock.cli.eval import answer, tell
from penstock.cli.faults import report, report_bug
from penstock.cli.history import history_file, keep, recall
from penstock.errors import PenstockError, UsageError
from penstock.manifest import shapes, wording
from penstock.policy.candidates import Candidates, Surroundings, candidates
from penstock.policy.console import Console
from penstock.record import dataclass
from penstock.render.escape import visible
from penstock.workspace.opened import Opened
from penstock.workspace.target import Target, only

_COMMANDS = {
    ":on": "make the manifest Kind/name `object`; alone: say which it is",
    ":type": "say what type an expression has",
    ":output": "print values as yaml, json or tree: what each part gave, too",
    ":help": "print this text",
    ":quit": "leave, as Ctrl-D does",
}
_HELP = (
    "An expression is evaluated as those of policies are. It may name object,\n"
    "organization, asOf, ref(name, kind), referrers(manifest, kind), resources(kind)\n"
    "and the functions of CEL. Tab completes names, fields and kinds; Ctrl-C cancels\n"
    "a line or an evaluation, Ctrl-D leaves.\n"
)
_OUTPUTS = ("yaml", "json", "tree")
_DELIMITERS = " \t\n()[]{}'\",.?!=<>&|+*%"


@dataclass(slots=True)
class _Talk:
    """Where the conversation stands."""

    opened: Opened
    console: Console
    output: str
    color: str


def converse(opened: Opened, console: Console, output: str, color: str) -> int:
    """Answer until the input ends. Faults are reported and forgotten: leaving is always 0."""
    talk = _Talk(opened, console, output, color)
    readline = _readline()
    file = history_file()
    if readline is not None:
        recall(readline, file)
        _complete(readline, talk)
    sys.stdout.write(_greeting(talk))
    try:
        _loop(talk)
    finally:
        if readline is not None:
            keep(readline, file)
    return 0


def _loop(talk: _Talk) -> None:
    while True:
        try:
            line = input("> ").strip()
        except EOFError:
            sys.stdout.write("\n")
            return
        except KeyboardInterrupt:
            sys.stdout.write("\n")
            continue
        if line in (":quit", ":q"):
            return
        if line:
            _respond(talk, line)


def _respond(talk: _Talk, line: str) -> None:
    """Answer one line, whatever it is."""
    try:
        if line.startswith(":"):
            _command(talk, line)
        else:
            tell(answer(talk.console, line, talk.output, talk.color))
    except PenstockError as fault:
        report(fault)
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    except BrokenPipeError:
        raise
    except Exception as error:
        report_bug(error)


def _command(talk: _Talk, line: str) -> None:
    word, _, argument = line.partition(" ")
    argument = argument.strip()
    if word == ":on":
        _on(talk, argument)
    elif word == ":type":
        sys.stdout.write(f"{visible(type_text(talk.console.compile(argument).type))}\n")
    elif word == ":output":
        if argument not in _OUTPUTS:
            raise UsageError(f"there is no output {argument!r}", hint=f"outputs: {', '.join(_OUTPUTS)}")
        talk.output = argument
    elif word == ":help":
        sys.stdout.write(_HELP + "".join(f"  {name:<7} {text}\n" for name, text in _COMMANDS.items()))
    else:
        raise UsageError(f"there is no command {word}", hint=f"commands: {', '.join(_COMMANDS)}")


def _on(talk: _Talk, name: str) -> None:
    if name:
        talk.console = talk.console.on(only(talk.opened, Target(name, None, name)))
    subject = talk.console.subject
    sys.stdout.write(f"object is {visible(subject.id)}\n" if subject else "there is no object: `:on Kind/name`\n")


def _greeting(talk: _Talk) -> str:
    rollout, subject = talk.opened.rollout, talk.console.subject
    held = wording.count(len(rollout.resources), "manifest")
    told = f"object is {subject.id}" if subject else "no object yet: `:on Kind/name`"
    return visible(f"rollout {rollout.name}, {held}, as of {talk.console.as_of}; {told}; :help") + "\n"


def offered(line: str, position: int, console: Console, ids: Sequence[str]) -> Candidates:
    """What Tab offers at a position of a line: for a command what it takes, else for an expression."""
    head = line[:position]
    word, blank, argument = head.partition(" ")
    if not head.startswith(":"):
        return candidates(line, position, _surroundings(console))
    if not blank:
        return Candidates(0, tuple(name for name in _COMMANDS if name.startswith(word)))
    if word == ":type":
        inner = candidates(argument, len(argument), _surroundings(console))
        return Candidates(inner.start + len(word) + 1, inner.words)
    choices = {":on": ids, ":output": _OUTPUTS}.get(word, ())
    return Candidates(len(word) + 1, tuple(each for each in choices if each.startswith(argument)))


def _surroundings(console: Console) -> Surroundings:
    rollout = console.rollout

    def names(kind: str | None) -> Sequence[str]:
        if kind is not None:
            return rollout.names(kind)
        return sorted({resource.name for resource in rollout.resources if resource.name})

    return Surroundings(console.env, shapes.kinds(), names)


def matches(line: str, begin: int, end: int, console: Console, ids: Sequence[str]) -> list[str]:
    """The candidates as readline wants them: in place of the characters from ``begin``, its own idea of a word."""
    found = offered(line, end, console, ids)
    if begin <= found.start:
        return [line[begin : found.start] + word for word in found.words]
    return [word[begin - found.start :] for word in found.words]


def _complete(readline: Any, talk: _Talk) -> None:
    ids = [resource.id for resource in talk.opened.rollout.resources if resource.name]
    known: list[str] = []

    def complete(_text: str, state: int) -> str | None:
        if state == 0:
            line = readline.get_line_buffer()
            try:
                known[:] = matches(line, readline.get_begidx(), readline.get_endidx(), talk.console, ids)
            except Exception:  # readline would print it into the line being typed
                known.clear()
        return known[state] if state < len(known) else None

    readline.set_completer_delims(_DELIMITERS)
    readline.set_completer(complete)
    is_libedit = "libedit" in (getattr(readline, "backend", None) or readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")


def _readline() -> Any:
    """Python's readline; None on a system without it."""
    try:
        import readline
    except ImportError:
        return None
    return readline
