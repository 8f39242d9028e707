"""A CEL syntax tree -> a term, so that what means the same becomes the same.

Takes parsed expressions and what their names stand for; gives terms. Variables and parameters are put in their
places, bound variables lose their names, operands of ``&&`` and ``||`` their order, ``>`` becomes ``<`` and
``exists`` becomes ``all``. Every step keeps the value and whether there is one. What is nested too deep is a term
of its own, equal to none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from penstock.cel import syntax
from penstock.cel.resolve import Constant, Local, Resolution, Variable
from penstock.policy.reasoning.folding import FOLDS
from penstock.policy.reasoning.terms import LOGICAL, NOT_STATED, Part, Term, Terms
from penstock.record import dataclass, field

_DEEPEST = 60
"""How many nodes of one policy may stand in each other, those of variables that are being read included."""

Bound = Mapping[syntax.Word, "tuple[int, int] | Term"]
"""Bound variables: how many binders stood around theirs, and which of its variables; or the term that one is."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of a policy stand for: ``item`` and its like a term, parameters their values in force."""

    roots: Mapping[str, Term] = field(default_factory=dict)
    params: Mapping[str, object] = field(default_factory=dict)
    variable: Callable[[str], Term | None] = lambda _: None


class Normal:
    """Makes terms of the expressions of one policy."""

    def __init__(self, terms: Terms, names: Names) -> None:
        self.terms = terms
        self.names = names
        self.level = 0

    def term(self, tree: syntax.Expression, resolution: Resolution) -> Term:
        """The term of an expression."""
        return _Walk(self, resolution).visit(tree.root, {}, 0)


