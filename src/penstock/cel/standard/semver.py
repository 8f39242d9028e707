"""Semantic versions: ``semver("1.2.3-rc.1")``, their parts and their order.

Takes and gives native values and ``Semver``. Source of the behaviour: Semantic Versioning 2.0.0 and Kubernetes'
CEL semver library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.types import BOOL, INT, STRING, Type
from penstock.record import dataclass, field

SEMVER = Type("kubernetes.Semver")

_NUMBER = r"(0|[1-9][0-9]{0,18})"
_PART = r"[0-9A-Za-z-]{1,256}"
_TEXT = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_PART}(?:\.{_PART})*))?(?:\+({_PART}(?:\.{_PART})*))?")
_MAX_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Semver:
    """``key`` orders versions; what was behind a plus is not part of it, so it does not count for equality."""

    cel_name: ClassVar[str] = SEMVER.name

    key: tuple[object, ...]
    text: str = field(compare=False)


def parse(text: str, normalize: bool = False) -> Semver:
    """Raises ValueError. ``normalize`` forgives a v in front, leading zeros and missing numbers."""
    if normalize:
        text = _normalized(text)
    found = _TEXT.fullmatch(text) if len(text) <= _MAX_TEXT else None
    if found is None:
        raise ValueError("not a semantic version such as 1.2.3 or 1.2.3-rc.1")
    *numbers, before, _ = found.groups()
    parts = before.split(".") if before else []
    if any(part.isdigit() and part[0] == "0" and part != "0" for part in parts):
        raise ValueError("in a semantic version, numbers have no leading zeros")
    # A version comes behind all that lead up to it; numbers among their parts come before words.
    order = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
    key = (*map(int, numbers), not parts, order)
    if max(map(int, numbers)) >= 2**63:
        raise ValueError("a number of the version is out of range")
    return Semver(key, text)


def _normalized(text: str) -> str:
    parts = text.removeprefix("v").split(".", 2)
    parts = [re.sub(r"^0+(?=[0-9])", "", part) for part in parts]
    if len(parts) < 3 and re.search("[+-]", parts[-1]):
        raise ValueError("a version without its patch number cannot have more behind it")
    return ".".join((*parts, *["0"] * (3 - len(parts))))


def _is_semver(text: str, normalize: bool = False) -> bool:
    try:
        parse(text, normalize)
    except ValueError:
        return False
    return True


def _compare(value: Semver, other: Semver) -> int:
    return (value.key > other.key) - (value.key < other.key)


def _number(name: str, place: int) -> Function:
    return Function(name, (Overload((SEMVER,), INT, lambda value: value.key[place], receiver=True),))


def _related(result: Type, implementation: Implementation) -> tuple[Overload, ...]:
    return (Overload((SEMVER, SEMVER), result, implementation, receiver=True),)


def _from_text(name: str, result: Type, implementation: Implementation) -> Function:
    return Function(name, tuple(Overload((STRING, *more), result, implementation) for more in ((), (BOOL,))))


FUNCTIONS: tuple[Function, ...] = (
    _from_text("semver", SEMVER, parse).about(
        "A semantic version, from its text; with `true`, a `v`, missing numbers and leading zeros are forgiven.",
        "semver('v1.2', true) == semver('1.2.0')",
    ),
    _from_text("isSemver", BOOL, _is_semver).about(
        "Whether a text is a semantic version; with `true`, as forgiving as semver().",
        "isSemver('1.2.3-rc.1') && !isSemver('v1.2')",
    ),
    _number("major", 0).about("The first number of a version.", "semver('1.2.3').major() == 1"),
    _number("minor", 1).about("The second number of a version.", "semver('1.2.3').minor() == 2"),
    _number("patch", 2).about("The third number of a version.", "semver('1.2.3').patch() == 3"),
)

SHARED_OVERLOADS: Mapping[str, tuple[Overload, ...]] = MappingProxyType(
    {
        "isLessThan": _related(BOOL, lambda value, other: value.key < other.key),
        "isGreaterThan": _related(BOOL, lambda value, other: value.key > other.key),
        "compareTo": _related(INT, _compare),
    }
)
