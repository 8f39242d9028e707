"""The expressions of one policy file: parsed, checked against the schemas, compiled, and what each of them reads.

Takes the document, an engine and the types of the names that may be used; gives ``Expression``s and collects
faults and warnings. Knows nothing of what an expression is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.cel import Engine
from penstock.cel.checker import Checked, Facts, check
from penstock.cel.errors import ParseError, Problem
from penstock.cel.parser import parse
from penstock.cel.resolve import Resolution, Variable, resolve
from penstock.cel.syntax import Expression as Tree
from penstock.cel.syntax import Index, Literal, Node, Present, Select, walk
from penstock.cel.types import Type
from penstock.errors import PolicyError
from penstock.model import Path
from penstock.policy import knowledge, lookups
from penstock.policy.model import Expression
from penstock.record import dataclass, field, replace
from penstock.source import Document


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name, and what is known where it stands."""

    roots: Mapping[str, Type]
    facts: Facts = field(default_factory=Facts)

    def knowing(self, *facts: Facts) -> Scope:
        """The same where more is known."""
        return replace(self, facts=self.facts.union(*facts))


@dataclass(frozen=True, slots=True)
class Reads:
    """What an expression reads: names and functions, and which variables of the policy."""

    words: frozenset[str]
    variables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Placed:
    """An expression that has been checked, and where it stands: what it may name, the type it must have."""

    checked: Checked
    scope: Scope
    want: Type | None


NO_READS = Reads(frozenset(), frozenset())


class Expressions:
    """Checks and compiles the expressions of a policy where they stand."""

    def __init__(self, document: Document, engine: Engine) -> None:
        self._document = document
        self._engine = engine
        self._reads: dict[Path, Reads] = {}
        self._trees: dict[Path, Tree] = {}
        self._placed: dict[Path, Placed] = {}
        self.faults: list[PolicyError] = []
        self.warnings: list[PolicyError] = []

    @property
    def used(self) -> frozenset[str]:
        """The names and functions of all expressions so far."""
        return frozenset().union(*(reads.words for reads in self._reads.values()))

    def at(self, path: Path, scope: Scope, want: Type | None = None) -> tuple[Expression, Checked | None]:
        """The expression at a path of the document; one that does not parse has not been checked."""
        text = self._text(path)
        expression = Expression(text, self._engine.compile("true"), self._document, path)
        try:
            checked = check(self._tree(path), knowledge.environment(scope.roots), facts=scope.facts, result=want)
            self._reads[path] = read_by(checked.resolution, checked.expression)
            self._placed[path] = Placed(checked, scope, want)
            for problem in (*checked.problems, *lookups.faults(checked.resolution, checked.types)):
                fault = expression.fault(problem)
                (self.warnings if problem.warning else self.faults).append(fault)
            return replace(expression, program=self._engine.program(checked)), checked
        except ParseError as error:
            self.faults.append(expression.fault(Problem(error.message, error.start, error.end)))
            return expression, None

    def placed(self, path: Path) -> Placed | None:
        """What is known of the expression at a path; None when there is none that could be checked."""
        return self._placed.get(path)

    def instead(self, path: Path, text: str) -> Expression | None:
        """Another text in the place of the expression at a path; None when it would not be accepted there."""
        here = self._placed[path]
        try:
            checked = check(
                parse(text), knowledge.environment(here.scope.roots), facts=here.scope.facts, result=here.want
            )
            if checked.errors or any(lookups.faults(checked.resolution, checked.types)):
                return None
            return Expression(text, self._engine.program(checked), self._document, path)
        except ParseError:
            return None

    def refuse(self, path: Path, message: str) -> None:
        """Note that an expression cannot be used as it is."""
        text = self._text(path)
        broken = Expression(text, self._engine.compile("true"), self._document, path)
        self.faults.append(broken.fault(Problem(message, 0, len(text))))

    def glance(self, path: Path, scope: Scope) -> Checked | None:
        """What is known of an expression before it is its turn; its problems are not noted."""
        try:
            return check(self._tree(path), knowledge.environment(scope.roots), facts=scope.facts)
        except ParseError:
            return None

    def mentions(self, path: Path) -> frozenset[str]:
        """The variables that an expression reads, by its text alone."""
        try:
            tree = self._tree(path)
        except ParseError:
            return frozenset()
        return read_by(resolve(tree), tree).variables

    def _tree(self, path: Path) -> Tree:
        if path not in self._trees:
            self._trees[path] = parse(self._text(path))
        return self._trees[path]

    def read(self, path: Path) -> Reads:
        """What the expression at a path reads by itself."""
        return self._reads.get(path, NO_READS)

    def reads(self, path: Path, variables: Mapping[str, Path]) -> frozenset[str]:
        """The names and functions of an expression, of the variables it reads, and of those they read."""
        found: set[str] = set()
        seen: set[Path] = set()
        waiting = [path]
        while waiting:
            current = waiting.pop()
            if current in seen or current not in self._reads:
                continue
            seen.add(current)
            found |= self._reads[current].words
            waiting += [variables[name] for name in self._reads[current].variables if name in variables]
        return frozenset(found)

    def _text(self, path: Path) -> str:
        value: Any = self._document.data
        for part in path:
            value = value[part]
        return str(value)


def read_by(resolution: Resolution, tree: Tree) -> Reads:
    """What an expression reads, by the meaning of its names."""
    words = {target.name for target in resolution.calls.values()}
    words |= {named.name for named in resolution.names.values() if isinstance(named, Variable)}
    variables = set()
    for node in walk(tree.root):
        if isinstance(node, (Select, Present)):
            variables.add(node.field.text if _is_variables(node.operand, resolution) else "")
        elif isinstance(node, Index) and _is_variables(node.operand, resolution):
            variables.add(str(node.index.value) if isinstance(node.index, Literal) else "")
    return Reads(frozenset(words), frozenset(variables - {""}))


def _is_variables(node: Node, resolution: Resolution) -> bool:
    named = resolution.names.get(node)
    return isinstance(named, Variable) and named.name == "variables"
