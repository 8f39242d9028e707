"""What generated code makes late, and its calls of the standard library.

Nothing of the library is imported before a piece of code first needs it. Must not know any tree.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from penstock.cel.fast.account import LONGEST, UnknownError, Work, spend, weigh
from penstock.cel.values import MadeList, UInt

_CALL = 20


def make(scope: dict[str, Any], name: str, how: str, *arguments: Any) -> Any:
    """A constant of the generated module, kept from now on under its name."""
    scope[name] = made = _MAKERS[how](*arguments)
    return made


def _standard(name: str, index: int) -> Any:
    from penstock.cel.standard import implementation

    return implementation(name, index)


def _function(name: str) -> Any:
    from penstock.cel.standard import functions_by_name

    return functions_by_name()[name]


@functools.cache
def dispatcher(name: str, receiver: bool) -> Callable[..., object]:
    from penstock.cel.calls import caller

    evaluate = caller(_function(name), receiver)
    return lambda *arguments: evaluate(arguments)


def _matcher(pattern: str) -> Callable[[str], bool]:
    from penstock.regex import matcher

    return matcher(pattern)


def _type(name: str) -> object:
    from penstock.cel.types import Type

    return Type(name)


def _converted(function: str, text: str) -> object:
    return dispatcher(function, False)(text)


_MAKERS: dict[str, Callable[..., Any]] = {
    "standard": _standard,
    "dispatcher": dispatcher,
    "matcher": _matcher,
    "type": _type,
    "uint": UInt,
    "double": float,
    "converted": _converted,
}


def capped(value: Any) -> Any:
    """What a function made, outside loops."""
    if isinstance(value, (str, bytes, list)) and len(value) > LONGEST:
        raise UnknownError
    return list(value) if type(value) is MadeList else value


def asked_in(work: Work, function: Callable[..., Any], *arguments: Any) -> Any:
    """A call of a host's function inside a loop. What it does by itself is not counted."""
    made = function(*arguments)
    spend(work, _CALL + len(made) if isinstance(made, (str, bytes, list, dict)) else _CALL)
    return made


def matched_in(work: Work, matcher: Callable[[str], bool], text: str) -> bool:
    """A match inside a loop."""
    spend(work, _CALL + len(text))
    return matcher(text)


def call_in(work: Work, function: Callable[..., Any], *arguments: Any) -> Any:
    """A call inside a loop: what it takes and makes is paid for."""
    spend(work, _CALL)
    for each in arguments:
        if not isinstance(each, (int, float)):
            weigh(work, each)
    made = function(*arguments)
    if isinstance(made, (str, bytes, list, dict)):
        spend(work, len(made))
    return list(made) if type(made) is MadeList else made
