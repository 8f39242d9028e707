"""From the syntax tree to the closures that evaluate it.

Takes an expression and its resolution, gives a node. Walks what leans to the left in a loop: chains of operators,
fields and method calls may be as long as the text allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from penstock.cel import arithmetic, operations, syntax
from penstock.cel.calls import call_host, caller
from penstock.cel.closures import CALL, Frame, Node, choose, constant, decide, free, spanned
from penstock.cel.errors import EvalError
from penstock.cel.exact import made, steps, work
from penstock.cel.exact.macros import MACROS, Loop
from penstock.cel.exact.steps import Step
from penstock.cel.resolve import Constant, Local, Resolution, Target
from penstock.cel.syntax import Word
from penstock.cel.values import MadeList, equal
from penstock.record import dataclass

_ALTERNATIVES = frozenset({"or", "orValue"})
"""Methods of optionals whose argument is computed only when there is no value."""
_RELATIONS: Mapping[str, Callable[[object, object], object]] = {
    "<": operations.less,
    "<=": operations.less_equal,
    ">": operations.greater,
    ">=": operations.greater_equal,
}
_ARITHMETIC: Mapping[str, Callable[[object, object], object]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "%": arithmetic.modulo,
}


@dataclass(frozen=True, slots=True)
class Built:
    """A node, and how many slots its frame needs."""

    node: Node
    slots: int


def build(expression: syntax.Expression, resolution: Resolution) -> Built:
    return Builder(expression.text, resolution).run(expression.root)


class Builder:
    """One pass over a tree. Whoever wants to see each value on its way overrides ``join``."""

    def __init__(self, text: str, resolution: Resolution) -> None:
        self.text = text
        self.resolution = resolution
        self.slots: dict[Word, int] = {word: slot for slot, word in enumerate(resolution.binders)}
        self.built = 0

    def run(self, root: syntax.Node) -> Built:
        return Built(self.build(root), len(self.slots))

    def build(self, node: syntax.Node) -> Node:
        nodes = [node]
        while (below := self.resolution.below(nodes[-1])) is not None:
            nodes.append(below)
        self.built += len(nodes)
        taken = [self.step(each) for each in nodes[:-1]]
        return self.join(nodes[::-1], self.base(nodes[-1]), taken[::-1])

    def join(self, _nodes: Sequence[syntax.Node], base: Node, taken: Sequence[Step]) -> Node:
        """A chain. ``_nodes`` are the base's and those of the steps."""
        return steps.chain(base, taken)

    def spanned(self, node: Node, at: syntax.Node | Word) -> Node:
        return spanned(node, self.text, at.start, at.end)

    def boolean(self, node: syntax.Node, where: str) -> Node:
        """A node whose value has to be a bool."""
        inner = self.build(node)
        return self.spanned(lambda frame: operations.truth(inner(frame), where), node)

    # what begins a chain

    def base(self, node: syntax.Node) -> Node:
        match node:
            case syntax.Literal():
                return constant(node.value)
            case syntax.Ident() | syntax.Select():
                return self.name(node)
            case syntax.Call():
                return self.call(node)
            case syntax.Unary():
                return self.unary(node)
            case syntax.Logic():
                where = f"`{node.operator}`"
                return decide([self.boolean(each, where) for each in node.operands], node.operator == "||", where)
            case syntax.Conditional():
                condition = self.boolean(node.condition, "`?:`")
                return choose(condition, self.build(node.then), self.build(node.otherwise))
            case syntax.ListLiteral():
                return self.spanned(made.made_list(self.all(node.elements), node.optional), node)
            case syntax.MapLiteral():
                return self.map(node)
            case syntax.Bind():
                return made.bind(self.slots[node.variable], self.build(node.value), self.build(node.body))
        raise TypeError(f"no evaluation for {type(node).__name__}")

    def all(self, nodes: Sequence[syntax.Node]) -> list[Node]:
        return [self.build(node) for node in nodes]

    def name(self, node: syntax.Node) -> Node:
        known = self.resolution.names[node]
        if isinstance(known, Constant):
            return free(known.name, known.value) if known.may_be_bound else constant(known.value)
        if isinstance(known, Local):
            slot = self.slots[known.word]
            bound = isinstance(self.resolution.binders[known.word], syntax.Bind)
            return made.read_bound(slot) if bound else made.read(slot)
        return self.spanned(free(known.name, None), node)

    def unary(self, node: syntax.Unary) -> Node:
        if node.operator == "!":
            operand = self.boolean(node.operand, "`!`")
            return lambda frame: not operand(frame)
        inner = self.build(node.operand)
        return self.spanned(lambda frame: arithmetic.negate(inner(frame)), node)

    def map(self, node: syntax.MapLiteral) -> Node:
        keys, values = self.all(node.keys), self.all(node.values)
        entries = [
            made.Entry(key, value, position in node.optional)
            for position, (key, value) in enumerate(zip(keys, values, strict=True))
        ]
        return self.spanned(made.made_map(entries), node)

    # steps

    def step(self, node: syntax.Node) -> Step:
        """What a node does with the value of the one below it."""
        match node:
            case syntax.Select():
                key, select = node.field.text, steps.select_optional if node.optional else steps.select
                return self.spanned_step(lambda value, _: select(value, key), node.field)
            case syntax.Present():
                key = node.field.text
                return self.spanned_step(lambda value, _: steps.present(value, key), node.field)
            case syntax.Index():
                index, element = self.build(node.index), steps.index_optional if node.optional else steps.index
                return self.spanned_step(lambda value, frame: element(value, index(frame)), node.index)
            case syntax.Binary():
                return self.spanned_step(_binary(node.operator, self.build(node.right)), node)
            case syntax.Call():
                return self.method(node)
            case syntax.Comprehension():
                return self.comprehension(node)
            case syntax.OptionalMap():
                step = steps.optional_map(self.build(node.body), self.slots[node.variable], flat=node.flat)
                return self.spanned_step(step, node)
        raise TypeError(f"no evaluation for {type(node).__name__}")

    def spanned_step(self, step: Step, at: syntax.Node | Word) -> Step:
        return steps.spanned_step(step, self.text, at.start, at.end)

    def call(self, node: syntax.Call) -> Node:
        target = self.resolution.calls[node]
        arguments, invoke = self.all(target.arguments), _invoke(target)
        # From the name space, if the function is in one.
        at = Word(target.name, node.start, node.end)
        return self.spanned(lambda frame: invoke([each(frame) for each in arguments], frame), at)

    def method(self, node: syntax.Call) -> Step:
        target = self.resolution.calls[node]
        arguments, invoke = self.all(target.arguments[1:]), _invoke(target)

        def method(value: object, frame: Frame) -> object:
            return invoke([value, *(each(frame) for each in arguments)], frame)

        lazy = target.name in _ALTERNATIVES and not target.from_host
        step = steps.alternative(target.name, method) if lazy else method
        return self.spanned_step(step, Word(target.name, node.function.start, node.end))

    def comprehension(self, node: syntax.Comprehension) -> Step:
        before, macro = self.built, node.macro.text
        condition = None if node.condition is None else self.boolean(node.condition, f"{macro}()")
        result = None if node.result is None else self.build(node.result)
        slots = [self.slots[word] for word in node.variables]
        step = MACROS[macro](Loop(macro, slots, condition, result, 1 + self.built - before))
        return self.spanned_step(step, Word(macro, node.macro.start, node.end))


