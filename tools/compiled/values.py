"""Values -> Python expressions that give equal values: plain data, frozen dataclasses and what policies hold.

Takes any dataclass, so that a new field needs nothing here; notes what the expressions import, and the expressions
of CEL among them, whose code is written elsewhere. A value of which no expression is known stops the build.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

from penstock.policy.model import Expression
from penstock.source import Document

MARK = "\0"
"""Stands around the number of an expression of CEL where the name of its function will stand."""


class Writer:
    """Writes the values of one module. Names there: ``m`` makes expressions, ``d`` is the policy's document."""

    def __init__(self) -> None:
        self.imports: dict[str, set[str]] = {}
        self.expressions: list[Expression] = []

    @property
    def heading(self) -> list[str]:
        """The lines that import what has been written so far."""
        return [f"from {home} import {', '.join(sorted(names))}" for home, names in sorted(self.imports.items())]

    def value(self, thing: object) -> str:
        """The expression of a value."""
        if isinstance(thing, Expression):
            self.expressions.append(thing)
            mark = f"{MARK}{len(self.expressions) - 1}{MARK}"
            return f"m.expression({thing.text!a}, {mark}, d, {self.value(thing.path)})"
        if isinstance(thing, Document):
            return "d"
        if isinstance(thing, Enum):
            return f"{self._imported(type(thing).__module__, type(thing).__name__)}.{thing.name}"
        if dataclasses.is_dataclass(thing):
            made = self._imported(type(thing).__module__, type(thing).__name__)
            return f"{made}({self.arguments(fields(thing))})"
        if isinstance(thing, MappingProxyType):
            return f"{self._imported('types', 'MappingProxyType')}({self.value(dict(thing))})"
        return self._plain(thing)

    def arguments(self, values: Iterable[tuple[str, object]]) -> str:
        """Named arguments of a call."""
        return ", ".join(f"{name}={self.value(value)}" for name, value in values)

    def _plain(self, thing: object) -> str:
        if isinstance(thing, dict):
            return f"{{{', '.join(f'{self.value(key)}: {self.value(value)}' for key, value in thing.items())}}}"
        if isinstance(thing, frozenset):
            return f"frozenset({self.value(tuple(sorted(thing)))})"
        if isinstance(thing, tuple):
            return f"({''.join(f'{self.value(each)}, ' for each in thing)})"
        if isinstance(thing, list):
            return f"[{', '.join(map(self.value, thing))}]"
        if thing is None or type(thing) in (str, int, float, bool):
            return ascii(thing)
        raise TypeError(f"a pack holds a {type(thing).__name__}, of which no expression is known: {thing!r}")

    def _imported(self, home: str, name: str) -> str:
        self.imports.setdefault(home, set()).add(name)
        return name


def fields(thing: Any) -> list[tuple[str, object]]:
    """The fields of a dataclass and their values."""
    return [(each.name, getattr(thing, each.name)) for each in dataclasses.fields(thing)]


def named(text: str, names: Mapping[str, str]) -> str:
    """The text with the functions of CEL's expressions by name."""
    parts = text.split(MARK)
    parts[1::2] = [names[number] for number in parts[1::2]]
    return "".join(parts)
