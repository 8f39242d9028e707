"""The Python module being written: its functions, its late constants, what it imports.

Takes source lines and gives the whole source; must not know any tree. Every name in it is made here.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from penstock.cel.types import DYN, Type

_HOMES = {
    "account": ("BUDGET", "LONGEST", "over", "slow"),
    "calls": ("asked_in", "call_in", "capped", "make", "matched_in"),
    "numbers": (
        *("add", "add_in", "cat_in", "div", "double", "mod", "mul", "neg", "since", "string", "sub", "timestamp"),
    ),
    "relations": (
        *("contains", "contains_in", "eq", "eq_in", "ge", "gt", "keys", "le", "lt", "members", "sort_by"),
    ),
}
HOMES = {name: f"penstock.cel.fast.{home}" for home, names in _HOMES.items() for name in names}
"""Where the helpers are that are not in ``runtime``."""
HOMES["native"] = "penstock.cel.values"

PATH = tuple[str, ...]
"""A variable's Python name, or ``B`` and its CEL name behind it, and the fields from there."""


class Module:
    def __init__(self) -> None:
        self.functions: list[str] = []
        self.imports: set[str] = set()
        self.constants: dict[tuple[object, ...], str] = {}
        self.lazies: dict[str, Callable[[Scope], str]] = {}
        """How to write the value of a name that is no variable of Python's."""
        self._numbers = count(1)

    def fresh(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers)}"

    def helper(self, name: str) -> str:
        """The name of a helper, which will be imported."""
        self.imports.add(name)
        return name

    def constant(self, how: str, *arguments: object) -> str:
        """An expression for a value that is made when first needed. A false value is made each time."""
        name = self.constants.setdefault((how, *arguments), f"K{len(self.constants)}")
        self.helper("make")
        return f"({name} or make(G, {name!r}, {how!r}, {', '.join(map(ascii, arguments))}))"

    def source(self) -> str:
        homes: dict[str, list[str]] = {}
        for name in sorted(self.imports):
            homes.setdefault(HOMES.get(name, "penstock.cel.fast.runtime"), []).append(name)
        lines = [f"from {home} import {', '.join(names)}" for home, names in homes.items()]
        lines.append("G = globals()")
        lines += [f"{name} = None" for name in self.constants.values()]
        return "\n".join([*lines, *self.functions, ""])


class Scope:
    """One Python function being written.

    ``own`` are the variables it binds itself, ``used`` all that its text names. In a ``looping`` one, or below
    one, work is counted. ``turning`` is true within a loop's body, where ``memos`` remember what does not change.
    """

    def __init__(self, module: Module, parent: Scope | None, *, looping: bool, turning: bool = False) -> None:
        self.module = module
        self.parent = parent
        self.looping = looping
        self.turning = turning
        self.own: set[str] = set()
        self.used: set[str] = set()
        self.known: dict[PATH, str] = {}
        self.needed: dict[PATH, int] = {}
        self.memos: dict[tuple[object, ...], str] = {}
        self.lines: list[str] = []
        self.depth = 0

    def use(self, name: str) -> str:
        """The code of a variable's value."""
        lazy = self.module.lazies.get(name)
        if lazy is not None:
            return lazy(self)
        self.used.add(name)
        return name

    def work(self) -> str:
        return self.use("W")

    def temporary(self) -> str:
        return self.module.fresh("t")

    def memo(self, key: tuple[object, ...]) -> str:
        """A variable that is None when the loop begins."""
        name = self.memos.get(key)
        if name is None:
            name = self.memos[key] = self.module.fresh("m")
        return name

    def parameters(self) -> list[str]:
        return sorted(self.used - self.own)


class Py:
    """A Python expression, safe to stand anywhere, and what is known of its value.

    ``path`` where it is a chain of fields from a variable. ``plain``: it may be written twice, being short and
    free of assignments. ``literal``: ``value`` is known now. ``levels`` is how deep its brackets go.
    """

    __slots__ = ("code", "levels", "literal", "path", "plain", "type", "value")

    def __init__(
        self,
        code: str,
        of: Type = DYN,
        *,
        path: PATH | None = None,
        plain: bool = False,
    ) -> None:
        self.code = code
        self.type = of
        self.path = path
        self.plain = plain
        self.literal = False
        self.value: object = None

    @classmethod
    def of_literal(cls, code: str, of: Type, value: object) -> Py:
        made = cls(code, of, plain=len(code) < 40)
        made.literal = True
        made.value = value
        return made
