"""Every rule there is for a folder: the integrity rules and those of the packs its configuration names.

What ``penstock rules`` and ``penstock explain`` show. Reads the configuration and the packs, no manifest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from penstock.errors import UsageError
from penstock.manifest.integrity import RULES
from penstock.model import Rule
from penstock.policy import Pack, Policy
from penstock.record import dataclass
from penstock.source.discovery import MARKER
from penstock.suggest import did_you_mean
from penstock.workspace.config import config_of
from penstock.workspace.packs import Packs
from penstock.workspace.roots import nearest


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule, with the policy behind it; None for an integrity rule."""

    rule: Rule
    policy: Policy | None = None
    pack: Pack | None = None


def catalog(folder: Path, engine_name: str = "penstock") -> Mapping[str, Entry]:
    """The rules by id, in order: integrity first, then each pack's.

    Raises:
        PenstockError: the configuration or a pack cannot be used.
    """
    root = nearest(folder)
    config = config_of(root / MARKER if root else None, folder)
    return entries(Packs(engine_name).load(config, root or folder))


def entries(packs: Iterable[Pack]) -> Mapping[str, Entry]:
    """The integrity rules and those of the packs, by id."""
    found = {rule.id: Entry(rule) for rule in RULES.values()}
    for pack in packs:
        found.update({policy.rule.id: Entry(policy.rule, policy, pack) for policy in pack.policies})
    return found


def find(entries: Mapping[str, Entry], word: str) -> Entry:
    """The rule of that id (any case) or name.

    Raises:
        UsageError: there is none; with the nearest.
    """
    for entry in entries.values():
        if word.upper() == entry.rule.id.upper() or word.lower() == entry.rule.name:
            return entry
    known = [key for entry in entries.values() for key in (entry.rule.id, entry.rule.name)]
    hint = did_you_mean(word, known) or "`penstock rules` lists them"
    raise UsageError(f"there is no rule `{word}`", hint=hint)
