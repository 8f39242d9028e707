"""``penstock cache``: what earlier runs have kept, and how to get rid of it."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from penstock.kept import Kind

HELP = "say what earlier runs have kept to be faster, or remove it"

_OFF = "Nothing is kept: PENSTOCK_CACHE_DIR is empty, or there is no home folder."


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    commands.add_parser("info", help="say where it is, and how much").set_defaults(subcommand=_info)
    commands.add_parser("clean", help="remove it; runs find out anew").set_defaults(subcommand=_clean)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand."""
    from penstock import cache
    from penstock.cli import OK

    root = cache.root()
    if root is None:
        sys.stdout.write(f"{_OFF}\n")
    else:
        arguments.subcommand(root)
    return OK


def _info(root: Path) -> None:
    from penstock.kept import KINDS, kinds

    found = kinds(root)
    sys.stdout.write(f"{root}: {_total(found)}\n")
    for kind in found:
        sys.stdout.write(f"  {kind.name:<9} {_total([kind])}: {KINDS[kind.name]}\n")


def _clean(root: Path) -> None:
    from penstock.kept import clean

    sys.stdout.write(f"{root}: removed {_total(clean(root))}\n")


def _total(kinds: Iterable[Kind]) -> str:
    """``3 entries (1.2 MiB)``."""
    from penstock.render.totals import count

    kinds = list(kinds)
    entries, size = sum(kind.entries for kind in kinds), sum(kind.size for kind in kinds)
    return f"{count(entries, 'entry')} ({_words(size)})" if entries else "nothing"


def _words(size: int) -> str:
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.1f} KiB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MiB"
