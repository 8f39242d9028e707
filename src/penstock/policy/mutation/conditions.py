"""Changes to what decides: operands of ``&&`` and ``||``, negations, choices, quantifiers.

Takes a node and the expression as written; gives edits.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.cel.syntax import (
    Bind,
    Call,
    Comprehension,
    Conditional,
    Ident,
    Index,
    Logic,
    Node,
    Present,
    Select,
    Unary,
    walk,
)
from penstock.policy.mutation.edit import Edit, Written

_OTHER = {"&&": "||", "||": "&&"}
_QUANTIFIERS = {"all": "exists", "exists": "all", "exists_one": "exists", "existsOne": "exists"}
_PLAIN = (Call, Ident, Index, Select)
"""Nodes that may be true or false, or anything else."""


def conditions(root: Node, *, is_condition: bool) -> frozenset[Node]:
    """The nodes of an expression that have to be true or false, the whole of it when it is a condition itself."""
    found = {root} if is_condition else set()
    for node in walk(root):
        if isinstance(node, Logic):
            found.update(node.operands)
        elif isinstance(node, Conditional):
            found.add(node.condition)
            found.update((node.then, node.otherwise) if node in found else ())
        elif isinstance(node, Comprehension) and node.condition is not None:
            found.add(node.condition)
        elif isinstance(node, Bind) and node in found:
            found.add(node.body)
    return frozenset(found)


def operands(node: Logic, written: Written) -> Iterator[Edit]:
    """Each operand left out; the other operator."""
    tokens = written.tokens
    between = list(written.operators(node.operator, node.operands))
    starts = [node.start, *(tokens.starts[at + 1] for at in between)]
    ends = [*(tokens.ends[at - 1] for at in between), node.end]
    yield Edit("operand dropped", starts[0], starts[1], "", (starts[0], ends[1]))
    for index in range(1, len(node.operands)):
        yield Edit("operand dropped", ends[index - 1], ends[index], "", (starts[index - 1], ends[index]))
    parts = [written.text[start:end] for start, end in zip(starts, ends, strict=True)]
    yield written.replaced("operator swapped", node, f" {_OTHER[node.operator]} ".join(parts))


def branches(node: Conditional, written: Written) -> Edit:
    """The two values of a choice in each other's place."""
    then, otherwise = (
        f"({written.of(each)})" if isinstance(each, Conditional) else written.of(each)
        for each in (node.then, node.otherwise)
    )
    between = written.text[node.then.end : node.otherwise.start]
    swapped = f"{otherwise}{between}{then}"
    return written.within("branches swapped", node, (node.then.start, node.otherwise.end), swapped)


def quantifier(node: Comprehension, written: Written) -> Iterator[Edit]:
    """Another quantifier; a predicate of several parts negated as a whole."""
    other = _QUANTIFIERS.get(node.macro.text)
    if other is not None:
        yield written.within("quantifier swapped", node, node.macro, other)
    if isinstance(node.condition, Logic):
        negated = f"!({written.of(node.condition)})"
        yield written.within("predicate negated", node, node.condition, negated)


def negation(node: Node, written: Written, *, is_condition: bool) -> Iterator[Edit]:
    """A negation dropped, or added to what is no comparison: those have an opposite of their own."""
    if isinstance(node, Unary) and node.operator == "!":
        yield written.within("negation dropped", node, (node.start, written.behind(node.start)), "")
    quantified = isinstance(node, Comprehension) and node.macro.text in _QUANTIFIERS
    if isinstance(node, Present) or quantified or (is_condition and isinstance(node, _PLAIN)):
        yield written.within("negation added", node, (node.start, node.start), "!")
