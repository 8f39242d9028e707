"""The engine on cel-python: the only module that knows celpy and lark, and what is wrong with them.

Takes expression text, gives a ``Program``. From celpy come the grammar, the parser, arithmetic with its
overflows, and the text and time functions. Evaluation is ours (``closures``), because what celpy's evaluator
(0.5.0) gets wrong cannot be mended around it: ``1 == 1.0`` is an error and ``true == 1`` is true, has(a.b.c)
is false when b is missing, an error becomes another error once it was an operand, and nothing short-circuits.
Its lexer takes exponential time over an unclosed quote, so it never sees what is in quotes (``scan``).
Known deviations from CEL: tests/cel/cel-python-deviations.txt.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import lark
from celpy import celparser, celtypes, evaluation

from penstock.cel import moments, operations, patterns
from penstock.cel.calls import Implementations
from penstock.cel.closures import (
    MAX_WORK,
    Comprehension,
    Frame,
    Functions,
    Node,
    WorkSpentError,
    choose,
    constant,
    decide,
    free,
    made_list,
    made_map,
    placed,
    spending,
)
from penstock.cel.conversions import CONVERSIONS
from penstock.cel.engine import Call, CelEvalError, CelSyntaxError, Name, Select
from penstock.cel.library import OVERLOADS, RESERVED, TYPES
from penstock.cel.scan import Scanned, scan
from penstock.cel.values import MadeList, Type, Uint, equal, native, type_name

MAX_DEPTH = 150  # levels of the tree without its ladder; one costs an evaluation two or three Python frames

# --- celpy's functions over native values -----------------------------------------------------------------


def _integer(kind: type, low: int, high: int) -> Callable[[Any], object]:
    """celpy's own constructors build and decorate a function at each call: 20 µs."""

    def lift(value: int) -> object:
        if not low <= value < high:
            raise ValueError("overflow")
        return int.__new__(kind, value)

    return lift


_LIFT: dict[str, Callable[[Any], object]] = {
    "int": _integer(celtypes.IntType, -(2**63), 2**63),
    "uint": _integer(celtypes.UintType, 0, 2**64),
    "double": celtypes.DoubleType,
    "string": celtypes.StringType,
    "bytes": celtypes.BytesType,
    "google.protobuf.Timestamp": celtypes.TimestampType,
    "google.protobuf.Duration": celtypes.DurationType,
}


def _lower(value: object) -> object:
    if isinstance(value, celtypes.BoolType):
        return bool(value)
    if isinstance(value, celtypes.UintType):
        return Uint(value)
    kinds: tuple[Callable[[Any], object], ...] = (int, float, str, bytes)
    for kind in kinds:
        if isinstance(value, cast("type", kind)):
            return kind(value)
    if isinstance(value, datetime):
        utc = value.astimezone(timezone.utc)
        return datetime.combine(utc.date(), utc.time(), tzinfo=timezone.utc)
    if isinstance(value, timedelta):
        return moments.checked(timedelta(value.days, value.seconds, value.microseconds))
    raise ValueError(str(value))


def _celpy(name: str) -> Callable[..., object]:
    function = cast("Callable[..., object]", evaluation.base_functions[name])

    def call(*arguments: object) -> object:
        return _lower(function(*(_LIFT[type_name(argument)](argument) for argument in arguments)))

    return call


_celpy_divide = _celpy("_/_")
_celpy_add = _celpy("_+_")


def _divide(left: Any, right: Any) -> object:
    if not isinstance(left, float):
        return _celpy_divide(left, right)
    # celpy says that x / 0.0 is +inf, whatever the signs, and for 0.0 / 0.0 too.
    if right != 0 or left == 0 or left != left:
        return left / right if right != 0 else float("nan")
    return float("inf") if (left > 0) is not str(right).startswith("-") else float("-inf")


def _add(left: Any, right: Any) -> object:
    return MadeList([*left, *right]) if isinstance(left, (list, tuple)) else _celpy_add(left, right)


