"""What each name of an expression means: a bound variable, a host's variable or constant, a type, a function.

Takes a parsed expression and an environment, or none, when every unknown name is the host's. Never fails: a name
that means nothing is left for the checker, or for the evaluation, to complain of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from penstock.cel.env import Env, Function
from penstock.cel.standard import functions_by_name
from penstock.cel.syntax import (
    Binary,
    Bind,
    Call,
    Comprehension,
    Expression,
    Ident,
    Index,
    Node,
    OptionalMap,
    Present,
    Select,
    Word,
    children,
    qualified,
)
from penstock.cel.types import Type
from penstock.record import dataclass

TYPE_NAMES: Mapping[str, Type] = {
    name: Type(name)
    for name in (
        *("bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint", "optional_type"),
        *("google.protobuf.Timestamp", "google.protobuf.Duration"),
        *("net.IP", "net.CIDR", "kubernetes.Quantity", "kubernetes.URL", "kubernetes.Semver"),
    )
}


@dataclass(frozen=True, slots=True)
class Local:
    """A variable that a macro binds, by the word that binds it."""

    word: Word


@dataclass(frozen=True, slots=True)
class Variable:
    """A value of the bindings, under its full name. ``declared`` is false for one the environment lacks."""

    name: str
    declared: bool


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of the environment, or the name of a type.

    ``may_be_bound``: no environment says what is bound, and a binding of that name would hide the type.
    """

    name: str
    value: object
    may_be_bound: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What a call calls. ``function`` is None when only the host can know it, at evaluation.

    ``arguments`` are what it takes, the receiver first when there is one; not the name space of ``math.abs(x)``.
    """

    name: str
    function: Function | None
    arguments: tuple[Node, ...]
    receiver: bool
    from_host: bool


@dataclass(frozen=True, slots=True)
class Resolution:
    """Every ``Ident`` and every ``Select`` of a dotted name that means something, and every ``Call``."""

    names: Mapping[Node, Local | Variable | Constant]
    calls: Mapping[Call, Target]
    binders: Mapping[Word, Node]
    """The macro that binds a variable, by the variable's word."""

    def below(self, node: Node) -> Node | None:
        """The node to the left whose value a node goes on with; None where a chain begins.

        ``a.b[c] + d`` is a chain of three nodes on ``a``: whoever walks it in a loop needs no recursion.
        """
        if type(node) is Select:
            return None if node in self.names else node.operand
        if type(node) is Binary:
            return node.left
        if type(node) is Call:
            return node.receiver if self.calls[node].receiver else None
        if isinstance(node, (Present, Index, OptionalMap)):
            return node.operand
        return node.items if isinstance(node, Comprehension) else None


_BINDING = frozenset({Comprehension, Bind, OptionalMap})


def _heads(env: Env) -> Collection[str] | None:
    """What the dotted names begin with; None where a container may stand before any name."""
    if env.container:
        return None
    dotted = [name.partition(".")[0] for name in (*env.variables, *env.constants) if "." in name]
    return {*_TYPE_HEADS, *dotted} if dotted else _TYPE_HEADS


_TYPE_HEADS = frozenset(name.partition(".")[0] for name in TYPE_NAMES if "." in name)


def resolve(expression: Expression, env: Env | None = None) -> Resolution:
    """The meaning of every name."""
    resolver = _Resolver(env)
    resolver.run(expression.root)
    return Resolution(resolver.names, resolver.calls, resolver.binders)


