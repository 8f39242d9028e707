"""What may stand at a place of an unfinished expression: fields, names, functions, and texts in quotes.

Takes a text, a position, an environment and what is in the rollout; gives candidates. Pure: it reads schemas and
types, and evaluates nothing. Must not know how candidates are offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from penstock.cel import types as cel
from penstock.cel.checker import Checked, check
from penstock.cel.env import Env, Function
from penstock.cel.errors import CelError
from penstock.cel.macros import METHODS
from penstock.cel.parser import parse
from penstock.cel.resolve import Target
from penstock.cel.standard import functions_by_name
from penstock.cel.syntax import (
    Binary,
    Call,
    Comprehension,
    ListLiteral,
    Literal,
    MapLiteral,
    Node,
    Present,
    Select,
    children,
    walk,
)
from penstock.manifest import shapes
from penstock.policy.knowledge import KIND_ARGUMENT, element, manifest
from penstock.policy.lookups import field_texts
from penstock.policy.matching import pattern
from penstock.record import dataclass

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z|\Z")
_DOT = re.compile(r"\.\??\s*\Z")
_CHAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*\.\Z")
_STAND_IN = "x__"
_CONSTANTS = ("true", "false", "null")
_CLOSERS = {"(": ")", "[": "]", "{": "}", "?": " : null"}
_COLLECTION_MACROS = tuple(sorted(METHODS - {"bind", "block", "index", "iterVar", "optMap", "optFlatMap"}))


@dataclass(frozen=True, slots=True)
class Candidates:
    """The words that may replace the text from ``start`` to the position, in the order to offer them."""

    start: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression may name. ``names`` gives the names of a kind's resources, or of all for None."""

    env: Env
    kinds: Sequence[str] = ()
    names: Callable[[str | None], Sequence[str]] = lambda _kind: ()


def candidates(text: str, position: int, surroundings: Surroundings) -> Candidates:
    """What may stand at the position; what is behind it is not looked at."""
    head = text[:position]
    opened, quoted = _opened(head)
    if quoted is not None:
        words = _texts(head[:quoted], opened, surroundings)
        return _beginning(head, quoted + 1, words)
    word = _WORD.search(head)
    start = word.start() if word else position
    dot = _DOT.search(head[:start])
    if dot:
        return _beginning(head, start, _members(head[:start], opened, surroundings.env))
    if head[start - 1 : start].isalnum():  # within a number
        return Candidates(start)
    return _beginning(head, start, _names(head[:start], opened, surroundings.env))


def _beginning(head: str, start: int, words: Iterable[str]) -> Candidates:
    typed = head[start:]
    return Candidates(start, tuple(dict.fromkeys(word for word in words if word.startswith(typed))))


def _opened(head: str) -> tuple[list[str], int | None]:
    """The brackets and conditionals that are still open, and where an unfinished text in quotes begins."""
    opened: list[str] = []
    at = 0
    while at < len(head):
        char = head[at]
        if char in "'\"":
            end = _closing(head, at)
            if end is None:
                return opened, at
            at = end
            continue
        if char in "([{" or (char == "?" and head[at - 1 : at] not in (".", "[", "{", ",")):
            opened.append(char)
        elif char in ")]}":
            while opened and opened.pop() == "?":
                pass
        elif char == ":" and opened[-1:] == ["?"]:
            opened.pop()
        at += 1
    return opened, None


def _closing(head: str, at: int) -> int | None:
    """The index behind the text in quotes that begins at ``at``; None when it is not finished."""
    quote = head[at]
    raw = head[at - 1 : at] in ("r", "R")
    at += 1
    while at < len(head):
        if head[at] == "\\" and not raw:
            at += 1
        elif head[at] == quote:
            return at + 1
        at += 1
    return None


def _finished(head: str, stand_in: str, opened: Sequence[str], env: Env) -> Checked | None:
    """The expression with a stand-in at its end and every bracket closed; None where that is no expression."""
    text = head + stand_in + "".join(_CLOSERS[each] for each in reversed(opened))
    try:
        return check(parse(text), env)
    except CelError:
        return None


def _members(head: str, opened: Sequence[str], env: Env) -> Iterator[str]:
    """Fields and methods of what stands before a dot; the functions of a name space."""
    space = _CHAIN.search(head)
    if space:
        inside = [name for name in _functions(env) if name.startswith(space[0])]
        if inside:
            yield from (f"{name.removeprefix(space[0])}(" for name in sorted(inside))
            return
    checked = _finished(head, _STAND_IN, opened, env)
    start = len(head)
    if checked is None:
        # Something else in the text is unfinished: the path alone is not.
        checked = _finished(space[0], _STAND_IN, (), env) if space else None
        start = len(space[0]) if space else start
    if checked is None:
        return
    for node in walk(checked.expression.root):
        if isinstance(node, (Select, Present)) and node.field.start == start:
            here = checked.types.get(node.operand, cel.DYN)
            yield from _fields(here)
            yield from _methods(here, env)


