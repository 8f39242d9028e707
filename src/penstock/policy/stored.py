"""Packs as they were checked and compiled before: no parser, no checker and no schema is needed again.

Takes what names a pack; gives the pack without its examples: the built-in one as the build has compiled it, one
whose files have not changed from the cache, and any other by the long way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock import bundle, cache
from penstock.policy.reference import BUILT_IN

if TYPE_CHECKING:
    from pathlib import Path

    from penstock.cel.program import Program
    from penstock.policy.model import Pack
    from penstock.policy.reference import Reference

_KIND = "packs"


def load_stored(reference: Reference, base: Path) -> Pack:
    """``packs.load_pack`` with the engine penstock, for a run that needs no examples. Raises what that raises."""
    compiled = bundle.compiled(BUILT_IN) if reference == BUILT_IN else None
    if compiled is not None:
        from penstock.policy.late import Maker

        pack: Pack = compiled.pack(Maker(BUILT_IN, _whole))
        return pack
    return _load(reference, base)


def _load(reference: Reference, base: Path) -> Pack:
    """A pack by its files."""
    from penstock.cel import engine
    from penstock.policy.packs import find, load_pack_files

    files = find(reference, base)
    if cache.root() is None:
        return load_pack_files(files, engine())
    from penstock.policy.pickled import entry, restore

    parts = (part for item in files.contents.items() for part in item)
    name = cache.key(files.name, str(files.needs_pack_file), *parts)
    pack = restore(cache.read(_KIND, name), files, _whole)
    if pack is None:
        pack = load_pack_files(files, engine())
        made = entry(pack, files.shown)
        cache.write(_KIND, name, made)
        # What has just been made serves this run too: it need not make code of its own, nor keep the trees.
        pack = restore(made, files, _whole) or pack
    return pack


def _whole(text: str) -> Program:
    """The program of a policy's expression, as far as its evaluation needs it: names, but no types."""
    from penstock.cel import types
    from penstock.cel.parser import parse
    from penstock.cel.program import Program
    from penstock.cel.resolve import resolve
    from penstock.policy import knowledge

    roots = dict.fromkeys(("object", "oldObject", "item", "oldItem", "params", "variables"), types.DYN)
    expression = parse(text)
    return Program(expression, resolve(expression, knowledge.environment(roots)), None)
