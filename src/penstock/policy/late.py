"""Policies and rules whose parts come when they are first asked for: a pack as the build has compiled it.

Takes the modules that the build has made; gives policies that are equal to those of the pack's files, examples
apart. A run whose manifests are all sound never makes their expressions, nor reads the words about their rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from penstock import bundle
from penstock.cel.stored import StoredProgram
from penstock.model import Rule
from penstock.policy.model import Expression, Policy
from penstock.record import fields
from penstock.source.deferred import DeferredDocument

if TYPE_CHECKING:
    from penstock import model
    from penstock.cel.fast.code import Compiled
    from penstock.cel.program import Program
    from penstock.source import Document

OF_POLICY = ("validations", "conditions", "variables", "for_each")
OF_RULE = ("why", "remediation", "sources", "controls")
"""The fields that come late."""
EXPRESSIONS, WORDS = "_expressions", "_words"
"""What stands behind a pack's name in the names of the modules that hold them."""

Making = Callable[[], Mapping[str, object]]


class _Late:
    """An instance some of whose fields have no value yet: a slot without one asks for it here."""

    __slots__ = ()
    _making: Making
    _late: tuple[str, ...]

    @classmethod
    def begin(cls, making: Making, given: Mapping[str, object]) -> Any:
        """An instance with the fields given; ``making`` makes the others."""
        made = cls.__new__(cls)
        object.__setattr__(made, "_making", making)
        for name, value in given.items():
            object.__setattr__(made, name, value)
        return made

    def __getattr__(self, name: str) -> Any:
        if name not in self._late:
            raise AttributeError(name)
        for late, value in self._making().items():
            if not _has(self, late):
                object.__setattr__(self, late, value)
        return object.__getattribute__(self, name)

    def __replace__(self, /, **changes: object) -> Any:
        kept = {name: getattr(self, name) for name in _names(self) if _has(self, name)}
        return self.begin(self._making, {**kept, **changes})


def _has(thing: object, name: str) -> bool:
    try:
        object.__getattribute__(thing, name)
    except AttributeError:
        return False
    return True


class LateRule(_Late, Rule):
    """A rule without its words."""

    __slots__ = ("_making",)
    _late = OF_RULE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rule) and other.id == self.id and _values(self) == _values(other)

    __hash__ = Rule.__hash__


class LatePolicy(_Late, Policy):
    """A policy without its expressions."""

    __slots__ = ("_making",)
    _late = OF_POLICY

    def __eq__(self, other: object) -> bool:
        if self is other or not isinstance(other, Policy) or other.rule.id != self.rule.id:
            return self is other
        return _values(self) == _values(other)

    __hash__ = Policy.__hash__


def _values(thing: object) -> list[object]:
    return [getattr(thing, name) for name in _names(thing)]


def _names(thing: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(thing))


class Maker:
    """Makes what the modules of one pack ask for."""

    def __init__(self, pack: str, whole: Callable[[str], Program]) -> None:
        """``whole`` makes the program of an expression's text, for those whose code does not know the value."""
        self._pack = pack
        self._whole = whole
        self._folder = bundle.folder("policies") / pack

    def document(self, path: str) -> Document:
        """The document of a policy file, read only to show a place in it."""
        return DeferredDocument(Path(self._folder, path).read_bytes, f"{self._pack}/{path}", None)

    def rule(self, number: int, **given: object) -> Rule:
        """The rule of the policy of that number."""
        rule: Rule = LateRule.begin(partial(self._words, number), given)
        return rule

    def policy(self, number: int, document: Document, **given: object) -> Policy:
        """The policy of that number."""
        making = partial(self._parts, number, document)
        policy: Policy = LatePolicy.begin(making, {"document": document, **given})
        return policy

    def expression(self, text: str, fast: Compiled, document: Document, path: model.Path) -> Expression:
        """An expression that has been compiled."""
        return Expression(text, StoredProgram(text, fast, self._whole), document, path)

    def late(self, name: str) -> Compiled:
        """A function of the module of expressions, which is imported when it is called."""

        def call(bindings: Mapping[str, object], functions: Mapping[str, Callable[..., object]]) -> object:
            function: Compiled = getattr(self._module(EXPRESSIONS), name)
            return function(bindings, functions)

        return call

    def _words(self, number: int) -> Mapping[str, object]:
        words: Mapping[str, object] = self._module(WORDS).RULES[number]()
        return words

    def _parts(self, number: int, document: Document) -> Mapping[str, object]:
        parts: Mapping[str, object] = self._module(EXPRESSIONS).POLICIES[number](self, document)
        return parts

    def _module(self, kind: str) -> Any:
        return bundle.compiled(f"{self._pack}{kind}")
