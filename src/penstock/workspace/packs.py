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
from penstock.policy import BUILT_IN, Pack, check_unique, load_pack
from penstock.source.shown import absolute
from penstock.workspace.config import Config


class Packs:
    """Loads each pack once a run, and the engine only when there is one to load."""

    def __init__(self, engine_name: str, *, examples: bool = True) -> None:
        """``examples``: whether the policies' examples are wanted, which only the long way brings."""
        self._engine_name = engine_name
        self._examples = examples
        self._packs: dict[Path | str, Pack] = {}

    @cached_property
    def _engine(self) -> Engine:
        return engine(self._engine_name)

    def load(self, config: Config, base: Path) -> list[Pack]:
        """The packs that a configuration names, folders relative to ``base``."""
        faults: list[PenstockError] = []
        packs = []
        for index, reference in enumerate(config.packs):
            # The built-in pack is the same for every rollout; a folder is relative to the configuration.
            key = reference if reference == BUILT_IN else absolute(base / reference)
            try:
                if key not in self._packs:
                    self._packs[key] = self._load(reference, base)
                packs.append(self._packs[key])
            except GroupedError as group:
                faults.extend(group.errors)
            except PolicyError as missing:
                faults.append(config.fault(("packs", index), missing))
        if faults:
            raise GroupedError(tuple(faults))
        check_unique(packs)
        return packs

    def _load(self, reference: str, base: Path) -> Pack:
        if self._examples or self._engine_name != ENGINES[0]:
            return load_pack(reference, base, self._engine)
        from penstock.policy.stored import load_stored

        return load_stored(reference, base)
