"""How an expression came to its value: a step for each node of its tree, with what it gave.

Takes a program, bindings and functions; gives data, for passes and failures alike. It runs the exact evaluator, so
what was not needed is not evaluated, and says so. Prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from penstock.cel import syntax
from penstock.cel.closures import MAX_WORK, Frame, Functions
from penstock.cel.errors import BudgetError, EvalError
from penstock.cel.exact.watch import Event, Outcome, Watcher
from penstock.cel.program import Program
from penstock.cel.resolve import Resolution
from penstock.record import dataclass

__all__ = ["Outcome", "Step", "Traced", "Turn", "trace", "walk"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A macro's body for one element, from 1: its variables by name, and the steps of condition and result."""

    number: int
    variables: Mapping[str, object]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One node. ``outcome`` is None when it was not evaluated.

    ``steps`` are those of the nodes below, in the order of the text, except a macro's body: that is in ``turns``.
    Of those, ``turn_count`` in all, the first few are kept, the first of each other outcome, and the last.
    ``decided_by`` is the number of the turn that ended the macro before its time, or might have.
    """

    node: syntax.Node
    text: str
    outcome: Outcome | None
    steps: tuple[Step, ...] = ()
    turns: tuple[Turn, ...] = ()
    turn_count: int = 0
    decided_by: int | None = None


@dataclass(frozen=True, slots=True)
class Traced:
    """The root's step; and why the evaluation was given up, when it was."""

    text: str
    root: Step
    stopped: str | None = None


def trace(program: Program, bindings: Mapping[str, object], functions: Functions | None = None) -> Traced:
    """Evaluate once, and keep what each node gave. Raises nothing: an error is an outcome."""
    watcher = Watcher(program.text, program.resolution)
    root = program.expression.root
    stopped = None
    try:
        built = watcher.run(root)
        built.node(Frame(bindings, functions or {}, built.slots))
    except EvalError:
        pass  # it is the root's outcome
    except BudgetError:
        stopped = f"the evaluation was stopped after {MAX_WORK:,} steps"
    except RecursionError:
        stopped = "the expression or its values are nested too deeply"
    except Exception as error:  # out of a value of the host
        stopped = f"cannot be evaluated: {str(error) or type(error).__name__}"
    tree = _Tree(program.text, program.resolution)
    return Traced(program.text, tree.step(root, watcher.top.under(root)), stopped)


def walk(step: Step) -> Iterator[Step]:
    """The step and every one below it, turns included, in no recursion: a chain of operators may be long."""
    waiting = [step]
    while waiting:
        current = waiting.pop()
        yield current
        below = [*current.steps, *(inner for turn in current.turns for inner in turn.steps)]
        waiting.extend(reversed(below))


class _Tree:
    """Events in the shape of the syntax tree."""

    def __init__(self, text: str, resolution: Resolution) -> None:
        self.text = text
        self.resolution = resolution

    def step(self, root: syntax.Node, event: Event | None) -> Step:
        # First down, then up: the chain of a sum is as deep as it is long.
        order: list[tuple[syntax.Node, Event | None]] = []
        waiting = [(root, event)]
        while waiting:
            node, found = waiting.pop()
            order.append((node, found))
            waiting += [(child, self.event(node, child, found)) for child in self.children(node)]
        made: dict[syntax.Node, Step] = {}
        for node, found in reversed(order):
            below = tuple(made[child] for child in self.children(node))
            made[node] = self.made(node, found, below)
        return made[root]

    def made(self, node: syntax.Node, event: Event | None, below: tuple[Step, ...]) -> Step:
        text = self.text[node.start : node.end]
        if event is None:
            return Step(node, text, None, below)
        turns = tuple(
            Turn(turn.number, turn.variables, tuple(self.step(inner.node, inner) for inner in turn.events))
            for turn in event.turns
        )
        return Step(node, text, event.outcome, below, turns, event.turn_count, _decided_by(node, event))

    def children(self, node: syntax.Node) -> list[syntax.Node]:
        """The nodes below that have a value of their own: not a name space, not a macro's body."""
        if isinstance(node, syntax.Comprehension):
            return [node.items]
        if isinstance(node, syntax.Call):
            return list(self.resolution.calls[node].arguments)
        return [] if node in self.resolution.names else list(syntax.children(node))

    def event(self, node: syntax.Node, child: syntax.Node, event: Event | None) -> Event | None:
        if event is None:
            return None
        # The value of cel.bind() is computed wherever its variable is first read.
        is_lazy = isinstance(node, syntax.Bind) and child is node.value
        return event.anywhere(child) if is_lazy else event.under(child)


def _decided_by(node: syntax.Node, event: Event) -> int | None:
    if not isinstance(node, syntax.Comprehension) or event.outcome is None or not event.turn_count:
        return None
    if node.macro.text in ("all", "exists"):
        decided = event.outcome.error is None and event.outcome.value is (node.macro.text == "exists")
    else:
        decided = event.outcome.error is not None
    return event.turn_count if decided else None
