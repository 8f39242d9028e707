"""The engine on cel-python: expression text in, a ``Program`` out."""

from __future__ import annotations

from collections.abc import Mapping

from penstock.cel.cel_python.builder import Builder
from penstock.cel.cel_python.tree import check_depth, parse
from penstock.cel.checker import Checked
from penstock.cel.closures import MAX_WORK, Frame, Functions, Node
from penstock.cel.errors import BudgetError, EvalError
from penstock.cel.scan import scan
from penstock.cel.values import native
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class CelPythonProgram:
    text: str
    node: Node
    slots: int

    def evaluate(self, bindings: Mapping[str, object], functions: Functions) -> object:
        try:
            return native(self.node(Frame(bindings, functions, self.slots)))
        except EvalError:
            raise
        except BudgetError:
            message = f"the evaluation was stopped after {MAX_WORK:,} steps"
            raise EvalError(message, 1, 1, self.text) from None
        except RecursionError:
            raise EvalError("the expression or its values are nested too deeply", 1, 1, self.text) from None
        except Exception as error:
            reason = str(error) or type(error).__name__
            raise EvalError(f"cannot be evaluated: {reason}", 1, 1, self.text) from error


class CelPython:
    name = "cel-python"

    def compile(self, text: str) -> CelPythonProgram:
        scanned = scan(text)
        tree = parse(text, scanned.masked)
        check_depth(tree)
        builder = Builder(text, scanned)
        node = builder.build(tree)
        return CelPythonProgram(text, node, builder.slots)

    def program(self, checked: Checked) -> CelPythonProgram:
        return self.compile(checked.expression.text)
