"""Which fields of manifests a policy can observe: what stands in any other has no part in what it says.

Takes the checked expressions of a policy, with the type of every node; gives names of fields, or None where it
cannot be told, since a map may be used as a whole. It may name too many, never too few. Must not read a manifest.

What is looked at is found by the types: whoever comes to a value has selected, field by field, all that is on the
way to it, and each of these fields is noted. A node that may have a map for its value is fine where a field of it
is taken, or where it is handed on to a node that is looked at in its turn; anywhere else nothing is certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from penstock.cel import types as cel
from penstock.cel.checker import Checked
from penstock.cel.checker.unify import members, union_of
from penstock.cel.env import Function
from penstock.cel.resolve import TYPE_NAMES, Resolution, Target, Variable
from penstock.cel.syntax import (
    Binary,
    Call,
    Comprehension,
    Ident,
    Index,
    ListLiteral,
    Literal,
    MapLiteral,
    Node,
    Present,
    Select,
    walk,
)
from penstock.manifest import shapes
from penstock.model import Path
from penstock.policy import knowledge
from penstock.policy.matching import EACH, pattern
from penstock.policy.model import ROLLOUT_KIND
from penstock.policy.seen import ANY_KIND, Fields

_SCALARS = frozenset(TYPE_NAMES) - {"list", "map", "optional_type"}
_OWN = frozenset({"params", "variables", ROLLOUT_KIND})
"""Records that are no manifests', by the first word of their titles."""
_RESULTS = frozenset({"map", "transformList", "transformMap", "sortBy"})
"""The macros that hand on what they compute of each element, or put it in order."""
_HANDING_ON = frozenset({"dyn", "first", "last", "slice", "reverse", "value", "or", "orValue", "optional.of"})
"""The functions that give one of their arguments, or elements of it."""
_VARIABLES = Variable("variables", True)
_GATHERING = frozenset({"referrers", "resources"})
_Way = tuple[str | None, ...]
_NAMED: tuple[_Way, ...] = (("kind",), ("metadata", "name"))
_OF_CONTRACTS: tuple[_Way, ...] = (
    ("kind",),
    *(("spec", field) for field in ("startsOn", "signedOn", "term", "endsOn")),
    *(("spec", "renewal", field) for field in ("automatic", "term", "maxRenewals")),
    ("spec", "decision", "outcome"),
)
"""What ``contractEnd`` reads."""


class _WholeError(Exception):
    """A map is used as a whole, or may be."""


def observed(
    spec: Mapping[str, Any], judged: cel.Type, expressions: Iterable[tuple[Path, Checked]]
) -> Fields | None:
    """The fields that a policy can observe, from its spec, the type of ``object`` and its expressions by path.

    None stands for every field there is. A policy about changes is not for this: what was counts too.
    """
    given = dict(expressions)
    paths = {
        each["name"]: ("spec", "variables", at, "expression") for at, each in enumerate(spec.get("variables", ()))
    }
    seen = _Seen({name: given[path].expression.root for name, path in paths.items() if path in given})
    try:
        for way in _stated(spec):
            seen.take(judged, way)
        if "stage" in spec:
            seen.take(judged, ("kind",))
            seen.take(judged, ("spec", "useCase"))
            seen.take(knowledge.manifest("UseCase"), ("spec", "stage"))
        for path, checked in given.items():
            seen.expression(path, checked)
    except _WholeError:
        return None
    return frozenset(seen.fields)


def gathered(expressions: Iterable[Checked]) -> frozenset[str] | None:
    """The kinds whose manifests expressions gather by calls; None where one does not say which."""
    found = set()
    for checked in expressions:
        for target in checked.resolution.calls.values():
            if target.name in _GATHERING:
                kind = target.arguments[knowledge.KIND_ARGUMENT[target.name]]
                if not isinstance(kind, Literal):
                    return None
                found.add(str(kind.value))
    return frozenset(found)


def _stated(spec: Mapping[str, object]) -> Iterator[_Way]:
    """The path whose elements the policy is applied to."""
    each = spec.get("forEach")
    if isinstance(each, dict) and "path" in each:
        yield (*pattern(each["path"]), EACH)


