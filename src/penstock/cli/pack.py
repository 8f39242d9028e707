"""``penstock pack``: where packs of policies come from. ``lock`` and ``fetch`` alone reach the network."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.workspace.config import Config
    from penstock.workspace.fetching import Pinned
    from penstock.workspace.inventory import Item

_NOTHING = "no pack from git"
HELP = "pin packs of policies from git, fetch them, and list the packs in use"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their arguments."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (about, run_it) in _SUBCOMMANDS.items():
        command = commands.add_parser(name, help=about)
        command.set_defaults(subcommand=run_it)
        about_paths = "rollouts, or folders above them (default: the one around here)"
        command.add_argument("paths", nargs="*", metavar="PATH", help=about_paths)
        command.add_argument("--config", type=Path, metavar="FILE", help="use this file instead of penstock.yaml")
        if name == "list":
            command.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand."""
    from penstock.cli import OK

    arguments.subcommand(arguments)
    return OK


def _lock(arguments: argparse.Namespace) -> None:
    from penstock.cli.files import write_atomically
    from penstock.policy.lock import LOCK_FILE, lock_text
    from penstock.render.totals import count
    from penstock.source.shown import shown
    from penstock.workspace.fetching import pin

    # All of them first: a fault in one leaves every lock as it was.
    looked_up = [(base / LOCK_FILE, pin(config, base)) for config, base in _rollouts(arguments)]
    for file, pinned in looked_up:
        if pinned or file.exists():
            write_atomically(file, lock_text(each.locked for each in pinned))
        _say(f"{shown(file)}: {count(len(pinned), 'pack')} from git" if pinned else _NOTHING)
        for each in pinned:
            _say(f"  {each.name} {each.version}  {_words(each)}")


def _fetch(arguments: argparse.Namespace) -> None:
    from penstock.policy.lock import LOCK_FILE
    from penstock.policy.reference import words
    from penstock.render.totals import count
    from penstock.source.shown import shown
    from penstock.workspace.fetching import fetch

    for config, base in _rollouts(arguments):
        fetched = fetch(config, base)
        _say(f"{shown(base / LOCK_FILE)}: {count(len(fetched), 'pack')} from git" if fetched else _NOTHING)
        for each in fetched:
            how = "was here" if each.was_here else "fetched"
            _say(f"  {words(each.locked.reference)}  {each.locked.commit[:12]}, {how}")


def _list(arguments: argparse.Namespace) -> None:
    from penstock.errors import GroupedError, PenstockError
    from penstock.workspace.inventory import inventory

    faults: list[PenstockError] = []
    listed = [(config.name, inventory(config, base, faults)) for config, base in _rollouts(arguments)]
    if arguments.format == "json":
        data = [{"rollout": name, "packs": [asdict(item) for item in items]} for name, items in listed]
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=True) + "\n")
    else:
        for name, items in listed:
            _say(f"{name}: {', '.join(item.name for item in items) or 'no pack can be used'}")
            for item in items:
                _block(item)
    if faults:
        raise GroupedError(tuple(faults))


def _block(item: Item) -> None:
    """A pack, a line for each thing there is to say."""
    _say(f"\n{item.name} {item.version}: {item.title}")
    told = (
        ("rules", str(item.rules)),
        ("from", item.origin),
        ("revision", item.revision),
        ("commit", item.commit),
        ("digest", item.digest),
    )
    for name, value in told:
        if value is not None:
            _say(f"  {name:<9} {value}")


def _rollouts(arguments: argparse.Namespace) -> Iterator[tuple[Config, Path]]:
    """Each rollout's configuration, with the folder that its packs are relative to."""
    from penstock.errors import UsageError
    from penstock.source.shown import absolute
    from penstock.workspace.config import config_of
    from penstock.workspace.roots import find_roots

    if arguments.config is not None and not arguments.config.is_file():
        raise UsageError(f"there is no configuration file {arguments.config}")
    for root in find_roots(arguments.paths, absolute(arguments.config) if arguments.config else None):
        yield config_of(root.config, root.folder), root.base


def _words(pinned: Pinned) -> str:
    """``https://... at v1.2.0  8f1c0b6a5d4e, was 1a2b3c4d5e6f``."""
    from penstock.policy.reference import words

    commit, before = pinned.locked.commit, pinned.before
    if before is None:
        how = "new"
    elif before == pinned.locked:
        how = "as before"
    elif before.commit != commit and before.reference == pinned.locked.reference:
        how = f"was {before.commit[:12]}: {pinned.locked.reference.revision} has been moved since"
    elif before.commit != commit:
        how = f"was {before.commit[:12]}"
    else:
        how = "the digest was another: somebody changed the lock"
    return f"{words(pinned.locked.reference)}  {commit[:12]}, {how}"


def _say(text: str) -> None:
    from penstock.render.escape import visible

    sys.stdout.write("".join(f"{visible(line)}\n" for line in text.splitlines()))


_SUBCOMMANDS = {
    "lock": ("look up the revisions of the packs from git, fetch them, and write penstock.lock", _lock),
    "fetch": ("fetch the packs that penstock.lock pins and are not here", _fetch),
    "list": ("list the packs in use: version, origin, commit, digest, number of rules", _list),
}
