"""How an expression came to its value, as the branches of a tree: what each part of it gave.

Takes a trace; gives branches. What says nothing is left out: literals, and the fields on the way to a field.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.cel import syntax
from penstock.cel.trace import Outcome, Step, Traced, Turn
from penstock.render.escape import one_line
from penstock.render.paint import Line, Segment, paint
from penstock.render.tree import Branch, draw
from penstock.render.value import CUT, label, shown
from penstock.render.width import wrap

_DEEPEST = 24
_VALUE = 200
"""Columns: the tree cuts a value to the room there is."""
_NOT_EVALUATED = ("not evaluated", "quiet")


def render(traced: Traced, *, color: bool = False, width: int = 100) -> str:
    """An expression, its value, and below it those of its parts."""
    lines: list[Line] = [[(line, "name")] for line in wrap(source(traced.text), width)]
    lines.append([said(traced.root.outcome)])
    return paint([*lines, *draw(parts(traced), width)], color=color)


def source(text: str) -> str:
    """An expression on one line."""
    return " ".join(one_line(text).split())


def said(outcome: Outcome | None) -> Segment:
    """What a part gave, in words and with its role."""
    if outcome is None:
        return _NOT_EVALUATED
    if outcome.error is not None:
        return f"error: {one_line(outcome.error.message)}", "error"
    return of_value(outcome.value)


def of_value(value: object) -> Segment:
    """``= value``."""
    role = {True: "good", False: "warning"}[value] if isinstance(value, bool) else ""
    return f"= {shown(value, _VALUE)}", role


def parts(traced: Traced) -> tuple[Branch, ...]:
    """The branches below an expression."""
    stopped = (Branch(traced.stopped, role="error"),) if traced.stopped else ()
    return (*stopped, *_below(traced.root, _DEEPEST))


def _branch(step: Step, depth: int) -> Branch:
    return Branch(source(step.text), said(step.outcome), _below(step, depth - 1))


def _below(step: Step, depth: int) -> tuple[Branch, ...]:
    if step.outcome is None:
        return ()
    inner = [each for each in _inner(step) if not _is_constant(each)]
    if depth <= 0:
        return ()
    return (*(_branch(each, depth) for each in inner), *_turns(step, depth))


def _inner(step: Step) -> Iterator[Step]:
    """The steps that tell something: behind the fields of a path, and all operands of a chain of operators."""
    node = step.node
    if isinstance(node, (syntax.Select, syntax.Present, syntax.Index)):
        yield from _of_path(step)
    elif isinstance(node, syntax.Binary):
        yield from _operands(step)
    else:
        yield from step.steps


def _of_path(step: Step) -> Iterator[Step]:
    keys: list[Step] = []
    while isinstance(step.node, (syntax.Select, syntax.Present, syntax.Index)) and step.steps:
        keys[:0] = step.steps[1:]
        step = step.steps[0]
    if not isinstance(step.node, syntax.Ident):
        yield step
    yield from keys


def _operands(step: Step) -> Iterator[Step]:
    """``a, b, c`` of ``a + b + c``, in a loop: such a chain may be long."""
    right: list[Step] = []
    operator = step.node.operator if isinstance(step.node, syntax.Binary) else ""
    while isinstance(step.node, syntax.Binary) and step.node.operator == operator and len(step.steps) == 2:
        right.append(step.steps[1])
        step = step.steps[0]
    yield from (step, *reversed(right))


def _is_constant(step: Step) -> bool:
    return all(
        isinstance(node, (syntax.Literal, syntax.ListLiteral, syntax.MapLiteral, syntax.Unary))
        for node in syntax.walk(step.node)
    )


def _turns(step: Step, depth: int) -> Iterator[Branch]:
    reached = 0
    for turn in step.turns:
        if turn.number > reached + 1:
            yield Branch(f"{CUT} {turn.number - reached - 1} more", role="quiet")
        reached = turn.number
        # The turn that decided says why to the end; the others only what their parts gave.
        whole = step.turn_count <= 2 or turn.number == step.decided_by
        yield _turn(turn, depth if whole else min(depth, 2))


def _turn(turn: Turn, depth: int) -> Branch:
    names = ", ".join(f"{name} = {label(value)}" for name, value in turn.variables.items())
    if len(turn.steps) == 1:
        (step,) = turn.steps
        return Branch(f"for {names}", said(step.outcome), _below(step, depth - 1))
    return Branch(f"for {names}", below=tuple(_branch(step, depth) for step in turn.steps))
