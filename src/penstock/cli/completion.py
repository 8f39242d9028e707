"""``penstock completion``: a script that completes penstock's command line in a shell, made by shtab.

It is made from the parser of every command, so it cannot lag behind. Arguments that name files complete as files;
kinds, rules, formats and schemas complete by name. Rules are those of the packs in force where the script is made.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

HELP = "print the script that completes penstock's commands in your shell"

_FILES = frozenset({"FILE", "PATH", "RESOURCE"})
_FOLDERS = frozenset({"FOLDER", "PACK"})

_HINTS = {
    "bash": 'eval "$(penstock completion bash)"   in ~/.bashrc',
    "zsh": 'eval "$(penstock completion zsh)"   in ~/.zshrc, after compinit',
    "tcsh": "penstock completion tcsh > ~/.penstock.tcsh   once, and `source ~/.penstock.tcsh` in ~/.tcshrc",
    "fish": "penstock completion fish | source   in ~/.config/fish/config.fish",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("shell", metavar="SHELL", help="bash, zsh, tcsh or fish")
    parser.epilog = "\n".join(["to switch it on:", *(f"  {hint}" for hint in _HINTS.values())])


def run(arguments: argparse.Namespace) -> int:
    """Print the script for a shell."""
    import shtab

    from penstock.cli.parser import build
    from penstock.starter.names import pick

    shells = [shell for shell in _HINTS if shell in shtab.SUPPORTED_SHELLS]
    shell = pick(arguments.shell, shells, "completion for the shell")
    parser = build()
    _complete(parser, shells)
    sys.stdout.write(shtab.complete(parser, shell).rstrip("\n") + "\n")
    return 0


def _complete(parser: argparse.ArgumentParser, shells: list[str]) -> None:
    """Say of each argument what completes it. Only here: argparse would refuse what is not listed."""
    import shtab

    words = _words(shells)
    for action in _actions(parser):
        # FORMAT[=FILE]: a bracket means something to zsh.
        metavar = str(action.metavar or "").partition("[")[0]
        action.metavar = metavar or None
        listed = words.get(f"{action.dest} {metavar}") or words.get(metavar)
        if action.choices is None and listed:
            action.choices = listed
        elif metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif metavar in _FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in dict.fromkeys(action.choices.values()):
                yield from _actions(command)
        else:
            yield action


def _words(shells: list[str]) -> dict[str, list[str]]:
    """The words that an argument takes, by its metavar, or by its name and metavar where that is not enough."""
    from penstock.access.pair import Status
    from penstock.cli.schema import schemas
    from penstock.manifest import shapes
    from penstock.render import FORMATS
    from penstock.render.access import FORMATS as ACCESS_FORMATS
    from penstock.render.cost import FORMATS as COST_FORMATS
    from penstock.render.plan import FORMATS as PLAN_FORMATS

    return {
        "kind KIND": list(shapes.kinds()),
        "schema KIND": list(schemas()),
        "FORMAT": list(FORMATS),
        "STATUS": [status.value for status in Status],
        "access_formats FORMAT": list(ACCESS_FORMATS),
        "cost_formats FORMAT": list(COST_FORMATS),
        "plan_formats FORMAT": list(PLAN_FORMATS),
        "RULE": _rules(),
        "RULES": _rules(),
        "SHELL": shells,
    }


def _rules() -> list[str]:
    """The id of every rule here; none where the configuration or a pack cannot be read."""
    from penstock.errors import PenstockError
    from penstock.workspace.catalog import catalog

    try:
        return [entry.rule.id for entry in catalog(Path.cwd()).values()]
    except PenstockError:
        return []
