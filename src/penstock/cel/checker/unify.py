"""How types fit one another: joined, compared, and matched to what a declaration wants.

Types in, types or a degree of fit out; must not know any tree. ``NOTHING`` is the type of the elements of ``[]``
and of the value of ``optional.none()``: it fits everything, and becomes dyn where nothing has settled it.

Types are compared by structure here, not by ``==``, which takes any two records for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from penstock.cel.types import (
    DYN,
    NULL,
    NUMBER,
    STRING,
    TYPE,
    Enumeration,
    Field,
    Parameter,
    Record,
    Type,
    Union,
    map_of,
)

NOTHING = Parameter("nothing")
_NEVER_NULL = frozenset({"bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "null_type"})


class Fit(IntEnum):
    """Whether a value of the one type is one of the other: never, depending on the value, always."""

    NO = 0
    MAYBE = 1
    SURE = 2


def members(kind: Type) -> tuple[Type, ...]:
    return kind.members if isinstance(kind, Union) else (kind,)


def is_free(kind: Type) -> bool:
    """Whether nothing is known of a value of this type."""
    return kind.name in ("dyn", "nothing")


def takes_null(kind: Type) -> bool:
    """CEL lets null stand for timestamps, durations, optionals, messages and types of the host."""
    return isinstance(kind, Record) or kind.name not in _NEVER_NULL


def join(left: Type, right: Type) -> Type | None:
    """The one type of values of both; None when CEL has none but dyn."""
    if left is right or right is NOTHING:
        return left
    if left is NOTHING:
        return right
    if left is DYN or right is DYN or left.name == "dyn" or right.name == "dyn":
        return DYN
    if isinstance(left, Union) or isinstance(right, Union):
        return union_of((left, right)) if comparable(left, right) else None
    if left.name != right.name:
        if right is NULL:
            return left if takes_null(left) else None
        return right if left is NULL and takes_null(right) else None
    if left.name == "map" and (isinstance(left, Record) or isinstance(right, Record)):
        return _join_maps(left, right)
    if left.name == "string":
        return _join_strings(left, right)
    return _join_parameters(left, right)


def _join_parameters(left: Type, right: Type) -> Type | None:
    if len(left.parameters) != len(right.parameters) or left.name == "type":
        return Type(left.name) if left.name != "type" else TYPE
    if not left.parameters:
        return left
    joined = [join(one, other) for one, other in zip(left.parameters, right.parameters, strict=True)]
    return Type(left.name, tuple(each for each in joined if each is not None)) if None not in joined else None


def _join_strings(left: Type, right: Type) -> Type:
    if isinstance(left, Enumeration) and isinstance(right, Enumeration):
        return Enumeration("string", (), tuple(dict.fromkeys(left.values + right.values)))
    return STRING


def _join_maps(left: Type, right: Type) -> Type:
    if not (isinstance(left, Record) and isinstance(right, Record)):
        return map_of(STRING, DYN)
    if left.title != right.title or left.fields.keys() != right.fields.keys():
        return union_of((left, right))
    fields = {name: _join_fields(field, right.fields[name]) for name, field in left.fields.items()}
    return Record("map", left.parameters, fields, left.closed and right.closed, left.title)


def _join_fields(left: Field, right: Field) -> Field:
    return left if left is right else Field(join(left.type, right.type) or DYN, left.required and right.required)


def union_of(kinds: Iterable[Type]) -> Type:
    """A value of any of these types."""
    found: list[Type] = []
    for kind in kinds:
        for member in members(kind):
            if member.name == "dyn":
                return DYN
            _add(found, member)
    if len(found) < 2:
        return found[0] if found else NOTHING
    if {member.name for member in found} == {"int", "double"}:
        return NUMBER
    return Union(" or ".join(dict.fromkeys(str(member) for member in found)), (), tuple(found))


def _add(found: list[Type], member: Type) -> None:
    for at, other in enumerate(found):
        if other.name != member.name:
            continue
        separate = isinstance(other, Record) and isinstance(member, Record) and other.title != member.title
        joined = None if separate else join(other, member)
        if joined is not None and not isinstance(joined, Union):
            found[at] = joined
            return
    if member is not NOTHING:
        found.append(member)


def union_or_dyn(kinds: list[Type]) -> Type:
    """What an operation gives that has several results: the one type, a number, or dyn."""
    first = kinds[0]
    for other in kinds[1:]:
        joined = join(first, other)
        if joined is None:
            return NUMBER if {kind.name for kind in kinds} <= {"int", "double", "number"} else DYN
        first = joined
    return first


def comparable(left: Type, right: Type) -> bool:
    """Whether a value of the one can equal a value of the other, so that ``==`` takes them."""
    if isinstance(left, Union) or isinstance(right, Union):
        return any(comparable(one, other) for one in members(left) for other in members(right))
    return join(left, right) is not None


def fits(wanted: Type, found: Type, bound: dict[str, Type]) -> Fit:
    """Whether a value of the type found is one of the type wanted; sets the type variables in ``bound``."""
    if wanted.name == "dyn":
        return Fit.SURE
    if isinstance(wanted, Parameter):
        return _bind(wanted, found, bound)
    if found is NOTHING:
        return Fit.SURE
    if found.name == "dyn":
        return Fit.MAYBE
    if isinstance(found, Union):
        return _any_member(wanted, found, bound)
    if isinstance(wanted, Union):
        return max(fits(member, found, bound) for member in wanted.members)
    if wanted.name != found.name:
        return Fit.MAYBE if found is NULL and takes_null(wanted) else Fit.NO
    if isinstance(wanted, Enumeration):
        known = isinstance(found, Enumeration) and set(found.values) <= set(wanted.values)
        return Fit.SURE if known else Fit.MAYBE
    if not wanted.parameters:
        return Fit.SURE
    if len(wanted.parameters) != len(found.parameters):
        return Fit.MAYBE
    worst = Fit.SURE
    for one, other in zip(wanted.parameters, found.parameters, strict=True):
        worst = min(worst, fits(one, other, bound))
    return worst


def _any_member(wanted: Type, found: Union, bound: dict[str, Type]) -> Fit:
    degrees: list[Fit] = []
    for member in found.members:
        trial = dict(bound)
        degrees.append(fits(wanted, member, trial))
        if degrees[-1]:
            bound.update(trial)
    return Fit.SURE if min(degrees) is Fit.SURE else Fit.MAYBE if any(degrees) else Fit.NO


def _bind(wanted: Parameter, found: Type, bound: dict[str, Type]) -> Fit:
    before = bound.get(wanted.name)
    joined = found if before is None else join(before, found)
    if joined is None:
        return Fit.NO
    bound[wanted.name] = joined
    return Fit.SURE


def filled(kind: Type, bound: dict[str, Type]) -> Type:
    """A declared type with its type variables replaced; by ``NOTHING`` where nothing has bound them."""
    if isinstance(kind, Parameter):
        return bound.get(kind.name, NOTHING)
    if not kind.parameters or isinstance(kind, Record):
        return kind
    return Type(kind.name, tuple(filled(each, bound) for each in kind.parameters))


def settled(kind: Type) -> Type:
    """A type with dyn for what nothing has settled."""
    if kind is NOTHING:
        return DYN
    if not kind.parameters or isinstance(kind, Record):
        return kind
    return Type(kind.name, tuple(settled(each) for each in kind.parameters))
