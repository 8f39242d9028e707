"""Values, choices and near misses as a message says them.

Takes values from a manifest, gives one line of plain text that is short and safe to print whatever the value
holds. Must not know of schemas or findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from penstock.manifest.near import nearest
from penstock.manifest.paths import quoted

LIMIT = 60
"""The longest text of a value that a message shows, in characters."""


def show(value: object) -> str:
    """``the string "12"``, ``the number 3``, ``a list of 2 elements``: a value with its type."""
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return f"the boolean {literal(value)}"
    if isinstance(value, str):
        return f"the string {literal(value)}" if value else "an empty string"
    if isinstance(value, (int, float)):
        return f"the number {literal(value)}"
    if isinstance(value, list):
        return f"a list of {count(len(value), 'element')}" if value else "an empty list"
    if isinstance(value, dict):
        return f"a mapping with {count(len(value), 'field')}" if value else "an empty mapping"
    return f"a value of type {type(value).__name__}"


def literal(value: object) -> str:
    """A scalar as a manifest writes it, strings in double quotes, cut to LIMIT; collections as ``show`` does."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(_cut(value))
    if isinstance(value, int):
        # str() of an integer with thousands of digits raises ValueError.
        return str(value) if abs(value) < 10**LIMIT else "with too many digits to show"
    if isinstance(value, float):
        return _float(value)
    return show(value)


def name(text: object) -> str:
    """A field, a resource's name or a value to copy, in backticks: ```endsOn```."""
    shown = literal(text)
    return f"`{shown[1:-1] if isinstance(text, str) else shown}`"


def code(text: str) -> str:
    """Text that is safe to print as it is, such as a path's, in backticks and cut to LIMIT."""
    return f"`{_cut(text)}`"


def a(noun: str) -> str:
    """``a name``, ``an id``."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def any_of(choices: Iterable[str], last: str = "or") -> str:
    """``a, b or c``."""
    listed = list(choices)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} {last} {listed[-1]}" if listed else ""


def count(number: int, noun: str) -> str:
    """``1 element``, ``2 elements``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def did_you_mean(written: object, choices: Iterable[str]) -> str:
    """``; did you mean `x`?``, or nothing when no choice is near."""
    near = nearest(written, choices)
    return f"; did you mean {name(near)}?" if near is not None else ""


def listing(choices: Sequence[str], most: int = 12) -> str:
    """The choices in backticks, cut after ``most``: ```a`, `b` and 3 more``."""
    shown = [name(choice) for choice in choices[:most]]
    if len(choices) > most:
        return f"{', '.join(shown)} and {len(choices) - most} more"
    return any_of(shown, "and")


def _cut(text: str) -> str:
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"


def _float(value: float) -> str:
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    return repr(value)