def _part(name: str) -> Callable[..., object]:
    """getHours() and its like. What celpy says of a bad timezone names its files and classes."""
    function = _celpy(name)

    def call(value: object, *zone: object) -> object:
        try:
            return function(value, *zone)
        except Exception:
            raise ValueError("not a timezone such as Europe/Paris or +02:00") from None

    return call


_IMPLEMENTATIONS = Implementations(
    functions={
        **{name: _part(name) if name.startswith("get") else _celpy(name) for name in OVERLOADS},
        **CONVERSIONS,
        "size": len,
        "matches": patterns.matches,
    },
    operators={
        "+": _add,
        "-": _celpy("_-_"),
        "*": _celpy("_*_"),
        "/": _divide,
        "%": _celpy("_%_"),
        "unary -": _celpy("-_"),
    },
)
_call, _operate = _IMPLEMENTATIONS.call, _IMPLEMENTATIONS.operate
_RELATIONS: dict[str, Callable[[object, object], object]] = {
    "relation_eq": equal,
    "relation_ne": operations.unequal,
    "relation_lt": operations.less,
    "relation_le": operations.less_equal,
    "relation_gt": operations.greater,
    "relation_ge": operations.greater_equal,
    "relation_in": operations.contains,
}
_ARITHMETIC = {
    "addition_add": "+",
    "addition_sub": "-",
    "multiplication_mul": "*",
    "multiplication_div": "/",
    "multiplication_mod": "%",
}

# --- the parse tree ---------------------------------------------------------------------------------------

_Tree: TypeAlias = "lark.Tree[lark.Token]"
_LADDER = frozenset(
    (
        *("expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication", "unary"),
        *("member", "primary", "paren_expr"),
    )
)
# These do not nest an evaluation any deeper.
_FLAT = frozenset({"exprlist", "mapinits"})
_OPERATIONS = ("relation_", "addition_", "multiplication_", "unary_")
_MACROS = {"all": (2,), "exists": (2,), "exists_one": (2,), "existsOne": (2,), "filter": (2,), "map": (2, 3)}


def _trees(tree: _Tree) -> list[_Tree]:
    return [child for child in tree.children if isinstance(child, lark.Tree)]


def _token(tree: _Tree, index: int) -> lark.Token:
    return cast("lark.Token", tree.children[index])


def _place(tree: _Tree) -> tuple[int, int]:
    return tree.meta.line, tree.meta.column


def _check_depth(tree: _Tree) -> None:
    """Before anything recurses into the tree."""
    pending = [(tree, 0)]
    while pending:
        current, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise CelSyntaxError(f"the expression is more than {MAX_DEPTH} levels deep", *_place(current))
        for child in _trees(current):
            flat = child.data in _FLAT or child.data.startswith(_OPERATIONS) or _chained(current, child)
            pending.append((child, depth + (not flat)))


def _chained(tree: _Tree, child: _Tree) -> bool:
    return child.data == tree.data and tree.data in ("conditionalor", "conditionaland")


def _arguments(tree: _Tree) -> list[_Tree]:
    return [argument for child in _trees(tree) if child.data == "exprlist" for argument in _trees(child)]


