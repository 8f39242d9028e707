"""The text of an expression to its syntax tree. Grammar: the CEL language definition, "Syntax".

Takes the text, gives an ``Expression``, or a ParseError with its place. In linear time; the recursion here is
at most eight frames a bracket, and the tree at most ``MAX_DEPTH`` deep, so that whoever walks it may recurse.
Must not know names, types or values beyond literals.

A node's characters are its own: of ``(a + b) * c`` the sum has ``a + b`` and the product everything.
"""

from __future__ import annotations

from penstock.cel import hints, literals, macros, mistakes
from penstock.cel.errors import ParseError
from penstock.cel.lexer import RESERVED, Tokens, tokenize
from penstock.cel.limits import MAX_DEPTH, MAX_NESTING, check_depth, check_size, nested_too_deeply
from penstock.cel.macros import Invocation
from penstock.cel.syntax import (
    Binary,
    Call,
    Conditional,
    Expression,
    Ident,
    Index,
    ListLiteral,
    Literal,
    Logic,
    MapLiteral,
    Node,
    Select,
    Unary,
    Word,
    qualified,
)

# How tightly a binary operator binds. `&&` and `||` bind less, `?` least of all.
_RANKS = {
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 1),
    **dict.fromkeys(("+", "-"), 2),
    **dict.fromkeys(("*", "/", "%"), 3),
}
_SIGNS = frozenset({"!", "-"})
_CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None}


def parse(text: str) -> Expression:
    """The tree of an expression.

    Raises:
        ParseError: the text is not an expression, or larger or deeper than ``limits`` allow.
    """
    check_size(text)
    tokens = tokenize(text)
    parser = _Parser(text, tokens)
    root = parser.expression()
    if parser.kinds[parser.at] != "end":
        raise parser.unexpected()
    # A node takes a token of its own, so that few tokens cannot make a deep tree.
    if len(tokens.kinds) > MAX_DEPTH:
        check_depth(text, root)
    return Expression(text, root)


