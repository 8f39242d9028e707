"""What evaluations cost beside their steps: the size of what is compared, and of what a function would make.

Takes values before anything is done with them, spends from the frame's budget; so nothing that the budget does
not allow is ever begun. A list may hold one list many times over: a small one can stand for billions of elements.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.cel.closures import Frame
from penstock.cel.values import Optional

_CHARACTERS = 64
"""As many characters or bytes are compared or copied in the time of one step."""
_CONTAINER = 10
"""What a list or a map counts beside its elements."""
_CONTAINERS = (list, tuple, dict, Optional)
# These do not look into what they are given.
_SHALLOW = frozenset(
    (
        *("size", "type", "dyn", "optional.of", "optional.none", "or", "orValue", "value", "hasValue"),
        *("optional.ofNonZeroValue", "first", "last", "slice", "reverse"),
    )
)


def weigh(value: object, frame: Frame) -> None:
    """Spend a step for each element at any depth, and for each few characters."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (str, bytes)):
            frame.spend(1 + len(value) // _CHARACTERS)
        elif isinstance(value, Optional):
            frame.spend(1)
            waiting.extend((value.value,) if value.present else ())
        elif isinstance(value, (list, tuple, dict)):
            frame.spend(_CONTAINER + len(value))
            items = value.values() if isinstance(value, dict) else value
            waiting.extend(item for item in items if isinstance(item, (*_CONTAINERS, str, bytes)))


def weigh_comparison(left: object, right: object, frame: Frame) -> None:
    """``==`` takes no longer than either side is big, and no time at all for lists of different lengths."""
    if isinstance(left, (list, tuple, dict)) and isinstance(right, (list, tuple, dict)):
        if len(left) == len(right):
            weigh(left, frame)
    elif isinstance(left, Optional) and isinstance(right, Optional):
        weigh(left, frame)


def weigh_search(item: object, container: object, frame: Frame) -> None:
    """``item in container``"""
    if isinstance(container, (list, tuple)):
        frame.spend(len(container))
        if isinstance(item, _CONTAINERS):
            weigh(container, frame)


def weigh_call(name: str, arguments: Sequence[object], frame: Frame) -> None:
    """A call of a standard function, before it is made: what it looks at. Itself it makes nothing too large."""
    if name in _SHALLOW:
        return
    for argument in arguments:
        if isinstance(argument, (*_CONTAINERS, str, bytes)):
            weigh(argument, frame)


def weigh_result(value: object, frame: Frame) -> None:
    """What a call or an operation made: its text or list counts in full, lest doubling it never ends."""
    if isinstance(value, (str, bytes, list)):
        frame.spend(len(value))
