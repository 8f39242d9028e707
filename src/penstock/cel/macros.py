"""The macros: calls that are syntax, because they bind a variable or take a field and not its value.

Takes a call's parts as parsed, gives the node that a macro of that name makes of them, or None when none does:
then it is an ordinary call. Must not know tokens. Raises ParseError for a macro's call that cannot be one.
"""

from __future__ import annotations

from penstock.cel.faults import fault
from penstock.cel.syntax import (
    Bind,
    Comprehension,
    Ident,
    ListLiteral,
    Literal,
    Node,
    OptionalMap,
    Present,
    Select,
    Word,
)
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class _Form:
    """What the arguments of a comprehension are, in their order: variables, then what is named here."""

    variables: int
    condition: bool
    result: bool


_TEST = {2: _Form(1, True, False), 3: _Form(2, True, False)}
_TRANSFORM = {3: _Form(2, False, True), 4: _Form(2, True, True)}
# By name and by the number of arguments.
_COMPREHENSIONS: dict[str, dict[int, _Form]] = {
    "all": _TEST,
    "exists": _TEST,
    "exists_one": _TEST,
    "existsOne": _TEST,
    "filter": {2: _Form(1, True, False)},
    "map": {2: _Form(1, False, True), 3: _Form(1, True, True)},
    "transformList": _TRANSFORM,
    "transformMap": _TRANSFORM,
    "transformMapEntry": _TRANSFORM,
    "sortBy": {2: _Form(1, False, True)},
}
_OPTIONAL_MAPS = frozenset({"optMap", "optFlatMap"})
_IN_CEL = {"bind": 3, "block": 2, "index": 1, "iterVar": 2}
METHODS = frozenset({*_COMPREHENSIONS, *_OPTIONAL_MAPS, *_IN_CEL})
"""The names of the macros that are called on something."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call as parsed: its characters from ``start`` to ``end``, its function's name, its arguments."""

    text: str
    start: int
    end: int
    word: Word
    arguments: tuple[Node, ...]


def present(call: Invocation) -> Node | None:
    """``has(operand.field)``."""
    if len(call.arguments) != 1:
        return None
    selection = call.arguments[0]
    if not isinstance(selection, Select) or selection.optional:
        raise fault(call.text, call.start, call.end, "has() takes one field, such as has(a.b)")
    return Present(call.start, call.end, selection.operand, selection.field)


def method(call: Invocation, receiver: Node) -> Node | None:
    """A macro called on something, or in the name space ``cel``."""
    name, count = call.word.text, len(call.arguments)
    form = _COMPREHENSIONS.get(name, {}).get(count)
    if form is not None:
        return _comprehension(call, receiver, form)
    if name in _OPTIONAL_MAPS and count == 2:
        variable, body = _variables(call, 1)[0], call.arguments[1]
        return OptionalMap(call.start, call.end, receiver, variable, body, name == "optFlatMap")
    if isinstance(receiver, Ident) and receiver.name == "cel" and _IN_CEL.get(name) == count:
        return _in_cel(call)
    return None


def _comprehension(call: Invocation, items: Node, form: _Form) -> Node:
    variables = _variables(call, form.variables)
    rest = call.arguments[form.variables :]
    condition = rest[0] if form.condition else None
    result = rest[-1] if form.result else None
    return Comprehension(call.start, call.end, call.word, items, variables, condition, result)


def _variables(call: Invocation, count: int) -> tuple[Word, ...]:
    """The words that the first arguments bind."""
    name = "cel.bind" if call.word.text == "bind" else call.word.text
    words: list[Word] = []
    for argument in call.arguments[:count]:
        if not isinstance(argument, Ident) or argument.rooted:
            what = "a variable's name first" if count == 1 else f"the names of {count} variables first"
            raise fault(call.text, argument.start, argument.end, f"{name}() takes {what}")
        if any(word.text == argument.name for word in words):
            message = f"{name}() has two variables of the name `{argument.name}`"
            raise fault(call.text, argument.start, argument.end, message)
        words.append(Word(argument.name, argument.start, argument.end))
    return tuple(words)


def _in_cel(call: Invocation) -> Node:
    name = call.word.text
    if name == "bind":
        return Bind(call.start, call.end, _variables(call, 1)[0], call.arguments[1], call.arguments[2])
    if name == "block":
        return _block(call)
    # No text can spell these names, so nothing hides them and they hide nothing.
    numbers = ":".join(str(_position(call, argument)) for argument in call.arguments)
    return Ident(call.start, call.end, f"@index{numbers}" if name == "index" else f"@it:{numbers}")


def _block(call: Invocation) -> Node:
    """``cel.block([a, b], c)``: a is ``cel.index(0)`` in b and c, b is ``cel.index(1)`` in c."""
    values, body = call.arguments
    if not isinstance(values, ListLiteral) or values.optional:
        raise fault(call.text, values.start, values.end, "cel.block() takes a list of expressions first: [a, b]")
    for number, value in reversed(tuple(enumerate(values.elements))):
        body = Bind(call.start, call.end, Word(f"@index{number}", value.start, value.end), value, body)
    return body


def _position(call: Invocation, argument: Node) -> int:
    if isinstance(argument, Literal) and type(argument.value) is int and argument.value >= 0:
        return argument.value
    message = f"cel.{call.word.text}() takes a whole number from 0, such as `0`"
    raise fault(call.text, argument.start, argument.end, message)
