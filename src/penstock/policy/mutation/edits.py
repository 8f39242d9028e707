"""Every change to one expression that an example should notice.

Takes an expression as checked; gives edits of its text, in the order of the text, no two of the same effect.
Whether the edited text is accepted in the expression's place is for the caller to find out. Must not know
policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.cel.checker import Checked
from penstock.cel.lexer import tokenize
from penstock.cel.syntax import Binary, Comprehension, Conditional, ListLiteral, Literal, Logic, Node, walk
from penstock.policy.mutation import conditions, values
from penstock.policy.mutation.edit import Edit, Written


def edits(checked: Checked, *, is_condition: bool) -> list[Edit]:
    """The changes. ``is_condition``: the expression has to be true or false."""
    text = checked.expression.text
    written = Written(text, checked.types, tokenize(text))
    root = checked.expression.root
    asked = conditions.conditions(root, is_condition=is_condition)
    found: dict[str, Edit] = {}
    for node in walk(root):
        for edit in (*_of(node, written), *conditions.negation(node, written, is_condition=node in asked)):
            found.setdefault(edit.apply(text), edit)
    found.pop(text, None)
    return sorted(found.values(), key=lambda edit: (edit.start, edit.end, edit.replacement))


def _of(node: Node, written: Written) -> Iterator[Edit]:
    """The changes to a node, but for those to the nodes below it."""
    match node:
        case Logic():
            yield from conditions.operands(node, written)
        case Conditional():
            yield conditions.branches(node, written)
        case Comprehension():
            yield from conditions.quantifier(node, written)
        case Binary():
            yield from values.operator(node, written)
            yield from values.operands(node, written)
        case ListLiteral():
            yield from values.elements(node, written)
        case Literal():
            yield from values.literal(node, written)
