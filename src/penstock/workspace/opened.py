"""One rollout, opened to be asked about: its configuration, its manifests, its packs when they are wanted.

Takes the path of a folder or file, or a configuration; reads what a check of it would read. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from penstock.cel.registry import ENGINES
from penstock.errors import UsageError
from penstock.lint import Circumstances
from penstock.manifest.integrity import RULES
from penstock.manifest.load import Loaded, load
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.policy import Pack, Policy, in_force
from penstock.source.shown import absolute, shown
from penstock.workspace.catalog import Entry, entries
from penstock.workspace.circumstances import circumstances
from penstock.workspace.config import Config, check_rules, config_of
from penstock.workspace.packs import Packs
from penstock.workspace.reading import read_rollout
from penstock.workspace.roots import Root, find_roots
from penstock.workspace.rulebook import RuleBook, rule_book


@dataclass(frozen=True)
class Opened:
    """A rollout with what its owners decide about its check."""

    root: Root
    config: Config
    loaded: Loaded
    files: tuple[str, ...]
    """The files that the rollout takes in, as shown to the user."""
    engine_name: str

    @property
    def rollout(self) -> Rollout:
        return self.loaded.rollout

    @cached_property
    def rules(self) -> Mapping[str, Entry]:
        """Every rule there is for this rollout, by id.

        Raises:
            PenstockError: a pack cannot be loaded, or the configuration names what is not there.
        """
        return entries(self._packs(examples=True))

    def book(self, as_of: str) -> RuleBook:
        """By which rules a check of this rollout judges it on a day; their policies are without examples.

        Raises:
            PenstockError: as for ``rules``.
        """
        return rule_book(self.config, self._packs(examples=False), as_of)

    def circumstances(self, book: RuleBook, as_of: str) -> Circumstances:
        """By what a check of this rollout judges it besides policies: who may make exceptions, and the baseline.

        Raises:
            PenstockError: the baseline cannot be used.
        """
        return circumstances(self.root, self.config, book, as_of)

    def _packs(self, *, examples: bool) -> list[Pack]:
        packs = Packs(self.engine_name, examples=examples).load(self.config, self.root.base)
        policies = [policy for pack in packs for policy in pack.policies]
        check_rules(self.config, [*RULES.values(), *(policy.rule for policy in policies)], policies)
        return packs

    def checks(self, policy: Policy) -> bool:
        """Whether a check of this rollout, with no selection on the command line, applies the policy."""
        return bool(in_force([policy], self.config.selection))

    def parameterized(self, policy: Policy, as_of: str) -> Policy:
        """The policy with the severity and the parameters in force on a day, also where it is off."""
        given = self.config.selection
        switched_on = {rule: replace(override, off=False) for rule, override in given.overrides.items()}
        (policy,) = in_force([policy], replace(given, select=("ALL",), ignore=(), overrides=switched_on), as_of)
        return policy

    def within(self, path: Path) -> tuple[Resource, ...]:
        """The resources in a file, or below a folder, in the order of the files."""
        at = absolute(path)
        files = {resource.file: absolute(resource.file) for resource in self.rollout.resources}
        inside = {file for file, full in files.items() if full == at or at in full.parents}
        return tuple(resource for resource in self.rollout.resources if resource.file in inside)


def open_rollout(path: Path, config: Path | None = None, engine_name: str = ENGINES[0]) -> Opened:
    """The rollout that a folder or file belongs to, or the one under a folder.

    ``config`` is used instead of the nearest penstock.yaml.

    Raises:
        PenstockError: the path does not exist, several rollouts are below it, or the configuration cannot be used.
    """
    if config is not None and not config.is_file():
        raise UsageError(f"there is no configuration file {config}")
    roots = find_roots([str(path)], absolute(config) if config else None)
    if len(roots) > 1:
        folders = ", ".join(shown(root.folder) for root in roots)
        raise UsageError(f"{shown(path)} holds {len(roots)} rollouts", hint=f"name one of them: {folders}")
    (root,) = roots
    # A rollout needs all of its manifests, whatever part of it was named.
    made = config_of(root.config, root.folder)
    readings = read_rollout(root, made)
    loaded = load(made.name, shown(root.folder), readings, made.location)
    return Opened(root, made, loaded, tuple(reading.file.path for reading in readings), engine_name)