class _Walk:
    """One expression. ``depth`` counts the binders around a node."""

    def __init__(self, normal: Normal, resolution: Resolution) -> None:
        self.normal = normal
        self.terms = normal.terms
        self.names = normal.names
        self.resolution = resolution

    def visit(self, node: syntax.Node, bound: Bound, depth: int) -> Term:
        handler = _HANDLERS.get(type(node))
        if handler is None or self.normal.level >= _DEEPEST:
            return self.terms.fresh()
        self.normal.level += 1
        try:
            term: Term = handler(self, node, bound, depth)
        finally:
            self.normal.level -= 1
        return term

    def _of(self, operation: str, *parts: object, binds: int = 0) -> Term:
        return self.terms.of(operation, *parts, binds=binds)

    def _parts(self, nodes: tuple[syntax.Node, ...], bound: Bound, depth: int) -> tuple[Part, ...]:
        return tuple(Part(self.visit(node, bound, depth)) for node in nodes)

    def literal(self, node: syntax.Literal, _bound: Bound, _depth: int) -> Term:
        return self.terms.literal(node.value)

    def name(self, node: syntax.Ident, bound: Bound, depth: int) -> Term:
        named = self.resolution.names.get(node)
        if isinstance(named, Local):
            return self._local(bound[named.word], depth)
        if isinstance(named, Constant):
            return self._of("constant", named.name)
        name = named.name if isinstance(named, Variable) else node.name
        return self.names.roots.get(name, self._of("name", name))

    def _local(self, known: tuple[int, int] | Term, depth: int) -> Term:
        if isinstance(known, tuple):
            return self._of("bound", depth - known[0] - 1, known[1])
        return known

    def select(self, node: syntax.Select, bound: Bound, depth: int) -> Term:
        named = self.resolution.names.get(node)
        if named is not None:
            return self._of("constant", named.name if isinstance(named, (Constant, Variable)) else node.field.text)
        operand = self.visit(node.operand, bound, depth)
        return self._optional(operand, node.field.text) if node.optional else self._get(operand, node.field.text)

    def _optional(self, operand: Term, field: str) -> Term:
        return self._of("optional field", Part(operand), field)

    def _get(self, operand: Term, field: str) -> Term:
        root = self.terms.key(operand)
        if root == ("name", "params") and field in self.names.params:
            return self._value(self.names.params[field])
        variable = self.names.variable(field) if root == ("name", "variables") else None
        return variable if variable is not None else self._of("field", Part(operand), field)

    def _value(self, value: object) -> Term:
        if isinstance(value, (list, tuple)):
            return self._of("list", *(Part(self._value(each)) for each in value))
        return self.terms.literal(value)

    def present(self, node: syntax.Present, bound: Bound, depth: int) -> Term:
        return self._of("has", Part(self.visit(node.operand, bound, depth)), node.field.text)

    def index(self, node: syntax.Index, bound: Bound, depth: int) -> Term:
        operand, index = self._parts((node.operand, node.index), bound, depth)
        stated = self.terms.value(index)
        if isinstance(stated, str):
            return self._optional(operand, stated) if node.optional else self._get(operand, stated)
        return self._of("optional element" if node.optional else "element", operand, index)

    def call(self, node: syntax.Call, bound: Bound, depth: int) -> Term:
        target = self.resolution.calls[node]
        arguments = self._parts(target.arguments, bound, depth)
        return self._folded(target.name, arguments) or self._of("call", target.name, *arguments)

    def _folded(self, operation: str, parts: tuple[Part, ...]) -> Term | None:
        fold = FOLDS.get((operation, len(parts)))
        values = [self.terms.value(part) for part in parts]
        if fold is None or NOT_STATED in values:
            return None
        value = fold(*values)
        return None if value is None else self.terms.literal(value)

    def unary(self, node: syntax.Unary, bound: Bound, depth: int) -> Term:
        operand = self.visit(node.operand, bound, depth)
        if node.operator == "!":
            return self.negated(operand)
        return self._folded("-", (Part(operand),)) or self._of("minus", Part(operand))

    def negated(self, term: Term) -> Term:
        """``!`` before a term that gives true or false."""
        operation, *parts = self.terms.key(term)
        if operation == "not":
            inner: Term = parts[0]
            return inner
        if operation in ("and", "or") and not self.terms.is_deep(term):
            return self._joined("or" if operation == "and" else "and", [self.negated(part) for part in parts])
        value = self.terms.value(term)
        return self.terms.literal(not value) if isinstance(value, bool) else self._of("not", Part(term))

    def binary(self, node: syntax.Binary, bound: Bound, depth: int) -> Term:
        left, right = self._parts((node.left, node.right), bound, depth)
        match node.operator:
            case "==" | "!=":
                pair = sorted((left, right))
                equal = self._equal(pair[0], pair[1])
                return equal if node.operator == "==" else self.negated(equal)
            case "<":
                return self._of("less", left, right)
            case "<=":
                return self._of("at most", left, right)
            case ">":
                return self._of("less", right, left)
            case ">=":
                return self._of("at most", right, left)
            case "in":
                return self._of("in", left, right)
        return self._folded(node.operator, (left, right)) or self._of("call", node.operator, left, right)

    def _equal(self, left: Part, right: Part) -> Term:
        for stated, other in ((left, right), (right, left)):
            value = self.terms.value(stated)
            if isinstance(value, bool) and self.terms.key(other)[0] in LOGICAL:
                return other if value else self.negated(other)
        return self._of("equal", left, right)

    def logic(self, node: syntax.Logic, bound: Bound, depth: int) -> Term:
        operation = "and" if node.operator == "&&" else "or"
        return self._joined(operation, list(self._parts(node.operands, bound, depth)))

    def _joined(self, operation: str, terms: list[Any]) -> Term:
        flat: set[Term] = set()
        for term in terms:
            key = self.terms.key(term)
            flat.update(key[1:] if key[0] == operation else (term,))
        decides = self.terms.literal(operation == "or")
        if decides in flat:
            return decides
        flat.discard(self.terms.literal(operation == "and"))
        if not flat:
            return self.terms.literal(operation == "and")
        parts = [Part(term) for term in sorted(flat)]
        return parts[0] if len(parts) == 1 else self._of(operation, *parts)

    def conditional(self, node: syntax.Conditional, bound: Bound, depth: int) -> Term:
        condition, then, otherwise = self._parts((node.condition, node.then, node.otherwise), bound, depth)
        value = self.terms.value(condition)
        if isinstance(value, bool):
            return then if value else otherwise
        return self._of("if", condition, then, otherwise)

    def list(self, node: syntax.ListLiteral, bound: Bound, depth: int) -> Term:
        elements = self._parts(node.elements, bound, depth)
        if node.optional:
            return self._of("optional list", tuple(sorted(node.optional)), *elements)
        return self._of("list", *elements)

    def map(self, node: syntax.MapLiteral, bound: Bound, depth: int) -> Term:
        entries = self._parts((*node.keys, *node.values), bound, depth)
        return self._of("map", tuple(sorted(node.optional)), *entries)

    def macro(self, node: syntax.Comprehension, bound: Bound, depth: int) -> Term:
        items = Part(self.visit(node.items, bound, depth))
        known = {word: (depth, place) for place, word in enumerate(node.variables)}
        inner = {**bound, **known}
        parts = [each for each in (node.condition, node.result) if each is not None]
        terms = [self.visit(each, inner, depth + 1) for each in parts]
        word, count = node.macro.text, len(node.variables)
        if word == "exists":
            every = self._of("all", count, items, Part(self.negated(terms[0])), binds=1)
            return self.negated(every)
        operation = {"all": "all", "exists_one": "exists one", "existsOne": "exists one"}.get(
            word, f"macro {word}"
        )
        shape = f"{node.condition is not None} {node.result is not None}"
        data = (count,) if operation == "all" else (count, shape)
        return self._of(operation, *data, items, *map(Part, terms), binds=len(terms))

    def bind(self, node: syntax.Bind, bound: Bound, depth: int) -> Term:
        value = self.visit(node.value, bound, depth)
        if not self.terms.open(value):
            return self.visit(node.body, {**bound, node.variable: value}, depth)
        body = self.visit(node.body, {**bound, node.variable: (depth, 0)}, depth + 1)
        return self._of("bind", Part(value), Part(body), binds=1)

    def optional_map(self, node: syntax.OptionalMap, bound: Bound, depth: int) -> Term:
        operand = self.visit(node.operand, bound, depth)
        body = self.visit(node.body, {**bound, node.variable: (depth, 0)}, depth + 1)
        return self._of("optional map", node.flat, Part(operand), Part(body), binds=1)


_QUANTIFIERS = {"all": "all", "exists_one": "exists one", "existsOne": "exists one"}
_HANDLERS: Mapping[type, Any] = {
    syntax.Literal: _Walk.literal,
    syntax.Ident: _Walk.name,
    syntax.Select: _Walk.select,
    syntax.Present: _Walk.present,
    syntax.Index: _Walk.index,
    syntax.Call: _Walk.call,
    syntax.Unary: _Walk.unary,
    syntax.Binary: _Walk.binary,
    syntax.Logic: _Walk.logic,
    syntax.Conditional: _Walk.conditional,
    syntax.ListLiteral: _Walk.list,
    syntax.MapLiteral: _Walk.map,
    syntax.Comprehension: _Walk.macro,
    syntax.Bind: _Walk.bind,
    syntax.OptionalMap: _Walk.optional_map,
}
