"""The fast pass over a document, by jsonschema-rs where it is installed: the only importer of it.

Takes an inlined schema, gives a predicate, about a hundred times as fast as the validator that explains. Its "no"
means nothing but "ask the validator"; its "yes" must hold. Where the build has compiled the schema, jsonschema-rs
comes in only when there is much to do: to import it takes as long as to accept a thousand documents.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.manifest.formats import CHECKS

Check = Callable[[Any], bool]


_MANY = 200
"""Documents of one schema after which jsonschema-rs is worth importing, and its compiling the schema."""


def acceptor(schema: dict[str, Any], otherwise: Check | None = None) -> Check:
    """A predicate that is true only of values which the schema accepts; ``otherwise`` without jsonschema-rs."""
    try:
        import jsonschema_rs
    except ImportError:
        # No wheel for this platform: every document goes the long way, to the same findings.
        return otherwise or _refuse
    validator = jsonschema_rs.validator_for(
        schema, formats=dict(CHECKS), validate_formats=True, pattern_options=jsonschema_rs.RegexOptions()
    )

    def accepts(value: Any) -> bool:
        try:
            return validator.is_valid(value)
        except (ValueError, UnicodeEncodeError):
            return False  # a value that JSON cannot hold, such as half a surrogate pair

    return accepts


def patient(first: Check, schema: Callable[[], dict[str, Any]]) -> Check:
    """A predicate that is ready at once, and takes jsonschema-rs when it has been asked of many documents."""
    check, left = first, _MANY

    def accepts(value: Any) -> bool:
        nonlocal check, left
        if left:
            left -= 1
            if not left:
                check = acceptor(schema(), first)
        return check(value)

    return accepts


def _refuse(_value: Any) -> bool:
    return False
