"""Expressions that a person asks of a rollout: what they may name, checked and evaluated as those of a policy are.

Takes a rollout, a date, perhaps a manifest, and texts; gives values, or faults with their place. Prints nothing.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from penstock.cel import EvalError, ParseError, program
from penstock.cel.env import Env
from penstock.cel.errors import CelError, CheckError, Problem, position
from penstock.errors import GroupedError, InputError, PenstockError
from penstock.manifest.pairing import Pairing
from penstock.manifest.rollout import Rollout
from penstock.model import Position, Span
from penstock.policy import knowledge
from penstock.policy.judge import Judge, Subject
from penstock.policy.model import OLD_OBJECT
from penstock.record import dataclass

if TYPE_CHECKING:
    from penstock.cel.trace import Traced

_ABSENT = {
    "object": "name the manifest that `object` stands for: --on Kind/name, or `:on Kind/name` at the prompt",
    "oldObject": "only a check, or an evaluation, of a change knows what was: it needs the state before",
    "params": "only the expressions of a policy have parameters",
    "variables": "only the expressions of a policy have variables",
    "item": "only the expressions of a policy with forEach have an item",
    "oldItem": "only the expressions of a policy with forEach have an item",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an expression was written, for faults. ``text`` is the whole input, whose line ``line`` it is."""

    file: str = "expression"
    text: str | None = None
    line: int = 1


_HERE = Origin()


class Console:
    """Evaluates expressions against one rollout, as of one date."""

    def __init__(
        self, rollout: Rollout, as_of: str, subject: Subject | None = None, base: Pairing | None = None
    ) -> None:
        self.rollout = rollout
        self.as_of = as_of
        self.subject = subject
        self._judge = Judge(rollout, as_of, base)

    def on(self, subject: Subject | None) -> Console:
        """The same, with another ``object``."""
        return Console(self.rollout, self.as_of, subject, self._judge.pairing)

    @cached_property
    def env(self) -> Env:
        """What an expression may name, with its types."""
        if self.subject is None:
            return knowledge.environment({})
        here = knowledge.manifest(str(self.subject.data.get("kind")))
        then = {OLD_OBJECT: knowledge.nullable(here)} if self._judge.pairing is not None else {}
        return knowledge.environment({"object": here, **then})

    @property
    def bindings(self) -> dict[str, object]:
        """The values behind the names."""
        if self.subject is None:
            return dict(self._judge.base)
        return {"object": self.subject.data, OLD_OBJECT: self._judge.old(self.subject), **self._judge.base}

    def compile(self, text: str, origin: Origin = _HERE) -> program.Program:
        """The expression, checked. The checker's warnings are left aside: the value tells what comes of them.

        Raises:
            PenstockError: it is not an expression, or names what is not there; each fault with its place.
        """
        try:
            return program.compile(text, self.env)
        except ParseError as error:
            raise _fault(error, text, origin) from None
        except CheckError as error:
            faults = tuple(
                _at(text, problem.start, problem.end, problem.message, _hint(text, problem), origin)
                for problem in error.problems
            )
            raise GroupedError(faults) from None

    def value(self, compiled: program.Program, origin: Origin = _HERE) -> object:
        """The value of an expression.

        Raises:
            PenstockError: it has none.
        """
        try:
            return compiled.evaluate(self.bindings, self._judge.functions)
        except EvalError as error:
            raise _fault(error, compiled.text, origin) from None

    def trace(self, compiled: program.Program) -> Traced:
        """How the expression comes to its value."""
        from penstock.cel.trace import trace

        return trace(compiled, self.bindings, self._judge.functions)


def _hint(text: str, problem: Problem) -> str | None:
    return _ABSENT.get(text[problem.start : problem.end], problem.hint)


def _fault(error: CelError, text: str, origin: Origin) -> PenstockError:
    if error.line is None or error.column is None:
        return _at(text, 0, len(text), error.message, None, origin)
    start = Position(error.line, error.column)
    end = Position(error.end_line or error.line, error.end_column or error.column + 1)
    return _placed(text, start, end, error.message, None, origin)


def _at(text: str, start: int, end: int, message: str, hint: str | None, origin: Origin) -> PenstockError:
    return _placed(text, Position(*position(text, start)), Position(*position(text, end)), message, hint, origin)


def _placed(
    text: str, start: Position, end: Position, message: str, hint: str | None, origin: Origin
) -> PenstockError:
    below = origin.line - 1
    span = Span(Position(start.line + below, start.column), Position(end.line + below, end.column))
    return InputError(message, file=origin.file, span=span, hint=hint, frame=origin.text or text)