def _fields(here: cel.Type) -> Iterator[str]:
    if isinstance(here, cel.Record):
        yield from (name for name in here.fields if name.isidentifier())
    # A field may be taken of an optional too: it gives another optional.
    inside = here.parameters if here.name == "optional_type" else ()
    for member in (*inside, *(here.members if isinstance(here, cel.Union) else ())):
        yield from _fields(member)


def _methods(here: cel.Type, env: Env) -> Iterator[str]:
    """What may be called on a value of a type; of a manifest's mapping only its fields are of interest."""
    if any(_fields(here)):
        return
    if here.name in ("list", "map", "dyn"):
        yield from (f"{name}(" for name in _COLLECTION_MACROS)
    for name, function in sorted(_functions(env).items()):
        if "." not in name and any(
            each.receiver and _takes(each.parameters[0], here) for each in function.overloads
        ):
            yield f"{name}("


def _takes(parameter: cel.Type, here: cel.Type) -> bool:
    if isinstance(parameter, cel.Parameter) or "dyn" in (parameter.name, here.name):
        return True
    if isinstance(parameter, cel.Union):
        return any(_takes(member, here) for member in parameter.members)
    if isinstance(here, cel.Union):
        return any(_takes(parameter, member) for member in here.members)
    return parameter.name == here.name


def _functions(env: Env) -> Mapping[str, Function]:
    return {**functions_by_name(), **{function.name: function for function in env.functions}}


def _names(head: str, opened: Sequence[str], env: Env) -> Iterator[str]:
    """Bound variables, the environment's names, functions, constants."""
    checked = _finished(head, _STAND_IN, opened, env)
    if checked is not None:
        yield from _locals(checked, len(head))
    yield from env.variables
    yield from (
        f"{name}("
        for name, function in sorted(_functions(env).items())
        if any(not overload.receiver for overload in function.overloads)
    )
    yield "has("
    yield from _CONSTANTS


def _locals(checked: Checked, at: int) -> Iterator[str]:
    for word, node in checked.resolution.binders.items():
        outside = node.items if isinstance(node, Comprehension) else children(node)[0]
        if node.start <= at <= node.end and not outside.start <= at <= outside.end and word.end < at:
            yield word.text


def _texts(head: str, opened: Sequence[str], surroundings: Surroundings) -> Iterator[str]:
    """What a text in quotes may say: a kind, a resource's name, one of the values that the other side may have."""
    checked = _finished(head, "''", opened, surroundings.env)
    if checked is None and opened[-1:] == ["{"]:
        checked = _finished(head, "'': null", opened, surroundings.env)
    if checked is None:
        return
    parents = {child: node for node in walk(checked.expression.root) for child in children(node)}
    literal = next((node for node in parents if isinstance(node, Literal) and node.start == len(head)), None)
    if literal is None:
        return
    parent = parents[literal]
    if isinstance(parent, Call):
        yield from _arguments(parent, literal, surroundings)
    call = parents.get(parent)
    if isinstance(parent, MapLiteral) and isinstance(call, Call):
        yield from _fields_looked_for(checked.resolution.calls[call], parent, literal)
    inside: Node = literal
    if isinstance(parent, ListLiteral) and parent in parents:
        inside, parent = parent, parents[parent]
    if isinstance(parent, Binary) and parent.operator in ("==", "!=", "in"):
        other = parent.left if inside is parent.right else parent.right
        yield from _values(checked.types.get(other, cel.DYN))


def _arguments(call: Call, literal: Node, surroundings: Surroundings) -> Iterator[str]:
    given = call.arguments if call.receiver is None else (call.receiver, *call.arguments)
    place = next(index for index, argument in enumerate(given) if argument is literal)
    if KIND_ARGUMENT.get(call.function.text) == place:
        yield from surroundings.kinds
    elif call.function.text == "ref" and place == 0:
        kind = given[1].value if len(given) > 1 and isinstance(given[1], Literal) else None
        yield from surroundings.names(str(kind) if kind else None)


def _fields_looked_for(target: Target, where: MapLiteral, literal: Literal) -> Iterator[str]:
    """The fields of the kind that a call looks for, or the values that one of them may have."""
    place = KIND_ARGUMENT.get(target.name)
    if place is None or where not in target.arguments[place + 1 :]:
        return
    kind = target.arguments[place]
    if not isinstance(kind, Literal) or kind.value not in shapes.kinds():
        return
    if literal in where.keys:
        yield from field_texts(str(kind.value))
        return
    field = where.keys[where.values.index(literal)]
    if isinstance(field, Literal):
        yield from _values(element(manifest(str(kind.value)), pattern(str(field.value))))


def _values(here: cel.Type) -> Iterator[str]:
    if isinstance(here, cel.Enumeration):
        yield from here.values
    for member in here.members if isinstance(here, cel.Union) else ():
        yield from _values(member)