class _Builder:
    """Turns the parse tree into a node; notes the names, calls and field chains on the way.

    A method of the grammar rule's name for each rule that is not on the ladder.
    """

    def __init__(self, text: str, scanned: Scanned) -> None:
        self.text = text
        self.scanned = scanned
        self.names: list[Name] = []
        self.calls: list[Call] = []
        self.chains: dict[tuple[int, int], tuple[Name, ...]] = {}
        self.scope: list[str] = []
        self.slots = 0
        self.built = 0

    def build(self, tree: _Tree) -> Node:
        self.built += 1
        method: Callable[[_Tree], Node] = getattr(self, tree.data)
        return method(tree)

    def placed(self, node: Node, place: Name | _Tree) -> Node:
        line, column = (place.line, place.column) if isinstance(place, Name) else _place(place)
        return placed(node, line, column, self.text)

    def name(self, token: lark.Token) -> Name:
        text = self.scanned.quoted_names.get(token.start_pos or 0, str(token))
        return Name(text, token.line or 1, token.column or 1)

    def free_name(self, token: lark.Token) -> Name:
        name = self.name(token)
        if name.text in RESERVED:
            raise CelSyntaxError(f"`{name.text}` is a reserved word", name.line, name.column)
        return name

    # operators

    def expr(self, tree: _Tree) -> Node:
        condition, left, right = map(self.build, _trees(tree))
        return self.placed(choose(condition, left, right), tree)

    def conditionalor(self, tree: _Tree) -> Node:
        return self.placed(decide(self.operands(tree), True, "`||`"), tree)

    def conditionaland(self, tree: _Tree) -> Node:
        return self.placed(decide(self.operands(tree), False, "`&&`"), tree)

    def operands(self, tree: _Tree) -> list[Node]:
        operands: list[_Tree] = []
        left = tree
        while left.data == tree.data:
            rest, last = _trees(left)
            operands.append(last)
            left = rest
        operands.append(left)
        return [self.build(operand) for operand in reversed(operands)]

    def relation(self, tree: _Tree) -> Node:
        operation, right_tree = _trees(tree)
        left, right = self.build(_trees(operation)[0]), self.build(right_tree)
        relate = _RELATIONS[operation.data]
        return self.placed(lambda frame: relate(left(frame), right(frame)), tree)

    def addition(self, tree: _Tree) -> Node:
        operation, right_tree = _trees(tree)
        left, right = self.build(_trees(operation)[0]), self.build(right_tree)
        symbol = _ARITHMETIC[operation.data]
        return self.placed(spending(lambda frame: _operate(symbol, (left(frame), right(frame)))), tree)

    multiplication = addition

    def unary(self, tree: _Tree) -> Node:
        operation, operand_tree = _trees(tree)
        operand = self.build(operand_tree)
        if operation.data == "unary_not":
            return self.placed(lambda frame: not operations.truth(operand(frame), "`!`"), tree)
        return self.placed(lambda frame: _operate("unary -", (operand(frame),)), tree)

    # names, fields and elements

    def ident(self, tree: _Tree) -> Node:
        name = self.free_name(_token(tree, 0))
        if name.text in self.scope and tree.data == "ident":
            slot = len(self.scope) - 1 - self.scope[::-1].index(name.text)
            return lambda frame: frame.slots[slot]
        if name.text in TYPES:
            return free(name.text, Type(name.text))
        self.names.append(name)
        return self.placed(free(name.text, None), name)

    dot_ident = ident

    def member_dot(self, tree: _Tree) -> Node:
        operand, name = self.build(_trees(tree)[0]), self.name(_token(tree, 1))
        self.note_chain(tree)
        field, key = operations.field, name.text
        return self.placed(lambda frame: field(operand(frame), key), name)

    def member_index(self, tree: _Tree) -> Node:
        member_tree, key_tree = _trees(tree)
        member, key = self.build(member_tree), self.build(key_tree)
        self.note_chain(tree)
        return self.placed(lambda frame: operations.element(member(frame), key(frame)), key_tree)

    def note_chain(self, tree: _Tree) -> None:
        """Outer selections come last and are longer, so the longest chain from a name remains."""
        parts: list[Name] = []
        current = tree
        while current.data in ("member_dot", "member_index"):
            part = self.part(current)
            if part is None:
                parts.clear()  # a field of an element is not a field of the name
            else:
                parts.append(part)
            current = _trees(current)[0]
        if current.data in ("ident", "dot_ident") and parts:
            root = self.name(_token(current, 0))
            if root.text not in TYPES and (root.text not in self.scope or current.data == "dot_ident"):
                self.chains[root.line, root.column] = (root, *reversed(parts))

    def part(self, tree: _Tree) -> Name | None:
        if tree.data == "member_dot":
            return self.name(_token(tree, 1))
        key = _trees(tree)[1]
        value = self.scanned.literals.get(_token(key, 0).start_pos or 0) if key.data == "literal" else None
        return Name(value, *_place(key)) if isinstance(value, str) else None

    # literals

    def literal(self, tree: _Tree) -> Node:
        token = _token(tree, 0)
        if token.type in ("STRING_LIT", "MLSTRING_LIT", "BYTES_LIT"):
            return constant(self.scanned.literals[token.start_pos or 0])
        if token.type == "NULL_LIT":
            return constant(None)
        if token.type == "BOOL_LIT":
            return constant(token == "true")
        return constant(self.number(token))

    def number(self, token: lark.Token) -> object:
        try:
            if token.type == "FLOAT_LIT":
                return float(token)
            if token.type == "UINT_LIT":
                return _lower(celtypes.UintType(str(token)[:-1]))
            return _lower(celtypes.IntType(str(token)))
        except ValueError:
            raise CelSyntaxError("the number does not fit into 64 bits", token.line, token.column) from None

    def list_lit(self, tree: _Tree) -> Node:
        return made_list(list(map(self.build, _arguments(tree))))

    def map_lit(self, tree: _Tree) -> Node:
        nodes = [self.build(child) for inits in _trees(tree) for child in _trees(inits)]
        return self.placed(made_map(nodes[::2], nodes[1::2]), tree)

    def member_object(self, tree: _Tree) -> Node:
        raise CelSyntaxError("messages (`Name{...}`) are not supported; write a map", *_place(tree))

    # calls and macros

    def ident_arg(self, tree: _Tree) -> Node:
        name = self.free_name(_token(tree, 0))
        if name.text == "has":
            return self.has(name, _arguments(tree))
        return self.call(name, _arguments(tree), receiver=False)

    dot_ident_arg = ident_arg

    def member_dot_arg(self, tree: _Tree) -> Node:
        name, arguments = self.name(_token(tree, 1)), _arguments(tree)
        if len(arguments) in _MACROS.get(name.text, ()):
            return self.comprehension(name, _trees(tree)[0], arguments)
        return self.call(name, [_trees(tree)[0], *arguments], receiver=True)

    def call(self, name: Name, arguments: list[_Tree], *, receiver: bool) -> Node:
        self.calls.append(Call(name.text, name.line, name.column, len(arguments) - receiver, receiver))
        text, nodes = name.text, list(map(self.build, arguments))
        call = spending(lambda frame: _call(text, [node(frame) for node in nodes], receiver, frame))
        return self.placed(call, name)

    def has(self, name: Name, arguments: list[_Tree]) -> Node:
        selection = arguments[0] if len(arguments) == 1 else None
        if selection is None or selection.data != "member_dot":
            raise CelSyntaxError("has() takes one field, such as has(a.b)", name.line, name.column)
        operand, key = self.build(_trees(selection)[0]), self.name(_token(selection, 1))
        self.note_chain(selection)
        return self.placed(lambda frame: operations.has_field(operand(frame), key.text), key)

    def comprehension(self, name: Name, range_tree: _Tree, arguments: list[_Tree]) -> Node:
        items, variable = self.build(range_tree), arguments[0]
        if variable.data != "ident":
            raise CelSyntaxError(f"{name.text}() takes a variable's name first", *_place(variable))
        slot = len(self.scope)
        self.scope.append(self.free_name(_token(variable, 0)).text)
        self.slots = max(self.slots, len(self.scope))
        before = self.built
        *tests, body = map(self.build, arguments[1:])
        self.scope.pop()
        macro = Comprehension(name.text, items, slot, 1 + self.built - before)
        if name.text in ("all", "exists"):
            node = macro.quantify(body, name.text == "exists")
        elif name.text == "map":
            node = macro.gather(tests[0] if tests else None, body)
        else:
            node = macro.gather(body, None) if name.text == "filter" else macro.exists_one(body)
        return self.placed(node, name)