def _plain(value: object) -> object:
    return list(value) if type(value) is MadeList else value


def _binary(operator: str, right: Node) -> Step:
    """An operator of two operands, as a step of the left one."""
    if operator in _ARITHMETIC:
        operate = _ARITHMETIC[operator]

        def calculate(value: object, frame: Frame) -> object:
            result = _plain(operate(value, right(frame)))
            frame.spend(CALL)
            work.weigh_result(result, frame)
            return result

        return calculate
    if operator in _RELATIONS:
        relate = _RELATIONS[operator]
        return lambda value, frame: relate(value, right(frame))

    def find(value: object, frame: Frame) -> object:
        container = right(frame)
        work.weigh_search(value, container, frame)
        return operations.contains(value, container)

    def compare(value: object, frame: Frame) -> object:
        other = right(frame)
        work.weigh_comparison(value, other, frame)
        return equal(value, other) is wanted

    wanted = operator == "=="
    return find if operator == "in" else compare


def _invoke(target: Target) -> Callable[[list[object], Frame], object]:
    """The host's function of the name if it gave one for this evaluation; else the declared one."""
    name, function = target.name, target.function
    declared = None if function is None else caller(function, target.receiver)

    def invoke(arguments: list[object], frame: Frame) -> object:
        host = frame.functions.get(name)
        if host is not None:
            result = call_host(name, host, arguments)
        elif declared is None:
            raise EvalError(f"there is no function `{name}`")
        else:
            work.weigh_call(name, arguments, frame)
            result = _plain(declared(arguments))
        frame.spend(CALL)
        work.weigh_result(result, frame)
        return result

    return invoke
