"""Generated code as data: a code object that marshal can keep, and the functions it holds.

Takes what ``generate`` made, or the bytes of an earlier run; must not know any tree.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from types import CodeType
from typing import TypeAlias, cast

from penstock.record import dataclass

Compiled: TypeAlias = Callable[[Mapping[str, object], Mapping[str, Callable[..., object]]], object]


@dataclass(frozen=True, slots=True)
class Code:
    """The code of one or more expressions. ``names`` gives each expression's function in the code.

    ``source`` is for reading; a code that was loaded has none.
    """

    code: CodeType
    names: Mapping[str, str]
    source: str = ""

    def functions(self) -> dict[str, Compiled]:
        """The functions by the names of their expressions. Each takes bindings and the host's functions.

        A function may raise anything: then the value is not known.
        """
        scope: dict[str, object] = {"__name__": "penstock.cel.fast.generated"}
        exec(self.code, scope)
        return {name: cast("Compiled", scope[function]) for name, function in self.names.items()}

    def function(self) -> Compiled:
        """The only expression's function."""
        (function,) = self.functions().values()
        return function

    def dump(self) -> bytes:
        """For a file of this version of Python: marshal's format is its own in each."""
        return marshal.dumps((dict(self.names), self.code))


def compiled(source: str) -> CodeType:
    """The code of a module with expressions' functions."""
    return compile(source, "<cel>", "exec", dont_inherit=True)


def late(source: str, name: str) -> Compiled:
    """A function of a module that is compiled when it is first called: most expressions of a pack never are."""
    made: list[Compiled] = []

    def call(bindings: Mapping[str, object], functions: Mapping[str, Callable[..., object]]) -> object:
        if not made:
            made.append(Code(compiled(source), {"": name}).function())
        return made[0](bindings, functions)

    return call


def load(data: bytes) -> Code:
    """What ``dump`` gave.

    Raises:
        ValueError, EOFError, TypeError: it is something else. Data from others must not come here at all.
    """
    names, code = marshal.loads(data)
    return Code(code, names)