# --- the engine -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CelPythonProgram:
    text: str
    names: tuple[Name, ...]
    calls: tuple[Call, ...]
    selects: tuple[Select, ...]
    node: Node
    slots: int

    def evaluate(self, bindings: Mapping[str, object], functions: Functions) -> object:
        try:
            return native(self.node(Frame(bindings, functions, self.slots)))
        except CelEvalError:
            raise
        except WorkSpentError:
            message = f"the evaluation was stopped after {MAX_WORK:,} steps"
            raise CelEvalError(message, 1, 1, self.text) from None
        except RecursionError:
            raise CelEvalError("the expression or its values are nested too deeply", 1, 1, self.text) from None
        except Exception as error:
            reason = str(error) or type(error).__name__
            raise CelEvalError(f"cannot be evaluated: {reason}", 1, 1, self.text) from error


_MEANT = {"=": "==", "and": "&&", "or": "||", "&": "&&", "|": "||", "is": "=="}


@lru_cache(maxsize=1)
def _parser() -> lark.Lark:
    """celpy's grammar with lark's options as celpy sets them, but our own parser: celpy's is one for the process.

    Rules of one thing only are left out of the tree, and ``true`` and ``false`` keep their place, which celpy's
    callback takes away.
    """
    grammar = Path(celparser.__file__).with_name("cel.lark").read_text(encoding="utf-8")
    rules = "|".join(_LADDER)
    return lark.Lark(
        re.sub(rf"^(?:{rules})(?=\s*:)", r"?\g<0>", grammar, flags=re.MULTILINE),
        parser="lalr",
        start="expr",
        g_regex_flags=re.MULTILINE,
        lexer_callbacks={"IDENT": _true_or_false},
        propagate_positions=True,
        maybe_placeholders=False,
        priority="invert",
    )