class _Seen:
    """The fields that have been found, expression by expression."""

    def __init__(self, variables: Mapping[str, Node]) -> None:
        self.fields: set[str] = set()
        self._variables = variables
        self._types: Mapping[Node, cel.Type] = {}
        self._resolution = Resolution({}, {}, {})
        self._kinds = frozenset(shapes.kinds())

    def expression(self, path: Path, checked: Checked) -> None:
        """Note what an expression looks at, and what is done with its value where it stands."""
        self._types, self._resolution = checked.types, checked.resolution
        for node in walk(checked.expression.root):
            self._node(node)
        root = checked.expression.root
        # What variables and items are is looked at where they are named; anything else must be a bool.
        if path[:2] == ("spec", "stage"):
            self.take(_elements_too(self._type(root)), ("spec", "stage"))
        elif path[-1] == "resource":
            for each in _NAMED:
                self.take(self._type(root), each)
        elif path[-1] in ("messageExpression", "atExpression"):
            self._scalar(root)

    def take(self, kind: cel.Type, path: Iterable[str | None]) -> cel.Type:
        """Note the fields on a path; the type of what stands at its end."""
        for step in path:
            kind = _element(kind) if step is EACH else self._field(kind, step)
        return kind

    def _type(self, node: Node) -> cel.Type:
        return self._types.get(node, cel.DYN)

    def _node(self, node: Node) -> None:
        """What a node does with the values of those below it.

        Where a map has no meaning, an error says so, and nothing of what is in the map.
        """
        kind = type(node)
        if kind is Literal or kind is Ident or node in self._resolution.names:
            return
        if isinstance(node, (Select, Present)):
            self._select(self._type(node.operand), node.field.text)
        elif isinstance(node, Call):
            self._call(self._resolution.calls[node], node)
        elif isinstance(node, Binary):
            self._binary(node)
        elif isinstance(node, Index):
            self._key(node.operand, node.index)
        elif isinstance(node, Comprehension):
            self._only_lists(node.items)
            if node.macro.text not in _RESULTS and node.result is not None:
                self._scalar(node.result)

    def _binary(self, node: Binary) -> None:
        if node.operator == "in":
            self._in(node)
        elif node.operator in ("==", "!="):
            if _holds_map(self._type(node.left)):
                self._scalar(node.right)
        elif node.operator == "+" and _holds_map(self._type(node)):
            self._handed_on(node, node.left, node.right)

    def _select(self, kind: cel.Type, name: str) -> None:
        """Note a field of what is of a type."""
        for member in members(_inside(kind)):
            if isinstance(member, cel.Record):
                self._note(member.title, name)
            elif member.name not in _SCALARS:
                self.fields.add(f"{ANY_KIND}.{name}")

    def _field(self, kind: cel.Type, name: str) -> cel.Type:
        """Note a field of what is of a type; the type of the field."""
        self._select(kind, name)
        found: list[cel.Type] = []
        for member in members(_inside(kind)):
            if isinstance(member, cel.Record):
                found.append(member.fields[name].type if name in member.fields else cel.DYN)
            elif member.name not in _SCALARS:
                found.append(member.parameters[1] if member.name == "map" and member.parameters else cel.DYN)
        return union_of(found) if found else cel.DYN

    def _note(self, title: str, name: str) -> None:
        kind = title.partition(".")[0]
        if kind in _OWN:
            return
        known = kind in self._kinds
        self.fields.add(f"{title.replace('[]', '') if known else ANY_KIND}.{name}")

    def _key(self, container: Node, key: Node) -> None:
        """A list's element is taken, or what a map has under a key, or whether it has something."""
        kind = self._type(container)
        if isinstance(key, Literal) and isinstance(key.value, str):
            if not _is_list(kind):
                self._select(kind, key.value)
            return
        for member in members(_inside(kind)):
            if isinstance(member, cel.Record) and member.closed:
                for name in member.fields:
                    self._note(member.title, name)
            elif not _is_list(member) and _holds_map(member) and not self._is_written_out(container):
                raise _WholeError

    def _is_written_out(self, node: Node) -> bool:
        """Whether a map is one of the policy's own."""
        if isinstance(node, Select) and self._resolution.names.get(node.operand) == _VARIABLES:
            return isinstance(self._variables.get(node.field.text), MapLiteral)
        return isinstance(node, MapLiteral)

    def _in(self, node: Binary) -> None:
        if _is_list(self._type(node.right)):
            if _holds_map(self._type(node.right)):
                self._scalar(node.left)
        else:
            self._key(node.right, node.left)

    def _call(self, target: Target, node: Call) -> None:
        name, given = target.name, target.arguments
        if target.function is None:
            raise _WholeError
        if name in _GATHERING:
            self._gather(name, given)
        elif name == "contractEnd":
            for way in _OF_CONTRACTS:
                self.take(self._type(given[0]), way)
            self._scalar(*given[1:])
        elif name == "size":
            self._only_lists(*given)
        elif name in _HANDING_ON:
            self._handed_on(node, *given)
        elif name != "hasValue" and not name.startswith("math."):
            self._scalar(*(each for at, each in enumerate(given) if not _refuses_maps(target.function, at)))

    def _gather(self, name: str, given: tuple[Node, ...]) -> None:
        """Manifests are asked for: of whom, of which kind, and by the values of which fields."""
        place = knowledge.KIND_ARGUMENT[name]
        for target in given[:place]:
            for path in _NAMED:
                self.take(self._type(target), path)
        kind = given[place]
        self._scalar(kind)
        for where in given[place + 1 :]:
            if not isinstance(where, MapLiteral) or not isinstance(kind, Literal):
                raise _WholeError
            self._scalar(*where.values)
            for field in where.keys:
                if not isinstance(field, Literal) or kind.value not in shapes.kinds():
                    raise _WholeError
                if _holds_map(self.take(knowledge.manifest(str(kind.value)), pattern(field.value))):
                    raise _WholeError

    def _scalar(self, *nodes: Node) -> None:
        """The values are looked at as they are: there must be no map in them."""
        if any(_holds_map(self._type(node)) for node in nodes):
            raise _WholeError

    def _only_lists(self, *nodes: Node) -> None:
        """The elements are looked at one by one, or counted: not those of a map."""
        if not all(_is_list(kind) or not _holds_map(kind) for kind in map(self._type, nodes)):
            raise _WholeError

    def _handed_on(self, node: Node, *given: Node) -> None:
        """A node's value is one of these values, or an element of one: its type must say so.

        The checker takes the type of what it knows for that of what it does not.
        """
        if not _holds_map(self._type(node)):
            self._scalar(*given)
        elif not _is_loose(self._type(node)):
            for each in given:
                if _is_loose(self._type(each)) and not (isinstance(each, ListLiteral) and not each.elements):
                    raise _WholeError


