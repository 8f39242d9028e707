"""The packs that configurations name.

Takes a configuration; gives its packs, or every fault of every pack.
A pack that is missing is a fault of the configuration.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from penstock.cel import Engine, engine
from penstock.cel.registry import ENGINES
from penstock.errors import GroupedError, PenstockError, PolicyError
from penstock.policy import BUILT_IN, GitReference, Pack, Reference, check_unique, load_pack
from penstock.source.shown import absolute
from penstock.workspace.config import Config


class Packs:
    """Loads each pack once a run, and the engine only when there is one to load."""

    def __init__(self, engine_name: str, *, examples: bool = True, cached: bool = True) -> None:
        """``examples``: whether the policies' examples are wanted, which only the long way brings.

        ``cached``: whether packs that an earlier run has compiled may be used.
        """
        self._engine_name = engine_name
        self._cached = cached
        self._examples = examples
        self._packs: dict[object, Pack] = {}

    @cached_property
    def _engine(self) -> Engine:
        return engine(self._engine_name)

    def load(self, config: Config, base: Path) -> list[Pack]:
        """The packs that a configuration names, folders and the lock relative to ``base``."""
        faults: list[PenstockError] = []
        packs = []
        for index in range(len(config.packs)):
            try:
                packs.append(self.one(config, index, base))
            except GroupedError as group:
                faults.extend(fault for fault in group.errors if str(fault) not in map(str, faults))
        if faults:
            raise GroupedError(tuple(faults))
        check_unique(packs)
        return packs

    def one(self, config: Config, index: int, base: Path) -> Pack:
        """The pack of that number.

        Raises:
            GroupedError: of every fault in it.
        """
        reference = config.packs[index]
        key = _key(reference, base)
        try:
            if key not in self._packs:
                self._packs[key] = self._load(reference, base)
        except PolicyError as missing:
            raise GroupedError((config.fault(("packs", index), missing),)) from missing
        return self._packs[key]

    def _load(self, reference: Reference, base: Path) -> Pack:
        if self._examples or not self._cached or self._engine_name != ENGINES[0]:
            return load_pack(reference, base, self._engine)
        from penstock.policy.stored import load_stored

        return load_stored(reference, base)


def _key(reference: Reference, base: Path) -> object:
    """What is the same for references that mean the same pack."""
    if isinstance(reference, GitReference):
        return reference, absolute(base)  # the lock beside the configuration says which commit it is
    # The built-in pack and packages are the same for every rollout; a folder is relative to the configuration.
    return absolute(base / reference) if isinstance(reference, str) and reference != BUILT_IN else reference
