"""``penstock policy lint``: all that can be said of policies before any manifest is read."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.errors import PenstockError
    from penstock.policy import Pack


def run(arguments: argparse.Namespace) -> bool:
    """Print every error and warning; whether one of them fails."""
    from penstock.cel import engine
    from penstock.cli.faults import place, shown
    from penstock.cli.policy.packs import references
    from penstock.errors import GroupedError
    from penstock.policy import check_unique, load_pack

    errors: list[PenstockError] = []
    warnings: list[PenstockError] = []
    packs: list[Pack] = []
    for reference, base in references(arguments):
        try:
            packs.append(load_pack(reference, base, engine(arguments.engine), warnings))
        except GroupedError as group:
            errors += group.errors
    try:
        check_unique(packs)
    except GroupedError as group:
        errors += group.errors
    heads = {id(error): "error" for error in errors} | {id(warning): "warning" for warning in warnings}
    for found in sorted((*errors, *warnings), key=place):
        sys.stdout.write(shown(found, heads[id(found)]) + "\n")
    policies = sum(len(pack.policies) for pack in packs)
    checked = "" if errors else f"{policies} polic{'y' if policies == 1 else 'ies'}, "
    sys.stdout.write(f"{checked}{_count(errors, 'error')}, {_count(warnings, 'warning')}\n")
    return bool(errors or (warnings and arguments.fail_on == "warning"))


def _count(things: list[PenstockError], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
