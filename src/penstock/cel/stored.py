"""A program whose code comes from an earlier run.

Takes the code's function, and a way to make the whole program again; makes it only where the code does not know
the value: then the exact evaluator decides. Imports no parser, no checker and no library until then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.cel.fast.code import Compiled
    from penstock.cel.program import Program


class StoredProgram:
    """What an engine's program is, without its tree."""

    __slots__ = ("_fast", "_make", "_whole", "text")

    def __init__(self, text: str, fast: Compiled, make: Callable[[str], Program]) -> None:
        self.text = text
        self._fast = fast
        self._make = make
        self._whole: Program | None = None

    def evaluate(self, bindings: Mapping[str, object], functions: Mapping[str, Callable[..., object]]) -> object:
        """The value. Raises EvalError and nothing else."""
        try:
            return self._fast(bindings, functions)
        except Exception:  # the exact evaluator tells an error that counts from one that does not
            return self.whole.evaluate_exactly(bindings, functions)

    @property
    def whole(self) -> Program:
        """The program with its tree."""
        if self._whole is None:
            self._whole = self._make(self.text)
        return self._whole
