"""Names, fields and elements: what ``a``, ``a.b``, ``has(a.b)`` and ``a[b]`` are.

Handlers of the check. A field that may be missing is a warning unless something guards it.
"""

from __future__ import annotations

from penstock.cel.checker.conditions import NOT_NULL
from penstock.cel.checker.context import Context
from penstock.cel.checker.keys import key
from penstock.cel.checker.narrowing import is_known, narrowed, tells_members_apart
from penstock.cel.checker.unify import Fit, fits, is_free, members, union_of, union_or_dyn
from penstock.cel.checker.wording import a
from penstock.cel.resolve import Constant, Local, Variable
from penstock.cel.syntax import Ident, Index, Literal, Node, Present, Select, Word, walk
from penstock.cel.types import (
    BOOL,
    DYN,
    INT,
    NULL,
    STRING,
    Field,
    Record,
    Type,
    list_of,
    map_of,
    optional_of,
    type_of,
)
from penstock.cel.values import type_name
from penstock.suggest import choices, nearest

_LONGEST_GUARD = 70
_MOST_HOLDERS = 500


def ident(context: Context, node: Ident | Select) -> Type:
    named = context.resolution.names[node]
    if isinstance(named, Local):
        return context.locals[named.word]
    if isinstance(named, Constant):
        return type_of(named.value) if isinstance(named.value, Type) else value_type(named.value)
    if named.declared:
        return context.env.variables[named.name]
    _unknown_name(context, node, named)
    return DYN


def value_type(value: object) -> Type:
    """The type of a constant."""
    name = type_name(value)
    if name == "list":
        return list_of(DYN)
    return map_of(DYN, DYN) if name == "map" else Type(name)


def _unknown_name(context: Context, node: Ident | Select, named: Variable) -> None:
    name, place = named.name, (node.start, node.end)
    names = [*context.env.variables, *context.env.constants]
    if any(each.startswith(f"{name}.") for each in names):
        for each in walk(context.root):
            if isinstance(each, Select) and each.operand is node:
                name, place = f"{name}.{each.field.text}", (node.start, each.field.end)
    below = [each for each in names if each.startswith(f"{named.name}.")]
    names += [word.text for word in context.locals if word.start < node.start]
    if below:
        context.error(place, f"unknown name `{name}`", f"the names there are {choices(below)}")
        return
    near = nearest(name, names) or _holder(context, name)
    context.error(place, f"unknown name `{name}`", f"did you mean `{near}`?" if near is not None else None)


def _holder(context: Context, name: str) -> str | None:
    """``object.spec.stage`` for ``stage``: where a field of that name is, nearest to a variable."""
    waiting = list(context.env.variables.items())
    for _ in range(3):
        below: list[tuple[str, Type]] = []
        for path, kind in waiting:
            for member in members(kind):
                if isinstance(member, Record):
                    if name in member.fields:
                        return f"{path}.{name}"
                    below += [(f"{path}.{each}", field.type) for each, field in member.fields.items()]
        waiting = below[:_MOST_HOLDERS]
    return None


def select(context: Context, node: Select) -> Type:
    if node in context.resolution.names:
        return ident(context, node)
    operand = context.types[node.operand]
    if operand is DYN:
        return optional_of(DYN) if node.optional else DYN
    return _field(context, node, node.operand, node.field, optional=node.optional)


def present(context: Context, node: Present) -> Type:
    operand = context.types[node.operand]
    if operand is not DYN:
        _find(context, operand, node.operand, node.field)
    return BOOL


def index(context: Context, node: Index) -> Type:
    operand = context.types[node.operand]
    wanted = context.visit(node.index)
    if operand is DYN:
        return optional_of(DYN) if node.optional else DYN
    literal = node.index
    if isinstance(literal, Literal) and isinstance(literal.value, str) and _has_fields(operand):
        word = Word(literal.value, literal.start, literal.end)
        return _field(context, node, node.operand, word, optional=node.optional)
    inner = _inside(operand)
    found = _element(context, node, operand if inner is None else inner, wanted)
    return optional_of(found) if node.optional or inner is not None else found


def _has_fields(kind: Type) -> bool:
    inner = _inside(kind)
    return any(isinstance(each, Record) for each in members(kind if inner is None else inner))


def _inside(kind: Type) -> Type | None:
    """The type in an optional; None when it is not one."""
    if kind.name != "optional_type":
        return None
    return kind.parameters[0] if kind.parameters else DYN


