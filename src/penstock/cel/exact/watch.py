"""The exact evaluator under observation: what each node gave, in the order of evaluation.

Builds closures that note an ``Event`` for each evaluation of a node, inside the event of the node that asked for
it. Of a macro's turns only those worth reading are kept, so that long lists do not fill the memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from penstock.cel import syntax
from penstock.cel.closures import Frame, Node
from penstock.cel.errors import EvalError
from penstock.cel.exact.builder import Builder
from penstock.cel.exact.steps import Step
from penstock.cel.resolve import Resolution
from penstock.record import dataclass, field

FIRST_TURNS = 3
"""So many turns of a macro are kept, then the first of each outcome they did not have, and the last."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a node gave: a value, or the error that came out of it."""

    value: object = None
    error: EvalError | None = None


@dataclass(slots=True)
class Round:
    """One turn of a macro, counted from 1."""

    number: int
    variables: Mapping[str, object]
    events: list[Event] = field(default_factory=list)

    def kind(self) -> object:
        """What tells turns apart: an error, a bool, or any other value."""
        outcome = self.events[-1].outcome
        if outcome is None or outcome.error is not None:
            return "error"
        return outcome.value if isinstance(outcome.value, bool) else "value"


@dataclass(slots=True)
class Event:
    """One evaluation of one node, and the evaluations it took. No outcome: it did not come to an end."""

    node: syntax.Node
    outcome: Outcome | None = None
    below: list[Event] = field(default_factory=list)
    turns: list[Round] = field(default_factory=list)
    turn_count: int = 0
    kinds: set[object] = field(default_factory=set)

    def under(self, node: syntax.Node) -> Event | None:
        return next((event for event in self.below if event.node is node), None)

    def anywhere(self, node: syntax.Node) -> Event | None:
        waiting = [self]
        while waiting:
            event = waiting.pop()
            if event.node is node:
                return event
            waiting += event.below
            waiting += [inner for turn in event.turns for inner in turn.events]
        return None

    def begin_turn(self, variables: Mapping[str, object]) -> None:
        """Another turn; the one before is dropped when it was neither early nor the first of its kind."""
        self.turn_count += 1
        if self.turns:
            kind = self.turns[-1].kind()
            if kind in self.kinds and self.turns[-1].number > FIRST_TURNS:
                self.turns.pop()
            self.kinds.add(kind)
        self.turns.append(Round(self.turn_count, variables))


class Watcher(Builder):
    """``top`` is an event around the root's."""

    def __init__(self, text: str, resolution: Resolution) -> None:
        super().__init__(text, resolution)
        self.top = Event(syntax.Node(0, len(text)))
        self._open = [self.top]

    def join(self, nodes: Sequence[syntax.Node], base: Node, taken: Sequence[Step]) -> Node:
        def evaluate(frame: Frame) -> object:
            depth = len(self._open)
            for node in reversed(nodes):
                self._begin(node, frame)
            try:
                value = base(frame)
                self._open.pop().outcome = Outcome(value)
                for step in taken:
                    value = step(value, frame)
                    self._open.pop().outcome = Outcome(value)
            except EvalError as error:
                while len(self._open) > depth:
                    self._open.pop().outcome = Outcome(error=error)
                raise
            return value

        return evaluate

    def _begin(self, node: syntax.Node, frame: Frame) -> None:
        event, above = Event(node), self._open[-1]
        self._open.append(event)
        loop = above.node
        if not isinstance(loop, syntax.Comprehension) or node is loop.items:
            above.below.append(event)
            return
        if loop.condition is None or node is loop.condition:
            above.begin_turn({word.text: frame.slots[self.slots[word]] for word in loop.variables})
        above.turns[-1].events.append(event)
