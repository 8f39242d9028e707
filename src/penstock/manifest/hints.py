"""What to write instead of a value of the wrong type, when the value shows what was meant.

Takes a breach of ``type``, gives one line or nothing. A hint is given only when it cannot mislead: ``0471`` reads
as 471, so a number that should be a text is never quoted back.
"""

from __future__ import annotations

import re

from penstock.manifest import shapes, wording
from penstock.manifest.breach import Breach

_AMOUNT = re.compile(
    r"(?:[A-Z]{3} ?|[$€£¥] ?)?(-?(?:[0-9]{1,15}|[0-9]{1,3}(?:[,_ ][0-9]{3}){1,4}))(\.[0-9]{1,9})? ?[%€$£¥]?"
)
_TRUE = frozenset({"yes", "y", "on", "true", "1"})
_FALSE = frozenset({"no", "n", "off", "false", "0"})


def type_hint(breach: Breach, field: str) -> str | None:
    """What to do about the value of ``field``."""
    expected = breach.expected if isinstance(breach.expected, str) else ""
    if expected in ("integer", "number"):
        return _number(breach.value, field, whole=expected == "integer")
    if expected == "boolean":
        return _boolean(breach.value, field)
    if expected == "string" and isinstance(breach.value, (bool, int, float)):
        return "put the value in quotes" if "format" not in breach.schema else None
    if expected == "array":
        return _list(breach.value, field)
    if expected == "object":
        return _mapping(breach, field)
    return None


def _number(value: object, field: str, *, whole: bool) -> str | None:
    if isinstance(value, float):
        return "write a whole number"
    if not isinstance(value, str):
        return None
    found = _AMOUNT.fullmatch(value.strip())
    if not found or (whole and found[2]):
        return "write a bare number, without unit or currency" if any(map(str.isdigit, value)) else None
    number = str(int(re.sub(r"[,_ ]", "", found[1]))) + (found[2] or "")
    action = "remove the quotes" if number == value else "write the bare number"
    return f"{action}: {wording.code(f'{field}: {number}')}"


def _boolean(value: object, field: str) -> str | None:
    word = str(value).casefold() if isinstance(value, (str, int)) else ""
    if word in _TRUE:
        return f"write {wording.code(f'{field}: true')}"
    if word in _FALSE:
        return f"write {wording.code(f'{field}: false')}"
    return None


def _list(value: object, field: str) -> str | None:
    if isinstance(value, dict):
        return f"write a list: begin each element of {wording.code(field)} with `- `"
    if isinstance(value, str) and "," in value:
        return "write a list: one element a line, each beginning with `- `"
    return f"write a list: {wording.code(f'{field}: [{wording.literal(value)}]')}"


def _mapping(breach: Breach, field: str) -> str | None:
    fields = list(shapes.properties(breach.schema))
    if isinstance(breach.value, list) and len(breach.value) == 1 and isinstance(breach.value[0], dict):
        return f"{wording.code(field)} is one mapping and not a list: remove the `- `"
    return f"it has the fields {wording.listing(fields, 20)}" if fields else None
