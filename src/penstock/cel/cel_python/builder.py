"""From lark's tree to the closures that evaluate it.

Takes a tree, gives a node.
"""

from __future__ import annotations

from collections.abc import Callable

import lark

from penstock.cel import operations
from penstock.cel.cel_python.functions import IMPLEMENTATIONS, integer, uint
from penstock.cel.cel_python.tree import Name, Tree, arguments_of, place, token_at, trees
from penstock.cel.closures import (
    Comprehension,
    Node,
    choose,
    constant,
    decide,
    free,
    made_list,
    made_map,
    placed,
    spending,
)
from penstock.cel.errors import ParseError
from penstock.cel.library import RESERVED_WORDS, TYPES
from penstock.cel.scan import Scanned
from penstock.cel.standard import functions_by_name
from penstock.cel.types import Type
from penstock.cel.values import equal

_call, _operate = IMPLEMENTATIONS.call, IMPLEMENTATIONS.operate
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
_MACROS = {"all": (2,), "exists": (2,), "exists_one": (2,), "existsOne": (2,), "filter": (2,), "map": (2, 3)}


class Builder:
    """Turns the parse tree into a node.

    A method of the grammar rule's name for each rule that is not on the ladder.
    """

    def __init__(self, text: str, scanned: Scanned) -> None:
        self.text = text
        self.scanned = scanned
        self.scope: list[str] = []
        self.slots = 0
        self.built = 0

    def build(self, tree: Tree) -> Node:
        self.built += 1
        method: Callable[[Tree], Node] = getattr(self, tree.data)
        return method(tree)

    def placed(self, node: Node, at: Name | Tree) -> Node:
        line, column = (at.line, at.column) if isinstance(at, Name) else place(at)
        return placed(node, line, column, self.text)

    def name(self, token: lark.Token) -> Name:
        text = self.scanned.quoted_names.get(token.start_pos or 0, str(token))
        return Name(text, token.line or 1, token.column or 1)

    def free_name(self, token: lark.Token) -> Name:
        name = self.name(token)
        if name.text in RESERVED_WORDS:
            raise ParseError(f"`{name.text}` is a reserved word", name.line, name.column)
        return name

    # operators

    def expr(self, tree: Tree) -> Node:
        condition, left, right = map(self.build, trees(tree))
        return self.placed(choose(condition, left, right), tree)

    def conditionalor(self, tree: Tree) -> Node:
        return self.placed(decide(self.operands(tree), True, "`||`"), tree)

    def conditionaland(self, tree: Tree) -> Node:
        return self.placed(decide(self.operands(tree), False, "`&&`"), tree)

    def operands(self, tree: Tree) -> list[Node]:
        operands: list[Tree] = []
        left = tree
        while left.data == tree.data:
            rest, last = trees(left)
            operands.append(last)
            left = rest
        operands.append(left)
        return [self.build(operand) for operand in reversed(operands)]

    def relation(self, tree: Tree) -> Node:
        operation, right_tree = trees(tree)
        left, right = self.build(trees(operation)[0]), self.build(right_tree)
        relate = _RELATIONS[operation.data]
        return self.placed(lambda frame: relate(left(frame), right(frame)), tree)

    def addition(self, tree: Tree) -> Node:
        operation, right_tree = trees(tree)
        left, right = self.build(trees(operation)[0]), self.build(right_tree)
        symbol = _ARITHMETIC[operation.data]
        return self.placed(spending(lambda frame: _operate(symbol, (left(frame), right(frame)))), tree)

    multiplication = addition

    def unary(self, tree: Tree) -> Node:
        operation, operand_tree = trees(tree)
        operand = self.build(operand_tree)
        if operation.data == "unary_not":
            return self.placed(lambda frame: not operations.truth(operand(frame), "`!`"), tree)
        return self.placed(lambda frame: _operate("unary -", (operand(frame),)), tree)

    # names, fields and elements

    def ident(self, tree: Tree) -> Node:
        name = self.free_name(token_at(tree, 0))
        if name.text in self.scope and tree.data == "ident":
            slot = len(self.scope) - 1 - self.scope[::-1].index(name.text)
            return lambda frame: frame.slots[slot]
        if name.text in TYPES:
            return free(name.text, Type(name.text))
        return self.placed(free(name.text, None), name)

    dot_ident = ident

    def member_dot(self, tree: Tree) -> Node:
        operand, name = self.build(trees(tree)[0]), self.name(token_at(tree, 1))
        field, key = operations.field, name.text
        return self.placed(lambda frame: field(operand(frame), key), name)

    def member_index(self, tree: Tree) -> Node:
        member_tree, key_tree = trees(tree)
        member, key = self.build(member_tree), self.build(key_tree)
        return self.placed(lambda frame: operations.element(member(frame), key(frame)), key_tree)

    # literals

    def literal(self, tree: Tree) -> Node:
        token = token_at(tree, 0)
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
                return uint(str(token)[:-1])
            return integer(str(token))
        except ValueError:
            raise ParseError("the number does not fit into 64 bits", token.line, token.column) from None

    def list_lit(self, tree: Tree) -> Node:
        return made_list(list(map(self.build, arguments_of(tree))))

    def map_lit(self, tree: Tree) -> Node:
        nodes = [self.build(child) for inits in trees(tree) for child in trees(inits)]
        return self.placed(made_map(nodes[::2], nodes[1::2]), tree)

    def member_object(self, tree: Tree) -> Node:
        raise ParseError("messages (`Name{...}`) are not supported; write a map", *place(tree))

    # calls and macros

    def ident_arg(self, tree: Tree) -> Node:
        name = self.free_name(token_at(tree, 0))
        if name.text == "has":
            return self.has(name, arguments_of(tree))
        return self.call(name, arguments_of(tree), receiver=False)

    dot_ident_arg = ident_arg

    def member_dot_arg(self, tree: Tree) -> Node:
        name, arguments = self.name(token_at(tree, 1)), arguments_of(tree)
        if len(arguments) in _MACROS.get(name.text, ()):
            return self.comprehension(name, trees(tree)[0], arguments)
        in_space = self.in_name_space(name, trees(tree)[0])
        if in_space is not None:
            return self.call(in_space, arguments, receiver=False)
        return self.call(name, [trees(tree)[0], *arguments], receiver=True)

    def in_name_space(self, function: Name, tree: Tree) -> Name | None:
        """``math.abs`` for the function ``abs`` after the name ``math``, when there is such a function."""
        parts = [function.text]
        while tree.data == "member_dot":
            parts.append(self.name(token_at(tree, 1)).text)
            tree = trees(tree)[0]
        if tree.data not in ("ident", "dot_ident"):
            return None
        root = self.name(token_at(tree, 0))
        full = ".".join([root.text, *reversed(parts)])
        if full not in functions_by_name() or (root.text in self.scope and tree.data == "ident"):
            return None
        return Name(full, root.line, root.column)

    def call(self, name: Name, arguments: list[Tree], *, receiver: bool) -> Node:
        text, nodes = name.text, list(map(self.build, arguments))
        call = spending(lambda frame: _call(text, [node(frame) for node in nodes], receiver, frame))
        return self.placed(call, name)

    def has(self, name: Name, arguments: list[Tree]) -> Node:
        selection = arguments[0] if len(arguments) == 1 else None
        if selection is None or selection.data != "member_dot":
            raise ParseError("has() takes one field, such as has(a.b)", name.line, name.column)
        operand, key = self.build(trees(selection)[0]), self.name(token_at(selection, 1))
        return self.placed(lambda frame: operations.has_field(operand(frame), key.text), key)

    def comprehension(self, name: Name, range_tree: Tree, arguments: list[Tree]) -> Node:
        items, variable = self.build(range_tree), arguments[0]
        if variable.data != "ident":
            raise ParseError(f"{name.text}() takes a variable's name first", *place(variable))
        slot = len(self.scope)
        self.scope.append(self.free_name(token_at(variable, 0)).text)
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
