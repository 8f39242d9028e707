"""Changes to what is compared and computed: operators, bounds, literals, elements of lists.

Takes a node and the expression as written; gives edits. A string that stands for one of a few becomes another of
them: any other string would be refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from penstock.cel.syntax import Binary, ListLiteral, Literal, Node
from penstock.cel.types import Enumeration, Type, Union
from penstock.policy.mutation.edit import Edit, Written

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_BOUND = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}
_EQUALITY = ("==", "!=")
_PERIOD = re.compile(r"-?P(?:\d+[YMWD])+")
_NUMBER = re.compile(r"\d+")


def operator(node: Binary, written: Written) -> Iterator[Edit]:
    """Another operator in the place of this one."""
    place = (node.operator_start, node.operator_start + len(node.operator))
    if node.operator in _OPPOSITE:
        yield written.within("comparison flipped", node, place, _OPPOSITE[node.operator])
    if node.operator in _BOUND:
        yield written.within("bound moved", node, place, _BOUND[node.operator])
    if node.operator in _ARITHMETIC:
        yield written.within("operator swapped", node, place, _ARITHMETIC[node.operator])
    if node.operator == "in":
        yield written.replaced("comparison flipped", node, f"!({written.of(node)})")


def operands(node: Binary, written: Written) -> Iterator[Edit]:
    """Literals that are compared or computed with."""
    for literal, other in ((node.left, node.right), (node.right, node.left)):
        if not isinstance(literal, Literal):
            continue
        if type(literal.value) is int:
            for number in (literal.value + 1, literal.value - 1):
                yield written.within("number moved", node, literal, str(number))
        elif isinstance(literal.value, float):
            for text in _moved(written.of(literal)):
                yield written.within("number moved", node, literal, text)
        elif isinstance(literal.value, str) and node.operator in (*_EQUALITY, "in"):
            known = _values(written.types.get(other)) if node.operator in _EQUALITY else ()
            yield from _another(literal, known, (), node, written)
    if node.operator == "in" and isinstance(node.right, ListLiteral):
        known = _values(written.types.get(node.left))
        taken = tuple(str(each.value) for each in node.right.elements if isinstance(each, Literal))
        for element in node.right.elements:
            if known and isinstance(element, Literal) and isinstance(element.value, str):
                yield from _another(element, known, taken, node, written)


def elements(node: ListLiteral, written: Written) -> Iterator[Edit]:
    """Each element of a list left out."""
    parts = node.elements
    for index, part in enumerate(parts):
        if index + 1 < len(parts):
            yield written.within("element dropped", node, (part.start, parts[index + 1].start), "")
        else:
            start = parts[index - 1].end if index else part.start
            yield written.within("element dropped", node, (start, part.end), "")


def literal(node: Literal, written: Written) -> Iterator[Edit]:
    """Literals that are changed wherever they stand: true and false, and periods."""
    if isinstance(node.value, bool):
        yield written.replaced("literal flipped", node, "false" if node.value else "true")
    elif isinstance(node.value, str) and _PERIOD.fullmatch(node.value):
        for number in _NUMBER.finditer(written.text, node.start, node.end):
            yield written.within("period moved", node, number.span(), str(int(number[0]) + 1))


def other_values(value: object) -> Iterator[object]:
    """What a value becomes that no expression holds, such as a parameter's: one up or down, the opposite, less."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, float):
        yield from map(float, _moved(repr(value)))
    elif isinstance(value, str) and _PERIOD.fullmatch(value):
        for number in _NUMBER.finditer(value):
            yield value[: number.start()] + str(int(number[0]) + 1) + value[number.end() :]
    elif isinstance(value, list):
        yield from ([*value[:index], *value[index + 1 :]] for index in range(len(value)))


def _another(
    literal: Literal, known: tuple[str, ...], taken: tuple[str, ...], node: Node, written: Written
) -> Iterator[Edit]:
    """Another string in the place of one: the next that it may be, or one that nobody has written."""
    if not known:
        yield written.within("string changed", node, (literal.end - 1, literal.end - 1), "~")
    elif literal.value in known:
        at = known.index(str(literal.value))
        others = (value for value in (*known[at + 1 :], *known[:at]) if value not in taken)
        for value in list(others)[:1]:
            yield written.within("string changed", node, literal, f"'{value}'")


def _values(type_: Type | None) -> tuple[str, ...]:
    """The strings that a value of the type may be; none where it may be any."""
    if isinstance(type_, Enumeration):
        return type_.values
    if isinstance(type_, Union):
        return tuple(value for member in type_.members for value in _values(member))
    return ()


def _moved(text: str) -> Iterator[str]:
    """A decimal number one more and one less, in its last digit where it is no whole number."""
    number = Decimal(text)
    whole = number == number.to_integral_value()
    step = Decimal(1) if whole else Decimal((0, (1,), int(number.as_tuple().exponent)))
    for moved in (number + step, number - step):
        shown = f"{moved:f}"
        yield shown if "." in shown else f"{shown}.0"
