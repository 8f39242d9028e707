"""Which parts of an expression have been true and which false, over any number of evaluations.

Takes a program; gives one that notes, for each part that decides something, the values it has had: operands of
``&&`` and ``||``, the condition of ``? :``, the predicate of a macro. What was not needed has not been seen. Must
not know why the expression is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from penstock.cel import syntax
from penstock.cel.closures import Frame, Functions, Node
from penstock.cel.exact import Built
from penstock.cel.exact.builder import Builder
from penstock.cel.exact.steps import Step
from penstock.cel.program import Program
from penstock.record import dataclass


@dataclass(slots=True)
class Seen:
    """Whether a part has been true, and whether it has been false."""

    true: bool = False
    false: bool = False

    def note(self, value: object) -> None:
        """Take in another value; of what is no bool, and of an error, nothing is seen."""
        self.true |= value is True
        self.false |= value is False


class Recording(Program):
    """A program that notes what its parts give. ``seen`` is by part, in the order of the text."""

    __slots__ = ("seen",)

    def __init__(self, program: Program, *, is_condition: bool) -> None:
        """``is_condition``: the expression as a whole decides something too."""
        super().__init__(program.expression, program.resolution, None)
        parts = dict.fromkeys(_deciding(self.expression.root, is_condition=is_condition))
        self.seen = {part: Seen() for part in sorted(parts, key=lambda part: (part.start, -part.end))}

    def evaluate(self, bindings: Mapping[str, object], functions: Functions | None = None) -> object:
        """The value, by the exact evaluator; raises what that raises."""
        return self.evaluate_exactly(bindings, functions or {})

    def _build(self) -> Built:
        self._built = _Recorder(self, self.seen).run(self.expression.root)
        return self._built


def _deciding(root: syntax.Node, *, is_condition: bool) -> Iterator[syntax.Node]:
    if is_condition:
        yield root
    for node in syntax.walk(root):
        match node:
            case syntax.Logic():
                yield from (each for each in node.operands if not isinstance(each, syntax.Literal))
            case syntax.Conditional():
                yield node.condition
            case syntax.Comprehension() if node.condition is not None:
                yield node.condition


class _Recorder(Builder):
    """Builds closures that note the values of some nodes."""

    def __init__(self, program: Program, seen: Mapping[syntax.Node, Seen]) -> None:
        super().__init__(program.text, program.resolution)
        self._seen = seen

    def join(self, nodes: Sequence[syntax.Node], base: Node, taken: Sequence[Step]) -> Node:
        first, *notes = [self._seen.get(node) for node in nodes]
        if first is None and not any(notes):
            return super().join(nodes, base, taken)

        def evaluate(frame: Frame) -> object:
            value = base(frame)
            if first is not None:
                first.note(value)
            for step, note in zip(taken, notes, strict=True):
                value = step(value, frame)
                if note is not None:
                    note.note(value)
            return value

        return evaluate