class _Parser:
    """Reads the tokens from the first to the last: ``at`` is the next one. A method a rule of the grammar."""

    __slots__ = ("at", "ends", "kinds", "nesting", "starts", "text", "tokens", "words")

    def __init__(self, text: str, tokens: Tokens) -> None:
        self.text = text
        self.tokens = tokens
        self.kinds = tokens.kinds
        self.words = tokens.words
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.at = 0
        self.nesting = 0

    def unexpected(self, wanted: str | None = None) -> ParseError:
        """The error for the next token. ``wanted``: what else than an operator may follow the value before it."""
        return mistakes.after_a_value(self.text, self.tokens, self.at, wanted)

    def expect(self, kind: str, wanted: str) -> None:
        if self.kinds[self.at] != kind:
            raise self.unexpected(wanted)
        self.at += 1

    def open(self) -> None:
        if self.nesting == MAX_NESTING:
            raise nested_too_deeply(self.text, self.starts[self.at])
        self.nesting += 1
        self.at += 1

    # operators, from the loosest

    def expression(self) -> Node:
        start = self.starts[self.at]
        node = self.disjunction()
        return self.conditional(start, node) if self.kinds[self.at] == "?" else node

    def conditional(self, start: int, node: Node) -> Node:
        choices: list[tuple[int, Node, Node]] = []
        while self.kinds[self.at] == "?":
            self.at += 1
            then = self.disjunction()
            self.expect(":", "`:`")
            choices.append((start, node, then))
            start = self.starts[self.at]
            node = self.disjunction()
        end = self.ends[self.at - 1]
        for start, condition, then in reversed(choices):
            node = Conditional(start, end, condition, then, node)
        return node

    def disjunction(self) -> Node:
        """Chains of ``||`` over chains of ``&&``."""
        kinds, starts, ends = self.kinds, self.starts, self.ends
        start = starts[self.at]
        alternatives: list[Node] = []
        while True:
            first = starts[self.at]
            node = self.relation()
            if kinds[self.at] == "&&":
                operands = [node]
                while kinds[self.at] == "&&":
                    self.at += 1
                    operands.append(self.relation())
                node = Logic(first, ends[self.at - 1], "&&", tuple(operands))
            if kinds[self.at] != "||":
                break
            alternatives.append(node)
            self.at += 1
        if not alternatives:
            return node
        return Logic(start, ends[self.at - 1], "||", (*alternatives, node))

    def relation(self) -> Node:
        """Everything that binds more tightly than ``&&``: operators wait on a stack until a looser one comes."""
        kinds, starts, ends = self.kinds, self.starts, self.ends
        start = starts[self.at]
        node = self.unary() if kinds[self.at] in _SIGNS else self.member()
        if kinds[self.at] not in _RANKS:
            return node
        waiting: list[tuple[int, int, Node, int]] = []
        while True:
            token = self.at
            rank = _RANKS.get(kinds[token], 0)
            while waiting and waiting[-1][0] >= rank:
                _, start, left, operator = waiting.pop()
                node = Binary(start, ends[token - 1], kinds[operator], left, node, starts[operator])
            if not rank:
                return node
            waiting.append((rank, start, node, token))
            self.at = token + 1
            start = starts[self.at]
            node = self.unary() if kinds[self.at] in _SIGNS else self.member()

    def unary(self) -> Node:
        first = self.at
        operator = self.kinds[first]
        while self.kinds[self.at] == operator:
            self.at += 1
        if operator == "-" and self.is_unsigned_number(self.at):
            self.at -= 1  # this minus is the number's own
        elif self.kinds[self.at] in _SIGNS and not (operator == "!" and self.is_unsigned_number(self.at + 1)):
            raise mistakes.mixed_signs(self.text, self.tokens, first, self.at)
        last = self.at
        node = self.member()
        end = self.ends[self.at - 1]
        for token in range(last - 1, first - 1, -1):
            node = Unary(self.starts[token], end, operator, node)
        return node

    def is_unsigned_number(self, at: int) -> bool:
        """Whether a number follows that may have a minus in front: not a uint, and not one with a minus."""
        return self.kinds[at] == "number" and self.words[at][-1] not in "uU"

    # fields, elements and calls

    def member(self) -> Node:
        kinds = self.kinds
        start = self.starts[self.at]
        node = self.name(start) if kinds[self.at] == "name" else self.primary()
        while True:
            kind = kinds[self.at]
            if kind == ".":
                node = self.dotted(start, node)
            elif kind == "[":
                node = self.element(start, node)
            elif kind == "{" and qualified(node) is not None:
                raise mistakes.message(self.text, self.tokens, start, self.at)
            else:
                return node

    def dotted(self, start: int, operand: Node) -> Node:
        self.at += 1
        optional = self.kinds[self.at] == "?"
        if optional:
            self.at += 1
        at = self.at
        word = Word(self.words[at], self.starts[at], self.ends[at])
        kind = self.kinds[at]
        if kind == "quoted_name":
            word = Word(word.text[1:-1], word.start, word.end)
        elif kind != "name":
            raise mistakes.no_field(self.text, self.tokens, at)
        self.at = at + 1
        if self.kinds[at + 1] != "(":
            return Select(start, word.end, operand, word, optional)
        if optional or kind == "quoted_name":
            raise mistakes.no_function(self.text, self.tokens, at)
        arguments = self.arguments()
        end = self.ends[self.at - 1]
        if word.text in macros.METHODS:
            node = macros.method(Invocation(self.text, start, end, word, arguments), operand)
            if node is not None:
                return node
        return Call(start, end, word, operand, arguments)

    def element(self, start: int, operand: Node) -> Node:
        self.open()
        optional = self.kinds[self.at] == "?"
        if optional:
            self.at += 1
        index = self.expression()
        self.close("]", "`]`")
        return Index(start, self.ends[self.at - 1], operand, index, optional)

    def close(self, kind: str, wanted: str) -> None:
        self.expect(kind, wanted)
        self.nesting -= 1

    def arguments(self) -> tuple[Node, ...]:
        self.open()
        arguments: list[Node] = []
        if self.kinds[self.at] != ")":
            arguments.append(self.expression())
            while self.kinds[self.at] == ",":
                self.at += 1
                arguments.append(self.expression())
        self.close(")", "`,` or `)`")
        return tuple(arguments)

    # what stands alone

    def primary(self) -> Node:
        at = self.at
        kind, start, end = self.kinds[at], self.starts[at], self.ends[at]
        if kind == "plain":
            self.at = at + 1
            return Literal(start, end, self.text[start + 1 : end - 1])
        if kind == "number":
            self.at = at + 1
            return Literal(start, end, literals.number(self.text, start, end))
        if kind == "-":  # unary() has left the last minus to the number behind it
            self.at = at + 2
            end = self.ends[at + 1]
            return Literal(start, end, literals.number(self.text, self.starts[at + 1], end, start))
        if kind == "string":
            self.at = at + 1
            return Literal(start, end, literals.string(self.text, start, end))
        if kind in _CONSTANTS:
            self.at = at + 1
            return Literal(start, end, _CONSTANTS[kind])
        return self.bracketed(start, kind)

    def bracketed(self, start: int, kind: str) -> Node:
        if kind == "(":
            self.open()
            node = self.expression()
            self.close(")", "`)`")
            return node
        if kind == "[":
            return self.list_literal(start)
        if kind == "{":
            return self.map_literal(start)
        if kind == "." and self.kinds[self.at + 1] == "name":
            self.at += 1
            return self.name(start, rooted=True)
        raise mistakes.no_value(self.text, self.tokens, self.at)

    def name(self, start: int, rooted: bool = False) -> Node:
        at = self.at
        name = self.words[at]
        self.at = at + 1
        if name in RESERVED:
            raise mistakes.reserved(self.text, self.tokens, at)
        if self.kinds[at + 1] != "(":
            if name in hints.FOREIGN_CONSTANTS and not rooted:
                raise mistakes.foreign_constant(self.text, self.tokens, at)
            return Ident(start, self.ends[at], name, rooted)
        word = Word(name, self.starts[at], self.ends[at])
        arguments = self.arguments()
        end = self.ends[self.at - 1]
        if name == "has" and not rooted:
            node = macros.present(Invocation(self.text, start, end, word, arguments))
            if node is not None:
                return node
        return Call(start, end, word, None, arguments)

    def list_literal(self, start: int) -> Node:
        self.open()
        elements: list[Node] = []
        optional: list[int] = []
        while self.kinds[self.at] not in ("]", ","):
            if self.kinds[self.at] == "?":
                self.at += 1
                optional.append(len(elements))
            elements.append(self.expression())
            if self.kinds[self.at] != ",":
                break
            self.at += 1
        self.skip_comma(elements)
        self.close("]", "`,` or `]`")
        return ListLiteral(start, self.ends[self.at - 1], tuple(elements), frozenset(optional))

    def map_literal(self, start: int) -> Node:
        self.open()
        keys: list[Node] = []
        values: list[Node] = []
        optional: list[int] = []
        while self.kinds[self.at] not in ("}", ","):
            if self.kinds[self.at] == "?":
                self.at += 1
                optional.append(len(keys))
            keys.append(self.expression())
            self.expect(":", mistakes.KEY_END)
            values.append(self.expression())
            if self.kinds[self.at] != ",":
                break
            self.at += 1
        self.skip_comma(keys)
        self.close("}", "`,` or `}`")
        return MapLiteral(start, self.ends[self.at - 1], tuple(keys), tuple(values), frozenset(optional))

    def skip_comma(self, items: list[Node]) -> None:
        """The grammar allows ``[,]`` and ``{,}``: a comma at the end, even after nothing."""
        if not items and self.kinds[self.at] == ",":
            self.at += 1
