"""What holds for the parse of any text whatever, for the property tests and for the fuzzer."""

from __future__ import annotations

from itertools import pairwise

from penstock.cel.errors import ParseError
from penstock.cel.limits import MAX_DEPTH
from penstock.cel.parser import parse
from penstock.cel.syntax import Binary, Bind, Expression, Node, children


def check_parse(text: str) -> Expression | None:
    """Parses a text: a tree of sound places, or a placed ParseError and None. Anything else raises."""
    try:
        expression = parse(text)
    except ParseError as error:
        check_place(text, error)
        return None
    assert expression.text == text
    check_places(expression)
    check_recursion(expression)
    return expression


def check_place(text: str, error: ParseError) -> None:
    lines = text.split("\n")
    assert error.text == text
    assert error.line is not None
    assert error.column is not None
    assert error.end_line is not None
    assert error.end_column is not None
    assert 1 <= error.line <= error.end_line <= len(lines)
    assert 1 <= error.column <= len(lines[error.line - 1]) + 1
    assert 1 <= error.end_column <= len(lines[error.end_line - 1]) + 1
    assert (error.line, error.column) <= (error.end_line, error.end_column)
    # A place of no characters is only for a text that is empty, or too long as a whole.
    if (error.line, error.column) == (error.end_line, error.end_column):
        assert "the expression is empty" in error.message or "characters; at most" in error.message
    assert len(error.message) < 300


def check_places(expression: Expression) -> None:
    """Every node has characters, inside those of the node above it, and siblings do not overlap."""
    waiting: list[Node] = [expression.root]
    assert 0 <= expression.root.start < expression.root.end <= len(expression.text)
    while waiting:
        node = waiting.pop()
        below = sorted(children(node), key=lambda child: (child.start, child.end))
        for child in below:
            assert node.start <= child.start < child.end <= node.end
        # The elements of cel.block() are nested as Binds, each with the characters of the whole.
        if not isinstance(node, Bind):
            assert all(child.end <= following.start for child, following in pairwise(below))
        waiting.extend(below)


def check_recursion(expression: Expression) -> None:
    """Who recurses for each node, and takes a chain of binary operators in a loop, stays far from any limit."""
    waiting = [(expression.root, 1)]
    while waiting:
        node, depth = waiting.pop()
        assert depth <= MAX_DEPTH
        for child in children(node):
            in_chain = isinstance(node, Binary) and isinstance(child, Binary) and child is node.left
            waiting.append((child, depth if in_chain else depth + 1))
