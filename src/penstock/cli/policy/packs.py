"""The packs that a subcommand of ``penstock policy`` looks at."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.policy import Pack, Reference
    from penstock.policy.model import Policy


def references(arguments: argparse.Namespace) -> list[tuple[Reference, Path]]:
    """The packs to look at, each with the folder it is relative to."""
    from penstock.policy.reference import of_word
    from penstock.source.discovery import MARKER
    from penstock.workspace.config import config_of
    from penstock.workspace.roots import nearest

    if arguments.packs:
        return [(of_word(word), Path.cwd()) for word in arguments.packs]
    root = nearest(Path.cwd())
    config = config_of(root / MARKER if root else None, root or Path.cwd())
    return [(reference, root or Path.cwd()) for reference in config.packs]


def packs(arguments: argparse.Namespace) -> list[Pack]:
    """Those packs, loaded. Raises what loading raises."""
    from penstock.cel import engine
    from penstock.policy import load_pack

    with_engine = engine(arguments.engine)
    return [load_pack(reference, base, with_engine) for reference, base in references(arguments)]


def chosen(loaded: Sequence[Pack], words: Sequence[str]) -> list[tuple[Policy, Pack]]:
    """The policies that the words name, or all when there are none, each with its pack.

    Raises:
        UsageError: a word names no rule, or the words none of these.
    """
    from penstock.errors import UsageError
    from penstock.policy.select import check_token, matches

    policies = [(policy, pack) for pack in loaded for policy in pack.policies]
    for word in words:
        check_token(word, [policy.rule for policy, _ in policies])
    found = [
        (policy, pack)
        for policy, pack in policies
        if not words or any(matches(policy.rule, word) for word in words)
    ]
    if not found:
        # A severity that no rule has is a word all the same; nothing must not pass for all being well.
        raise UsageError(f"no rule is selected by {' or '.join(f'`{word}`' for word in words)}")
    return found