def _true_or_false(token: lark.Token) -> lark.Token:
    return lark.Token.new_borrow_pos("BOOL_LIT", token, token) if token in ("true", "false") else token


# Nobody promises that lark's parser is thread safe.
_PARSING = threading.Lock()
_AnyName = TypeVar("_AnyName", bound=Name)


class CelPython:
    name = "cel-python"

    def __init__(self) -> None:
        with _PARSING:
            self._parser = _parser()

    def compile(self, text: str) -> CelPythonProgram:
        scanned = scan(text)
        tree = self._parse(text, scanned.masked)
        _check_depth(tree)
        builder = _Builder(text, scanned)
        node = builder.build(tree)
        return CelPythonProgram(
            text=text,
            names=_in_order(builder.names),
            calls=_in_order(builder.calls),
            selects=tuple(Select(builder.chains[root]) for root in sorted(builder.chains)),
            node=node,
            slots=builder.slots,
        )

    def _parse(self, text: str, masked: str) -> _Tree:
        try:
            with _PARSING:
                return self._parser.parse(masked)
        except lark.UnexpectedInput as error:
            raise _syntax_error(text, error) from None


def _syntax_error(text: str, error: lark.UnexpectedInput) -> CelSyntaxError:
    start = error.pos_in_stream
    if start is None or (isinstance(error, lark.UnexpectedToken) and error.token.type == "$END"):
        lines = text.rstrip().split("\n")
        return CelSyntaxError("the expression ends where more is expected", len(lines), len(lines[-1]) + 1)
    length = len(error.token) if isinstance(error, lark.UnexpectedToken) else 1
    found = text[start : start + min(length, 40)]
    hint = f"; write `{_MEANT[found]}`" if found in _MEANT else ""
    return CelSyntaxError(f"`{found}` is not expected here{hint}", error.line, error.column)


def _in_order(names: Sequence[_AnyName]) -> tuple[_AnyName, ...]:
    return tuple(sorted(names, key=lambda name: (name.line, name.column)))