class _Resolver:
    def __init__(self, env: Env | None) -> None:
        self.env = env
        self.host = {function.name: function for function in env.functions} if env else {}
        self.standard = functions_by_name()
        self.heads = _TYPE_HEADS if env is None else _heads(env)
        self.names: dict[Node, Local | Variable | Constant] = {}
        self.calls: dict[Call, Target] = {}
        self.binders: dict[Word, Node] = {}

    def run(self, root: Node) -> None:
        # A work list, not recursion: a chain of operators may be thousands of nodes deep.
        waiting: list[tuple[Node, Mapping[str, Word]]] = [(root, {})]
        while waiting:
            node, scope = waiting.pop()
            while type(node) is Select and not self._dotted(node, scope):
                node = node.operand
            if type(node) is Ident:
                self.names[node] = self._name(node, scope)
            elif type(node) is Call:
                waiting += [(argument, scope) for argument in self._call(node, scope)]
            elif type(node) in _BINDING:
                waiting += self._below(node, scope)
            elif type(node) is not Select:
                waiting += [(child, scope) for child in children(node)]

    def _below(self, node: Node, scope: Mapping[str, Word]) -> Iterator[tuple[Node, Mapping[str, Word]]]:
        """The children of a node that binds variables."""
        if isinstance(node, Comprehension):
            words, outside = node.variables, node.items
        elif isinstance(node, Bind):
            words, outside = (node.variable,), node.value
        else:
            assert isinstance(node, OptionalMap)
            words, outside = (node.variable,), node.operand
        self.binders.update(dict.fromkeys(words, node))
        inner = {**scope, **{word.text: word for word in words}}
        yield from ((child, scope if child is outside else inner) for child in children(node))

    def _name(self, node: Ident, scope: Mapping[str, Word]) -> Local | Variable | Constant:
        if not node.rooted and node.name in scope:
            return Local(scope[node.name])
        return self._known(node.name, node.rooted) or Variable(node.name, False)

    def _dotted(self, node: Select, scope: Mapping[str, Word]) -> bool:
        """Whether the whole chain is one name."""
        root: Node = node
        while type(root) is Select:
            root = root.operand
        if type(root) is not Ident or (self.heads is not None and root.name not in self.heads):
            return False
        name = qualified(node)
        if name is None or (root.name in scope and not root.rooted):
            return False
        known = self._known(name, root.rooted)
        if known is None:
            return False
        self.names[node] = known
        return True

    def _known(self, name: str, rooted: bool) -> Variable | Constant | None:
        env = self.env
        for full in self._candidates(name, rooted):
            if env is not None and full in env.constants:
                return Constant(full, env.constants[full])
            if env is not None and full in env.variables:
                return Variable(full, True)
            if full in TYPE_NAMES:
                return Constant(full, TYPE_NAMES[full], may_be_bound=env is None)
        return None

    def _candidates(self, name: str, rooted: bool) -> Sequence[str]:
        container = self.env.container if self.env and not rooted else ""
        candidates = []
        while container:
            candidates.append(f"{container}.{name}")
            container = container.rpartition(".")[0]
        return (*candidates, name)

    def _call(self, node: Call, scope: Mapping[str, Word]) -> tuple[Node, ...]:
        name = node.function.text
        space = qualified(node.receiver) if node.receiver is not None else None
        if space is not None and not (_root(node.receiver).name in scope and not _root(node.receiver).rooted):
            rooted = _root(node.receiver).rooted
            for full in self._candidates(f"{space}.{name}", rooted):
                found = self.host.get(full) or self.standard.get(full)
                if found is not None:
                    self.calls[node] = Target(full, found, node.arguments, False, full in self.host)
                    return node.arguments
        receiver = node.receiver is not None
        arguments = (node.receiver, *node.arguments) if node.receiver is not None else node.arguments
        candidates = (name,) if receiver else self._candidates(name, False)
        for full in candidates:
            found = self.host.get(full) or self.standard.get(full)
            if found is not None:
                self.calls[node] = Target(full, found, arguments, receiver, full in self.host)
                return arguments
        self.calls[node] = Target(name, None, arguments, receiver, True)
        return arguments


def _root(node: Node | None) -> Ident:
    while isinstance(node, Select):
        node = node.operand
    assert isinstance(node, Ident)  # qualified() has accepted the chain
    return node
