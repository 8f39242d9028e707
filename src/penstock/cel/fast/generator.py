"""From syntax trees to the source of one Python module and its code.

Takes expressions with their resolutions and types. The emitters of ``emit`` write the nodes; here is what they
share: the walk along chains, and functions of their own for what is too deep or too long for one of Python's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from penstock.cel import syntax
from penstock.cel.fast.code import Code, compiled
from penstock.cel.fast.emit import calls, literals, logic, loops, names, operators, optionals
from penstock.cel.fast.module import Module, Py, Scope
from penstock.cel.fast.paths import Paths
from penstock.cel.resolve import Resolution
from penstock.cel.syntax import Expression, Node, Word
from penstock.cel.types import DYN, Type

Entry = tuple[str, Expression, Resolution, "Mapping[Node, Type] | None"]
# Python's own limits are 200 brackets in one another, and its compiler's recursion.
_DEEP = 8
_LONG = 5


def generate_module(expressions: Iterable[Entry]) -> Code:
    source, functions = write_module(expressions)
    return Code(compiled(source), functions, source)


def write_module(expressions: Iterable[Entry]) -> tuple[str, Mapping[str, str]]:
    """The source, and the name in it of each expression's function."""
    module = Module()
    functions: dict[str, str] = {}
    for name, expression, resolution, types in expressions:
        functions[name] = Emitter(module, resolution, types or {}).function(expression.root)
    return module.source(), functions


class Emitter:
    """Writes one expression into a module."""

    def __init__(self, module: Module, resolution: Resolution, types: Mapping[Node, Type]) -> None:
        self.module = module
        self.resolution = resolution
        self.types = types
        self.variables: dict[Word, Py] = {}
        """The Python variable of each bound one that is in scope by now."""
        self.paths = Paths(resolution, self.variables)
        self.once: set[str] = {"B"}
        """The Python variables that have one value in all of an evaluation."""
        self.slots = 0
        self.standard: set[str] = set()
        """The standard functions called, which a host may hide."""

    def function(self, root: Node) -> str:
        """The name of the expression's function."""
        scope = Scope(self.module, None, looping=False)
        scope.own |= {"B", "F"}
        scope.needed = self.paths.needed([root])
        name = self.module.fresh("e")
        result = self.emit(root, scope)
        lines = list(scope.lines)
        if "W" in scope.used:
            lines.insert(0, f"W = [{self.module.helper('BUDGET')}{', None' * self.slots}]")
        if self.standard:
            hidden = " or ".join(f"{function!r} in F" for function in sorted(self.standard))
            lines.insert(0, f"if F and ({hidden}): {self.module.helper('slow')}()")
        self.define(name, "B, F", [*lines, f"return {result.code}"])
        return name

    def define(self, name: str, parameters: str, lines: Sequence[str]) -> None:
        body = "\n".join(f"    {line}" for line in lines)
        self.module.functions.append(f"def {name}({parameters}):\n{body}")

    def helper(self, name: str) -> str:
        return self.module.helper(name)

    def slow(self) -> Py:
        """What only the exact evaluation knows."""
        return Py(f"{self.helper('slow')}()")

    # the walk

    def emit(self, node: Node, scope: Scope) -> Py:
        if type(node) is syntax.Literal:
            return literals.literal(self, node, scope)
        path = self.paths.of(node)
        if path is not None:
            return names.path(self, node, path, scope)
        chain: list[Node] = []
        base = node
        while (below := self.resolution.below(base)) is not None and (base is node or self.paths.of(base) is None):
            chain.append(base)
            base = below
        if len(chain) > _LONG or (scope.depth > _DEEP and syntax_height(node)):
            return self.outlined(base, chain[::-1], scope)
        return self.chain(base, chain[::-1], scope, spill=False)

    def chain(self, base: Node, chain: Sequence[Node], scope: Scope, *, spill: bool) -> Py:
        scope.depth += 1
        path = self.paths.of(base)
        value = names.path(self, base, path, scope) if path is not None else self.base(base, scope)
        position = 0
        while position < len(chain):
            if spill and position % 2 == 1:
                value = self.spilled(value, scope)
            node = chain[position]
            position += 1
            if isinstance(node, syntax.Binary) and node.operator == "+":
                terms = [node.right]
                while position < len(chain) and _adds(chain[position]):
                    terms.append(chain[position].right)  # type: ignore[attr-defined]
                    position += 1
                value = operators.sum_of(self, value, terms, scope, spill=spill)
            else:
                value = _STEPS[type(node)](self, node, value, scope)
        scope.depth -= 1
        return value

    def spilled(self, value: Py, scope: Scope) -> Py:
        """The value, in a variable by a statement. Only where statements follow the order of evaluation."""
        name = scope.temporary()
        scope.lines.append(f"{name} = {value.code}")
        return Py(name, value.type, plain=True)

    def outlined(self, base: Node, chain: Sequence[Node], scope: Scope) -> Py:
        """A chain in a function of its own."""
        inner = Scope(self.module, scope, looping=scope.looping)
        inner.needed = scope.needed
        name = self.module.fresh("g")
        value = self.chain(base, chain, inner, spill=True)
        parameters = self.pass_on(inner, scope)
        self.define(name, parameters, [*inner.lines, f"return {value.code}"])
        return Py(f"{name}({parameters})", value.type)

    def pass_on(self, inner: Scope, scope: Scope) -> str:
        """The parameters of an inner function, which are its arguments too."""
        parameters = inner.parameters()
        for parameter in parameters:
            scope.use(parameter)
        return ", ".join(parameters)

    def base(self, node: Node, scope: Scope) -> Py:
        return _BASES[type(node)](self, node, scope)

    def declared(self, node: Node) -> Type:
        return self.types.get(node, DYN)

    def inner(self, nodes: Iterable[Node | None], scope: Scope) -> Scope:
        """The scope of a loop's function, for the nodes of its body."""
        inner = Scope(self.module, scope, looping=True, turning=True)
        inner.needed = self.paths.needed([node for node in nodes if node is not None])
        return inner


def _adds(node: Node) -> bool:
    return isinstance(node, syntax.Binary) and node.operator == "+"


def syntax_height(node: Node) -> bool:
    """Whether there is anything below a node."""
    return bool(syntax.children(node))


_Base = Callable[[Emitter, "syntax.Node", Scope], Py]
_BASES: Mapping[type[Node], Callable[..., Py]] = {
    syntax.Literal: literals.literal,
    syntax.Ident: names.name,
    syntax.Select: names.name,
    syntax.Call: calls.call,
    syntax.Unary: operators.unary,
    syntax.Logic: logic.logic,
    syntax.Conditional: logic.conditional,
    syntax.ListLiteral: literals.list_literal,
    syntax.MapLiteral: literals.map_literal,
    syntax.Bind: names.bind,
}
_STEPS: Mapping[type[Node], Callable[..., Py]] = {
    syntax.Select: names.select,
    syntax.Present: names.present,
    syntax.Index: names.index,
    syntax.OptionalMap: optionals.optional_map,
    syntax.Binary: operators.binary,
    syntax.Comprehension: loops.comprehension,
    syntax.Call: calls.method,
}
