"""The ways to call a function, in lines: ``string.charAt(int) -> string``.

Takes a function's declaration. Ways that differ in one type only are one line: with ``T`` for that type where it
comes back or is that of a list's elements, else with ``or`` between the types.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from penstock.cel.env import Function
from penstock.cel.types import Parameter, Type

_LEAST = 3
"""Ways that are one but for a type and are fewer than this stay lines of their own."""
_LETTER = "T"


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to call a function, its types as words."""

    receiver: bool
    parameters: tuple[str, ...]
    result: str
    types: tuple[str, ...] = ()
    """What ``T`` stands for."""


def signatures(function: Function) -> Iterator[str]:
    """The lines, in the order of the declaration."""
    ways = [(each.receiver, tuple(map(_word, each.parameters)), _word(each.result)) for each in function.overloads]
    leaves = dict.fromkeys(
        leaf for each in function.overloads for kind in each.parameters for leaf in _leaves(kind)
    )
    lettered = _lettered([_Way(*way) for way in ways], tuple(leaves))
    for way in _merged(lettered):
        yield _line(function, way)


def _word(kind: Type) -> str:
    """A type by the name of the function that makes it: ``quantity``, ``ip``."""
    if kind.parameters:
        return f"{kind.name}({', '.join(map(_word, kind.parameters))})"
    return str(kind).rpartition(".")[2]


def _leaves(kind: Type) -> Iterator[str]:
    if not kind.parameters and not isinstance(kind, Parameter):
        yield _word(kind)
    for part in kind.parameters:
        yield from _leaves(part)


def _lettered(ways: Sequence[_Way], leaves: Sequence[str]) -> list[_Way]:
    """The ways, those that are one but for a type in the place of the first of them."""
    found: list[_Way] = []
    waiting = list(ways)
    while waiting:
        way = waiting[0]
        best: tuple[_Way, dict[str, _Way]] = (way, {"": way})
        for pattern in {pattern for leaf in leaves for pattern in _patterns(way, leaf)}:
            same = {leaf: like for leaf in leaves for like in waiting if pattern in _patterns(like, leaf)}
            if _letter_says_more(pattern) and len(same) >= max(_LEAST, len(best[1]) + 1):
                best = (replace(pattern, types=tuple(same)), same)
        found.append(best[0])
        waiting = [other for other in waiting if other not in best[1].values()]
    return found


def _patterns(way: _Way, leaf: str) -> Iterator[_Way]:
    """The way with T for a type: in the parameters alone, and in the result too."""
    parameters = tuple(_replaced(word, leaf) for word in way.parameters)
    for result in (way.result, _replaced(way.result, leaf)):
        yield _Way(way.receiver, parameters, result)


def _replaced(word: str, leaf: str) -> str:
    head, bracket, inner = word.partition("(")
    if not bracket:
        return _LETTER if word == leaf else word
    return f"{head}({', '.join(_replaced(each, leaf) for each in inner[:-1].split(', '))})"


def _letter_says_more(way: _Way) -> bool:
    """Whether T stands in several places, or within a type."""
    words = (*way.parameters, way.result)
    return sum(_LETTER in (word, word.partition("(")[2][:-1]) for word in words) > 1 or any(
        f"({_LETTER})" in word for word in words
    )


def _merged(ways: Sequence[_Way]) -> list[_Way]:
    """Ways that differ in one parameter as one, with ``or`` between its types."""
    found: list[_Way] = []
    for way in ways:
        for place, other in enumerate(found):
            joined = _joined(other, way)
            if joined is not None:
                found[place] = joined
                break
        else:
            found.append(way)
    return found


def _joined(way: _Way, other: _Way) -> _Way | None:
    if (way.receiver, way.result, way.types) != (other.receiver, other.result, other.types):
        return None
    if len(way.parameters) != len(other.parameters):
        return None
    pairs = list(zip(way.parameters, other.parameters, strict=True))
    differing = [place for place, (one, two) in enumerate(pairs) if one != two]
    if len(differing) != 1:
        return None
    (place,) = differing
    parameters = list(way.parameters)
    parameters[place] = f"{parameters[place]} or {other.parameters[place]}"
    return replace(way, parameters=tuple(parameters))


def _line(function: Function, way: _Way) -> str:
    arguments = list(way.parameters)
    if function.variadic and "(" not in arguments[-1]:  # one list, or several of anything else
        arguments[-1] += "…"
    name = function.name
    if way.receiver:
        receiver = arguments.pop(0)
        name = f"({receiver}).{name}" if " or " in receiver else f"{receiver}.{name}"
    line = f"{name}({', '.join(arguments)}) -> {way.result}"
    return f"{line}, T: {' '.join(way.types)}" if way.types else line
