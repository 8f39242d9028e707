"""The expressions of one policy file: parsed, checked against the schemas, compiled, and what each of them reads.

Takes the document, an engine and the types of the names that may be used; gives ``Expression``s and collects
faults and warnings. Knows nothing of what an expression is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
        self._meanings: dict[tuple[Path, frozenset[str]], tuple[Resolution, Reads]] = {}
        self._placed: dict[Path, Placed] = {}
        self.faults: list[PolicyError] = []
        self.warnings: list[PolicyError] = []

    @property
    def used(self) -> frozenset[str]:
        """The names and functions of all expressions so far."""
        return frozenset().union(*(reads.words for reads in self._reads.values()))

    def at(self, path: Path, scope: Scope, want: Type | None = None) -> tuple[Expression, Checked | None]:
        """The expression at a path of the document; one that does not parse has not been checked."""
        try:
            checked = self._check(path, scope, want)
            _, self._reads[path] = self._meaning(path, scope)
            self._placed[path] = Placed(checked, scope, want)
            for problem in (*checked.problems, *lookups.faults(checked.resolution, checked.types)):
                fault = self._unchecked(path).fault(problem)
                (self.warnings if problem.warning else self.faults).append(fault)
            return Expression(self._text(path), self._engine.program(checked), self._document, path), checked
        except ParseError as error:
            expression = self._unchecked(path)
            self.faults.append(expression.fault(Problem(error.message, error.start, error.end)))
            return expression, None

    def placed(self, path: Path) -> Placed | None:
        """What is known of the expression at a path; None when there is none that could be checked."""
        return self._placed.get(path)

    def checked(self) -> Iterator[tuple[Path, Checked]]:
        """Every expression that could be checked, by its path."""
        for path, placed in self._placed.items():
            yield path, placed.checked

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
        broken = self._unchecked(path)
        self.faults.append(broken.fault(Problem(message, 0, len(broken.text))))

    def glance(self, path: Path, scope: Scope) -> Checked | None:
        """What is known of an expression before it is its turn; its problems are not noted."""
        try:
            return self._check(path, scope)
        except ParseError:
            return None

    def mentions(self, path: Path, scope: Scope) -> frozenset[str]:
        """The variables that an expression reads, by the names that its scope has."""
        try:
            return self._meaning(path, scope)[1].variables
        except ParseError:
            return frozenset()

    def _check(self, path: Path, scope: Scope, want: Type | None = None) -> Checked:
        resolution, _ = self._meaning(path, scope)
        env = knowledge.environment(scope.roots)
        return check(self._tree(path), env, facts=scope.facts, result=want, resolution=resolution)

    def _meaning(self, path: Path, scope: Scope) -> tuple[Resolution, Reads]:
        """What the names of an expression mean, and what it reads. Of a scope's roots, only the names count."""
        key = (path, frozenset(scope.roots))
        if key not in self._meanings:
            tree = self._tree(path)
            resolution = resolve(tree, knowledge.environment(scope.roots))
            self._meanings[key] = resolution, read_by(resolution, tree)
        return self._meanings[key]

    def _unchecked(self, path: Path) -> Expression:
        """The expression at a path with a program in its place that is not its own."""
        return Expression(self._text(path), self._engine.compile("true"), self._document, path)

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
