"""A pack as an entry of the cache: its policies pickled, their decisions as Python's own code, all else as source.

Takes a pack that has been checked, without its examples; gives plain values that ``penstock.cache`` can keep, and
the pack again. What is in an entry is code: ``penstock.cache`` says whose.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from functools import partial
from types import CodeType, MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from penstock.cel.fast.code import Code, late
from penstock.cel.stored import StoredProgram
from penstock.policy import verdict
from penstock.policy.model import ExampleBase, Pack
from penstock.record import replace
from penstock.source import Document
from penstock.source.deferred import DeferredDocument

if TYPE_CHECKING:
    from collections.abc import Callable

    from penstock.cel.program import Program
    from penstock.policy.pack_files import PackFiles
    from penstock.policy.verdict import Check


def entry(pack: Pack, shown: str) -> Mapping[str, object]:
    """The entry of a pack whose files are shown under a name."""
    from penstock.cel.fast import write

    buffer = io.BytesIO()
    pickler = _Pickler(buffer, shown)
    bare = (replace(policy, good=(), bad=(), check=None) for policy in pack.policies)
    pickler.dump(replace(pack, policies=tuple(bare), base=_NO_EXAMPLES))
    programs = pickler.programs
    # As source: a run asks for few of them, and compiling all would be a sixth of the first run with a pack.
    sources = [write(program.expression, program.resolution, program.types) for program in programs]
    checks = verdict.write(pack.policies)
    texts = [program.text for program in programs]
    made = {"sources": sources, "checks": checks.code, "rules": dict(checks.names)}
    return {"pack": buffer.getvalue(), "texts": texts, **made}


def restore(given: object, files: PackFiles, whole: Callable[[str], Program]) -> Pack | None:
    """The pack of an entry; None when it is not one. ``whole`` makes the program of an expression's text."""
    if not isinstance(given, dict):
        return None
    try:
        pack = cast("Pack", _Unpickler(given["pack"], given["sources"], given["texts"], files, whole).load())
        checks = cast("Mapping[str, Check]", Code(cast("CodeType", given["checks"]), given["rules"]).functions())
        policies = (replace(policy, check=checks.get(policy.rule.id)) for policy in pack.policies)
        return replace(pack, policies=tuple(policies), origin=files.origin)
    except Exception:  # an entry of another making: whatever it is, the long way is right
        return None


_PLAIN = frozenset({str, int, float, bool, type(None), tuple, list, dict, frozenset})


class _Pickler(pickle.Pickler):
    """Keeps documents by their file and programs by their number."""

    def __init__(self, file: io.BytesIO, shown: str) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.programs: list[Program] = []
        self._shown = shown

    def persistent_id(self, thing: object) -> tuple[str, object] | None:
        if type(thing) in _PLAIN:  # nearly everything
            return None
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

    def __init__(
        self,
        data: bytes,
        sources: list[tuple[str, str]],
        texts: list[str],
        files: PackFiles,
        whole: Callable[[str], Program],
    ) -> None:
        super().__init__(io.BytesIO(data))
        self._whole = whole
        self._sources = sources
        self._texts = texts
        self._files = files
        self._documents: dict[str, Document] = {}

    def persistent_load(self, kept: Any) -> object:
        kind, which = kept
        if kind == "program":
            return StoredProgram(self._texts[which], late(*self._sources[which]), self._whole)
        if which not in self._documents:
            read = partial(self._files.contents.__getitem__, which)
            self._documents[which] = DeferredDocument(read, f"{self._files.shown}/{which}", None)
        return self._documents[which]


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


_NO_EXAMPLES = ExampleBase("", MappingProxyType({}))
