"""An expression, compiled: parsed, resolved, checked when its environment is known, evaluated any number of times.

Takes text and an ``Env``, gives a ``Program``. Evaluation tries the fast code first, which is right whenever it
returns; whatever goes wrong there is left to the exact evaluator, which knows the place of an error and whether
it counts. CEL has no effects, so evaluating twice is sound. Must not know policies or manifests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from penstock.cel.closures import MAX_WORK, Frame, Functions
from penstock.cel.errors import BudgetError, CheckError, EvalError, Problem
from penstock.cel.resolve import Resolution, resolve
from penstock.cel.types import DYN, Type

if TYPE_CHECKING:
    from penstock.cel.checker import Checked
    from penstock.cel.env import Env
    from penstock.cel.exact import Built
    from penstock.cel.syntax import Expression, Node

_NO_FUNCTIONS: Functions = MappingProxyType({})
Fast = Callable[[Mapping[str, object], Functions], object]


def compile(text: str, env: Env | None = None, *, check: bool = True) -> Program:  # noqa: A001 - see ``cel``
    """A program for the text.

    With an environment the expression is checked against it, unless ``check`` is false; without one, any name may
    turn out to be in the bindings, and any function among those given at evaluation.

    Raises:
        ParseError: the text is not an expression; with the place.
        CheckError: the expression contradicts its environment; with every problem.
    """
    from penstock.cel.parser import parse

    return compiled(parse(text), env, check=check)


def compiled(expression: Expression, env: Env | None = None, *, check: bool = True) -> Program:
    """``compile`` for an expression that is parsed already. Raises CheckError as that does."""
    if env is None or not check:
        return Program(expression, resolve(expression, env), None)
    from penstock.cel.checker import check as check_types

    checked = check_types(expression, env)
    errors = tuple(problem for problem in checked.problems if not problem.warning)
    if errors:
        raise CheckError(expression.text, errors)
    return Program(expression, checked.resolution, checked)


class Program:
    """A compiled expression. May be evaluated any number of times, from several threads.

    ``type`` is what the checker knows of its value (dyn when it was not asked), ``types`` the same of each node,
    ``problems`` its warnings.
    """

    __slots__ = ("_built", "_fast", "expression", "problems", "resolution", "type", "types")

    def __init__(self, expression: Expression, resolution: Resolution, checked: Checked | None) -> None:
        self.expression = expression
        self.resolution = resolution
        self.type: Type = DYN if checked is None else checked.type
        self.problems: tuple[Problem, ...] = () if checked is None else checked.problems
        self.types: Mapping[Node, Type] = {} if checked is None else checked.types
        # Each made when first needed. Two threads may both make one, and one of the two remains.
        self._built: Built | None = None
        self._fast: Fast | None = None

    @property
    def text(self) -> str:
        return self.expression.text

    def __repr__(self) -> str:
        return f"<Program {self.text!r}>"

    def __call__(self, bindings: Mapping[str, object] = MappingProxyType({})) -> object:
        """The value for these bindings. Raises EvalError and nothing else."""
        return self.evaluate(bindings)

    def evaluate(self, bindings: Mapping[str, object], functions: Functions = _NO_FUNCTIONS) -> object:
        """The value. ``functions`` are called as f(x, y) or x.f(y), with native values.

        Raises EvalError and nothing else; one raised by a function or a lazy binding comes out as it is.
        """
        fast = self._fast or self._generate()
        try:
            return fast(bindings, functions)
        except BudgetError:
            raise self._stopped() from None
        except Exception:  # the exact evaluator tells an error that counts from one that does not
            return self.evaluate_exactly(bindings, functions)

    def evaluate_exactly(self, bindings: Mapping[str, object], functions: Functions = _NO_FUNCTIONS) -> object:
        """``evaluate`` without the fast code."""
        try:
            built = self._built or self._build()
            return built.node(Frame(bindings, functions, built.slots))
        except EvalError as error:
            if not error.is_placed:
                error.place(self.text, self.expression.root.start, self.expression.root.end)
            raise
        except BudgetError:
            raise self._stopped() from None
        except RecursionError:
            raise self._fault("the expression or its values are nested too deeply") from None
        except Exception as error:
            raise self._fault(f"cannot be evaluated: {str(error) or type(error).__name__}") from error

    def _build(self) -> Built:
        from penstock.cel.exact import build

        self._built = build(self.expression, self.resolution)
        return self._built

    def _generate(self) -> Fast:
        from penstock.cel.fast import generate

        try:
            self._fast = generate(self.expression, self.resolution, self.types).function()
        except Exception:  # nothing that Python refuses to compile may keep an expression from its value
            self._fast = self.evaluate_exactly
        return self._fast

    def _stopped(self) -> EvalError:
        return self._fault(f"the evaluation was stopped after {MAX_WORK:,} steps")

    def _fault(self, message: str) -> EvalError:
        error = EvalError(message)
        error.place(self.text, self.expression.root.start, self.expression.root.end)
        return error
