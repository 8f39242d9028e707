"""The expressions of one policy file: compiled, checked, and what each of them reads.

Takes the document, an engine and the names that may be used; gives ``Expression``s and collects faults. Knows
nothing of what an expression is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.cel import Engine, Name, ParseError
from penstock.errors import PolicyError
from penstock.model import Path
from penstock.policy import static
from penstock.policy.model import Expression
from penstock.source import Document


class Expressions:
    """Compiles the expressions of a policy where they stand."""

    def __init__(self, document: Document, engine: Engine, scope: static.Scope, faults: list[PolicyError]) -> None:
        self._document = document
        self._engine = engine
        self._scope = scope
        self._faults = faults
        self._used: set[str] = set()

    @property
    def used(self) -> frozenset[str]:
        """The names and functions of all expressions so far."""
        return frozenset(self._used)

    def at(self, path: Path) -> Expression:
        """The expression at a path of the document; one that does not parse is a fault and stands for ``true``."""
        value: Any = self._document.data
        for part in path:
            value = value[part]
        text = str(value)
        try:
            program = self._engine.compile(text)
        except ParseError as error:
            expression = Expression(text, self._engine.compile("true"), self._document, path)
            word = Name(" ", error.line or 1, error.column or 1)
            self._faults.append(expression.fault(error.message, word))
            return expression
        expression = Expression(text, program, self._document, path)
        self._used.update(_words(expression))
        self._faults.extend(static.check(expression, self._scope))
        return expression


def reads(expression: Expression, variables: Mapping[str, Expression]) -> frozenset[str]:
    """The names and functions of an expression, of the variables it reads, and of those they read."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        found |= _words(current)
        paths = (select.path for select in current.program.selects)
        named = {path[1] for path in paths if path[0] == "variables" and len(path) > 1}
        waiting += [variables[name] for name in named - seen if name in variables]
        seen |= named
    return frozenset(found)


def _words(expression: Expression) -> set[str]:
    return {name.text for name in (*expression.program.names, *expression.program.calls)}
