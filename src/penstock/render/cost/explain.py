"""Where figures come from: a tree for each, down to the fields of manifests with their places.

Takes figures; gives text. The parts of a step stand below it in the order in which its formula has them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from penstock.cost.figures import Figure
from penstock.render.cost.amounts import money, number
from penstock.render.escape import one_line
from penstock.render.paint import Line, paint
from penstock.render.phrases import field, place
from penstock.render.tree import Branch, draw
from penstock.render.width import wrap

_SIGNS = {"sum": " + ", "product": " x ", "quotient": " / ", "difference": " - "}
_CURRENCY = re.compile("[A-Z]{3}")
_LARGEST = 10_000
"""The largest denominator that tells a person anything."""
_AGAIN = "(as above)"
_MOST = 4
"""Parts whose numbers a formula shows; of more it says how many there are."""


def render(figures: Sequence[Figure], *, color: bool = False, width: int = 100) -> str:
    """The trees, one below the other. What was shown before is not taken apart again."""
    lines: list[Line] = []
    shown: set[Figure] = set()
    for figure in figures:
        lines += [[]] if lines else []
        first, *rest = wrap(one_line(f"{figure.name} = {_value(figure)}"), width)
        lines += [[(first, "name")], *([("  " + line, "name")] for line in rest)]
        again = bool(figure.parts) and figure in shown
        details = [_AGAIN] if again else [formula(figure)] if figure.parts else origin(figure)
        lines += [[(line, "quiet")] for detail in details for line in wrap(detail, width)]
        if not again:
            lines += draw([_branch(part, shown) for part in figure.parts], width)
        shown.add(figure)
    return paint(lines, color=color)


def formula(figure: Figure) -> str:
    """``= 3,000 x 0.12``: how the parts make the figure."""
    if len(figure.parts) > _MOST:
        return f"= the sum of {len(figure.parts)} amounts" if figure.how == "sum" else ""
    values = [_plain(part) for part in figure.parts]
    if len(values) > 1:
        values = [f"({value})" if "/" in value else value for value in values]
    if figure.how == "sum" and not values:
        return "= nothing to add"
    return f"= {_SIGNS[figure.how].join(values)}"


def origin(figure: Figure) -> list[str]:
    """Where a leaf stands: the place and the field; the what-if; or that it is a convention."""
    if figure.resource is not None:
        where = figure.resource.location(figure.path)
        written = f", written {one_line(figure.written)}" if figure.written else ""
        return [f"{place(where)} {field(where)}{written}"]
    if figure.how == "given":
        return [f"--what-if {one_line(figure.written)}"]
    return []


def _branch(figure: Figure, shown: set[Figure]) -> Branch:
    details = [formula(figure)] if len(figure.parts) > 1 else []
    again = bool(figure.parts) and figure in shown
    if again:
        return Branch(one_line(figure.name), (f"= {_value(figure)}", ""), details=(_AGAIN,))
    below = tuple(_branch(part, shown) for part in figure.parts)
    shown.add(figure)
    return Branch(
        one_line(figure.name),
        (f"= {_value(figure)}", ""),
        below,
        details=(*details, *origin(figure)),
    )


def _value(figure: Figure) -> str:
    return f"{_plain(figure)} {one_line(figure.unit)}".rstrip()


def _plain(figure: Figure) -> str:
    """Money that was worked out is rounded as in the tables; the rest is exact, as a fraction where it must be."""
    value = figure.value
    if figure.parts and _CURRENCY.fullmatch(figure.unit):
        return money(value)
    shown = number(value)
    exact = Fraction(shown.replace(",", "")) == value
    if exact or (value.denominator > _LARGEST and shown not in ("0", "-0")):
        return shown
    return f"{value.numerator}/{value.denominator}"
