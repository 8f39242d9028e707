"""What facts do to types: a field that is known to be there, a union that is known to be one of its members.

Types and keys in, types out; must not know any tree.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.cel.checker.checked import Key
from penstock.cel.checker.conditions import Known, OneOf
from penstock.cel.checker.keys import ANY, general
from penstock.cel.checker.unify import members, union_of
from penstock.cel.types import Enumeration, Field, Record, Type, Union


def is_known(known: Known, whole: Key) -> bool:
    """Whether the value with this key is there."""
    return whole in known or general(whole) in known


def narrowed(kind: Type, known: Known, whole: Key) -> Type:
    """A union without the members that the value with this key is known not to be."""
    if not isinstance(kind, Union) or not known:
        return kind
    length = len(whole)
    about = [fact[length:] for fact in known if len(fact) == length + 2 and fact[:length] == whole]
    return _without(kind, about)


def tells_members_apart(kind: Type, field: str) -> bool:
    """Whether the field is the one by which a union's members are told apart."""
    return all(
        isinstance(each, Record) and field in each.fields and isinstance(each.fields[field].type, Enumeration)
        for each in members(kind)
    )


def refined(kind: Type, about: Sequence[Key]) -> Type:
    """A type of which these facts hold, each a path from the value: ``("spec", "owner")`` is there."""
    if not about:
        return kind
    if isinstance(kind, Union):
        kept = [each for each in members(_without(kind, about)) if _may_have(each, about)]
        return union_of(refined(each, about) for each in kept) if kept else kind
    if isinstance(kind, Record):
        below: dict[object, list[Key]] = {}
        for path in about:
            below.setdefault(path[0], []).append(path[1:])
        fields = {name: _refined_field(field, below.get(name)) for name, field in kind.fields.items()}
        return Record(kind.name, kind.parameters, fields, kind.closed, kind.title)
    if kind.name == "list" and kind.parameters:
        return Type("list", (refined(kind.parameters[0], [path[1:] for path in about if _of_elements(path)]),))
    return kind


def _of_elements(path: Key) -> bool:
    return len(path) > 1 and path[0] == ANY


def _refined_field(field: Field, paths: list[Key] | None) -> Field:
    if paths is None:
        return field
    there = field.required or any(not path for path in paths)
    return Field(refined(field.type, [path for path in paths if path]), there)


def _without(kind: Union, about: Sequence[Key]) -> Type:
    tests = [(path[0], path[1]) for path in about if len(path) == 2 and isinstance(path[1], OneOf)]
    kept = [each for each in kind.members if all(_may_be(each, name, test) for name, test in tests)]
    return union_of(kept) if kept and len(kept) < len(kind.members) else kind


def _may_be(kind: Type, name: object, test: OneOf) -> bool:
    field = kind.fields.get(name) if isinstance(kind, Record) else None  # type: ignore[call-overload]
    if field is None or not isinstance(field.type, Enumeration):
        return True
    values = set(field.type.values)
    return not values <= test.values if test.denied else not values.isdisjoint(test.values)


def _may_have(kind: Type, about: Sequence[Key]) -> bool:
    if not isinstance(kind, Record) or not kind.closed:
        return True
    return all(path[0] in kind.fields for path in about if isinstance(path[0], str) and path[0] != ANY)
