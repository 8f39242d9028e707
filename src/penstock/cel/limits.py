"""How large an expression may be, for every engine.

Takes the text or its tree and gives nothing, or raises a ParseError. Must not know any engine.
"""

from __future__ import annotations

from penstock.cel.errors import ParseError
from penstock.cel.faults import fault
from penstock.cel.syntax import Binary, Node, children

MAX_LENGTH = 8192
"""Characters."""

MAX_NESTING = 32
"""Brackets in brackets, of any kind."""

MAX_DEPTH = 100
"""Nodes above one another in a tree: fields, calls, minuses, conditionals. A chain of binary operators is one."""


def check_size(text: str) -> None:
    if len(text) > MAX_LENGTH:
        message = f"the expression has {len(text):,} characters; at most {MAX_LENGTH:,} are allowed"
        raise fault(text, 0, 0, message)
    if not text.strip():
        raise fault(text, 0, 0, "the expression is empty")


def nested_too_deeply(text: str, start: int) -> ParseError:
    """The error for the bracket that is one too many."""
    return fault(text, start, start + 1, f"brackets are nested more than {MAX_NESTING} deep")


def check_depth(text: str, root: Node) -> None:
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            message = f"the expression is nested more than {MAX_DEPTH} levels deep"
            raise fault(text, node.start, node.end, message)
        if isinstance(node, Binary) and isinstance(node.left, Binary):
            waiting += ((node.left, depth), (node.right, depth + 1))
        else:
            waiting += ((child, depth + 1) for child in children(node))