def _inside(kind: cel.Type) -> cel.Type:
    """The type of what is in an optional."""
    if kind.name != "optional_type":
        return kind
    return kind.parameters[0] if kind.parameters else cel.DYN


def _refuses_maps(function: Function, at: int) -> bool:
    """Whether it is an error, whatever is in it, to give a function a map there, or what has one in it."""
    wanted = (each.parameters[min(at, len(each.parameters) - 1)] for each in function.overloads if each.parameters)
    return not any(map(_holds_map, wanted))


def _elements_too(kind: cel.Type) -> cel.Type:
    """The type of a manifest, or of the elements of a list of them."""
    return union_of(_element(each) if each.name == "list" else each for each in members(kind))


def _is_loose(kind: cel.Type) -> bool:
    """Whether anything in it is not known."""
    if isinstance(kind, cel.Union):
        return any(map(_is_loose, kind.members))
    if kind.name in ("list", "map", "optional_type") and not isinstance(kind, cel.Record):
        return not kind.parameters or any(map(_is_loose, kind.parameters))
    return kind.name not in _SCALARS and not isinstance(kind, cel.Record)


def _element(kind: cel.Type) -> cel.Type:
    return kind.parameters[0] if kind.name == "list" and kind.parameters else cel.DYN


def _is_list(kind: cel.Type) -> bool:
    """Whether it is a list, or nothing."""
    return all((each.name == "list" and each.parameters) or each == cel.NULL for each in members(_inside(kind)))


def _holds_map(kind: cel.Type) -> bool:
    """Whether a value of the type may be a map, or have one in it."""
    if isinstance(kind, cel.Union):
        return any(map(_holds_map, kind.members))
    if kind.name in ("list", "optional_type"):
        return not kind.parameters or any(map(_holds_map, kind.parameters))
    return kind.name not in _SCALARS
