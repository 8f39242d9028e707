"""``penstock policy lint``: all that can be said of policies before any manifest is read."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from penstock.errors import PenstockError
    from penstock.policy import Pack
    from penstock.policy.model import Policy

_LEVELS = ("error", "warning", "hint")


def run(arguments: argparse.Namespace) -> bool:
    """Print every error, warning and hint; whether one of them fails."""
    from penstock.cel import engine
    from penstock.cli.faults import place, shown
    from penstock.cli.policy.packs import references
    from penstock.errors import GroupedError
    from penstock.policy import check_unique, load_pack
    from penstock.render.totals import count

    found: dict[str, list[PenstockError]] = {level: [] for level in _LEVELS}
    packs: list[Pack] = []
    for reference, base in references(arguments):
        try:
            packs.append(load_pack(reference, base, engine(arguments.engine), found["warning"]))
        except GroupedError as group:
            found["error"] += group.errors
    try:
        check_unique(packs)
    except GroupedError as group:
        found["error"] += group.errors
    broken = bool(found["error"])
    if not broken:
        _review([policy for pack in packs for policy in pack.policies], arguments, found)
    told = [(fault, level) for level, faults in found.items() for fault in faults]
    for fault, level in sorted(told, key=lambda one: place(one[0])):
        sys.stdout.write(shown(fault, level) + "\n")
    policies = sum(len(pack.policies) for pack in packs)
    counts = [] if broken else [count(policies, "policy")]
    counts += [count(len(found[level]), level) for level in _LEVELS if found[level] or level != "hint"]
    sys.stdout.write(f"{', '.join(counts)}\n")
    return bool(found["error"] or (found["warning"] and arguments.fail_on == "warning"))


def _review(
    policies: Sequence[Policy], arguments: argparse.Namespace, found: dict[str, list[PenstockError]]
) -> None:
    """What follows from the expressions. Only policies whose expressions are sound can be looked into."""
    from penstock.policy.reasoning import review

    for remark in review(policies, _in_force(policies, arguments)):
        found[remark.level.value].append(remark.fault)


def _in_force(policies: Sequence[Policy], arguments: argparse.Namespace) -> Sequence[Policy]:
    """The policies with the parameters that the configuration sets, unless packs are named."""
    from pathlib import Path

    from penstock.policy import in_force
    from penstock.source.discovery import MARKER
    from penstock.workspace.config import config_of
    from penstock.workspace.roots import nearest

    root = None if arguments.packs else nearest(Path.cwd())
    return in_force(policies, config_of(root / MARKER, root).selection) if root else policies
