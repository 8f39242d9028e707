"""What checking an expression yields, and what may be known before it.

Data only. A key names a value by how an expression reaches it (``keys`` makes them): a tuple of a root and fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from penstock.cel.env import Overload
from penstock.cel.errors import Problem
from penstock.cel.resolve import Resolution
from penstock.cel.syntax import Call, Expression, Node
from penstock.cel.types import Type
from penstock.record import dataclass, field

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known before an expression is evaluated.

    ``known`` holds the keys of fields that are there. ``definitions`` are expressions that stand behind a name,
    by the parts of the name: ``("variables", "stated")``. They were checked for the same bindings, and say what
    the name means in a condition and in a guard.
    """

    known: frozenset[Key] = frozenset()
    definitions: Mapping[tuple[str, ...], Checked] = field(default_factory=lambda: MappingProxyType({}))

    def union(self, *others: Facts) -> Facts:
        """All that these know together."""
        definitions = dict(self.definitions)
        for other in others:
            definitions.update(other.definitions)
        return Facts(self.known.union(*(other.known for other in others)), MappingProxyType(definitions))

    def define(self, definitions: Mapping[tuple[str, ...], Checked]) -> Facts:
        """The same, with more names that have an expression behind them."""
        return self.union(Facts(definitions=definitions))


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """An expression with all that is known of it without evaluating it.

    ``types`` has every node that is evaluated; inside a dotted name only the whole name. ``overloads`` has the one
    overload of a call when the types decide it. ``facts_if_true`` and ``facts_if_false`` are what a host may take
    for granted wherever the expression has given true, or false. ``key`` is the value's own.
    """

    expression: Expression
    resolution: Resolution
    type: Type
    types: Mapping[Node, Type]
    overloads: Mapping[Call, Overload | None]
    problems: tuple[Problem, ...]
    facts_if_true: Facts
    facts_if_false: Facts
    key: Key

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the expression from being used."""
        return tuple(problem for problem in self.problems if not problem.warning)


def facts_of(checked: Iterable[Checked]) -> Facts:
    """What is known where all of these conditions have given true."""
    return Facts().union(*(each.facts_if_true for each in checked))


def known_fields(variable: str, path: tuple[str, ...]) -> Facts:
    """What is known where a variable of the host has the field at a path: it is there, and those on the way."""
    whole: Key = (("variable", variable), *path)
    return Facts(frozenset(whole[:length] for length in range(2, len(whole) + 1)))