def _field(context: Context, node: Node, operand: Node, word: Word, *, optional: bool) -> Type:
    """The type of a field that is selected, with a word where nothing says that it is there."""
    kind = context.types[operand]
    field = _find(context, kind, operand, word)
    if optional or kind.name == "optional_type":
        inner = _inside(field.type)
        return optional_of(field.type if inner is None or optional else inner)
    if not field.required:
        _ask_for_guard(context, node, operand, word)
    return field.type


def _find(context: Context, kind: Type, operand: Node, word: Word) -> Field:
    """The field that a word names; an error where there can be none."""
    if type(kind) is Record and word.text in kind.fields:  # nearly always
        return kind.fields[word.text]
    inner = _inside(kind)
    kind = kind if inner is None else inner
    if context.known and len(members(kind)) > 1 and not tells_members_apart(kind, word.text):
        kind = narrowed(kind, context.known, key(context, operand))
    if any(member == NULL for member in members(kind)):
        _ask_whether_null(context, operand)
    found = [field for member in members(kind) if (field := _of(member, word.text)) is not None]
    if not found:
        _no_field(context, kind, operand, word)
        return Field(DYN, True)
    if len(found) == 1 and len(members(kind)) == 1:
        return found[0]
    everywhere = len(found) == sum(member.name == "map" for member in members(kind))
    return Field(union_of(each.type for each in found), everywhere and all(each.required for each in found))


def _ask_whether_null(context: Context, operand: Node) -> None:
    whole = (*key(context, operand), NOT_NULL)
    if whole in context.known or whole in context.unguarded.values():
        return
    context.unguarded[operand] = whole
    shown = context.source(operand, _LONGEST_GUARD)
    context.warn(operand, f"`{shown}` may be null", f"guard it with `{shown} != null`")


def _of(kind: Type, name: str) -> Field | None:
    if isinstance(kind, Record):
        return kind.fields.get(name) or (None if kind.closed else Field(DYN, True))
    if is_free(kind):
        return Field(DYN, True)
    if kind.name != "map":
        return None
    if not kind.parameters:
        return Field(DYN, True)
    return Field(kind.parameters[1], True) if fits(STRING, kind.parameters[0], {}) else None


def _no_field(context: Context, kind: Type, operand: Node, word: Word) -> None:
    records = [member for member in members(kind) if isinstance(member, Record)]
    if not records:
        if any(member.name == "map" for member in members(kind)):
            message = f"the keys of {a(kind)} are not strings: it has no fields"
        else:
            message = f"`{context.source(operand)}` is {a(kind)}, which has no fields"
        context.error(word, message)
        return
    known = list(dict.fromkeys(name for record in records for name in record.fields))
    title = " or ".join(dict.fromkeys(record.title for record in records if record.title))
    meant = nearest(word.text, known)
    hint = f"did you mean `{meant}`? " if meant is not None else ""
    if len(known) > 1:
        hint += f"the fields are {choices(known)}"
    else:
        hint += f"the only field is {choices(known)}" if known else "it has none"
    shown = title or f"`{context.source(operand)}`"
    context.error(word, f"{shown} has no field `{word.text}`", hint)


def _ask_for_guard(context: Context, node: Node, operand: Node, word: Word) -> None:
    whole = (*key(context, operand), word.text)
    if is_known(context.known, whole) or whole in context.unguarded.values():
        return
    context.unguarded[node] = whole
    parts = [word.text]
    while isinstance(operand, Select) and operand not in context.resolution.names:
        parts.append(operand.field.text)
        operand = operand.operand
    root = context.source(operand, _LONGEST_GUARD)
    path = ".".join(reversed(parts))
    shown = path if isinstance(operand, Ident) else word.text if len(parts) == 1 else path
    context.warn(word, f"`{shown}` may be missing", f"guard it with `has({root}.{path})`")


def _element(context: Context, node: Index, operand: Type, wanted: Type) -> Type:
    """What an index takes from a list or a map."""
    found: list[Type] = []
    keys: list[Type] = []
    for kind in members(operand):
        if is_free(kind):
            found.append(DYN)
        elif kind.name in ("list", "map"):
            keys.append(INT if kind.name == "list" else kind.parameters[0] if kind.parameters else DYN)
            if fits(keys[-1], wanted, {}) is not Fit.NO:
                found.append(kind.parameters[-1] if kind.parameters else DYN)
    if found:
        return union_or_dyn(found)
    if keys:
        what = "an element of this list is found by" if operand.name == "list" else "a key of this map is"
        context.error(node.index, f"{what} {a(union_or_dyn(keys))}, not {a(wanted)}")
    else:
        message = f"`{context.source(node.operand)}` is {a(operand)}, which has no elements"
        context.error(node.index, message)
    return DYN
