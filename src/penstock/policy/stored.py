"""Packs as they were checked and compiled in an earlier run: no parser, no checker and no schema is needed again.

Takes what names a pack; gives the pack without its examples, from the cache when no file of it has changed, and
otherwise by the long way. What is in the cache is code: ``penstock.cache`` says whose.
"""

from __future__ import annotations

import dataclasses
import io
import pickle
from collections.abc import Mapping
from types import CodeType, MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from penstock import cache
from penstock.cel import engine
from penstock.cel.fast.code import Code
from penstock.cel.stored import StoredProgram
from penstock.policy.model import ExampleBase, Pack
from penstock.policy.packs import find, load_pack_files
from penstock.source import Document
from penstock.source.deferred import DeferredDocument

if TYPE_CHECKING:
    from pathlib import Path

    from penstock.cel.program import Program
    from penstock.policy.pack_files import PackFiles
    from penstock.policy.reference import Reference

_KIND = "packs"


def load_stored(reference: Reference, base: Path) -> Pack:
    """``packs.load_pack`` with the engine penstock, for a run that needs no examples. Raises what that raises."""
    files = find(reference, base)
    if cache.root() is None:
        return load_pack_files(files, engine())
    parts = (part for item in files.contents.items() for part in item)
    name = cache.key(files.name, str(files.needs_pack_file), *parts)
    pack = _restore(cache.read(_KIND, name), files)
    if pack is None:
        pack = load_pack_files(files, engine())
        cache.write(_KIND, name, _entry(pack, files.shown))
    return pack


def _entry(pack: Pack, shown: str) -> Mapping[str, object]:
    from penstock.cel.fast import generate_many

    buffer = io.BytesIO()
    pickler = _Pickler(buffer, shown)
    bare = (dataclasses.replace(policy, good=(), bad=()) for policy in pack.policies)
    pickler.dump(dataclasses.replace(pack, policies=tuple(bare), base=_NO_EXAMPLES))
    programs = pickler.programs
    code = generate_many(
        (str(number), program.expression, program.resolution, program.types)
        for number, program in enumerate(programs)
    )
    texts = [program.text for program in programs]
    return {"pack": buffer.getvalue(), "code": code.code, "names": dict(code.names), "texts": texts}


def _restore(entry: object, files: PackFiles) -> Pack | None:
    """The pack of an entry; None when it is not one."""
    if not isinstance(entry, dict):
        return None
    try:
        code = Code(cast("CodeType", entry["code"]), entry["names"])
        pack = cast("Pack", _Unpickler(entry["pack"], code, entry["texts"], files).load())
        return dataclasses.replace(pack, origin=files.origin)
    except Exception:  # an entry of another making: whatever it is, the long way is right
        return None


class _Pickler(pickle.Pickler):
    """Keeps documents by their file and programs by their number."""

    def __init__(self, file: io.BytesIO, shown: str) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.programs: list[Program] = []
        self._shown = shown

    def persistent_id(self, thing: object) -> tuple[str, object] | None:
        if isinstance(thing, Document):
            return "document", thing.file.path.removeprefix(f"{self._shown}/")
        if hasattr(thing, "evaluate_exactly"):
            self.programs.append(cast("Program", thing))
            return "program", len(self.programs) - 1
        return None

    def reducer_override(self, thing: object) -> Any:
        if isinstance(thing, MappingProxyType):
            return _read_only, (dict(thing),)
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    """Gives deferred documents and stored programs."""

    def __init__(self, data: bytes, code: Code, texts: list[str], files: PackFiles) -> None:
        super().__init__(io.BytesIO(data))
        self._functions = code.functions()
        self._texts = texts
        self._files = files
        self._documents: dict[str, Document] = {}

    def persistent_load(self, kept: Any) -> object:
        kind, which = kept
        if kind == "program":
            return StoredProgram(self._texts[which], self._functions[str(which)], _whole)
        if which not in self._documents:
            shown = f"{self._files.shown}/{which}"
            self._documents[which] = DeferredDocument(self._files.contents[which], shown, None)
        return self._documents[which]


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


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


_NO_EXAMPLES = ExampleBase("", MappingProxyType({}))
