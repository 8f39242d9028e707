"""What the rest of penstock knows of CEL: a protocol for engines, their errors, and lazily evaluated names.

Takes expression text and native Python values, gives native Python values or a ``CelError``.
Must not know any engine's own types, nor import an engine before one is asked for.

Native values are None, bool, int, float, str, bytes, list, dict, aware datetime and timedelta.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from penstock.cel.errors import EvalError

if TYPE_CHECKING:
    from penstock.cel.checker import Checked


class Program(Protocol):
    """A compiled expression. May be evaluated any number of times, from several threads."""

    @property
    def text(self) -> str: ...

    def evaluate(self, bindings: Mapping[str, object], functions: Mapping[str, Callable[..., object]]) -> object:
        """The value. ``functions`` are called as f(x, y) or x.f(y), with native values.

        Raises EvalError and nothing else; one raised by a function or a lazy binding comes out as it is.
        """


class Engine(Protocol):
    @property
    def name(self) -> str: ...

    def compile(self, text: str) -> Program:
        """A program for a text about whose names nothing is known. Raises ParseError with a place."""

    def program(self, checked: Checked) -> Program:
        """A program for an expression that was checked. Raises ParseError when this engine lacks its syntax."""


class Lazy(Mapping[str, object]):
    """Named values, each computed when first asked for, at most once. An error is remembered like a value."""

    __slots__ = ("_makers", "_outcomes")

    def __init__(self, makers: Mapping[str, Callable[[], object]]) -> None:
        self._makers = makers
        self._outcomes: dict[str, tuple[object, EvalError | None]] = {}

    def __getitem__(self, key: str) -> object:
        outcome = self._outcomes.get(key)
        if outcome is None:
            outcome = self._compute(key, self._makers[key])
        value, error = outcome
        if error is not None:
            raise error.with_traceback(None)
        return value

    def _compute(self, key: str, maker: Callable[[], object]) -> tuple[object, EvalError | None]:
        # Whoever asks for the name while it is being computed is part of its own definition.
        self._outcomes[key] = (None, EvalError(f"`{key}` is defined in terms of itself"))
        outcome: tuple[object, EvalError | None]
        try:
            outcome = (maker(), None)
        except EvalError as error:
            outcome = (None, error)
        except BaseException:
            del self._outcomes[key]
            raise
        self._outcomes[key] = outcome
        return outcome

    def __contains__(self, key: object) -> bool:
        return key in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
