"""One evaluation's account: what is left of its budget, and how a piece of generated code gives up.

``work`` is a list: what remains first, then what the evaluation's loops remember. Must not know any tree.
"""

from __future__ import annotations

from typing import Any, NoReturn

from penstock.cel.errors import BudgetError

Work = list[Any]
BUDGET = 10_000_000
"""Turns of loops, and elements and characters made or compared in them."""
LONGEST = 1 << 14
"""What is made outside loops, where nothing is counted, may be this long; the exact evaluation counts the rest."""
_LONG_LOOP = BUDGET // 10
_WEIGHED = 10
"""What it costs to pass an element to a function."""


class UnknownError(Exception):
    """The fast path does not know the value."""


def slow() -> NoReturn:
    raise UnknownError


def over(amount: int) -> NoReturn:
    """A loop would cost more than is left. One so long that it alone may do that may still end early."""
    raise UnknownError if amount > _LONG_LOOP else BudgetError


def spend(work: Work, amount: int) -> None:
    work[0] -= amount
    if work[0] < 0:
        raise BudgetError


def weigh(work: Work, value: Any) -> None:
    """Spend what a value is long, at any depth."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (str, bytes)):
            spend(work, len(value))
        elif isinstance(value, (list, tuple)):
            spend(work, len(value) * _WEIGHED)
            waiting.extend(value)
        elif isinstance(value, dict):
            spend(work, len(value) * _WEIGHED)
            waiting.extend(value.values())
